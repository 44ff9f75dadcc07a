private import Crypto

#if canImport(Glibc)
private import Glibc
#elseif canImport(Darwin)
private import Darwin
#endif

/// The bytes of a file on this machine, of which never more than a piece is in memory.
struct FileBytes: Sendable {
    let path: String
    /// In bytes.
    let size: Int

    /// - Throws: `UnreadableFile` when there is no such file.
    init(_ path: String) throws(UnreadableFile) {
        var status = stat()
        guard stat(path, &status) == 0 else { throw UnreadableFile(path) }
        self.path = path
        size = Int(status.st_size)
    }

    /// The digest of a stretch of the file.
    /// - Throws: `UnreadableFile` when it cannot be read, or has become shorter.
    func sha256(_ offset: Int, _ length: Int) throws(UnreadableFile) -> Digest {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw UnreadableFile(path) }
        defer { close(descriptor) }
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 16)
        defer { buffer.deallocate() }
        var hash = SHA256()
        var done = 0
        while done < length {
            let count = pread(descriptor, buffer.baseAddress, min(buffer.count, length - done), off_t(offset + done))
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw UnreadableFile(path, isShorter: count == 0) }
            hash.update(bufferPointer: UnsafeRawBufferPointer(rebasing: buffer[..<count]))
            done += count
        }
        return Digest(hash.finalize())
    }
}

/// A file that cannot be read.
struct UnreadableFile: Error, Hashable, Sendable, CustomStringConvertible {
    let description: String

    /// - Parameter isShorter: Whether it was longer when it was looked at; else the system says what is wrong.
    init(_ path: String, isShorter: Bool = false) {
        description = "\(path): \(isShorter ? "the file is shorter than it was" : String(cString: strerror(errno)))"
    }
}
