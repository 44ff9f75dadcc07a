/// A value that is not written in the stack but found out: an attribute of a resource, an output of another stack,
/// the digest of an asset, or one of these transformed.
public indirect enum DerivedValue: Hashable, Sendable {
    /// An attribute of a resource of this stack.
    case attribute(Reference)
    /// An output of another stack of the same environment.
    case output(stack: String, name: String)
    /// The SHA-256 of an asset, in hexadecimal.
    case digest(Asset)
    /// What a transform makes of a text.
    case transform(Transform, Text)

    /// The resource attributes that the value depends on.
    public var references: [Reference] {
        switch self {
        case .attribute(let reference): [reference]
        case .output, .digest: []
        case .transform(_, let text): text.references
        }
    }

    /// Visits this expression and those inside it.
    package func visit(_ body: (DerivedValue) -> Void) {
        body(self)
        if case .transform(_, let text) = self { text.visit(body) }
    }
}

/// One attribute of one resource in the stack, such as `lake.arn`.
public struct Reference: Hashable, Sendable, Codable, CustomStringConvertible {
    public let resource: Address
    /// The attribute's key, as the kind's `Attributes` encodes it.
    public let attribute: String

    public init(resource: Address, attribute: String) {
        self.resource = resource
        self.attribute = attribute
    }

    public var description: String { "${\(resource).\(attribute)}" }
}

/// A closed set of changes to a text that can be carried out once the text is known.
public enum Transform: Hashable, Sendable {
    /// All letters in lower case.
    case lowercased
    /// All letters in upper case.
    case uppercased
    /// The piece at an index (negative counts from the end) of the text split at a separator.
    case piece(separator: String, index: Int)
    /// Every occurrence of one string replaced by another.
    case replacing(String, with: String)
    /// The text as a JSON string, with quotes.
    case json

    /// Carries the transform out; `nil` when there is no piece at the index.
    package func apply(to text: String) -> String? {
        switch self {
        case .lowercased: return text.lowercased()
        case .uppercased: return text.uppercased()
        case .piece(let separator, let index):
            let pieces = text.split(separator: separator, omittingEmptySubsequences: false)
            let position = index < 0 ? pieces.count + index : index
            return pieces.indices.contains(position) ? String(pieces[position]) : nil
        case .replacing(let old, let new):
            return text.split(separator: old, omittingEmptySubsequences: false).joined(separator: new)
        case .json: return JSON.string(text).text
        }
    }
}

extension DerivedValue: CustomStringConvertible {
    /// Spelt for people: `${lake.arn}`, `${network:vpc}`, `lower(${lake.name})`.
    public var description: String {
        switch self {
        case .attribute(let reference): reference.description
        case .output(let stack, let name): "${\(stack):\(name)}"
        case .digest(let asset): "${sha256 of \(asset.path)}"
        case .transform(let transform, let text):
            switch transform {
            case .lowercased: "lower(\(text.spelling))"
            case .uppercased: "upper(\(text.spelling))"
            case .piece(let separator, let index): "piece(\(text.spelling), '\(separator)', \(index))"
            case .replacing(let old, let new): "replace(\(text.spelling), '\(old)', '\(new)')"
            case .json: "json(\(text.spelling))"
            }
        }
    }
}

/// Encodes structurally, because `${…}` is also IAM's syntax for policy variables: `{"$attribute": "lake.arn"}`,
/// `{"$output": "network:vpc"}`, `{"$digest": "a/b.py"}`, `{"$transform": ["lower"], "of": …}`.
extension DerivedValue: Codable {
    private enum Key: String, CodingKey {
        case attribute = "$attribute"
        case resource = "$of"
        case output = "$output"
        case stack = "$stack"
        case digest = "$digest"
        case transform = "$transform"
        case text = "$text"
    }

    /// Whether a container's keys are those of an expression.
    package static func isEncoded(_ members: [String: JSON]) -> Bool {
        [Key.attribute, .output, .digest, .transform].contains { members[$0.rawValue] != nil }
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        if let attribute = try container.decodeIfPresent(String.self, forKey: .attribute) {
            let resource = try container.decode(Address.self, forKey: .resource)
            self = .attribute(Reference(resource: resource, attribute: attribute))
        } else if let output = try container.decodeIfPresent(String.self, forKey: .output) {
            self = .output(stack: try container.decode(String.self, forKey: .stack), name: output)
        } else if let asset = try container.decodeIfPresent(String.self, forKey: .digest) {
            self = .digest(Asset(asset))
        } else {
            let words = try container.decode([String].self, forKey: .transform)
            guard let transform = Transform(words) else {
                throw DecodingError.dataCorruptedError(
                    forKey: .transform, in: container, debugDescription: "no transform is written \(words)")
            }
            self = .transform(transform, try container.decode(Text.self, forKey: .text))
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        switch self {
        case .attribute(let reference):
            try container.encode(reference.attribute, forKey: .attribute)
            try container.encode(reference.resource, forKey: .resource)
        case .output(let stack, let name):
            try container.encode(name, forKey: .output)
            try container.encode(stack, forKey: .stack)
        case .digest(let asset):
            try container.encode(asset.path, forKey: .digest)
        case .transform(let transform, let text):
            try container.encode(transform.words, forKey: .transform)
            try container.encode(text, forKey: .text)
        }
    }
}

extension Transform {
    /// The transform as a list of words: its name, then its arguments.
    var words: [String] {
        switch self {
        case .lowercased: ["lower"]
        case .uppercased: ["upper"]
        case .piece(let separator, let index): ["piece", separator, String(index)]
        case .replacing(let old, let new): ["replace", old, new]
        case .json: ["json"]
        }
    }

    init?(_ words: [String]) {
        switch (words.first, words.count) {
        case ("lower", 1): self = .lowercased
        case ("upper", 1): self = .uppercased
        case ("json", 1): self = .json
        case ("piece", 3):
            guard let index = Int(words[2]) else { return nil }
            self = .piece(separator: words[1], index: index)
        case ("replace", 3): self = .replacing(words[1], with: words[2])
        default: return nil
        }
    }
}
