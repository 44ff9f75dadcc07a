import ArgumentParser
import SlipwayJobs
import SlipwayState

/// `slipway runs`
struct RunsCommand: ToolCommand {
    static let configuration = CommandConfiguration(
        commandName: "runs", abstract: "List the runs of a stack's pipelines, or show the tasks of one.")

    @OptionGroup var stack: StackOptions
    @Argument(help: "A run, by the beginning of its id; the word 'show' may stand before it.") var words: [String] = []
    @Option(help: "How many runs.") var limit = 20
    @Option(help: "Only runs of this pipeline.") var pipeline: String?
    @OptionGroup(title: "Output") var output: OutputOptions

    init() {}

    func validate() throws {
        guard words.count <= 1 || (words.count == 2 && words[0] == "show"), words != ["show"] else {
            throw ValidationError("a run is named by the beginning of its id: runs \(stack.stack) show 1a2b3c4d")
        }
    }

    func run(_ session: Session) async throws -> ExitStatus {
        let store = try session.store(stack)
        if let id = words.last {
            let run = try await store.run(id)
            let tasks = try await store.read(.tasks(of: run.id))
            try session.report.run(run, tasks)
            for task in tasks { try session.report.task(task) }
            return .done
        }
        let runs = try await store.read(.runs(of: pipeline, limit: max(limit, 0)))
        for run in runs { try session.report.run(run, try await store.read(.tasks(of: run.id))) }
        if runs.isEmpty { session.report.message("Nothing was run yet.") }
        return .done
    }
}

extension StateStore {
    /// A run by the beginning of its id; without one, the latest.
    /// - Throws: ``JobError/unknownRun(_:known:)``.
    func run(_ id: String?) throws -> RunRecord {
        let runs = try read(.runs(limit: id == nil ? 1 : Int(Int32.max)))
        guard let run = runs.first(where: { $0.id.hasPrefix(id ?? "") }) else {
            throw JobError.unknownRun(id ?? "", known: runs.map(\.id))
        }
        return run
    }
}
