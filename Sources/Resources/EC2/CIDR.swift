import SlipwayDeclaration

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A range of IP addresses, such as `10.0.0.0/8`.
struct CIDR: Hashable, Sendable, CustomStringConvertible {
    /// 4 or 16 bytes, those beyond the prefix being zero.
    private let bytes: [UInt8]
    let prefix: Int

    var isIPv6: Bool { bytes.count == 16 }

    /// `nil` when the text is no range.
    init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let prefix = Int(parts[1]), String(prefix) == parts[1] else { return nil }
        let isIPv6 = parts[0].contains(":")
        var bytes = [UInt8](repeating: 0, count: isIPv6 ? 16 : 4)
        guard inet_pton(isIPv6 ? AF_INET6 : AF_INET, String(parts[0]), &bytes) == 1 else { return nil }
        guard (0...bytes.count * 8).contains(prefix) else { return nil }
        self.prefix = prefix
        self.bytes = bytes.enumerated().map { index, byte in
            let bits = min(max(prefix - index * 8, 0), 8)
            return byte & UInt8(truncatingIfNeeded: 0xFF00 >> bits)
        }
    }

    /// The range as AWS writes it: without bits beyond the prefix, IPv6 in its short form.
    var description: String {
        var buffer = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        guard inet_ntop(isIPv6 ? AF_INET6 : AF_INET, bytes, &buffer, socklen_t(buffer.count)) != nil else { return "" }
        let address = buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
        return "\(String(decoding: address, as: UTF8.self))/\(prefix)"
    }

    /// A range as AWS writes it; what is no range or not known yet stays as it is.
    static func canonical(_ text: Text) -> Text {
        text.literal.flatMap { CIDR($0) }.map { Text(verbatim: $0.description) } ?? text
    }
}
