import SlipwayDeclaration
import SlipwayEngine
import SlipwayState
import Synchronization
import Testing

/// What cannot be tagged, and what cannot be read back.
@Suite struct MarkedBoxTests {
    private let scene: BoxScene = {
        var scene = BoxScene()
        scene.kinds = [MarkedBox.self]
        return scene
    }()

    private func stack(_ text: Text, password: Secret? = nil, format: Text? = nil) -> Stack {
        var stack = Stack("demo", Settings(environment: "dev"))
        stack.add("a", MarkedBox(part: .init(text: text, password: password), format: format))
        return stack
    }

    private var sent: JSON? { scene.aws.boxes["demo-dev-a"]?.properties["Sent"] }

    @Test(arguments: [(BoxAWS.Fault.lostAnswer, 1), (.lostRequest, 2)])
    func `a create without an answer is found by its mark, or sent again once nothing is there`(
        fault: BoxAWS.Fault, creates: Int
    ) async throws {
        scene.aws.state.withLock { $0.faultsByOperation["CreateBox"] = [fault] }
        #expect(try await scene.apply(stack("one")).isComplete)
        #expect(scene.aws.calls.count { $0 == "CreateBox" } == creates)
        #expect(try await scene.plan(stack("one")).isEmpty)
    }

    @Test func `what has somebody else's mark is left untouched`() async throws {
        scene.aws.state.withLock {
            $0.boxes["demo-dev-a"] = .init(
                properties: [:], tags: ["slipway:lineage": "theirs", "slipway:address": "a", "slipway:generation": "1", "slipway:nonce": "n"],
                id: "x", version: 1)
        }
        #expect(try await scene.plan(stack("one")).refusals.map(\.cause) == [.foreign(owner: "theirs")])
    }

    @Test func `a secret inside a part whose update failed is sent again`() async throws {
        try await scene.apply(stack("one"))
        scene.aws.state.withLock {
            $0.faultsByOperation["UpdateBox"] = [.refused(code: "AccessDeniedException", status: 403)]
        }
        let changed = stack("two", password: .environment("PASSWORD"))
        #expect(!(try await scene.apply(changed).isComplete))
        // Somebody else brings the rest about, so that the secret alone is left.
        scene.aws.state.withLock { $0.boxes["demo-dev-a"]?.properties = ["Text": "two", "Sent": ""] }
        #expect(try await scene.apply(changed).isComplete)
        #expect(sent == "hunter2")
        #expect(try await scene.plan(changed).isEmpty)
    }

    @Test func `a secret inside a part whose update was cut off is sent again`() async throws {
        try await scene.apply(stack("one"))
        let changed = stack("two", password: .environment("PASSWORD"))
        // The process dies after the beginning is recorded and before anything is sent.
        let deployment = try await scene.open()
        let plan = try await deployment.plan(changed.graph)
        let operation = try #require(plan.operations.first)
        let row = try #require(try await deployment.store.read(.rows).first)
        let record = OperationRecord(
            id: "cut", apply: "a", key: operation.key, kind: operation.kind, verb: .update, account: row.account,
            region: row.region, identity: row.identity, immutableID: nil, nonce: row.nonce, token: "t",
            input: StoredJSON(operation.desired), digest: "d", dependencies: [],
            management: StoredManagement(protect: false, retain: false, createBeforeDestroy: false, replaceWhen: []),
            schemaVersion: 1, begunAt: 0)
        try await deployment.store.commit(.begin(record))
        scene.aws.state.withLock { $0.boxes["demo-dev-a"]?.properties = ["Text": "two", "Sent": ""] }
        #expect(try await deployment.recover().map(\.decision) == [.happened])
        let rest = try await deployment.plan(changed.graph)
        #expect(rest.operations.map { $0.changes.map(\.path) } == [[["Part", "Password"]]])
        #expect(try await scene.apply(rest, deployment).isComplete)
        #expect(sent == "hunter2")
    }

    @Test func `what only a create takes counts as sent when the create happened`() async throws {
        scene.aws.state.withLock {
            $0.faultsByOperation["CreateBox"] = [.lostAnswer]
            $0.faultsByOperation["GetBox"] = [.refused(code: "Busy", status: 500)]
        }
        let wanted = stack("one", format: "ice")
        let deployment = try await scene.open()
        let outcome = try await scene.apply(try await deployment.plan(wanted.graph, refresh: .none), deployment)
        #expect(outcome.inDoubt.count == 1)
        #expect(try await deployment.recover().map(\.decision) == [.happened])
        #expect(try await deployment.plan(wanted.graph).isEmpty)
    }
}
