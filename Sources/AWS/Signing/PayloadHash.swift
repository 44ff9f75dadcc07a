private import Crypto
package import FoundationEssentials
package import SlipwayHTTP

#if canImport(Glibc)
    private import Glibc
#elseif canImport(Darwin)
    private import Darwin
#endif

/// The hash of a request's body.
package enum PayloadHash {
    /// What S3 is told when the body is not hashed. It relies on TLS instead.
    package static let unsigned = "UNSIGNED-PAYLOAD"

    /// SHA-256 of the body in hexadecimal. A file is read in pieces.
    ///
    /// - Throws: `file` where it cannot be read to its end.
    package static func sha256(_ body: HTTPRequest.Body) throws(HTTPError) -> String {
        var hash = SHA256()
        switch body {
        case .none: break
        case .bytes(let data): hash.update(data: data)
        case .file(let path, let offset, let length):
            try read(path, offset, length) { hash.update(bufferPointer: $0) }
        }
        return hexadecimal(hash.finalize())
    }

    /// MD5 in Base64, as the header `Content-MD5` wants it.
    package static func md5(_ data: Data) -> String {
        Data(Insecure.MD5.hash(data: data)).base64EncodedString()
    }

    /// Bytes as hexadecimal digits, lower case.
    package static func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
        var result = ""
        for byte in bytes {
            if byte < 16 { result += "0" }
            result += String(byte, radix: 16)
        }
        return result
    }

    private static func read(
        _ path: String, _ offset: Int64, _ length: Int64, _ body: (UnsafeRawBufferPointer) -> Void
    ) throws(HTTPError) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .file(path: path, reason: String(cString: strerror(errno)), sent: false) }
        defer { close(descriptor) }
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 16)
        defer { buffer.deallocate() }
        var position: Int64 = 0
        while position < length {
            let count = pread(
                descriptor, buffer.baseAddress, min(buffer.count, Int(length - position)), off_t(offset + position))
            if count < 0, errno == EINTR { continue }
            guard count > 0 else {
                let reason = count == 0 ? "the file is shorter than it was" : String(cString: strerror(errno))
                throw .file(path: path, reason: reason, sent: false)
            }
            body(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
            position += Int64(count)
        }
    }
}
