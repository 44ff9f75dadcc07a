/// A number or boolean that may not be known yet: written in the stack, or found out like the parts of a ``Text``.
///
/// ```swift
/// Firewall(port: 5432)
/// Firewall(port: database.port)              // an attribute
/// Firewall(port: .init(settings.text))       // a text to be read as a number
/// ```
public enum Input<Value: Codable & Hashable & Sendable & LosslessStringConvertible>: Hashable, Sendable {
    case known(Value)
    /// To be read from a text once that is known.
    case unknown(Text)

    /// Reads the value from a text, now or when the text is known.
    public init(_ text: Text) {
        if let literal = text.literal, let value = Value(literal) { self = .known(value) } else { self = .unknown(text) }
    }

    /// The value as a text.
    public var text: Text {
        switch self {
        case .known(let value): Text(verbatim: value.description)
        case .unknown(let text): text
        }
    }

    /// The value, or `nil` while it is unknown.
    public var value: Value? { if case .known(let value) = self { value } else { nil } }
}

extension Input: ExpressibleByIntegerLiteral where Value == Int {
    public init(integerLiteral value: Int) { self = .known(value) }
}

extension Input: ExpressibleByBooleanLiteral where Value == Bool {
    public init(booleanLiteral value: Bool) { self = .known(value) }
}

extension DefaultStringInterpolation {
    /// A `String` cannot hold a value that is not known yet; see the overload for ``Text``.
    @available(*, deprecated, message: "this value may not be known yet; declare the string as `Text`")
    public mutating func appendInterpolation<Value>(_ value: Input<Value>) {
        appendInterpolation(value.text.description as String)
    }
}

/// Encodes as the value itself, or as the unknown text.
extension Input: Codable {
    public init(from decoder: any Decoder) throws {
        if let value = try? decoder.singleValueContainer().decode(Value.self) {
            self = .known(value)
            return
        }
        let text = try Text(from: decoder)
        self.init(text)
        if case .unknown = self, let literal = text.literal {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: "'\(literal)' is no \(Value.self)"))
        }
    }

    public func encode(to encoder: any Encoder) throws {
        switch self {
        case .known(let value):
            var container = encoder.singleValueContainer()
            try container.encode(value)
        case .unknown(let text): try text.encode(to: encoder)
        }
    }
}
