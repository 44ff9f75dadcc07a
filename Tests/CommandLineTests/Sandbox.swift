import Foundation
import SlipwayAWS
import SlipwayCommandLine
import SlipwayDeclaration
import SlipwayFakeAWS
import SlipwayHTTP
import SlipwayJobs
import SlipwayResources
import Synchronization

/// A place to run the whole program in: a folder, an AWS in memory, an environment and a user who answers.
final class Sandbox: Sendable {
    let fake = FakeAWS()
    let folder: String
    private let settings: Mutex<Settings>

    struct Settings: Sendable {
        var stacks: [StackDefinition] = [.little]
        var environment: [String: String] = [
            "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE", "AWS_SECRET_ACCESS_KEY": "example",
            "AWS_REGION": "eu-west-1", "HOME": "/nonexistent",
        ]
        /// Whether all three of the standard streams are a terminal.
        var isTerminal = false
        var answer: String?
        var transport: (any HTTPTransport)?
        /// Is told what goes to the standard error, as it does.
        var onError: (@Sendable (String) -> Void)?
        var signals = SignalSource(watch: { _ in {} }, end: { _ in })
    }

    init(_ stacks: [StackDefinition] = [.little]) {
        folder = FileManager.default.temporaryDirectory.appending(path: "slipway-\(UUID().uuidString)").path
        try? FileManager.default.createDirectory(atPath: folder + "/assets", withIntermediateDirectories: true)
        settings = Mutex(Settings(stacks: stacks))
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    func set(_ change: @Sendable (inout Settings) -> Void) { settings.withLock { change(&$0) } }

    func write(_ text: String, to path: String) throws {
        try text.write(toFile: "\(folder)/\(path)", atomically: true, encoding: .utf8)
    }

    func read(_ path: String) throws -> String { try String(contentsOfFile: "\(folder)/\(path)", encoding: .utf8) }

    /// What a command said, and how it ended.
    struct Result: Sendable {
        let command: String
        let out: String
        let error: String
        let code: Int32

        /// The command as on a terminal, with what went to the standard error marked.
        var transcript: String {
            var lines = ["$ \(command)"]
            lines += Result.lines(out)
            lines += Result.lines(error).map { "! \($0)" }
            if code != 0 { lines.append("(exit \(code))") }
            return lines.joined(separator: "\n") + "\n"
        }

        private static func lines(_ text: String) -> [String] {
            guard !text.isEmpty else { return [] }
            let whole = text.hasSuffix("\n") ? String(text.dropLast()) : text
            return whole.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        }
    }

    /// Runs one command line; words are separated by blanks.
    func run(_ command: String) async -> Result { await run(command.split(separator: " ").map(String.init)) }

    func run(_ arguments: [String]) async -> Result {
        let settings = settings.withLock { $0 }
        let out = Mutex("")
        let error = Mutex("")
        let console = Console(
            out: { text in out.withLock { $0 += text } }, error: { text in
                error.withLock { $0 += text }
                settings.onError?(text)
            },
            readLine: { settings.answer }, outIsTerminal: settings.isTerminal, errorIsTerminal: settings.isTerminal,
            inIsTerminal: settings.isTerminal, width: 100)
        let transport = settings.transport ?? fake
        let moment = Date(timeIntervalSince1970: 1_767_225_600)
        let clock = VirtualTime()
        let program = Program(
            tool: Tool(stacks: settings.stacks, kinds: AllKinds.all, tasks: AllTasks.all, source: #filePath), console: console,
            environment: settings.environment, directory: folder, binaryFolder: folder + "/bin", user: "ada@machine",
            transport: { _ in transport },
            surroundings: Surroundings(
                now: { moment }, sleep: { _ in }, random: { 0 }, uuid: { "00000000-0000-0000-0000-000000000000" }),
            time: Time(now: { clock.seconds }, clock: clock), signals: settings.signals)
        let status = await program.run(arguments)
        return Result(
            command: clean("slipway " + arguments.joined(separator: " ")), out: clean(out.withLock { $0 }),
            error: clean(error.withLock { $0 }), code: status.code)
    }

    /// Replaces what is another each time: folders, identifiers, times and durations.
    private func clean(_ text: String) -> String {
        text.replacing(folder, with: "<folder>")
            .replacing(/\b[0-9a-f]{32}\b/, with: "<id>")
            .replacing(/(?m)^[0-9a-f]{8}(?=  2)/, with: "<id>")
            .replacing(/20(?!26-01-01T00:00:00)\d\d-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/, with: "<time>")
            .replacing(/\brun [0-9a-f]{8}\b/, with: "run <id>")
            .replacing(/\bfrom [0-9a-f]{8}\b/, with: "from <id>")
            .replacing(/\bin [0-9a-f]{8}\b/, with: "in <id>")
            .replacing(/\bjr_0+/, with: "jr_")
            .replacing(/"milliseconds":\d+/, with: "\"milliseconds\":0")
            .replacing(/\b\d+ ms\b/, with: "0 ms")
            // Told only of what takes more than a second, as anything may on a machine that is busy.
            .replacing(/(?m): (created|updated|deleted|adopted|forgotten|recorded|failed) in [0-9.mins ]+$/) { ": \($0.1)" }
            .replacing(/(?m)  (succeeded|failed) in [0-9.mins ]+$/) { "  \($0.1)" }
            .replacing(/process \d+/, with: "process <number>")
            .replacing(/\b[0-9A-F]{16}\b/, with: "<request>")
            .replacing(/AROA[0-9A-F]{17}/, with: "AROA<id>")
    }
}
