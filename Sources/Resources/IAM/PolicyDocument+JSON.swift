public import SlipwayDeclaration

extension IAM.PolicyDocument {
    /// A policy from JSON as AWS's documentation shows it. References may stand inside of its strings.
    ///
    /// JSON that is no policy does not trap: validation reports it.
    public init(json: Text) {
        // References are put in after reading, as strings that cannot be in JSON by accident.
        var expressions: [DerivedValue] = []
        var source = ""
        for segment in json.segments {
            switch segment {
            case .literal(let string): source += string
            case .expression(let expression):
                source += "\(marker)\(expressions.count)\(marker)"
                expressions.append(expression)
            }
        }
        do {
            let tree = try JSON(parsing: source)
            guard tree["Statement"] != nil else { throw NoPolicy("it has no 'Statement'") }
            self = try PropertyDecoder().decode(Self.self, from: try restored(tree, expressions))
        } catch {
            self.init([])
            problem = problemText(error)
        }
    }

    /// A policy as IAM gives it back: JSON, URL-encoded.
    ///
    /// Source: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetRolePolicy.html>
    /// - Throws: `DecodingError` when it is no policy.
    package init(encoded: String) throws {
        let isPlain = encoded.first { !$0.isWhitespace } == "{"
        let text = isPlain ? encoded : percentDecoded(encoded)
        self = try PropertyDecoder().decode(Self.self, from: JSON(parsing: text))
    }

    /// The policy as JSON on one line.
    /// - Throws: `UnsendablePolicy` when it holds references that are not known, or was no policy to begin with.
    package func text() throws -> String {
        let tree = try PropertyEncoder().encode(self).tree
        if let problem { throw UnsendablePolicy(reason: problem) }
        if tree.hasExpressions { throw UnsendablePolicy(reason: "it refers to what is not known yet") }
        return tree.text
    }
}

/// The text with every `%41` as the byte that it stands for.
private func percentDecoded(_ text: String) -> String {
    var bytes: [UInt8] = []
    var rest = Array(text.utf8)[...]
    while let byte = rest.popFirst() {
        if byte == UInt8(ascii: "%"), rest.count >= 2,
            let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
        {
            bytes.append(value)
            rest = rest.dropFirst(2)
        } else {
            bytes.append(byte)
        }
    }
    return String(decoding: bytes, as: UTF8.self)
}

/// Why a policy cannot be sent to AWS.
package struct UnsendablePolicy: Error, Hashable, Sendable, CustomStringConvertible {
    package let reason: String
    package var description: String { "the policy cannot be sent: \(reason)" }
}

/// A character of Unicode's private use area: no policy has it.
private let marker: Character = "\u{F8FE}"

private struct NoPolicy: Error {
    let reason: String
    init(_ reason: String) { self.reason = reason }
}

private func problemText(_ error: any Error) -> String {
    switch error {
    case let error as NoPolicy: error.reason
    case let error as DecodingError: error.summary
    default: "\(error)"
    }
}

/// The tree with references in the places of their markers.
private func restored(_ tree: JSON, _ expressions: [DerivedValue]) throws -> JSON {
    switch tree {
    case .string(let string):
        return restored(string, expressions).tree
    case .array(let elements):
        return .array(try elements.map { try restored($0, expressions) })
    case .object(let members):
        if let name = members.keys.first(where: { $0.contains(marker) }) {
            throw NoPolicy("'\(restored(name, expressions).spelling)' is the name of a member, which must be known")
        }
        return .object(try members.mapValues { try restored($0, expressions) })
    default:
        return tree
    }
}

private func restored(_ string: String, _ expressions: [DerivedValue]) -> Text {
    let parts = string.split(separator: marker, omittingEmptySubsequences: false)
    var text = Text()
    for (index, part) in parts.enumerated() {
        // Every second part was between two markers.
        if index % 2 == 1, let number = Int(part), expressions.indices.contains(number) {
            text = "\(text)\(Text(expressions[number]))"
        } else {
            text = "\(text)\(Text(verbatim: String(part)))"
        }
    }
    return text
}
