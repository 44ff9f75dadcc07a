import FoundationEssentials
import SlipwayDeclaration

/// Collects the values of a stack's parameters: `--var` goes before `--var-file`, that before `SLIPWAY_VAR_NAME`.
struct ParameterSources {
    let options: DeclarationOptions
    let environment: [String: String]
    let directory: String

    /// Texts by parameter name. Names that the stack does not have are among them where somebody wrote them.
    func values(for parameters: [any AnyParameter]) throws -> [String: String] {
        var values: [String: String] = [:]
        for parameter in parameters {
            if let value = environment[ParameterSources.variable(parameter.name)] { values[parameter.name] = value }
        }
        for path in options.variableFiles { values.merge(try read(path)) { _, new in new } }
        for text in options.variables {
            guard let pair = ParameterSources.pair(text) else { throw CommandLineError.badVariable(text) }
            values[pair.name] = pair.value
        }
        return values
    }

    /// `SLIPWAY_VAR_MAX_WORKERS` for `max-workers`.
    static func variable(_ name: String) -> String {
        "SLIPWAY_VAR_" + String(name.uppercased().map { $0 == "-" ? "_" : $0 })
    }

    private func read(_ path: String) throws -> [String: String] {
        let text = try Files.text(path, in: directory)
        guard text.drop(while: \.isWhitespace).first == "{" else { return try lines(text, path) }
        let tree: JSON
        do { tree = try JSON(parsing: text) } catch {
            throw CommandLineError.file(path: path, reason: "it is no JSON object")
        }
        var values: [String: String] = [:]
        for (name, value) in tree.object ?? [:] {
            guard let text = ParameterSources.text(value) else {
                throw CommandLineError.file(path: path, reason: "'\(name)' is neither a text, a number, a boolean nor a list of these")
            }
            values[name] = text
        }
        return values
    }

    private func lines(_ text: String, _ path: String) throws -> [String: String] {
        var values: [String: String] = [:]
        for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let content = line.drop(while: \.isWhitespace)
            if content.isEmpty || content.hasPrefix("#") { continue }
            guard let pair = ParameterSources.pair(String(content)) else {
                throw CommandLineError.file(path: path, reason: "line \(number + 1) is not of the form name=value")
            }
            values[pair.name] = pair.value
        }
        return values
    }

    private static func pair(_ text: String) -> (name: String, value: String)? {
        guard let equals = text.firstIndex(of: "="), equals > text.startIndex else { return nil }
        return (trimmed(text[..<equals]), trimmed(text[text.index(after: equals)...]))
    }

    private static func trimmed(_ text: Substring) -> String {
        var text = text.drop(while: \.isWhitespace)
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }

    /// A list is written with commas, as on the command line.
    private static func text(_ value: JSON) -> String? {
        switch value {
        case .string(let text): text
        case .int(let number): String(number)
        case .double(let number): "\(number)"
        case .bool(let flag): flag ? "true" : "false"
        case .array(let elements):
            elements.allSatisfy { $0.array == nil && text($0) != nil }
                ? elements.compactMap(text).joined(separator: ",") : nil
        case .null, .object: nil
        }
    }
}
