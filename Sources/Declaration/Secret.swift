/// A value that must never be seen: not in a plan, in state, in a log or in an error.
///
/// A stack declares where the value comes from. What is encoded is that source and, once it has been read, a keyed
/// fingerprint by which a change is noticed. A secret cannot be interpolated into a text.
public struct Secret: Hashable, Sendable {
    /// Where the value comes from.
    public enum Source: Hashable, Sendable {
        /// An environment variable of the process that plans and applies.
        case environment(String)
        /// The current value of a secret in AWS Secrets Manager; with `key`, one member of its JSON.
        case secretsManager(id: String, key: String?)
        /// Letters and digits made at random when the resource is created.
        case generated(length: Int)
    }

    public let source: Source
    /// A keyed hash of the value, in hexadecimal; `nil` until the value was read.
    package var fingerprint: String?
    private var value: Value?

    public init(_ source: Source) { self.source = source }

    public static func environment(_ name: String) -> Secret { Secret(.environment(name)) }
    public static func secretsManager(_ id: String, key: String? = nil) -> Secret {
        Secret(.secretsManager(id: id, key: key))
    }
    public static func generated(length: Int = 32) -> Secret { Secret(.generated(length: length)) }

    /// The value, for the one call that sends it to AWS; `nil` outside the executor.
    public func reveal() -> String? { value?.string }

    // Two secrets are the same when source and fingerprint are: whether the value is at hand makes no difference.
    public static func == (left: Secret, right: Secret) -> Bool {
        left.source == right.source && left.fingerprint == right.fingerprint
    }
    public func hash(into hasher: inout Hasher) {
        hasher.combine(source)
        hasher.combine(fingerprint)
    }

    /// Holds the value where neither `description` nor reflection shows it.
    private struct Value: Sendable, CustomStringConvertible, CustomReflectable {
        let string: String
        var description: String { "(secret)" }
        var customMirror: Mirror { Mirror(self, children: []) }
    }
}

extension Secret: CustomStringConvertible {
    public var description: String { "(secret)" }
}

extension DefaultStringInterpolation {
    /// A secret is never part of a string.
    @available(*, deprecated, message: "a secret cannot be part of a string")
    public mutating func appendInterpolation(_ value: Secret) { appendInterpolation("(secret)" as String) }
}

extension CodingUserInfoKey {
    /// Where a decoder finds secrets' values: a `[Secret.Source: String]`.
    package static var secrets: CodingUserInfoKey? { CodingUserInfoKey(rawValue: "slipway.secrets") }
}

/// Encodes as `{"$secret": "environment", "$of": "PASSWORD", "$fingerprint": "…"}`; the value is never encoded.
extension Secret: Codable {
    private enum Key: String, CodingKey {
        case kind = "$secret"
        case name = "$of"
        case member = "$member"
        case fingerprint = "$fingerprint"
    }

    /// Whether a container's keys are those of a secret.
    package static func isEncoded(_ members: [String: JSON]) -> Bool { members["$secret"] != nil }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        let name = try container.decode(String.self, forKey: .name)
        switch (try container.decode(String.self, forKey: .kind), Int(name)) {
        case ("environment", _): source = .environment(name)
        case ("secretsManager", _):
            source = .secretsManager(id: name, key: try container.decodeIfPresent(String.self, forKey: .member))
        case ("generated", let length?): source = .generated(length: length)
        case (let kind, _):
            throw DecodingError.dataCorruptedError(
                forKey: .kind, in: container, debugDescription: "no secret comes from '\(kind)' as '\(name)'")
        }
        fingerprint = try container.decodeIfPresent(String.self, forKey: .fingerprint)
        if let key = CodingUserInfoKey.secrets, let values = decoder.userInfo[key] as? [Source: String] {
            value = values[source].map(Value.init)
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        switch source {
        case .environment(let name):
            try container.encode("environment", forKey: .kind)
            try container.encode(name, forKey: .name)
        case .secretsManager(let id, let member):
            try container.encode("secretsManager", forKey: .kind)
            try container.encode(id, forKey: .name)
            try container.encodeIfPresent(member, forKey: .member)
        case .generated(let length):
            try container.encode("generated", forKey: .kind)
            try container.encode(String(length), forKey: .name)
        }
        try container.encodeIfPresent(fingerprint, forKey: .fingerprint)
    }
}
