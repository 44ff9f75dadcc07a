import FoundationEssentials
import SlipwayFakeAWS
import SlipwayHTTP
import SlipwayState
import Synchronization
import Testing

@testable import SlipwayJobs

/// Ends a process in a test: from then on it can do nothing, and what it left in its state is kept apart.
final class Death: HTTPTransport {
    private let state: Mutex<(count: Int, isDead: Bool, operations: [String])>
    private let moment: Int?
    private let real: any HTTPTransport
    private let keep: @Sendable () -> Void

    /// - Parameters:
    ///   - moment: The event before which the process dies, from 0; `nil` only counts.
    ///   - keep: Keeps the state as it is.
    init(at moment: Int?, _ real: any HTTPTransport, keep: @escaping @Sendable () -> Void) {
        state = Mutex((0, false, []))
        self.moment = moment
        self.real = real
        self.keep = keep
    }

    var events: [String] { state.withLock { $0.operations } }
    var isDead: Bool { state.withLock { $0.isDead } }

    /// Whether the process is alive.
    @discardableResult
    func event(_ name: String) -> Bool {
        let (isAlive, dies) = state.withLock { state in
            if state.isDead { return (false, false) }
            let dies = state.count == moment
            state.operations.append(name)
            state.count += 1
            state.isDead = dies
            return (!dies, dies)
        }
        if dies { keep() }
        return isAlive
    }

    func send(_ request: HTTPRequest) async throws(HTTPError) -> HTTPResponse {
        let operation = request.headers["X-Amz-Target"]?.split(separator: ".").last.map(String.init) ?? "?"
        guard event("before \(operation)") else { throw .cancelled(sent: false) }
        let response = try await real.send(request)
        guard event("after \(operation)") else { throw .cancelled(sent: true) }
        return response
    }
}

@Suite struct ExactlyOnceTests {
    /// Runs the pipeline once, dying at a moment.
    /// - Returns: What happened, and where the state is that the dead process left.
    func dying(at moment: Int?, _ trial: Trial) async throws -> (events: [String], state: String) {
        let copy = "\(trial.folder)/left"
        let death = Death(at: moment, trial.fake) {
            try? FileManager.default.copyItem(atPath: "\(trial.folder)/state", toPath: copy)
        }
        var options = Trial.Options()
        options.transport = death
        options.onCommit = { death.event($0 == .before ? "before a commit" : "after a commit") }
        // A dead process may say what it likes.
        _ = try? await trial.run(nil, options)
        return (death.events, death.isDead ? copy : "\(trial.folder)/state")
    }

    @Test func `a process that dies anywhere leaves jobs that ran exactly once after the next run`() async throws {
        let counting = try Trial()
        try await counting.apply()
        let (events, _) = try await dying(at: nil, counting)
        #expect(events.count > 40)
        #expect(events.contains("after StartJobRun"))
        for moment in events.indices {
            let trial = try Trial()
            try await trial.apply()
            let (seen, state) = try await dying(at: moment, trial)
            #expect(seen.last == events[moment])
            let summary = try await trial.run(nil, .init(), state: state)
            let where_ = "died \(moment): \(events[moment])"
            #expect(summary.outcome == .succeeded, "\(where_)")
            // Death right before the last commit leaves a run without an end whose tasks are done; whoever died after it
            // left a complete run, and the next does everything once more.
            let isComplete = moment == events.count - 1
            #expect(trial.runs("lake-dev-load").count == (isComplete ? 2 : 1), "\(where_)")
            #expect(trial.runs("lake-dev-report").count == (isComplete ? 2 : 1), "\(where_)")
        }
    }

    @Test func `without the token a job would run twice`() async throws {
        let trial = try Trial()
        try await trial.apply()
        let counting = try Trial()
        try await counting.apply()
        let events = try await dying(at: nil, counting).events
        let moment = try #require(events.firstIndex(of: "after StartJobRun"))
        let (_, state) = try await dying(at: moment, trial)
        // The run that is there loses what it is known by.
        trial.fake.withServices { $0.glue.runs["lake-dev-load"]?[0].arguments = [:] }
        trial.fake.withServices { services in
            guard let id = services.glue.runs["lake-dev-load"]?[0].id else { return }
            services.glue.move(id, to: "SUCCEEDED")
        }
        try await trial.run(nil, .init(), state: state)
        #expect(trial.runs("lake-dev-load").count == 2)
    }

    @Test func `an answer that is lost is looked for`() async throws {
        let trial = try Trial()
        try await trial.apply()
        trial.fake.drop("glue", "StartJobRun", .after)
        let summary = try await trial.run()
        #expect(summary.outcome == .succeeded)
        #expect(trial.runs("lake-dev-load").count == 1)
    }

    @Test func `a request that is lost is sent again once a run would have been seen`() async throws {
        let trial = try Trial()
        try await trial.apply()
        trial.fake.drop("glue", "StartJobRun", .before)
        let begin = trial.clock.seconds
        let summary = try await trial.run()
        #expect(summary.outcome == .succeeded)
        #expect(trial.runs("lake-dev-load").count == 1)
        #expect(trial.started == 3)
        #expect(trial.clock.seconds - begin >= GlueJobTask.visibility)
    }

    @Test func `a server's error after which the job runs does not start it twice`() async throws {
        let trial = try Trial()
        try await trial.apply()
        trial.fake.fail("glue", "StartJobRun", code: "InternalServiceException", status: 500, .after)
        try await trial.run()
        #expect(trial.runs("lake-dev-load").count == 1)
    }

    @Test func `the token is found behind many other runs`() async throws {
        let trial = try Trial()
        try await trial.apply()
        trial.fake.withServices { services in
            services.glue.pageSize = 2
            services.glue.courses["lake-dev-load"] = ["SUCCEEDED"]
        }
        trial.fake.drop("glue", "StartJobRun", .after)
        // Others start the job meanwhile.
        let once = Mutex(false)
        var options = Trial.Options()
        options.onEvent = { event in
            guard case .progress(_, let words) = event, words.hasPrefix("it is not known") else { return }
            guard once.withLock({ done in defer { done = true }; return !done }) else { return }
            trial.fake.withServices { services in
                guard let ours = services.glue.runs["lake-dev-load"]?.first else { return }
                for number in 0..<7 {
                    var other = ours
                    other.id = "jr_other_\(number)"
                    other.arguments = [:]
                    services.glue.runs["lake-dev-load"]?.insert(other, at: 0)
                }
            }
        }
        let summary = try await trial.run(nil, options)
        #expect(summary.outcome == .succeeded)
        #expect(trial.runs("lake-dev-load").count == 8)
        #expect(try await trial.notes("loaded").ids == [trial.runs("lake-dev-load")[7].id])
    }

    @Test func `two processes do not run pipelines of one stack at once`() async throws {
        let trial = try Trial()
        try await trial.apply()
        let holder = try await trial.deployment()
        await #expect(throws: StateError.self) { try await trial.run() }
        withExtendedLifetime(holder) {}
    }
}
