import SlipwayDeclaration
import SlipwayFakeAWS
import Synchronization

@testable import SlipwayJobs

/// A pipeline of one task on a database, beside what every ``Trial`` has.
struct SQLTrial: Sendable {
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

    func notes() async throws -> TaskNotes { try await trial.notes("task") }
}
