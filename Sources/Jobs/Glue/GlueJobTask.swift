import SlipwayAWS
import SlipwayDeclaration

/// One run of a Glue job on behalf of a task.
struct GlueJobTask: Sendable {
    let declared: RunGlueJob
    let jobs: GlueJobs
    let context: TaskContext

    func run() async throws -> TaskOutcome {
        guard let definition = try await jobs.definition() else {
            return .failed(TaskFailure("there is no job '\(jobs.job)'", hints: ["`slipway apply` makes what the stack declares"]))
        }
        switch try await start(definition) {
        case .ended(let outcome): return outcome
        case .at(let id): return try await watch(id, definition)
        }
    }

    /// What came of starting.
    enum Start: Sendable {
        case at(String)
        case ended(TaskOutcome)
    }
}
