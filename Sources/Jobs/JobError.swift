/// Why a run is not begun, or its records cannot be shown.
package enum JobError: Error, Hashable, Sendable {
    /// The stack has no pipeline of that name, or none was named and there are several.
    case unknownPipeline(String?, stack: String, known: [String])
    /// The pipeline has no task of that name.
    case unknownTask(String, pipeline: String, known: [String])
    /// `--job` names nothing that is a Glue job of the stack.
    case unknownJob(String, known: [String])
    /// An argument of `--job` is not of the form `--name value`.
    case badArgument(String)
    /// A task refers to something that was not applied yet.
    case notApplied(task: String, what: String)
    /// Something on this machine that goes into a task is not there.
    case missingInput(task: String, TaskFailure)
    /// The code in the working copy is not the code that was applied.
    case otherCode([CodeChange])
    /// What an earlier run began may still be at work, and the task is another now.
    case otherTaskInFlight(task: String, run: String, ids: [String])
    /// The tool has no such kind of task.
    case unknownKind(String, task: String)
    /// There is no such run.
    case unknownRun(String, known: [String])
    /// The run has no such task.
    case unknownTaskOfRun(String, run: String, known: [String])
}

/// An asset whose content in the working copy is not what was applied.
package struct CodeChange: Hashable, Sendable {
    /// The task that runs it.
    package let task: String
    /// The path of the asset.
    package let asset: String
    /// SHA-256 of what was applied; `nil` when it never was.
    package let applied: String?
    /// SHA-256 of what is in the working copy.
    package let found: String
    /// The absolute path in the working copy.
    package let path: String

    package init(task: String, asset: String, applied: String?, found: String, path: String) {
        self.task = task
        self.asset = asset
        self.applied = applied
        self.found = found
        self.path = path
    }
}
