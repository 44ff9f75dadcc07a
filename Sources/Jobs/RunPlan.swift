package import SlipwayDeclaration
package import SlipwayEngine
package import SlipwayGraph
package import SlipwayState

/// What somebody wants to be run.
package struct RunRequest: Sendable {
    /// The stack as it is declared now.
    package var graph: StackGraph
    package var pipeline: Pipeline
    package var selection = Selection.all
    /// Whether what earlier runs did is of no interest.
    package var isFresh = false
    /// Whether this one run uses the code of the working copy where it is not what was applied.
    package var usesWorkingCopy = false
    package var onInterrupt = OnInterrupt.stop
    /// `user@host`
    package var who: String

    package init(_ pipeline: Pipeline, of graph: StackGraph, who: String) {
        self.graph = graph
        self.pipeline = pipeline
        self.who = who
    }
}

/// A run that is ready to begin: nothing was done, and everything is known but what waits for resources.
package struct RunPlan: Sendable {
    package let run: RunRecord
    /// The run that this one goes on from.
    package let from: RunRecord?
    package let graph: Graph<String>
    /// What is to become of each task, as far as it is known.
    package let steps: [String: Step]
    /// In the pipeline's order.
    package let tasks: [PlannedTask]
    /// The resources that are still being made, by the task that waits for them; its step is not known before.
    package let awaited: [String: Set<Address>]
    package let onInterrupt: OnInterrupt
}

/// A task of a run with everything filled in; one that waits for resources has nothing filled in yet.
package struct PlannedTask: Sendable {
    package let name: String
    package let kind: AnyTask
    /// The properties, with assets' files.
    package let properties: JSON
    package let secrets: SecretValues
    package let changedCode: [CodeChange]
    /// What was applied when the task was planned.
    package let applied: AppliedStack
    /// The ledger's record at the beginning.
    package let record: TaskRecord
    package let notes: TaskNotes
    /// How many seconds the task took in the last run that did it.
    package let usual: Double?
}
