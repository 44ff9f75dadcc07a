import SlipwayDeclaration
import SlipwayFakeAWS
import Testing

@testable import SlipwayJobs

@Suite struct SQLExactlyOnceTests {
    let warehouse = TaskTrial.warehouse

    @Test(arguments: [RunSQL.Mode.transaction, .each])
    func `a process that dies anywhere leaves statements that ran exactly once after the next run`(_ mode: RunSQL.Mode) async throws {
        let task = RunSQL("call one(); call two(); call three()", on: warehouse, mode)
        let counting = try await TaskTrial()
        let events = try await counting.dying(at: nil, task).events
        #expect(events.count > 15)
        for moment in events.indices {
            let trial = try await TaskTrial()
            let (seen, state) = try await trial.dying(at: moment, task)
            #expect(seen.last == events[moment])
            let summary = try await trial.run(task, state: state)
            let where_ = "died \(moment): \(events[moment])"
            #expect(summary.outcome == .succeeded, "\(where_)")
            // Who died after the last commit left a complete run, and the next does everything once more.
            let times = moment == events.count - 1 ? 2 : 1
            for text in ["one", "two", "three"] {
                #expect(trial.given.count { $0.texts.contains("call \(text)()") } == times, "\(text), \(where_)")
            }
        }
    }

    @Test func `without the token a statement would run twice`() async throws {
        let task = RunSQL("call one()", on: warehouse)
        let events = try await TaskTrial().dying(at: nil, task).events
        let moment = try #require(events.firstIndex(of: "after ExecuteStatement"))
        let trial = try await TaskTrial()
        let (_, state) = try await trial.dying(at: moment, task)
        trial.trial.fake.withServices { $0.redshiftData.tokens = [:] }
        try await trial.run(task, state: state)
        #expect(trial.given.count == 2)
    }

    /// A trial that was left right after its statement was given, some hours ago.
    func left(for hours: Int) async throws -> (TaskTrial, RunSQL, String) {
        let task = RunSQL("call one()", on: warehouse)
        let events = try await TaskTrial().dying(at: nil, task).events
        let trial = try await TaskTrial()
        let (_, state) = try await trial.dying(at: events.firstIndex(of: "after ExecuteStatement"), task)
        trial.trial.clock.advance(by: .seconds(hours * 3600))
        // By then AWS has forgotten the token.
        trial.trial.fake.withServices { $0.redshiftData.tokens = [:] }
        return (trial, task, state)
    }

    @Test func `after hours a statement is found by its name`() async throws {
        let (trial, task, state) = try await left(for: 20)
        #expect(try await trial.run(task, state: state).outcome == .succeeded)
        #expect(trial.given.count == 1)
    }

    @Test func `after a day nobody can tell, so it is not run again unless somebody wants it`() async throws {
        let (trial, task, state) = try await left(for: 25)
        trial.trial.fake.withServices { $0.redshiftData.forget() }
        let summary = try await trial.run(task, state: state)
        #expect(summary.outcome == .unsettled)
        #expect(summary.tasks["task"]?.failure?.hints == ["look whether it was done; `--fresh` runs it once more"])
        #expect(trial.given.isEmpty)
        var options = Trial.Options()
        options.isFresh = true
        #expect(try await trial.run(task, options, state: state).outcome == .succeeded)
        #expect(trial.given.count == 1)
    }

    @Test func `an answer that is lost is asked for with the same token`() async throws {
        let trial = try await TaskTrial()
        trial.trial.fake.drop("redshift-data", "ExecuteStatement", .after)
        #expect(try await trial.outcome(RunSQL("call one()", on: warehouse)) == .succeeded)
        #expect(trial.given.count == 1)
    }

    @Test func `a server's error after which the statement runs does not run it twice`() async throws {
        let trial = try await TaskTrial()
        trial.trial.fake.fail("redshift-data", "ExecuteStatement", code: "InternalServerException", status: 500, .after)
        #expect(try await trial.outcome(RunSQL("call one()", on: warehouse)) == .succeeded)
        #expect(trial.given.count == 1)
    }
}
