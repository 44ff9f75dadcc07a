/// A file of settings in the format of the AWS CLI: sections in brackets, with lines `name = value`.
///
/// As forgiving as the CLI: what makes no sense is skipped, not refused.
/// Source: https://docs.aws.amazon.com/sdkref/latest/guide/file-format.html
package struct ProfileFile: Sendable, Equatable {
    /// Sections by their full name, such as `profile dev`; inside, settings by their name in lower case. Settings below
    /// another one (indented) are named `outer.inner`.
    package private(set) var sections: [String: [String: String]] = [:]

    /// An empty file.
    package init() {}

    /// Reads the text of a file.
    package init(text: String) {
        var section: String?
        var outer: String?
        for line in text.split(whereSeparator: \.isNewline) {
            let isIndented = line.first?.isWhitespace == true
            let content = Self.trimmed(line)
            if content.isEmpty || content.hasPrefix("#") || content.hasPrefix(";") { continue }
            if content.hasPrefix("["), !isIndented {
                section = Self.section(content)
                outer = nil
                if let section, sections[section] == nil { sections[section] = [:] }
                continue
            }
            guard let section, let equals = content.firstIndex(of: "=") else { continue }
            let name = Self.trimmed(content[..<equals]).lowercased()
            let value = Self.value(content[content.index(after: equals)...])
            if isIndented, let outer {
                sections[section]?["\(outer).\(name)"] = value
            } else {
                outer = value.isEmpty ? name : nil
                sections[section]?[name] = value
            }
        }
    }

    /// The settings of a profile: `[profile name]`, or `[name]` as the file of credentials has it.
    package func profile(_ name: String) -> [String: String]? {
        let long = sections["profile \(name)"]
        // In the file of settings `[default]` and `[profile default]` are the same, and the latter wins.
        guard let short = sections[name] else { return long }
        return long.map { short.merging($0) { _, new in new } } ?? short
    }

    /// `[ profile "dev" ] # comment` is `profile dev`.
    private static func section(_ line: Substring) -> String? {
        guard let end = line.firstIndex(of: "]") else { return nil }
        let words = line[line.index(after: line.startIndex)..<end].split { $0.isWhitespace }
        return words.map { $0.filter { $0 != "\"" && $0 != "'" } }.joined(separator: " ")
    }

    /// A comment ends a value only behind white space, as keys may contain `#`.
    private static func value(_ text: Substring) -> String {
        var end = text.endIndex
        var before: Character = "="
        for index in text.indices {
            if text[index] == "#" || text[index] == ";", before.isWhitespace {
                end = index
                break
            }
            before = text[index]
        }
        return String(trimmed(text[..<end]))
    }

    private static func trimmed(_ text: Substring) -> Substring {
        var text = text.drop { $0.isWhitespace }
        while text.last?.isWhitespace == true { text.removeLast() }
        return text
    }
}
