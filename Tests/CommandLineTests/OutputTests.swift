import Foundation
import SlipwayCommandLine
import SlipwayDeclaration
import SlipwayFakeAWS
import Testing

@Suite struct OutputTests {
    @Test func `with --json every line is an object with type and time`() async throws {
        let sandbox = Sandbox()
        var results: [Sandbox.Result] = []
        for command in [
            "stacks", "plan little", "apply little --yes --parallelism 1", "apply little --yes", "outputs little",
            "state list little", "state show little lake", "drift little", "history little", "whoami", "version",
            "plan little --var days=0", "apply little --var days=8", "destroy little --yes --parallelism 1",
        ] { results.append(await sandbox.run("\(command) --json")) }
        for event in try results.flatMap({ try $0.events }) {
            #expect(event["type"]?.string != nil)
            #expect(event["time"]?.string == "2026-01-01T00:00:00.000Z")
        }
        try expectSnapshot(results)
    }

    @Test func `the types of events are those that are documented`() async throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let sources = root.appending(path: "Sources/CommandLine")
        let names = try FileManager.default.contentsOfDirectory(atPath: sources.path).filter { $0.hasSuffix(".swift") }
        let files = try names.map { try String(contentsOf: sources.appending(path: $0), encoding: .utf8) }
        var told: Set<String> = []
        for match in files.joined().matches(of: /event\(\s*"([a-zA-Z]+)"/) { told.insert(String(match.1)) }
        var documented: Set<String> = []
        let reporter = try String(contentsOf: sources.appending(path: "Reporter.swift"), encoding: .utf8)
        for line in reporter.split(separator: "\n") where line.hasPrefix("/// | `") {
            for match in line.split(separator: "|")[1].matches(of: /`([a-zA-Z]+)`/) { documented.insert(String(match.1)) }
        }
        documented.remove("type")
        #expect(told == documented)
    }

    @Test func `colour is only for terminals that want it`() async throws {
        let sandbox = Sandbox()
        let escape = "\u{1B}["
        #expect(!(await sandbox.run("plan little")).out.contains(escape))
        sandbox.set { $0.isTerminal = true }
        #expect((await sandbox.run("plan little")).out.contains(escape))
        #expect(!(await sandbox.run("plan little --no-color")).out.contains(escape))
        sandbox.set { $0.environment["TERM"] = "dumb" }
        #expect(!(await sandbox.run("plan little")).out.contains(escape))
        sandbox.set {
            $0.environment["TERM"] = "xterm"
            $0.environment["NO_COLOR"] = "1"
        }
        #expect(!(await sandbox.run("plan little")).out.contains(escape))
    }

    @Test func `a reader that goes away ends nothing`() throws {
        signal(SIGPIPE, SIG_IGN)
        var ends: [Int32] = [0, 0]
        #expect(pipe(&ends) == 0)
        let descriptor = Descriptor(ends[1])
        descriptor.write("read\n")
        close(ends[0])
        descriptor.write("dropped\n")
        descriptor.write("dropped as well\n")
        close(ends[1])
    }

    @Test func `--debug prints each call`() async throws {
        let sandbox = Sandbox()
        await sandbox.expect(
            "whoami --debug",
            """
            account   123456789012
            arn       arn:aws:iam::123456789012:user/tester
            region    eu-west-1
            endpoint  AWS's own
            target    aws
            ! aws: sts GetCallerIdentity: ok 0 ms
            """)
    }

    @Test func `whoever asks for help gets it`() async throws {
        let sandbox = Sandbox()
        try expectSnapshot([
            await sandbox.run("--help"), await sandbox.run("help plan"), await sandbox.run("state --help"),
            await sandbox.run("version"), await sandbox.run("--version"), await sandbox.run("stacks"),
            await sandbox.run("stacks --names"),
        ])
    }

    @Test(arguments: ["bash", "zsh", "fish"])
    func `each shell has a completion script that knows every command`(_ shell: String) async throws {
        let script = await Sandbox().run("completion \(shell)")
        #expect(script.code == 0)
        for command in Commands.all { #expect(script.out.contains(command.name.split(separator: " ").last ?? "")) }
    }

    @Test func `README lists every command`() throws {
        let readme = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "README.md")
        let text = try String(contentsOf: readme, encoding: .utf8)
        let table = /(?m)^\| command \| what it does \|\n(?:\|.*\n)*/
        let found = try #require(text.firstMatch(of: table), "README.md has a table of commands")
        if ProcessInfo.processInfo.environment["UPDATE_SNAPSHOTS"] == "1" {
            let updated = text.replacingCharacters(in: found.range, with: Commands.table + "\n")
            try Data(updated.utf8).write(to: readme)
        } else {
            #expect(String(found.0) == Commands.table + "\n")
        }
    }
}
