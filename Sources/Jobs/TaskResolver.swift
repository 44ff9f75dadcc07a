import SlipwayDeclaration
import SlipwayEngine
import SlipwayState

/// Plans the tasks of a run that waited for resources, each when these are there and all before it is over.
package actor TaskResolver {
    private let planner: RunPlanner
    private let request: RunRequest
    private let run: RunRecord
    private let last: (run: RunRecord, tasks: [TaskRecord])?
    private var resumption: Resumption

    init(
        planner: RunPlanner, request: RunRequest, run: RunRecord, last: (run: RunRecord, tasks: [TaskRecord])?,
        resumption: Resumption
    ) {
        self.planner = planner
        self.request = request
        self.run = run
        self.last = last
        self.resumption = resumption
    }

    /// Fills a task in and says what becomes of it.
    /// - Throws: What ``RunPlanner/plan(_:pending:)`` throws of the one task.
    package func resolve(_ name: String) async throws -> (task: PlannedTask, step: Step) {
        guard let declared = request.pipeline.tasks.first(where: { $0.name == name }) else {
            throw JobError.unknownTask(name, pipeline: request.pipeline.name, known: request.pipeline.tasks.map(\.name))
        }
        let applied = try await planner.applied(request)
        var decided = resumption
        let task = try await planner.plan(declared, request, run, applied, last, &decided)
        let step = decided.steps[name] ?? .run
        // Others may have been decided meanwhile.
        resumption.adopt(step, for: name)
        if !request.usesWorkingCopy, !task.changedCode.isEmpty { throw JobError.otherCode(task.changedCode) }
        return (task, step)
    }
}
