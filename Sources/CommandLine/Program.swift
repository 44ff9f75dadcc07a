import ArgumentParser
package import SlipwayAWS
import SlipwayDeclaration
package import SlipwayHTTP
package import SlipwayJobs
import FoundationEssentials
#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The whole program as a value: what it is made of and all that it needs of the world, so that a test can run it.
package struct Program: Sendable {
    package var tool: Tool
    package var console: Console
    package var environment: [String: String]
    /// The working directory, absolute.
    package var directory: String
    /// The folder of the binary, absolute.
    package var binaryFolder: String
    /// `user@host`
    package var user: String
    /// Makes what sends requests; it is not called before something is to be sent.
    package var transport: @Sendable (HTTPClient.Settings) throws -> any HTTPTransport
    /// Clock, sleep and random numbers.
    package var surroundings: Surroundings
    /// The time as runs of jobs see it.
    package var time: Time
    package var signals: SignalSource

    package init(
        tool: Tool, console: Console, environment: [String: String], directory: String, binaryFolder: String,
        user: String, transport: @escaping @Sendable (HTTPClient.Settings) throws -> any HTTPTransport,
        surroundings: Surroundings = .real, time: Time = .real, signals: SignalSource
    ) {
        self.tool = tool
        self.console = console
        self.environment = environment
        self.directory = directory
        self.binaryFolder = binaryFolder
        self.user = user
        self.transport = transport
        self.surroundings = surroundings
        self.time = time
        self.signals = signals
    }

    /// Runs one command.
    /// - Parameter arguments: Those of the command line, without the program's name.
    /// - Returns: How the process is to end. Nothing is thrown: what goes wrong has been said.
    package func run(_ arguments: [String]) async -> ExitStatus {
        let command: any ParsableCommand
        if let word = arguments.first, !word.hasPrefix("-"), !Commands.words.contains(word) {
            // The parser would call it an unexpected argument.
            let reporter = Reporter(
                self, isJSON: arguments.contains("--json"), noColor: arguments.contains("--no-color"))
            return reporter.failed(CommandLineError.unknownCommand(word, known: Commands.words))
        }
        do {
            command = try SlipwayCommand.parseAsRoot(arguments)
            guard let command = command as? any ToolCommand else {
                // The parser's own commands are help and completion; `run` throws the text that they are there to show.
                var command = command
                try command.run()
                return .done
            }
            return await run(command, arguments)
        } catch {
            return answer(error)
        }
    }

    private func run(_ command: any ToolCommand, _ arguments: [String]) async -> ExitStatus {
        let reporter = Reporter(self, isJSON: command.output.json, noColor: command.output.noColor)
        do {
            let session = Session(
                program: self, report: reporter, debug: command.output.debug, arguments: arguments)
            return try await command.run(session)
        } catch let error where SlipwayCommand.exitCode(for: error) == .validationFailure {
            return answer(error)
        } catch {
            return reporter.failed(error)
        }
    }

    /// Shows help, or what is wrong with the command line.
    private func answer(_ error: any Error) -> ExitStatus {
        let text = SlipwayCommand.fullMessage(for: error, columns: console.width)
        guard SlipwayCommand.exitCode(for: error) != .success else {
            console.out(text + "\n")
            return .done
        }
        let style = Style(isTerminal: console.errorIsTerminal, environment: environment, noColor: false)
        let prefix = "Error: "
        let message = text.hasPrefix(prefix) ? String(text.dropFirst(prefix.count)) : text
        console.error("\(style.red("error:")) \(message)\n")
        return .invalid
    }
}

extension Program {
    /// Runs the process's command line and ends the process.
    package static func main(_ tool: Tool) async -> Never {
        // A reader that goes away must not end an apply; what is written to it is dropped.
        signal(SIGPIPE, SIG_IGN)
        let program = Program(
            tool: tool, console: .process(), environment: ProcessInfo.processInfo.environment,
            directory: FileManager.default.currentDirectoryPath, binaryFolder: executableFolder(), user: user(),
            transport: { try HTTPClient($0) }, signals: .process())
        let status = await program.run(Array(CommandLine.arguments.dropFirst()))
        exit(status.code)
    }

    private static func executableFolder() -> String {
        // Linux; elsewhere the path that the program was started by has to do.
        let path = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? CommandLine.arguments[0]
        return path.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
    }

    /// `user@host`, for locks and the history.
    private static func user() -> String {
        let host = withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { name in
            guard let start = name.baseAddress, gethostname(start, name.count) == 0 else { return "unknown" }
            // A name that does not fit need not be terminated.
            name[name.count - 1] = 0
            return String(cString: start)
        }
        let environment = ProcessInfo.processInfo.environment
        let user = environment["USER"] ?? environment["LOGNAME"] ?? "uid\(getuid())"
        return "\(user)@\(host)"
    }
}
