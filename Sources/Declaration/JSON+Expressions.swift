extension JSON {
    /// Visits every expression that the tree mentions.
    package func visitExpressions(_ body: (DerivedValue) -> Void) {
        visitTexts { text in text.visit(body) }
    }

    /// Whether the tree mentions something that is not known yet.
    package var hasExpressions: Bool {
        switch self {
        case .object(let members):
            Text.isEncoded(members) || DerivedValue.isEncoded(members) || members.values.contains(where: \.hasExpressions)
        case .array(let elements): elements.contains(where: \.hasExpressions)
        default: false
        }
    }

    /// Returns the tree with every value that `values` knows filled in.
    package func resolved(_ values: (DerivedValue) -> String?) -> JSON {
        switch self {
        case .object(let members):
            guard let text = Text(encoded: members) else { return .object(members.mapValues { $0.resolved(values) }) }
            return text.resolved(values).tree
        case .array(let elements): return .array(elements.map { $0.resolved(values) })
        default: return self
        }
    }

    /// Visits every string of the tree, member names included.
    package func visitStrings(at path: [String] = [], _ body: ([String], String) -> Void) {
        switch self {
        case .string(let string): body(path, string)
        case .array(let elements): for element in elements { element.visitStrings(at: path, body) }
        case .object(let members):
            for (key, value) in members {
                body(path, key)
                value.visitStrings(at: path + [key], body)
            }
        default: break
        }
    }

    /// Visits every asset that the tree mentions, as content or by its digest.
    package func visitAssets(_ body: (Asset) -> Void) {
        switch self {
        case .object(let members):
            if let path = members["$asset"]?.string { body(Asset(path)) }
            if let path = members["$digest"]?.string { body(Asset(path)) }
            for value in members.values { value.visitAssets(body) }
        case .array(let elements): for element in elements { element.visitAssets(body) }
        default: break
        }
    }

    /// Visits every secret's source that the tree mentions.
    package func visitSecrets(_ body: (Secret.Source) -> Void) {
        switch self {
        case .object(let members):
            if Secret.isEncoded(members), let secret = try? PropertyDecoder().decode(Secret.self, from: self) {
                body(secret.source)
                return
            }
            for value in members.values { value.visitSecrets(body) }
        case .array(let elements): for element in elements { element.visitSecrets(body) }
        default: break
        }
    }

    private func visitTexts(_ body: (Text) -> Void) {
        switch self {
        case .object(let members):
            if let text = Text(encoded: members) {
                body(text)
                return
            }
            for value in members.values { value.visitTexts(body) }
        case .array(let elements): for element in elements { element.visitTexts(body) }
        default: break
        }
    }
}

// The same forms as those of `Codable`, read directly: planning a large stack reads every text several times.
extension Text {
    /// Reads a text that is not known yet; `nil` when the members are those of something else.
    init?(encoded members: [String: JSON]) {
        guard members.count == 1, let list = members["$text"]?.array else { return nil }
        var segments: [Segment] = []
        for element in list {
            switch element {
            case .string(let string): segments.append(.literal(string))
            case .object(let members):
                guard let value = DerivedValue(encoded: members) else { return nil }
                segments.append(.expression(value))
            default: return nil
            }
        }
        self.init(segments: segments)
    }
}

extension DerivedValue {
    /// Reads a derived value; `nil` when the members are those of something else.
    init?(encoded members: [String: JSON]) {
        if let attribute = members["$attribute"]?.string, let resource = members["$of"]?.string {
            self = .attribute(Reference(resource: Address(resource), attribute: attribute))
        } else if let output = members["$output"]?.string, let stack = members["$stack"]?.string {
            self = .output(stack: stack, name: output)
        } else if let asset = members["$digest"]?.string {
            self = .digest(Asset(asset))
        } else if let words = members["$transform"]?.array?.compactMap(\.string), let transform = Transform(words),
            let text = members["$text"]
        {
            switch text {
            case .string(let string): self = .transform(transform, Text(verbatim: string))
            case .object(let members):
                guard let text = Text(encoded: members) else { return nil }
                self = .transform(transform, text)
            default: return nil
            }
        } else {
            return nil
        }
    }
}

extension Text {
    /// The text as a tree.
    package var tree: JSON {
        if let literal { return .string(literal) }
        // Encoding strings and expressions as JSON cannot fail.
        return (try? PropertyEncoder().encode(self).tree) ?? .null
    }
}
