import SlipwayFakeAWS
import SlipwayHTTP
import Synchronization
import Testing

@Suite struct ApplyTests {
    @Test func `an apply makes everything, and the next one finds nothing to do`() async throws {
        let sandbox = Sandbox()
        try expectSnapshot([
            await sandbox.run("apply little --yes --parallelism 1"),
            await sandbox.run("apply little"),
            await sandbox.run("outputs little"),
            await sandbox.run("outputs little bucket"),
            await sandbox.run("outputs little buckte"),
            await sandbox.run("state list little"),
            await sandbox.run("drift little"),
            await sandbox.run("destroy little --yes --parallelism 1"),
            await sandbox.run("state list little"),
            await sandbox.run("history little"),
        ])
    }
}

@Suite struct UnfinishedApplyTests {
    @Test func `an apply that fails in part says what was done, what not, and how to go on`() async throws {
        let sandbox = Sandbox()
        sandbox.fake.fail(
            "iam", "CreateRole", code: "LimitExceeded", status: 409, message: "Cannot exceed quota for RolesPerAccount: 1000.")
        let first = await sandbox.run("apply little --yes --parallelism 1")
        let second = await sandbox.run("apply little --yes --parallelism 1")
        #expect(second.code == 0)
        try expectSnapshot([first, await sandbox.run("history little")])
    }

    @Test func `what an answer did not come to is in doubt, and found out next`() async throws {
        let sandbox = Sandbox()
        let fake = sandbox.fake
        sandbox.set { $0.transport = CutOff(fake: fake) }
        let first = await sandbox.run("apply little --yes --parallelism 1")
        sandbox.set { $0.transport = nil }
        try expectSnapshot([
            first, await sandbox.run("state mv little lake other"), await sandbox.run("apply little --yes"),
            await sandbox.run("plan little"),
        ])
    }

    @Test func `the first signal stops in order, and says what is left`() async throws {
        let sandbox = Sandbox()
        let signals = Signals()
        sandbox.set { $0.signals = signals.source }
        sandbox.fake.delay("iam", "CreateRole", by: .seconds(2))
        async let running = sandbox.run("apply little --yes --parallelism 1")
        while !sandbox.fake.operations.contains("iam CreateRole") { try await Task.sleep(for: .milliseconds(5)) }
        signals.send(15)
        let result = await running
        #expect(signals.ended == nil)
        try expectSnapshot([result, await sandbox.run("apply little --yes --parallelism 1")])
    }

    @Test func `the second signal ends at once, and says what is in doubt`() async throws {
        let sandbox = Sandbox()
        let signals = Signals()
        sandbox.set { $0.signals = signals.source }
        sandbox.fake.delay("iam", "CreateRole", by: .seconds(3))
        async let running = sandbox.run("apply little --yes --parallelism 1")
        while !sandbox.fake.operations.contains("iam CreateRole") { try await Task.sleep(for: .milliseconds(5)) }
        signals.send(2)
        signals.send(2)
        while signals.ended == nil { try await Task.sleep(for: .milliseconds(5)) }
        #expect(signals.ended == 130)
        let result = await running
        #expect(result.error.contains("in doubt: etl (create AWS::IAM::Role)\n"))
    }
}

@Suite struct SavedPlanTests {
    @Test func `a saved plan is carried out exactly`() async throws {
        let sandbox = Sandbox()
        let planned = await sandbox.run("plan little --env test --var days=30 --out first.plan")
        #expect(planned.error == "saved: `slipway apply little --plan first.plan` carries out exactly this\n")
        // Whatever the declaration has become meanwhile.
        sandbox.set { $0.stacks = [] }
        let applied = await sandbox.run("apply little --plan first.plan --yes --parallelism 1")
        #expect(applied.code == 0)
        #expect(applied.out.hasPrefix(planned.out))
        sandbox.set { $0.stacks = [.little] }
        await sandbox.expect("plan little --env test --var days=30", "No changes: little in test is as declared.")
    }

    @Test func `a plan that no longer fits is refused`() async throws {
        let sandbox = Sandbox()
        _ = await sandbox.run("plan little --out first.plan")
        _ = await sandbox.run("apply little --yes")
        let stale = await sandbox.run("apply little --plan first.plan --yes")
        #expect(stale.code == 5)
        #expect(stale.error.hasPrefix("error: the plan is stale: it was made from state 0, and the state is at "))
        #expect(stale.error.hasSuffix("hint: plan again\n"))
        let elsewhere = await sandbox.run("apply little --env test --plan first.plan --yes")
        #expect(elsewhere.code == 5)
        let chosen = await sandbox.run("apply little --plan first.plan --var days=9 --yes")
        #expect(chosen.code == 3)
        try sandbox.write("{}", to: "no.plan")
        await sandbox.expect("apply little --plan no.plan", "! error: no.plan: it is no saved plan\n(exit 3)")
        try sandbox.write(#"{"format": 99}"#, to: "new.plan")
        await sandbox.expect(
            "apply little --plan new.plan",
            """
            ! error: new.plan: the file has form 99, and this version knows forms up to 1
            ! hint: use the version of slipway that wrote it, or a newer one
            (exit 3)
            """)
    }

    @Test func `a destroy can be saved too`() async throws {
        let sandbox = Sandbox()
        _ = await sandbox.run("apply little --yes")
        _ = await sandbox.run("plan little --destroy --out last.plan")
        let destroyed = await sandbox.run("apply little --plan last.plan --yes")
        #expect(destroyed.code == 0)
        #expect(destroyed.out.hasSuffix("Done: 3 deleted.\n"))
    }
}

/// A network that loses the answers about Glue jobs, from the creation of one on.
private final class CutOff: HTTPTransport {
    private let fake: FakeAWS
    private let isCut = Atomic(false)

    init(fake: FakeAWS) { self.fake = fake }

    func send(_ request: HTTPRequest) async throws(HTTPError) -> HTTPResponse {
        let target = request.headers["X-Amz-Target"] ?? ""
        let response = try await fake.send(request)
        if target.hasSuffix("CreateJob") { isCut.store(true, ordering: .sequentiallyConsistent) }
        guard target.hasSuffix("Job"), isCut.load(ordering: .sequentiallyConsistent) else { return response }
        throw .connectionClosed(endpoint: "https://glue.eu-west-1.amazonaws.com", sent: true, reason: "cut off")
    }
}
