import SlipwayDeclaration

/// Writes values as people read them: references by their spelling, secrets not at all, long values over several lines.
struct ValueText {
    /// Assets that are known, by the SHA-256 of their content.
    var assets: [String: KnownAsset] = [:]

    /// An asset on this machine.
    struct KnownAsset {
        let path: String
        /// Bytes.
        let size: Int
    }

    /// How long a value may be before it gets lines of its own.
    private static let inlineLimit = 76

    /// The value on one line, or `nil` when it is too long for that.
    func inline(_ value: JSON) -> String? {
        if let document = document(in: value) { return inline(document) }
        if let text = value.string, text.contains("\n") { return nil }
        let line = compact(value)
        return isScalar(value) || line.count <= ValueText.inlineLimit ? line : nil
    }

    /// The value over as many lines as it needs.
    func lines(_ value: JSON) -> [String] {
        if let document = document(in: value) { return lines(document) }
        if let text = value.string, text.contains("\n") {
            return ValueText.split(text)
        }
        return pretty(value)
    }

    /// How one value differs from another, line by line; of two texts of which one has several lines, both as they are.
    func difference(_ old: JSON, _ new: JSON) -> [LineDiff.Line] {
        if let left = old.string, let right = new.string, document(in: old) == nil, document(in: new) == nil {
            return LineDiff.lines(ValueText.split(left), ValueText.split(right))
        }
        return LineDiff.lines(old == .null ? [] : lines(old), new == .null ? [] : lines(new))
    }

    private static func split(_ text: String) -> [String] {
        text.split(separator: "\n", omittingEmptySubsequences: false).map { String($0) }
    }

    // MARK: One line

    private func compact(_ value: JSON) -> String {
        if let atom = atom(value) { return atom }
        switch value {
        case .object(let members):
            let parts = members.sorted { $0.key < $1.key }.map { "\($0.key): \(compact($0.value))" }
            return "{\(parts.joined(separator: ", "))}"
        case .array(let elements): return "[\(elements.map(compact).joined(separator: ", "))]"
        default: return value.text
        }
    }

    private func isScalar(_ value: JSON) -> Bool {
        if atom(value) != nil { return true }
        switch value {
        case .object, .array: return false
        default: return true
        }
    }

    /// An object that stands for one value.
    private func atom(_ value: JSON) -> String? {
        guard case .object(let members) = value else { return nil }
        if Secret.isEncoded(members) { return "(secret)" }
        if let path = members["$asset"]?.string { return asset(path, members["$sha256"]?.string) }
        if members.count == 1, let digest = members["$sha256"]?.string { return asset(nil, digest) }
        if Text.isEncoded(members), let text = try? PropertyDecoder().decode(Text.self, from: value) {
            return "\(JSON.string(text.spelling).text) (known after apply)"
        }
        return nil
    }

    /// Content by its digest; the path and the size as far as they are known.
    private func asset(_ path: String?, _ digest: String?) -> String {
        let known = digest.flatMap { assets[$0] }
        var facts: [String] = []
        if let digest { facts.append("sha256 \(digest.prefix(12))") }
        if let known { facts.append(ValueText.size(known.size)) }
        let name = (path ?? known?.path).map { "asset \($0)" } ?? "content"
        return facts.isEmpty ? name : "\(name) (\(facts.joined(separator: ", ")))"
    }

    /// `980 B`, `1.2 KB`, `3.4 MB`
    static func size(_ bytes: Int) -> String {
        if bytes < 1000 { return "\(bytes) B" }
        var tenths = bytes / 100
        for unit in ["KB", "MB", "GB"] {
            if tenths < 10_000 || unit == "GB" { return "\(tenths / 10).\(tenths % 10) \(unit)" }
            tenths /= 1000
        }
        return "\(bytes) B"
    }

    // MARK: Several lines

    /// Members and elements on lines of their own, the parts of each indented below it; what is short stays on one.
    private func pretty(_ value: JSON, indent: Int = 0) -> [String] {
        let line = compact(value)
        if isScalar(value) || line.count + indent <= ValueText.inlineLimit { return [line] }
        switch value {
        case .object(let members):
            return members.sorted { $0.key < $1.key }.flatMap { name, member -> [String] in
                let line = compact(member)
                if isScalar(member) || indent + name.count + 2 + line.count <= ValueText.inlineLimit {
                    return ["\(name): \(line)"]
                }
                return ["\(name):"] + pretty(member, indent: indent + 2).map { "  \($0)" }
            }
        case .array(let elements):
            return elements.flatMap { element in
                pretty(element, indent: indent + 2).enumerated().map { ($0 == 0 ? "- " : "  ") + $1 }
            }
        default: return [line]
        }
    }

    /// The document that a text holds, if it is JSON.
    private func document(in value: JSON) -> JSON? {
        guard let text = value.string, let first = text.first(where: { !$0.isWhitespace }), first == "{" || first == "["
        else { return nil }
        // A text that only looks like JSON is shown as a text.
        guard let tree = try? JSON(parsing: text), tree.object != nil || tree.array != nil else { return nil }
        return tree
    }
}
