import SlipwayFakeAWS
import Testing

@Suite struct GraphTests {
    @Test func `the declared graph is drawn`() async throws {
        let sandbox = Sandbox()
        try expectSnapshot([
            await sandbox.run("graph little"), await sandbox.run("graph little --format mermaid"),
            await sandbox.run("graph little --format svg"),
        ])
        #expect(sandbox.fake.calls.isEmpty)
    }

    @Test func `an exported graph is planned as the stack itself is`() async throws {
        let sandbox = Sandbox()
        sandbox.set { $0.environment["AWS_ACCESS_KEY_ID"] = nil }
        let exported = await sandbox.run("export little --var days=30")
        #expect(sandbox.fake.calls.isEmpty)
        try expectSnapshot([exported])
        try sandbox.write(exported.out, to: "graph.json")
        sandbox.set { $0.environment["AWS_ACCESS_KEY_ID"] = "AKIAIOSFODNN7EXAMPLE" }
        let declared = await sandbox.run("plan little --var days=30")
        let read = await sandbox.run("plan little --graph graph.json")
        #expect(read.out == declared.out)
        let other = await sandbox.run("plan little --env test --graph graph.json")
        #expect(other.error == "error: graph.json: the graph is of environment 'dev', not 'test'\n")
        #expect(other.code == 3)
    }
}
