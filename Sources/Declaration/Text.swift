/// A string that may mention values that are not known yet.
///
/// A literal `Text` is an ordinary string. Interpolating an attribute of a resource keeps the reference, so that the
/// planner can order the graph and the executor can fill the value in:
///
/// ```swift
/// let script: Text = "s3://\(lake.name)/scripts/load.py"
/// script.references        // [lake.name]
/// script.spelling          // "s3://${lake.name}/scripts/load.py"
/// ```
///
/// Invariant: two adjacent segments are never both literals, and no literal segment is empty, so equal texts have
/// equal segments.
public struct Text: Hashable, Sendable {
    package enum Segment: Hashable, Sendable {
        case literal(String)
        case expression(DerivedValue)
    }

    package private(set) var segments: [Segment] = []

    /// The empty text.
    public init() {}

    /// - Precondition: The invariant holds for the segments.
    init(segments: [Segment]) { self.segments = segments }

    /// A text of one value that is found out.
    public init(_ expression: DerivedValue) { append(expression) }

    /// A text from a string that is only known when the program runs.
    public init(verbatim string: String) { append(string) }

    /// The attributes that this text mentions, in the order they are written.
    public var references: [Reference] {
        segments.flatMap { segment -> [Reference] in
            if case .expression(let expression) = segment { expression.references } else { [] }
        }
    }

    /// The finished string, or `nil` while something is still unknown.
    public var literal: String? {
        switch segments.count {
        case 0: ""
        case 1: if case .literal(let string) = segments[0] { string } else { nil }
        default: nil
        }
    }

    /// The text as people read it, with references spelt `${lake.arn}`.
    public var spelling: String {
        segments.map { segment in
            switch segment {
            case .literal(let string): string
            case .expression(let expression): expression.description
            }
        }.joined()
    }

    /// Returns the text with every value that `values` knows filled in; transforms are carried out when all inside
    /// them is known.
    package func resolved(_ values: (DerivedValue) -> String?) -> Text {
        var text = Text()
        for segment in segments {
            switch segment {
            case .literal(let string): text.append(string)
            case .expression(.transform(let transform, let inner)):
                let inner = inner.resolved(values)
                if let known = inner.literal, let result = transform.apply(to: known) {
                    text.append(result)
                } else {
                    text.append(.transform(transform, inner))
                }
            case .expression(let expression):
                if let value = values(expression) { text.append(value) } else { text.append(expression) }
            }
        }
        return text
    }

    /// Visits every expression in the text, those inside transforms included.
    package func visit(_ body: (DerivedValue) -> Void) {
        for case .expression(let expression) in segments { expression.visit(body) }
    }

    fileprivate mutating func append(_ string: String) {
        guard !string.isEmpty else { return }
        if case .literal(let last) = segments.last {
            segments[segments.count - 1] = .literal(last + string)
        } else {
            segments.append(.literal(string))
        }
    }

    fileprivate mutating func append(_ expression: DerivedValue) { segments.append(.expression(expression)) }

    fileprivate mutating func append(_ text: Text) {
        for segment in text.segments {
            switch segment {
            case .literal(let string): append(string)
            case .expression(let expression): append(expression)
            }
        }
    }
}

extension Text {
    /// The text in lower case.
    public func lowercased() -> Text { transformed(.lowercased) }
    /// The text in upper case.
    public func uppercased() -> Text { transformed(.uppercased) }
    /// The text as a JSON string, with quotes.
    public func json() -> Text { transformed(.json) }
    /// The piece at an index (negative counts from the end) of the text split at `separator`.
    public func piece(_ index: Int, splitBy separator: String) -> Text {
        transformed(.piece(separator: separator, index: index))
    }
    /// The text with every `old` replaced by `new`.
    public func replacing(_ old: String, with new: String) -> Text { transformed(.replacing(old, with: new)) }

    private func transformed(_ transform: Transform) -> Text {
        if let literal, let result = transform.apply(to: literal) { return Text(verbatim: result) }
        return Text(.transform(transform, self))
    }
}

extension Text: ExpressibleByStringInterpolation {
    public init(stringLiteral string: String) { append(string) }
    public init(stringInterpolation: StringInterpolation) { self = stringInterpolation.text }

    public struct StringInterpolation: StringInterpolationProtocol {
        fileprivate var text = Text()
        public init(literalCapacity: Int, interpolationCount: Int) {}
        public mutating func appendLiteral(_ literal: String) { text.append(literal) }
        public mutating func appendInterpolation(_ other: Text) { text.append(other) }
        public mutating func appendInterpolation(_ string: String) { text.append(string) }
        public mutating func appendInterpolation(_ number: some BinaryInteger) { text.append(String(number)) }
        public mutating func appendInterpolation(_ input: Input<Int>) { text.append(input.text) }
        public mutating func appendInterpolation(_ input: Input<Bool>) { text.append(input.text) }
    }
}

extension [Text] {
    /// The texts with a separator between them.
    public func joined(separator: String = "") -> Text {
        var result = Text()
        for (index, text) in enumerated() { result = index == 0 ? text : "\(result)\(separator)\(text)" }
        return result
    }
}

extension DefaultStringInterpolation {
    /// A `String` cannot hold a value that is not known yet.
    ///
    /// Packages that treat warnings as errors refuse this. An *unavailable* overload would lose to the standard
    /// library's generic one; a deprecated overload wins and warns.
    @available(*, deprecated, message: "this value may not be known yet; declare the string as `Text`")
    public mutating func appendInterpolation(_ value: Text) { appendInterpolation(value.description) }
}

extension Text: CustomStringConvertible {
    /// The finished string. A text that is not known yet carries a mark, so that validation finds it wherever it was
    /// put into a `String` by mistake.
    public var description: String { literal ?? "\(Text.misplaced)\(spelling)" }

    /// A character of Unicode's private use area that marks an unknown text inside a `String`.
    package static let misplaced: Character = "\u{F5117}"

    /// Whether a string has the mark.
    package static func isMisplaced(in string: String) -> Bool {
        // 0xF3 begins the mark in UTF-8; looking for a byte is much cheaper than looking for a character.
        string.utf8.contains(0xF3) && string.contains(misplaced)
    }
}

/// Encodes as a plain string, or as `{"$text": ["s3://", {"$attribute": …}, "/x"]}`.
extension Text: Codable {
    private enum Key: String, CodingKey { case text = "$text" }

    /// Whether a container's keys are those of a text that is not known yet.
    package static func isEncoded(_ members: [String: JSON]) -> Bool { members.count == 1 && members["$text"] != nil }

    public init(from decoder: any Decoder) throws {
        if let string = try? decoder.singleValueContainer().decode(String.self) {
            append(string)
            return
        }
        var list = try decoder.container(keyedBy: Key.self).nestedUnkeyedContainer(forKey: .text)
        while !list.isAtEnd {
            if let string = try? list.decode(String.self) {
                append(string)
            } else {
                append(try list.decode(DerivedValue.self))
            }
        }
    }

    public func encode(to encoder: any Encoder) throws {
        if let literal {
            var container = encoder.singleValueContainer()
            try container.encode(literal)
            return
        }
        var container = encoder.container(keyedBy: Key.self)
        var list = container.nestedUnkeyedContainer(forKey: .text)
        for segment in segments {
            switch segment {
            case .literal(let string): try list.encode(string)
            case .expression(let expression): try list.encode(expression)
            }
        }
    }
}
