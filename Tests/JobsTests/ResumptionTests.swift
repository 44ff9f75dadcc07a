import SlipwayGraph
import SlipwayState
import Testing

@testable import SlipwayJobs

enum Ledger {
    static func record(_ name: String, _ state: TaskState, fingerprint: String = "same") -> TaskRecord {
        var notes = TaskNotes()
        notes.fingerprint = fingerprint
        return TaskRecord(
            run: "1", name: name, kind: "Kind", position: 0, token: "token of \(name)", state: state.rawValue,
            record: notes.stored)
    }
}

/// What a run makes of the one before it. The pipeline is a -> b -> c.
@Suite struct ResumptionTests {
    func steps(
        _ states: [String: TaskState], _ selection: Selection = .all, outcome: RunOutcome? = .failed, fresh: Bool = false,
        changed: Set<String> = [], over: Set<String> = []
    ) throws -> [String: Step] {
        let records = states.map { Ledger.record($0.key, $0.value) }
        let run = RunRecord(id: "1", pipeline: "p", startedAt: 0, who: "ann", outcome: outcome?.rawValue)
        let names = ["a", "b", "c"]
        let graph = try Graph(names) { ["b": ["a"], "c": ["b"]][$0] ?? [] }
        var resumption = Resumption(
            graph, kinds: Dictionary(uniqueKeysWithValues: names.map { ($0, "Kind") }), selection: selection,
            last: states.isEmpty ? nil : (run, records), fresh: fresh)
        for name in graph.sorted {
            try resumption.decide(
                name, fingerprint: changed.contains(name) ? "other" : "same", isOver: over.contains(name))
        }
        return resumption.steps
    }

    let done = Step.skip(.done(run: "1"))
    let notAsked = Step.skip(.notAsked)

    @Test func `a first run does everything`() throws {
        #expect(try steps([:]) == ["a": .run, "b": .run, "c": .run])
    }

    @Test func `a run goes on at the first task that is not done`() throws {
        let states = ["a": TaskState.succeeded, "b": .failed, "c": .blocked]
        #expect(try steps(states) == ["a": done, "b": .run, "c": .run])
    }

    @Test func `what was done before the run before is still done`() throws {
        #expect(try steps(["a": .doneBefore, "b": .succeeded, "c": .stopped]) == ["a": done, "b": done, "c": .run])
    }

    @Test func `after a complete run everything is done again`() throws {
        let states = ["a": TaskState.succeeded, "b": .succeeded, "c": .succeeded]
        #expect(try steps(states, outcome: .succeeded) == ["a": .run, "b": .run, "c": .run])
    }

    @Test func `a fresh run goes on from nothing`() throws {
        #expect(try steps(["a": .succeeded, "b": .begun], fresh: true) == ["a": .run, "b": .run, "c": .run])
    }

    @Test func `a task that is another now is done again, and so is what comes after it`() throws {
        let states = ["a": TaskState.succeeded, "b": .succeeded, "c": .failed]
        #expect(try steps(states, changed: ["a"]) == ["a": .run, "b": .run, "c": .run])
        #expect(try steps(states, changed: ["b"]) == ["a": done, "b": .run, "c": .run])
    }

    @Test(arguments: [TaskState.begun, .detached, .unsettled])
    func `what may be at work is gone on with`(_ state: TaskState) throws {
        let states = ["a": TaskState.succeeded, "b": state]
        #expect(
            try steps(states, outcome: nil) == ["a": done, "b": .attach(Ledger.record("b", state)), "c": .run])
    }

    @Test func `what may be at work is not begun in another form`() throws {
        let states = ["a": TaskState.succeeded, "b": .begun]
        #expect(throws: JobError.otherTaskInFlight(task: "b", run: "1", ids: [])) { try steps(states, changed: ["b"]) }
        #expect(try steps(states, changed: ["b"], over: ["b"]) == ["a": done, "b": .run, "c": .run])
    }

    @Test func `somebody who names a task has it done once more`() throws {
        let states = ["a": TaskState.succeeded, "b": .succeeded, "c": .failed]
        #expect(try steps(states, .only("b")) == ["a": done, "b": .run, "c": notAsked])
        #expect(try steps(states, .from("b")) == ["a": done, "b": .run, "c": .run])
        #expect(try steps([:], .from("b")) == ["a": notAsked, "b": .run, "c": .run])
    }

    @Test func `what is at work and not asked for stays in the ledger`() throws {
        let states = ["a": TaskState.detached, "b": .waiting]
        #expect(
            try steps(states, .only("b"), outcome: .detached)
                == ["a": .keep(Ledger.record("a", .detached)), "b": .run, "c": notAsked])
    }
}
