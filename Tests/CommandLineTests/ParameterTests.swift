import Testing

@Suite struct ParameterTests {
    @Test func `the command line goes before a file, and that before the environment`() async throws {
        let sandbox = Sandbox()
        try sandbox.write("# days\ndays = 20\nword=from a file\n", to: "some.vars")
        try sandbox.write(#"{"days": 30}"#, to: "some.json")
        sandbox.set { $0.environment["SLIPWAY_VAR_DAYS"] = "10" }
        #expect(try await days(sandbox, "") == 10)
        #expect(try await days(sandbox, "--var-file some.vars") == 20)
        #expect(try await days(sandbox, "--var-file some.vars --var-file some.json") == 30)
        #expect(try await days(sandbox, "--var-file some.vars --var days=40") == 40)
    }

    private func days(_ sandbox: Sandbox, _ options: String) async throws -> Int? {
        let exported = await sandbox.run("export little \(options)")
        return exported.out.firstMatch(of: /"ExpirationInDays": (\d+)/).flatMap { Int($0.1) }
    }

    @Test func `a file that makes no sense is told with its line`() async throws {
        let sandbox = Sandbox()
        try sandbox.write("days=3\nnothing\n", to: "some.vars")
        await sandbox.expect(
            "plan little --var-file some.vars", "! error: some.vars: line 2 is not of the form name=value\n(exit 3)")
        try sandbox.write(#"{"days": {}}"#, to: "some.json")
        let result = await sandbox.run("plan little --var-file some.json")
        #expect(result.error.hasPrefix("error: some.json: 'days' is neither a text"))
    }
}
