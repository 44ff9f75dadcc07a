import FoundationEssentials
import SlipwayAWS
import SlipwayDeclaration
import SlipwayFakeAWS
import SlipwayState
import Synchronization

@testable import SlipwayJobs

/// A pipeline of one task on a database, beside what every ``Trial`` has.
struct TaskTrial: Sendable {
    let trial: Trial
    static let warehouse = SQLDatabase.redshift(cluster: "tickit", database: "dev", secret: "arn:aws:secretsmanager:eu-west-1:123456789012:secret:tickit")

    init(clock: VirtualTime = VirtualTime()) async throws {
        trial = try Trial(clock: clock)
        try await trial.apply()
    }

    /// Says what comes of statements that contain a text.
    func answer(_ text: String, _ answer: FakeRedshiftData.Answer) {
        trial.fake.withServices { $0.redshiftData.answers.append((text, answer)) }
    }

    var given: [FakeRedshiftData.Statement] { trial.fake.withServices { $0.redshiftData.statements } }

    var shown: [QueryResult] {
        trial.events.withLock { $0 }.compactMap { if case .rows(_, let result) = $0 { result } else { nil } }
    }

    func graph(_ task: some PipelineTask) -> StackGraph {
        var graph = trial.graph()
        var pipeline = Pipeline("sql")
        pipeline.add("task", task)
        graph.pipelines = [pipeline]
        return graph
    }

    @discardableResult
    func run(_ task: some PipelineTask, _ options: Trial.Options = Trial.Options(), state: String? = nil) async throws -> RunSummary {
        try await trial.run(graph(task), options, state: state)
    }

    /// How the task ended.
    func outcome(_ task: some PipelineTask, _ options: Trial.Options = Trial.Options()) async throws -> TaskOutcome? {
        try await run(task, options).tasks["task"]
    }

    func failure(_ task: some PipelineTask) async throws -> TaskFailure? { try await outcome(task)?.failure }

    /// Runs a task once, dying at a moment.
    /// - Returns: What happened, and where the state is that the dead process left.
    func dying(at moment: Int?, _ task: some PipelineTask) async throws -> (events: [String], state: String) {
        let folder = trial.folder
        let death = Death(at: moment, trial.fake) {
            try? FileManager.default.copyItem(atPath: "\(folder)/state", toPath: "\(folder)/left")
        }
        var options = Trial.Options()
        options.transport = death
        options.onCommit = { death.event($0 == .before ? "before a commit" : "after a commit") }
        // A dead process may say what it likes.
        _ = try? await run(task, options)
        return (death.events, death.isDead ? "\(folder)/left" : "\(folder)/state")
    }

    func notes() async throws -> TaskNotes { try await trial.notes("task") }
}

extension Trial {
    func makeBucket(_ name: String) { fake.withServices { $0.s3.addBucket(name) } }

    /// Writes an object as somebody else would.
    func put(_ bucket: String, _ key: String, _ text: String) async throws {
        try await fake.client().rest(RESTRequest("PutObject", .put, bucket: bucket, key: key, body: .bytes(Data(text.utf8))))
        fake.forgetCalls()
    }

    /// The contents of a bucket, by key.
    func objects(_ bucket: String) -> [String: String] {
        fake.withServices { services in
            (services.s3.buckets[bucket]?.objects ?? [:]).compactMapValues { versions in
                versions.first.map { String(decoding: $0.body, as: UTF8.self) }
            }
        }
    }
}
