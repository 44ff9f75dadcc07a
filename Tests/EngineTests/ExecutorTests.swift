import SlipwayAWS
import SlipwayDeclaration
import SlipwayEngine
import SlipwayProvider
import SlipwayState
import Synchronization
import Testing

@Suite struct ExecutorTests {
    let scene = BoxScene()

    func stack(_ build: (inout Stack) -> Void) -> Stack {
        var stack = Stack("demo", Settings())
        build(&stack)
        return stack
    }

    @Test func `an apply makes what is declared, and the plan after it is empty`() async throws {
        let stack = stack { stack in
            let a = stack.add("a", LiveBox(text: "one", late: "set later", tags: ["k": "v"]))
            stack.add("b", LiveBox(text: "\(a.id)/x"))
            stack.output("id", a.id)
        }
        let outcome = try await scene.apply(stack)
        #expect(outcome.isComplete)
        #expect(outcome.unconverged.isEmpty)
        #expect(outcome.outputs == ["id": "id-1"])
        #expect(scene.aws.boxes["demo-dev-a"]?.properties["Late"] == "set later")
        #expect(scene.aws.boxes["demo-dev-b"]?.properties["Text"] == "id-1/x")
        #expect(try await scene.plan(stack).isEmpty)
        #expect(try await scene.plan(stack).operations.isEmpty)
    }

    @Test func `a change behind our back is put right`() async throws {
        let stack = stack { $0.add("a", LiveBox(text: "ours")) }
        try await scene.apply(stack)
        scene.aws.state.withLock { $0.boxes["demo-dev-a"]?.properties = ["Text": "theirs", "Late": "undeclared"] }
        let plan = try await scene.plan(stack)
        #expect(plan.operations.map { $0.changes.map(\.path) } == [[["Text"]]])
        try await scene.apply(stack)
        #expect(scene.aws.boxes["demo-dev-a"]?.properties == ["Text": "ours", "Late": "undeclared"])
    }

    @Test func `what is no longer declared is reset, and then left alone`() async throws {
        try await scene.apply(stack { $0.add("a", LiveBox(text: "one", late: "two")) })
        let less = stack { $0.add("a", LiveBox(text: "one")) }
        try await scene.apply(less)
        #expect(scene.aws.boxes["demo-dev-a"]?.properties == ["Text": "one"])
        scene.aws.state.withLock { $0.boxes["demo-dev-a"]?.properties = ["Text": "one", "Late": "theirs"] }
        #expect(try await scene.plan(less).isEmpty)
    }

    @Test func `a destroy takes everything down from the state alone`() async throws {
        try await scene.apply(
            stack { stack in
                let a = stack.add("a", LiveBox())
                stack.add("b", LiveBox(text: a.name))
            })
        #expect(try await scene.apply(nil).isComplete)
        #expect(scene.aws.boxes.isEmpty)
        #expect(try await scene.open().store.read(.rows).isEmpty)
    }

    @Test func `what somebody made anew under the same name is not destroyed`() async throws {
        try await scene.apply(stack { $0.add("a", LiveBox(text: "ours")) })
        scene.aws.state.withLock {
            $0.boxes["demo-dev-a"] = .init(properties: ["Text": "theirs"], tags: [:], id: "another", version: 9)
        }
        let plan = try await scene.plan(nil)
        #expect(plan.refusals.map(\.cause) == [.foreign(owner: nil)])
        #expect(plan.operations.isEmpty)
    }

    @Test func `what is there and not ours is left untouched`() async throws {
        scene.aws.state.withLock {
            $0.boxes["demo-dev-a"] = .init(properties: ["Text": "theirs"], tags: [:], id: "x", version: 1)
        }
        let stack = stack { $0.add("a", LiveBox(text: "ours")) }
        let plan = try await scene.plan(stack)
        #expect(plan.refusals.map(\.cause) == [.foreign(owner: nil)])
        #expect(plan.operations.isEmpty)
    }

    @Test func `what is there and not ours is taken over when told, tagged from then on`() async throws {
        scene.aws.state.withLock {
            $0.boxes["demo-dev-a"] = .init(properties: ["Text": "theirs"], tags: [:], id: "x", version: 1)
        }
        let stack = stack { $0.add("a", LiveBox(text: "ours")) }
        var options = PlanOptions()
        options.adopt = true
        try await scene.apply(stack, options)
        #expect(scene.aws.boxes["demo-dev-a"]?.properties["Text"] == "ours")
        #expect(scene.aws.boxes["demo-dev-a"]?.tags["slipway:address"] == "a")
        #expect(try await scene.plan(stack).isEmpty)
    }

    @Test func `a create whose answer is lost is found, and not sent again`() async throws {
        scene.aws.state.withLock { $0.faultsByOperation["CreateBox"] = [.lostAnswer] }
        let stack = stack { $0.add("a", LiveBox(text: "one")) }
        #expect(try await scene.apply(stack).isComplete)
        #expect(scene.aws.calls.count { $0 == "CreateBox" } == 1)
        #expect(try await scene.plan(stack).isEmpty)
    }

    @Test func `a create whose request is lost is sent again once nothing is there`() async throws {
        scene.aws.state.withLock { $0.faultsByOperation["CreateBox"] = [.lostRequest] }
        #expect(try await scene.apply(stack { $0.add("a", LiveBox()) }).isComplete)
        #expect(scene.aws.calls.count { $0 == "CreateBox" } == 2)
    }

    @Test func `a create that cannot be looked at stays in doubt, and the next apply settles it`() async throws {
        let stack = stack { $0.add("a", LiveBox(text: "one")) }
        // The plan's list is refused nothing; the look after the lost answer is.
        scene.aws.state.withLock {
            $0.faultsByOperation["CreateBox"] = [.lostAnswer]
            $0.faultsByOperation["GetBox"] = [.refused(code: "Busy", status: 500)]
        }
        scene.aws.state.withLock { $0.faultsByOperation["GetBox"]?.insert(contentsOf: [], at: 0) }
        let deployment = try await scene.open()
        let plan = try await deployment.plan(stack.graph, refresh: .none)
        let outcome = try await scene.apply(plan, deployment)
        #expect(outcome.inDoubt.count == 1)
        let recovered = try await deployment.recover()
        #expect(recovered.map(\.decision) == [.happened])
        #expect(try await deployment.plan(stack.graph).isEmpty)
        #expect(scene.aws.boxes.count == 1)
    }

    @Test func `a refused create leaves nothing behind, and what is independent goes on`() async throws {
        scene.aws.state.withLock { $0.faultsByOperation["CreateBox"] = [.refused(code: "ValidationException", status: 400)] }
        let stack = stack { stack in
            let a = stack.add("a", LiveBox())
            stack.add("b", LiveBox(text: a.id))
            stack.add("c", LiveBox())
        }
        let deployment = try await scene.open()
        let plan = try await deployment.plan(stack.graph, refresh: .none)
        let executed = try await scene.apply(plan, deployment)
        #expect(executed.failed.count == 1)
        #expect(executed.succeeded.count + executed.failed.count + executed.notAttempted.count == 3)
        #expect(try await deployment.store.read(.inDoubt).isEmpty)
        _ = try await deployment.recover()
        let rest = try await deployment.plan(stack.graph)
        try await scene.apply(rest, deployment)
        #expect(scene.aws.boxes.count == 3)
        #expect(try await deployment.plan(stack.graph).isEmpty)
    }

    @Test func `an update that fails half way is completed by the next apply, resets included`() async throws {
        try await scene.apply(stack { $0.add("a", LiveBox(text: "one", tags: ["k": "v"])) })
        scene.aws.state.withLock { $0.faultsByOperation["TagBox"] = [.refused(code: "ValidationException", status: 400)] }
        let outcome = try await scene.apply(stack { $0.add("a", LiveBox(text: "two", late: "new", tags: ["k": "w"])) })
        #expect(outcome.failed.count == 1)
        // What the failed update set is no longer declared by now: it is still reset.
        let final = stack { $0.add("a", LiveBox(text: "three", tags: ["k": "w"])) }
        #expect(try await scene.apply(final).isComplete)
        #expect(scene.aws.boxes["demo-dev-a"]?.properties == ["Text": "three"])
        #expect(try await scene.plan(final).isEmpty)
    }

    @Test func `a replacement deletes and makes anew, or the other way round`() async throws {
        try await scene.apply(
            stack { stack in
                stack.add("a", LiveBox(zone: "1"))
                stack.add("b", LiveBox(zone: "1"), createBeforeDestroy: true)
            })
        let changed = stack { stack in
            stack.add("a", LiveBox(zone: "2"))
            stack.add("b", LiveBox(zone: "2"), createBeforeDestroy: true)
        }
        #expect(try await scene.apply(changed).isComplete)
        #expect(Set(scene.aws.boxes.keys) == ["demo-dev-a", "demo-dev-b-2"])
        #expect(try await scene.plan(changed).isEmpty)
    }

    @Test func `a write-only secret is sent once, kept as a fingerprint, and sent again when it changes`() async throws {
        let stack = stack { $0.add("a", LiveBox(password: .environment("PASSWORD"))) }
        try await scene.apply(stack)
        #expect(try await scene.plan(stack).isEmpty)
        let store = try await scene.open().store
        let row = try #require(try await store.read(.rows).first)
        #expect(!row.declared.text.contains("hunter2"))
        #expect(row.declared.text.contains("$fingerprint"))
        var opening = Deployment.Opening(
            kinds: KindTable(scene.kinds), key: StateKey(stack: "demo", environment: "dev", target: "aws"),
            folder: scene.folder, assets: AssetFolder(path: scene.folder), who: "t", command: "plan")
        opening.environment = ["PASSWORD": "another"]
        let plan = try await Deployment(opening, aws: scene.client()).plan(stack.graph)
        #expect(plan.operations.map { $0.changes.map(\.path) } == [[["Password"]]])
    }

    @Test func `a saved plan is refused when the state has moved on`() async throws {
        let stack = stack { $0.add("a", LiveBox()) }
        let plan = try await scene.plan(stack)
        try await scene.apply(stack)
        await #expect {
            try await scene.apply(plan, scene.open())
        } throws: { error in
            if case EngineError.stalePlan(.state) = error { true } else { false }
        }
    }

    @Test func `many are looked up by a list, and one by one where that is not permitted`() async throws {
        let stack = stack { stack in for index in 0..<6 { stack.add("r\(index)", LiveBox()) } }
        try await scene.apply(stack)
        scene.aws.state.withLock { $0.calls = [] }
        #expect(try await scene.plan(stack).isEmpty)
        #expect(scene.aws.calls == ["ListBoxes"])
        scene.aws.state.withLock {
            $0.calls = []
            $0.deniesLists = true
        }
        let plan = try await scene.plan(stack)
        #expect(plan.isEmpty)
        #expect(plan.warnings.map(\.cause) == [.listDenied(kind: LiveBox.type)])
        #expect(scene.aws.calls.count { $0 == "GetBox" } == 6)
    }

    @Test func `a last look that AWS refuses does not undo what was done, and is told`() async throws {
        let stack = stack { $0.add("a", LiveBox(text: "one")) }
        let deployment = try await scene.open()
        let plan = try await deployment.plan(stack.graph, refresh: .none)
        // The first read is the executor's own, after the create; the second is the last look's.
        scene.aws.state.withLock {
            $0.faultsByOperation["GetBox"] = [nil, .refused(code: "AccessDeniedException", status: 403)]
        }
        let outcome = try await scene.apply(plan, deployment)
        #expect(outcome.isComplete)
        #expect(outcome.proofError?.kind == .denied)
        #expect(try await deployment.plan(stack.graph).isEmpty)
    }

    @Test func `where a list is not known, each resource is read`() async throws {
        let stack = stack { stack in for index in 0..<6 { stack.add("r\(index)", LiveBox()) } }
        try await scene.apply(stack)
        scene.aws.state.withLock {
            $0.calls = []
            $0.faultsByOperation["ListBoxes"] = [.refused(code: "UnknownOperationException", status: 400)]
        }
        #expect(try await scene.plan(stack).isEmpty)
        #expect(scene.aws.calls.count { $0 == "GetBox" } == 6)
    }

    @Test func `a state is never used for another account`() async throws {
        try await scene.apply(stack { $0.add("a", LiveBox()) })
        try await scene.open().store.commit(.pinAccount("999999999999"))
        await #expect {
            try await scene.open()
        } throws: { error in
            if case EngineError.otherAccount(expected: "999999999999", found: "123456789012") = error { true } else { false }
        }
    }

    @Test func `a state that lists something is never used for another AWS with the same account`() async throws {
        var first = scene
        first.installation = "first"
        var second = scene
        second.installation = "second"
        let full = stack { $0.add("a", LiveBox()) }
        try await first.apply(full)
        #expect(try await first.open().header.installation == "first")
        await #expect {
            try await second.open()
        } throws: { error in
            if case EngineError.otherInstallation(expected: "first", found: "second", _) = error { true } else { false }
        }
        // What lists nothing any more may go on elsewhere.
        try await first.apply(stack { _ in })
        try await second.apply(full)
        #expect(try await second.open().header.installation == "second")
    }

    @Test func `what was asked to stop starts nothing more`() async throws {
        let stack = stack { stack in for index in 0..<5 { stack.add("r\(index)", LiveBox()) } }
        let deployment = try await scene.open()
        let plan = try await deployment.plan(stack.graph)
        scene.interruption.request()
        let outcome = try await scene.apply(plan, deployment)
        #expect(outcome.wasInterrupted)
        #expect(outcome.notAttempted.count == 5)
        #expect(scene.aws.boxes.isEmpty)
    }
}
