/// Something that happens during a run, for whoever shows progress.
package enum RunEvent: Sendable {
    /// A run begins; `from` is the one that it goes on from.
    case started(run: String, pipeline: String, from: String?)
    /// A task is not carried out.
    case skipped(task: String, Skip)
    /// A task begins; `attaches` when an earlier process had begun it, `usual` is how many seconds the last run took for it.
    case begun(task: String, kind: String, attaches: Bool, usual: Double?)
    case progress(task: String, String)
    case log(task: String, LogLine)
    /// A task has an answer to show.
    case rows(task: String, QueryResult)
    case ended(task: String, TaskOutcome, TaskNotes, took: Double)
    /// A task is never begun, because of one before it.
    case blocked(task: String, by: String)
}
