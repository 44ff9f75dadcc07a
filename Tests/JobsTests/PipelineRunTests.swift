import SlipwayDeclaration
import SlipwayGraph
import Testing

@testable import SlipwayJobs

/// The run as a value: what it does after what.
@Suite struct PipelineRunTests {
    /// raw -> crawled -> loaded; raw -> checked
    static let after = ["crawled": ["raw"], "loaded": ["crawled"], "checked": ["raw"]]

    func machine(_ steps: [String: Step] = [:]) throws -> PipelineRun {
        let graph = try Graph(["raw", "crawled", "loaded", "checked"]) { Self.after[$0] ?? [] }
        return PipelineRun(graph, Dictionary(uniqueKeysWithValues: graph.nodes.map { ($0, steps[$0] ?? .run) }))
    }

    @Test func `tasks begin when what they come after is done`() throws {
        var run = try machine()
        #expect(run.begin() == [.begin("raw")])
        #expect(run.finished("raw", with: .succeeded) == [.begin("crawled"), .begin("checked")])
        #expect(run.finished("checked", with: .succeeded) == [])
        #expect(run.finished("crawled", with: .succeeded) == [.begin("loaded")])
        #expect(run.finished("loaded", with: .succeeded) == [.end(.succeeded)])
    }

    @Test func `a failure blocks what comes after it, and the rest goes on`() throws {
        var run = try machine()
        _ = run.begin()
        _ = run.finished("raw", with: .succeeded)
        #expect(run.finished("crawled", with: .failed(TaskFailure("no"))) == [.block("loaded", by: "crawled")])
        #expect(run.finished("checked", with: .succeeded) == [.end(.failed)])
    }

    @Test func `tasks that are done are skipped at once`() throws {
        var run = try machine(["raw": .skip(.done(run: "1")), "crawled": .skip(.done(run: "1"))])
        #expect(
            run.begin() == [
                .skip("raw", .done(run: "1")), .skip("crawled", .done(run: "1")), .begin("checked"), .begin("loaded"),
            ])
        #expect(run.finished("loaded", with: .succeeded) == [])
        #expect(run.finished("checked", with: .succeeded) == [.end(.succeeded)])
    }

    @Test func `a run of some tasks is done in part`() throws {
        var run = try machine([
            "raw": .skip(.notAsked), "loaded": .skip(.notAsked), "checked": .skip(.notAsked),
        ])
        #expect(run.begin() == [.skip("raw", .notAsked), .begin("crawled"), .skip("checked", .notAsked)])
        #expect(run.finished("crawled", with: .succeeded) == [.skip("loaded", .notAsked), .end(.partial)])
    }

    @Test func `after an interruption nothing begins, and the run ends when what is at work has`() throws {
        var run = try machine()
        _ = run.begin()
        #expect(run.interrupted() == [])
        #expect(run.interrupted() == [])
        #expect(run.finished("raw", with: .succeeded) == [.end(.stopped)])
    }

    @Test func `an interruption while nothing is at work ends the run`() throws {
        var run = try machine()
        #expect(run.interrupted() == [.end(.stopped)])
    }

    @Test(arguments: [
        (TaskOutcome.stopped, RunOutcome.stopped), (.detached, .detached), (.failed(TaskFailure("")), .failed),
        (.unsettled(TaskFailure("")), .unsettled), (.succeeded, .stopped),
    ])
    func `the worst outcome of a task is the run's`(_ outcome: TaskOutcome, _ expected: RunOutcome) throws {
        var run = try machine()
        _ = run.begin()
        _ = run.finished("raw", with: .succeeded)
        _ = run.interrupted()
        _ = run.finished("crawled", with: .succeeded)
        #expect(run.finished("checked", with: outcome).last == .end(expected))
    }

    @Test func `what an earlier run left at work holds nothing up when it is not asked for`() throws {
        var run = try machine([
            "raw": .keep(Ledger.record("raw", .detached)), "crawled": .run, "loaded": .skip(.notAsked),
            "checked": .skip(.notAsked),
        ])
        #expect(run.begin() == [.begin("crawled"), .skip("checked", .notAsked)])
    }

    // MARK: Resources

    /// As ``machine(_:)``, with tasks that wait for resources and are not resolved yet.
    func waiting(_ awaited: [String: Set<Address>]) throws -> PipelineRun {
        let graph = try Graph(["raw", "crawled", "loaded", "checked"]) { Self.after[$0] ?? [] }
        let steps = Dictionary(uniqueKeysWithValues: graph.nodes.filter { awaited[$0] == nil }.map { ($0, Step.run) })
        return PipelineRun(graph, steps, awaited: awaited)
    }

    @Test func `a task waits for the resources it mentions, and is then resolved`() throws {
        var run = try waiting(["raw": ["lake", "etl"]])
        #expect(run.begin() == [])
        #expect(run.settled("lake", isThere: true) == [])
        #expect(run.settled("etl", isThere: true) == [.resolve("raw")])
        #expect(run.resolved("raw", .run) == [.begin("raw")])
    }

    @Test func `what needs no resource begins while others wait`() throws {
        var run = try waiting(["crawled": ["warehouse"]])
        #expect(run.begin() == [.begin("raw")])
        #expect(run.finished("raw", with: .succeeded) == [.begin("checked")])
        #expect(run.settled("warehouse", isThere: true) == [.resolve("crawled")])
    }

    @Test func `a resource that was there before its task's turn holds nothing up`() throws {
        var run = try waiting(["crawled": ["warehouse"]])
        _ = run.begin()
        #expect(run.settled("warehouse", isThere: true) == [])
        #expect(run.finished("raw", with: .succeeded) == [.resolve("crawled"), .begin("checked")])
    }

    @Test func `a resource that is not made blocks its task and what comes after it`() throws {
        var run = try waiting(["crawled": ["warehouse"]])
        _ = run.begin()
        #expect(
            run.settled("warehouse", isThere: false) == [.block("crawled", by: "warehouse"), .block("loaded", by: "crawled")])
        #expect(run.finished("raw", with: .succeeded) == [.begin("checked")])
        #expect(run.finished("checked", with: .succeeded) == [.end(.failed)])
    }

    @Test func `a task that proves to be done is skipped when its resources are there`() throws {
        var run = try waiting(["raw": ["lake"]])
        _ = run.begin()
        _ = run.settled("lake", isThere: true)
        #expect(
            run.resolved("raw", .skip(.done(run: "1")))
                == [.skip("raw", .done(run: "1")), .begin("crawled"), .begin("checked")])
    }

    @Test func `an interruption does not wait for resources`() throws {
        var run = try waiting(["raw": ["lake"]])
        _ = run.begin()
        #expect(run.interrupted() == [.end(.stopped)])
    }

    @Test func `an interruption while a task is resolved begins nothing`() throws {
        var run = try waiting(["raw": ["lake"]])
        _ = run.begin()
        _ = run.settled("lake", isThere: true)
        #expect(run.interrupted() == [])
        #expect(run.resolved("raw", .run) == [.end(.stopped)])
    }
}
