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
            guard Text.isEncoded(members), let text = try? PropertyDecoder().decode(Text.self, from: self) else {
                return .object(members.mapValues { $0.resolved(values) })
            }
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
            if Text.isEncoded(members), let text = try? PropertyDecoder().decode(Text.self, from: self) {
                body(text)
                return
            }
            for value in members.values { value.visitTexts(body) }
        case .array(let elements): for element in elements { element.visitTexts(body) }
        default: break
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
