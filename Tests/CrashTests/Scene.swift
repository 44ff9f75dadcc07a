import Foundation
import SlipwayFakeAWS

/// An AWS behind a port and a state folder, as they are before the program that is to be killed starts.
struct Scene {
    private let phase: CrashTests.Phase
    private let options: [String]
    private let server: FakeAWSServer
    private let services: FakeServices
    private let folder: String

    init(_ phase: CrashTests.Phase, options: [String] = []) async throws {
        self.phase = phase
        self.options = options
        server = try FakeAWSServer()
        folder = FileManager.default.temporaryDirectory.appending(path: "slipway-crash-\(UUID())").path
        let start = "\(folder)/start"
        try FileManager.default.createDirectory(atPath: start, withIntermediateDirectories: true)
        if phase == .change {
            let result = try await Subject.run([server.url, start, "apply"])
            guard result.status == 0 else { throw Failure(output: result.output) }
        }
        services = server.fake.withServices { $0 }
    }

    struct Failure: Error { let output: String }

    /// What there is after a run that nothing happens to.
    func inventory(after commands: [String]) async throws -> [String] {
        let scene = try begin("whole")
        for command in commands {
            let result = try await scene.run(command)
            guard result.status == 0 else { throw Failure(output: result.output) }
        }
        return scene.inventory
    }

    /// Kills the program at every moment there is, and asks `check` what is wrong afterwards.
    func atEveryMoment(_ check: (DeadScene) async throws -> String?) async throws -> [String] {
        let whole = try await begin("count").run(phase.rawValue, options)
        guard let moments = whole.output.firstMatch(of: /moments (\d+)/).flatMap({ Int($0.1) }) else {
            throw Failure(output: whole.output)
        }
        var failures: [String] = []
        for moment in 1...moments {
            let scene = try begin("\(moment)")
            let dead = try await scene.run(phase.rawValue, options + ["--die", String(moment)])
            // 9 is SIGKILL.
            guard dead.signal == 9 else {
                failures.append("moment \(moment): it did not die: \(dead.output)")
                continue
            }
            if let problem = try await check(scene) { failures.append("moment \(moment) of \(moments): \(problem)") }
            try FileManager.default.removeItem(atPath: scene.state)
        }
        return failures
    }

    private func begin(_ name: String) throws -> DeadScene {
        let state = "\(folder)/\(name)"
        try FileManager.default.copyItem(atPath: "\(folder)/start", toPath: state)
        let fake = FakeAWS()
        fake.withServices { $0 = services }
        server.fake = fake
        return DeadScene(server: server, state: state)
    }
}

/// What a program that was killed left behind.
struct DeadScene {
    let server: FakeAWSServer
    let state: String

    func run(_ command: String, _ options: [String] = []) async throws -> Subject.Result {
        try await Subject.run([server.url, state, command] + options)
    }

    /// Everything that exists, by service and name.
    var inventory: [String] { server.fake.withServices { $0.inventory } }
}

/// The program that is killed.
enum Subject {
    struct Result: Sendable {
        let output: String
        /// The exit code, when it ended by itself.
        let status: Int32?
        /// The signal that ended it.
        let signal: Int32?
    }

    /// Runs the program and waits for its end, on a thread of its own: the few that tasks share must stay free to
    /// answer what the program asks.
    static func run(_ arguments: [String]) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread { continuation.resume(with: Swift.Result { try wait(arguments) }) }
        }
    }

    private static func wait(_ arguments: [String]) throws -> Result {
        let process = Process()
        // Built beside the tests.
        let folder = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
        process.executableURL = folder.appending(path: "SlipwayCrashSubject")
        process.arguments = arguments
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        try process.run()
        let output = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        let code = process.terminationStatus
        return process.terminationReason == .exit
            ? Result(output: output, status: code, signal: nil) : Result(output: output, status: nil, signal: code)
    }
}
