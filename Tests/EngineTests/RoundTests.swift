import SlipwayAWS
import SlipwayDeclaration
import SlipwayEngine
import SlipwayProvider
import SlipwayState
import Synchronization
import Testing

/// Kinds whose changes need time.
@Suite struct RoundTests {
    let scene = BoxScene(kinds: [SlowBox.self])

    func stack(_ box: SlowBox) -> Stack {
        var stack = Stack("demo", Settings())
        stack.add("a", box)
        return stack
    }

    var parts: [String] { scene.aws.state.withLock { $0.parts } }
    func settle(after reads: Int) { scene.aws.state.withLock { $0.settlingReads = reads } }

    @Test func `a part that is refused while the one before it is under way follows when that is over`() async throws {
        try await scene.apply(stack(SlowBox(text: "one", late: "one")))
        scene.aws.state.withLock { $0.parts = [] }
        settle(after: 4)
        let box = SlowBox(text: "two", late: "two")
        #expect(try await scene.apply(stack(box)).isComplete)
        #expect(parts == ["Text", "Late"], "each part is accepted once")
        #expect(scene.aws.boxes["demo-dev-a"]?.properties == ["Text": "two", "Late": "two"])
        #expect(try await scene.plan(stack(box)).isEmpty)
    }

    @Test func `what a create leaves to updates comes part by part as well`() async throws {
        settle(after: 3)
        let box = SlowBox(text: "one", late: "two", password: .environment("PASSWORD"), isShut: true)
        #expect(try await scene.apply(stack(box)).isComplete)
        #expect(parts == ["Late", "Password", "IsShut"])
        #expect(try await scene.plan(stack(box)).isEmpty)
    }

    @Test func `a secret that was sent is not sent again for what an update left for later`() async throws {
        try await scene.apply(stack(SlowBox(text: "one")))
        settle(after: 2)
        let box = SlowBox(text: "two", password: .environment("PASSWORD"), isShut: true)
        #expect(try await scene.apply(stack(box)).isComplete)
        #expect(parts == ["Text", "Password", "IsShut"])
    }

    @Test func `what AWS takes without effect is sent once and named`() async throws {
        try await scene.apply(stack(SlowBox(text: "one")))
        let outcome = try await scene.apply(stack(SlowBox(text: "one", stubborn: "x")))
        #expect(parts == ["Stubborn"])
        #expect(outcome.unconverged.map { $0.changes.map(\.path) } == [[["Stubborn"]]])
    }

    @Test func `what stands in the way of a create and is not at rest is waited for, and left to its owner`() async throws {
        scene.aws.state.withLock {
            $0.boxes["demo-dev-a"] = .init(
                properties: ["Text": "theirs"], tags: [:], id: "x", version: 1, settling: 5)
        }
        let deployment = try await scene.open()
        let plan = try await deployment.plan(stack(SlowBox(text: "ours")).graph, refresh: .none)
        let outcome = try await scene.apply(plan, deployment)
        #expect(!outcome.isComplete)
        #expect(outcome.failed.map { "\($0.error)" }.first?.contains("foreign") == true)
        #expect(scene.aws.boxes["demo-dev-a"]?.properties == ["Text": "theirs"])
    }

    @Test func `what was left while AWS was at work on it is waited for, and then known`() async throws {
        var stack = Stack("demo", Settings())
        let first = stack.add("a", SlowBox(text: "one"))
        try await scene.apply(stack)
        let deployment = try await scene.open()
        var row = try #require(try await deployment.store.read(.rows).first)
        (row.settling, row.attributes) = ("creating", StoredJSON(.object([:])))
        try await deployment.store.commit(.put(row))
        scene.aws.state.withLock { $0.boxes["demo-dev-a"]?.settling = 6 }
        stack.add("b", SlowBox(text: first.name))
        let plan = try await deployment.plan(stack.graph)
        #expect(plan.operations.first { $0.key.address == "a" }?.reason == .settling)
        #expect(try await scene.apply(plan, deployment).isComplete)
        #expect(scene.aws.boxes["demo-dev-b"]?.properties == ["Text": "demo-dev-a"])
        #expect(try await deployment.store.read(.rows).allSatisfy { $0.settling == nil })
    }

    @Test func `what was taken over while it settled, and proves to be somebody else's, is not deleted`() async throws {
        let box = SlowBox(text: "ours", remains: "nothing")
        try await scene.apply(stack(box))
        let deployment = try await scene.open()
        var row = try #require(try await deployment.store.read(.rows).first)
        row.settling = "creating"
        try await deployment.store.commit(.put(row))
        scene.aws.state.withLock {
            $0.boxes["demo-dev-a"] = .init(properties: ["Text": "theirs"], tags: [:], id: "x", version: 1, settling: 4)
        }
        let plan = try await deployment.plan(nil, refresh: .none)
        let outcome = try await scene.apply(plan, deployment)
        #expect(outcome.failed.map { "\($0.error)" }.first?.contains("foreign") == true)
        #expect(scene.aws.boxes["demo-dev-a"]?.properties == ["Text": "theirs"])
    }

    @Test func `what cannot be deleted as it was declared is found out by the plan`() async throws {
        try await scene.apply(stack(SlowBox(text: "one")))
        let refusals = try await scene.plan(nil).refusals
        #expect(refusals.map(\.cause) == [.undeletable(reason: "nobody knows what is inside", hint: "say what remains")])
        try await scene.apply(stack(SlowBox(text: "one", remains: "a copy")))
        #expect(try await scene.apply(nil).isComplete)
        #expect(scene.aws.boxes.isEmpty)
    }

    @Test func `a replacement may say what the old declaration did not`() async throws {
        try await scene.apply(stack(SlowBox(text: "one", zone: "a")))
        let undecided = try await scene.plan(stack(SlowBox(text: "one", zone: "b")))
        #expect(undecided.refusals.count == 1)
        #expect(try await scene.apply(stack(SlowBox(text: "one", remains: "a copy", zone: "b"))).isComplete)
        #expect(scene.aws.boxes["demo-dev-a"]?.properties["Zone"] == "b")
    }
}
