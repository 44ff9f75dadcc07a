import FoundationEssentials
import SlipwayDeclaration
import SlipwayFakeAWS
import SlipwayState
import Testing

@testable import SlipwayJobs

@Suite struct SQLExactlyOnceTests {
    let warehouse = SQLTrial.warehouse

    /// Runs a task once, dying at a moment.
    /// - Returns: What happened, and where the state is that the dead process left.
    func dying(at moment: Int?, _ task: RunSQL, _ trial: SQLTrial) async throws -> (events: [String], state: String) {
        let folder = trial.trial.folder
        let death = Death(at: moment, trial.trial.fake) {
            try? FileManager.default.copyItem(atPath: "\(folder)/state", toPath: "\(folder)/left")
        }
        var options = Trial.Options()
        options.transport = death
        options.onCommit = { death.event($0 == .before ? "before a commit" : "after a commit") }
        // A dead process may say what it likes.
        _ = try? await trial.run(task, options)
        return (death.events, death.isDead ? "\(folder)/left" : "\(folder)/state")
    }

    @Test(arguments: [RunSQL.Mode.transaction, .each])
    func `a process that dies anywhere leaves statements that ran exactly once after the next run`(_ mode: RunSQL.Mode) async throws {
        let task = RunSQL("call one(); call two(); call three()", on: warehouse, mode)
        let counting = try await SQLTrial()
        let events = try await dying(at: nil, task, counting).events
        #expect(events.count > 15)
        for moment in events.indices {
            let trial = try await SQLTrial()
            let (seen, state) = try await dying(at: moment, task, trial)
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
        let events = try await dying(at: nil, task, try await SQLTrial()).events
        let moment = try #require(events.firstIndex(of: "after ExecuteStatement"))
        let trial = try await SQLTrial()
        let (_, state) = try await dying(at: moment, task, trial)
        trial.trial.fake.withServices { $0.redshiftData.tokens = [:] }
        try await trial.run(task, state: state)
        #expect(trial.given.count == 2)
    }

    /// A trial that was left right after its statement was given, some hours ago.
    func left(for hours: Int) async throws -> (SQLTrial, RunSQL, String) {
        let task = RunSQL("call one()", on: warehouse)
        let events = try await dying(at: nil, task, try await SQLTrial()).events
        let trial = try await SQLTrial()
        let (_, state) = try await dying(at: events.firstIndex(of: "after ExecuteStatement"), task, trial)
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
        let trial = try await SQLTrial()
        trial.trial.fake.drop("redshift-data", "ExecuteStatement", .after)
        #expect(try await trial.outcome(RunSQL("call one()", on: warehouse)) == .succeeded)
        #expect(trial.given.count == 1)
    }

    @Test func `a server's error after which the statement runs does not run it twice`() async throws {
        let trial = try await SQLTrial()
        trial.trial.fake.fail("redshift-data", "ExecuteStatement", code: "InternalServerException", status: 500, .after)
        #expect(try await trial.outcome(RunSQL("call one()", on: warehouse)) == .succeeded)
        #expect(trial.given.count == 1)
    }
}
