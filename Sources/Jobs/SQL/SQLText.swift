import FoundationEssentials
public import SlipwayDeclaration

/// SQL as it is declared: written in the stack, or in a file that comes with it.
public struct SQLText: Codable, Hashable, Sendable {
    package var text: Text?
    package var file: Asset?

    /// SQL that is written in the stack.
    public static func text(_ text: Text) -> SQLText { SQLText(text: text) }

    /// A file of SQL below the assets folder.
    public static func file(_ asset: Asset) -> SQLText { SQLText(file: asset) }

    /// Where it is from, where that is a file.
    var origin: String? { file?.path }

    /// - Throws: `TaskFailure` when the file cannot be read, or it is no SQL that can be divided into statements.
    func script() throws -> SQLScript {
        do { return try SQLScript(contents) } catch let problem as SQLProblem {
            throw TaskFailure("\(place(line: problem.line)): \(problem.reason)")
        }
    }

    /// `schema.sql:41`, or `line 41` of SQL that is written in the stack.
    func place(line: Int) -> String { origin.map { "\($0):\(line)" } ?? "line \(line)" }

    private var contents: String {
        get throws {
            guard let file else { return text?.literal ?? "" }
            var isFolder = false
            guard let path = file.file, FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
                throw TaskFailure("there is no file '\(file.path)'")
            }
            if isFolder { throw TaskFailure("'\(file.path)' is a folder, and no file of SQL") }
            do {
                let data = try Data(contentsOf: URL(filePath: path))
                guard let text = String(bytes: data, encoding: .utf8) else {
                    throw TaskFailure("'\(file.path)' is not UTF-8")
                }
                return text
            } catch let failure as TaskFailure { throw failure } catch {
                throw TaskFailure("'\(file.path)' cannot be read: \(error)")
            }
        }
    }

    /// What is wrong with SQL that is known while the stack is checked, and with its parameters.
    func check(_ parameters: some Collection<String>) -> [Problem] {
        var problems: [Problem] = []
        for name in parameters.sorted() {
            let isPlain = name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
            if isPlain, !name.isEmpty { continue }
            problems.append(
                Problem("Parameters", "'\(name)' is no name", hint: "letters, digits and '_'; in SQL it is :name"))
        }
        guard file == nil, let literal = text?.literal else { return problems }
        do {
            let script = try SQLScript(literal)
            if script.statements.isEmpty { problems.append(Problem("Sql", "there is no statement in it")) }
            if let words = script.disagreement(with: parameters) { problems.append(Problem("Parameters", words)) }
        } catch {
            problems.append(Problem("Sql", "line \(error.line): \(error.reason)"))
        }
        return problems
    }
}
