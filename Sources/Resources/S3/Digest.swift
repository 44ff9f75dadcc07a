private import Crypto
internal import FoundationEssentials

/// A SHA-256, in the two ways in which it is written.
struct Digest: Hashable, Sendable {
    /// 32 bytes.
    let bytes: [UInt8]

    /// The digest of a text's UTF-8.
    static func sha256(_ text: String) -> Digest { Digest(SHA256.hash(data: Data(text.utf8))) }

    /// - Returns: `nil` when it is not 32 bytes in Base64.
    init?(base64: String) {
        guard let data = Data(base64Encoded: base64), data.count == 32 else { return nil }
        bytes = Array(data)
    }

    /// - Returns: `nil` when it is not 64 hexadecimal digits.
    init?(hexadecimal: String) {
        let digits = Array(hexadecimal.utf8)
        guard digits.count == 64 else { return nil }
        let pairs = stride(from: 0, to: 64, by: 2).map { String(decoding: digits[$0..<($0 + 2)], as: UTF8.self) }
        let bytes = pairs.compactMap { UInt8($0, radix: 16) }
        guard bytes.count == 32 else { return nil }
        self.bytes = bytes
    }

    /// The result of a hash that was taken elsewhere.
    init(_ bytes: some Sequence<UInt8>) { self.bytes = Array(bytes) }

    /// As S3 writes it.
    var base64: String { Data(bytes).base64EncodedString() }

    /// As everyone else does: 64 digits in lower case.
    var hexadecimal: String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}
