package import SlipwayState

/// The ledger's word for how far a task is.
package enum TaskState: String, Hashable, Sendable, CaseIterable {
    /// It was not begun.
    case waiting
    /// It was begun, and the ledger does not know more: it is at work, or its process died.
    case begun
    case succeeded
    case failed
    /// Somebody interrupted the run, and what it had started was stopped.
    case stopped
    /// Somebody interrupted the run, and what it had started goes on.
    case detached
    /// It is not known how it ended.
    case unsettled
    /// An earlier run did it.
    case doneBefore = "done before"
    /// Somebody asked for other tasks only.
    case notAsked = "not asked for"
    /// One before it did not succeed.
    case blocked

    /// Whether it is over and its work is done.
    package var isDone: Bool { self == .succeeded || self == .doneBefore }

    /// Whether something that it started may be at work.
    package var isInFlight: Bool { self == .begun || self == .detached || self == .unsettled }
}

/// The ledger's word for how a run ended.
package enum RunOutcome: String, Hashable, Sendable, CaseIterable {
    /// All of the pipeline is done.
    case succeeded
    /// What was asked for is done, but not all of the pipeline.
    case partial
    case failed
    /// Somebody interrupted it.
    case stopped
    /// Somebody interrupted it, and something that it started goes on.
    case detached
    /// It is not known how one of its tasks ended.
    case unsettled
    /// Its process died, and a later run went on from there.
    case continued
}

extension TaskRecord {
    /// - Throws: ``StateError/damaged(path:reason:)`` for a word that is none of ours.
    package func taskState() throws -> TaskState {
        guard let state = TaskState(rawValue: state) else {
            throw StateError.damaged(path: "run \(run), task \(name)", reason: "'\(state)' is no state of a task")
        }
        return state
    }
}
