/// Where a resource stands in its stack: a path of segments, such as `lake` or `ingest/orders/bucket`.
///
/// A segment has 1 to 64 letters, digits, `-` and `_`, and begins with a letter.
public struct Address: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// The segments joined by `/`.
    public let description: String

    public init(_ path: String) { description = path }

    /// The path's segments.
    public var segments: [Substring] { description.split(separator: "/", omittingEmptySubsequences: false) }

    /// The address of something under this one; under the empty address, the name itself.
    public func appending(_ name: String) -> Address {
        Address(description.isEmpty ? name : "\(description)/\(name)")
    }

    /// What is wrong with the address, or `nil`.
    package var problem: String? {
        for segment in segments {
            guard let first = segment.utf8.first else { return "a segment of '\(description)' is empty" }
            guard Address.isLetter(first) else { return "'\(segment)' does not begin with a letter" }
            guard segment.utf8.count <= 64 else { return "'\(segment)' is longer than 64 characters" }
            let allowed = segment.utf8.allSatisfy { byte in
                Address.isLetter(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                    || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
            }
            guard allowed else { return "'\(segment)' has characters other than letters, digits, '-' and '_'" }
        }
        return nil
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
    }

    public static func < (left: Address, right: Address) -> Bool { left.description < right.description }
}

extension Address: Codable {
    public init(from decoder: any Decoder) throws { self.init(try decoder.singleValueContainer().decode(String.self)) }
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}

extension Address: ExpressibleByStringLiteral {
    public init(stringLiteral value: String) { self.init(value) }
}
