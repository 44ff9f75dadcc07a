import SlipwayAWS
import SlipwayDeclaration
import SlipwayFakeAWS
import SlipwayResources
import Testing

/// The fake's job runs behave as Glue's: tests of pipelines rest on it.
struct GlueFakeTests {
    private let trial = Trial()

    private struct Named: Encodable { let jobName = "load" }
    private struct Started: Decodable { let jobRunId: String }
    private struct Run: Decodable { let id: String, jobRunState: String, executionTime: Int, completedOn: Int? }
    private struct Looked: Decodable { let jobRun: Run }
    private struct Look: Encodable { let jobName = "load", runId: String }

    private func start() async throws -> String {
        try await trial.aws.call(.glue, "StartJobRun", Named(), as: Started.self).jobRunId
    }

    private func look(_ run: String) async throws -> Run {
        try await trial.aws.call(.glue, "GetJobRun", Look(runId: run), as: Looked.self).jobRun
    }

    private func makeJob(runs: Int? = nil, queues: Bool? = nil) async throws {
        try await trial.make(
            "load",
            Glue.Job(
                role: "etl", command: .spark(script: "s3://code/load.py"), maxConcurrentRuns: runs, queuesRuns: queues))
    }

    @Test func `a run takes the course that a test wants, and stays at its end`() async throws {
        try await makeJob()
        trial.fake.withServices { $0.glue.courses["load"] = ["RUNNING", "RUNNING", "SUCCEEDED"] }
        let run = try await start()
        var states: [String] = []
        for _ in 0..<4 { states.append(try await look(run).jobRunState) }
        #expect(states == ["RUNNING", "RUNNING", "SUCCEEDED", "SUCCEEDED"])
        #expect(try await look(run).executionTime == 3)
    }

    @Test(arguments: [
        "STARTING", "RUNNING", "STOPPING", "STOPPED", "SUCCEEDED", "FAILED", "TIMEOUT", "ERROR", "WAITING", "EXPIRED",
    ])
    func `a run can be taken to every state`(state: String) async throws {
        try await makeJob()
        let run = try await start()
        trial.fake.withServices { $0.glue.move(run, to: state) }
        let found = try await look(run)
        #expect(found.jobRunState == state)
        let isOver = !["STARTING", "RUNNING", "STOPPING", "WAITING"].contains(state)
        #expect((found.completedOn != nil) == isOver)
    }

    @Test func `more runs than may be at the same time are refused, or wait`() async throws {
        try await makeJob()
        _ = try await start()
        let error = await #expect(throws: AWSError.self) { _ = try await start() }
        #expect(error?.code == "ConcurrentRunsExceededException")
        #expect(error?.kind == .busy)
        trial.fake.withServices { $0.glue.jobs = [:] }
        try await makeJob(queues: true)
        #expect(try await look(start()).jobRunState == "WAITING")
    }

    @Test func `a run that is stopped stops, and one that is over cannot be`() async throws {
        struct Stop: Encodable { let jobName = "load", jobRunIds: [String] }
        struct Submission: Decodable { let jobRunId: String }
        struct Output: Decodable { let successfulSubmissions: [Submission], errors: [Submission] }
        try await makeJob(runs: 2)
        let (first, second) = (try await start(), try await start())
        trial.fake.withServices { $0.glue.move(first, to: "FAILED", error: "out of memory") }
        let output = try await trial.aws.call(
            .glue, "BatchStopJobRun", Stop(jobRunIds: [first, second]), as: Output.self)
        #expect(output.successfulSubmissions.map(\.jobRunId) == [second])
        #expect(output.errors.map(\.jobRunId) == [first])
        #expect(try await look(second).jobRunState == "STOPPED")
    }
}
