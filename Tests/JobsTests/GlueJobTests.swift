import SlipwayAWS
import SlipwayDeclaration
import SlipwayEngine
import SlipwayFakeAWS
import SlipwayResources
import SlipwayState
import Synchronization
import Testing

@testable import SlipwayJobs

@Suite struct GlueJobTests {
    func trial(_ course: String..., clock: VirtualTime = VirtualTime()) async throws -> Trial {
        let trial = try Trial(clock: clock)
        try await trial.apply()
        if !course.isEmpty { trial.fake.withServices { $0.glue.courses["lake-dev-load"] = course } }
        return trial
    }

    // MARK: States

    @Test(arguments: [
        ("FAILED", "failed"), ("TIMEOUT", "took longer than it may"), ("ERROR", "met an error of Glue's own"),
        ("EXPIRED", "waited in the queue for too long"), ("STOPPED", "was stopped by somebody else"),
    ])
    func `every state that is an end other than success is a failure`(_ state: String, _ words: String) async throws {
        let trial = try await trial("WAITING", "STARTING", "RUNNING", "STOPPING", state)
        let summary = try await trial.run()
        let id = trial.runs("lake-dev-load")[0].id
        #expect(summary.outcome == .failed)
        let message = try #require(summary.tasks["loaded"]?.failure?.message)
        #expect(message.hasPrefix("job 'lake-dev-load' \(words) (\(id), \(state))"))
        #expect(summary.blocked == ["reported": "loaded"])
        #expect(try await trial.notes("loaded").phase == state)
        #expect(try await trial.tasks().map(\.state) == ["failed", "blocked"])
    }

    @Test func `states that are no end are waited for, unknown ones too`() async throws {
        let trial = try await trial("WAITING", "STARTING", "RUNNING", "PONDERING", "STOPPING", "RUNNING", "SUCCEEDED")
        #expect(try await trial.run().outcome == .succeeded)
        let id = trial.runs("lake-dev-load")[0].id
        let ours = trial.progress.filter { $0.contains(id) }
        #expect(
            ours == [
                "started \(id)", "\(id) WAITING", "\(id) STARTING", "\(id) RUNNING", "\(id) PONDERING", "\(id) STOPPING",
                "\(id) RUNNING", "\(id) SUCCEEDED",
            ])
    }

    @Test(arguments: [
        ("STARTING", false), ("RUNNING", false), ("STOPPING", false), ("WAITING", false), ("STOPPED", true),
        ("SUCCEEDED", true), ("FAILED", true), ("TIMEOUT", true), ("ERROR", true), ("EXPIRED", true),
    ])
    func `all ten states are known by their words`(_ word: String, _ isTerminal: Bool) {
        let state = JobRunState(word)
        #expect(state.word == word)
        #expect(state.isTerminal == isTerminal)
        if case .other = state { Issue.record("\(word) is not known") }
    }

    // MARK: Starting

    @Test func `the run gets its arguments, its workers and its token`() async throws {
        let trial = try await trial()
        let job = Handle<Glue.Job>("load")
        let task = RunGlueJob(
            job, arguments: ["--day": "2026-01-31", "--role": "\(Handle<IAM.Role>("etl").arn)"], workers: .g2x(4), timeout: 30)
        try await trial.run(trial.graph(load: task))
        let input = try #require(trial.fake.calls.first { $0.operation == "StartJobRun" }?.input)
        let token = try await trial.tasks()[0].token
        #expect(
            input["Arguments"] == [
                "--day": "2026-01-31", "--role": "arn:aws:iam::123456789012:role/lake-dev-etl",
                "--slipway-run-token": .string(token),
            ])
        #expect(input["WorkerType"] == "G.2X")
        #expect(input["NumberOfWorkers"] == 4)
        #expect(input["Timeout"] == 30)
        #expect(input["MaxCapacity"] == nil)
    }

    @Test func `a run that Glue has not released yet is waited for`() async throws {
        let trial = try await trial()
        trial.fake.fail("glue", "StartJobRun", times: 3, code: "ConcurrentRunsExceededException")
        let begin = trial.clock.seconds
        #expect(try await trial.run().outcome == .succeeded)
        #expect(trial.clock.seconds - begin > 9)
        #expect(trial.runs("lake-dev-load").count == 1)
    }

    @Test func `other runs that stay in the way are named`() async throws {
        let trial = try await trial("RUNNING")
        try await trial.fake.startJob("lake-dev-load")
        let id = trial.runs("lake-dev-load")[0].id
        let summary = try await trial.run()
        #expect(summary.outcome == .failed)
        #expect(
            summary.tasks["loaded"]?.failure?.message
                == "job 'lake-dev-load' may not have more runs at once: there is \(id) (RUNNING)")
        #expect(trial.runs("lake-dev-load").count == 1)
    }

    @Test func `whoever has patience waits for other runs`() async throws {
        let other = Mutex<(trial: Trial?, begin: Double)>((nil, .infinity))
        let clock = VirtualTime { now in
            // The other run ends after ten minutes.
            let (trial, begin) = other.withLock { $0 }
            guard let trial, now > begin + 600 else { return }
            other.withLock { $0.trial = nil }
            trial.fake.withServices { services in
                services.glue.courses["lake-dev-load"] = ["SUCCEEDED"]
                services.glue.move(services.glue.runs["lake-dev-load"]?.last?.id ?? "", to: "SUCCEEDED")
            }
        }
        let trial = try await trial("RUNNING", clock: clock)
        try await trial.fake.startJob("lake-dev-load")
        other.withLock { $0 = (trial, clock.seconds) }
        let summary = try await trial.run(trial.graph(load: RunGlueJob(Handle<Glue.Job>("load"), patience: 30)))
        #expect(summary.outcome == .succeeded)
    }

    @Test func `a job that is not there is a failure`() async throws {
        let trial = try await trial()
        trial.fake.withServices { $0.glue.jobs["lake-dev-load"] = nil }
        #expect(try await trial.run().tasks["loaded"]?.failure?.message == "there is no job 'lake-dev-load'")
    }

    @Test func `a refusal is told in AWS's words and starts nothing`() async throws {
        let trial = try await trial()
        trial.fake.fail(
            "glue", "StartJobRun", code: "AccessDeniedException",
            message: "User: arn:aws:iam::123456789012:user/ann is not authorized to perform: glue:StartJobRun on resource: arn:aws:glue:eu-west-1:123456789012:job/lake-dev-load")
        let failure = try #require(try await trial.run().tasks["loaded"]?.failure)
        #expect(failure.message.contains("AccessDeniedException"))
        #expect(
            failure.hints == [
                ".allow(\"glue:StartJobRun\", on: \"arn:aws:glue:eu-west-1:123456789012:job/lake-dev-load\") would grant what is lacking: whoever runs this needs it"
            ])
        #expect(trial.runs("lake-dev-load").isEmpty)
    }

    // MARK: Failing

    @Test func `a permission that the job lacks is named with the role and its place`() async throws {
        let trial = try await trial("RUNNING")
        var options = Trial.Options()
        options.onEvent = { event in
            guard case .progress(_, let words) = event, words.hasSuffix("RUNNING") else { return }
            let id = trial.runs("lake-dev-load")[0].id
            trial.fake.withServices {
                $0.glue.move(
                    id, to: "FAILED", at: 1_767_225_700,
                    error: "An error occurred (AccessDenied): User: arn:aws:sts::123456789012:assumed-role/lake-dev-etl/GlueJobRunnerSession is not authorized to perform: s3:GetObject on resource: \"arn:aws:s3:::lake/raw.csv\" because no identity-based policy allows the s3:GetObject action")
            }
        }
        let failure = try #require(try await trial.run(nil, options).tasks["loaded"]?.failure)
        #expect(failure.message.contains("FAILED): An error occurred (AccessDenied)"))
        #expect(
            failure.hints.first
                == ".allow(\"s3:GetObject\", on: \"arn:aws:s3:::lake/raw.csv\") would grant what is lacking: add it to the policies of 'etl', stacks/lake.swift:7")
        #expect(failure.hints.last?.hasPrefix("its log is in /aws-glue/jobs/error and /aws-glue/jobs/output, stream jr_") == true)
    }

    @Test func `a permission that only the log names is found there`() async throws {
        let trial = try await trial("RUNNING", "FAILED")
        var options = Trial.Options()
        options.onEvent = { event in
            guard case .progress(_, let words) = event, words.hasPrefix("started") else { return }
            trial.fake.write(
                "/aws-glue/jobs/error", trial.runs("lake-dev-load")[0].id,
                "AccessDeniedException: … is not authorized to perform: glue:GetTable on resource: arn:aws:glue:eu-west-1:1:catalog because …")
        }
        let failure = try #require(try await trial.run(nil, options).tasks["loaded"]?.failure)
        #expect(failure.hints.first?.hasPrefix(".allow(\"glue:GetTable\", on: \"arn:aws:glue:eu-west-1:1:catalog\")") == true)
    }

    @Test func `an attempt that Glue makes by itself is followed`() async throws {
        let trial = try await trial("RUNNING", "FAILED")
        trial.fake.withServices { services in
            guard var job = services.glue.jobs["lake-dev-load"] else { return }
            job.definition = job.definition.setting(["MaxRetries"], to: 1)
            services.glue.jobs["lake-dev-load"] = job
        }
        var options = Trial.Options()
        options.onEvent = { event in
            guard case .progress(_, let words) = event, words.hasSuffix(" FAILED") else { return }
            trial.fake.withServices { services in
                guard var next = services.glue.runs["lake-dev-load"]?[0] else { return }
                (next.previous, next.attempt, next.error) = (next.id, 1, nil)
                next.id += "_attempt_1"
                next.state = "SUCCEEDED"
                services.glue.runs["lake-dev-load"]?.insert(next, at: 0)
            }
        }
        #expect(try await trial.run(nil, options).outcome == .succeeded)
        let runs = trial.runs("lake-dev-load")
        #expect(try await trial.notes("loaded").ids == [runs[1].id, runs[0].id])
        #expect(trial.started == 2)
    }

    // MARK: Interruption

    func interrupting(_ trial: Trial, _ mode: OnInterrupt) async throws -> RunSummary {
        var options = Trial.Options()
        let interruption = Interruption(clock: trial.clock)
        options.interruption = interruption
        options.onInterrupt = mode
        options.onEvent = { event in
            if case .progress(_, let words) = event, words.hasSuffix(" RUNNING") { interruption.request() }
        }
        return try await trial.run(nil, options)
    }

    @Test func `an interruption stops the job, and the next run starts another`() async throws {
        let trial = try await trial("RUNNING")
        let summary = try await interrupting(trial, .stop)
        #expect(summary.outcome == .stopped)
        #expect(summary.wasInterrupted)
        #expect(trial.runs("lake-dev-load").map(\.state) == ["STOPPED"])
        #expect(try await trial.tasks().map(\.state) == ["stopped", "waiting"])

        trial.fake.withServices { $0.glue.courses["lake-dev-load"] = ["SUCCEEDED"] }
        #expect(try await trial.run().outcome == .succeeded)
        #expect(trial.runs("lake-dev-load").map(\.state) == ["SUCCEEDED", "STOPPED"])
    }

    @Test func `an interruption that detaches leaves the job alone, and the next run attaches to it`() async throws {
        let trial = try await trial("RUNNING")
        #expect(try await interrupting(trial, .detach).outcome == .detached)
        let id = trial.runs("lake-dev-load")[0].id
        #expect(trial.runs("lake-dev-load").map(\.state) == ["RUNNING"])

        trial.fake.withServices { $0.glue.move(id, to: "SUCCEEDED") }
        #expect(try await trial.run().outcome == .succeeded)
        #expect(trial.runs("lake-dev-load").map(\.id) == [id])
        #expect(trial.progress.contains("attached to \(id)"))
    }

    @Test func `a job that cannot be stopped is not forgotten`() async throws {
        let trial = try await trial("RUNNING")
        trial.fake.fail("glue", "BatchStopJobRun", times: 9, code: "AccessDeniedException")
        #expect(try await interrupting(trial, .stop).outcome == .unsettled)
        trial.fake.withServices { $0.glue.move($0.glue.runs["lake-dev-load"]?[0].id ?? "", to: "SUCCEEDED") }
        #expect(try await trial.run().outcome == .succeeded)
        #expect(trial.runs("lake-dev-load").count == 1)
    }

    @Test func `a job that ends while it is being stopped has succeeded`() async throws {
        let trial = try await trial("RUNNING")
        var options = Trial.Options()
        let interruption = Interruption(clock: trial.clock)
        options.interruption = interruption
        options.onEvent = { event in
            guard case .progress(_, let words) = event else { return }
            if words.hasSuffix(" RUNNING") { interruption.request() }
            if words.hasPrefix("stopping") {
                trial.fake.withServices { $0.glue.move($0.glue.runs["lake-dev-load"]?[0].id ?? "", to: "SUCCEEDED") }
            }
        }
        let summary = try await trial.run(nil, options)
        #expect(summary.tasks == ["loaded": .succeeded])
        #expect(summary.outcome == .stopped)
    }

    // MARK: Trouble on the way

    @Test func `AWS out of reach for a while does not fail a job that goes on`() async throws {
        let trial = try await trial("RUNNING", "RUNNING", "SUCCEEDED")
        trial.fake.fail("glue", "GetJobRun", times: 5, skipping: 1, code: "InternalServiceException", status: 500)
        #expect(try await trial.run().outcome == .succeeded)
    }

    @Test func `a job out of sight for long is left to the next run`() async throws {
        let trial = try await trial("RUNNING", "SUCCEEDED")
        trial.fake.drop("glue", "GetJobRun", times: 200, skipping: 1, .before)
        #expect(try await trial.run().outcome == .unsettled)
        // The link is back.
        trial.fake.withServices { $0.glue.move($0.glue.runs["lake-dev-load"]?[0].id ?? "", to: "SUCCEEDED") }
    }

    // MARK: Secrets

    @Test func `a secret argument is sent and neither shown nor recorded`() async throws {
        let trial = try await trial("RUNNING", "FAILED")
        var options = Trial.Options()
        options.environment = ["PASSWORD": "hunter22"]
        options.onEvent = { event in
            guard case .progress(_, let words) = event, words.hasPrefix("started") else { return }
            trial.fake.write("/aws-glue/jobs/output", trial.runs("lake-dev-load")[0].id, "connecting with hunter22")
        }
        let job = RunGlueJob(Handle<Glue.Job>("load"), secrets: ["--password": .environment("PASSWORD")])
        try await trial.run(trial.graph(load: job), options)
        #expect(trial.runs("lake-dev-load")[0].arguments["--password"] == "hunter22")
        #expect(trial.log == ["connecting with (secret)"])
        for record in try await trial.tasks() { #expect(!record.record.text.contains("hunter22")) }
        #expect(!trial.events.withLock { "\($0)" }.contains("hunter22"))
    }

    @Test func `a task's mistakes are found before it runs`() {
        let task = RunGlueJob(
            Handle<Glue.Job>("load"), arguments: ["day": "1", "--slipway-run-token": "x", "--p": "1"],
            secrets: ["--p": .environment("P")], workers: .g1x(0), maxCapacity: 1, timeout: 0)
        #expect(task.check().map(\.property) == ["Secrets", "Secrets", "Arguments", "Arguments", "MaxCapacity", "NumberOfWorkers", "Timeout"])
    }
}

extension FakeAWS {
    /// Starts a job as somebody else would.
    func startJob(_ name: String) async throws {
        struct Input: Codable, Sendable { let jobName: String }
        try await client().call(.glue, "StartJobRun", Input(jobName: name))
        forgetCalls()
    }
}
