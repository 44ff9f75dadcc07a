package import SlipwayGraph
package import SlipwayState

/// Which tasks of a pipeline somebody wants.
package enum Selection: Hashable, Sendable {
    case all
    /// A task and all that come after it.
    case from(String)
    case only(String)
}

/// Why a task is not carried out.
package enum Skip: Hashable, Sendable {
    /// An earlier run did it, and it is the same now.
    case done(run: String)
    /// Somebody asked for other tasks.
    case notAsked
}

/// What is to become of a task in a run.
package enum Step: Hashable, Sendable {
    case run
    /// Goes on with what an earlier process began, with its token and its notes.
    case attach(TaskRecord)
    case skip(Skip)
    /// Stays as an earlier run left it: at work, and not asked for.
    case keep(TaskRecord)
}

/// Decides what a run does of its pipeline: what is done, what is gone on with, and what begins.
///
/// A task is done when the last run that is not complete did it, it is the same task now (by its fingerprint), and all
/// that comes before it is done as well.
package struct Resumption: Sendable {
    /// By task.
    package private(set) var steps: [String: Step] = [:]
    /// The run that this one goes on from.
    package private(set) var from: RunRecord?

    /// - Parameters:
    ///   - graph: The pipeline's tasks.
    ///   - fingerprints: See ``TaskNotes/fingerprint``, by task.
    ///   - last: The last run of the pipeline with its tasks.
    ///   - fresh: Whether what earlier runs did is of no interest.
    ///   - over: Tasks that the ledger has as at work, but AWS does not.
    /// - Throws: ``JobError/otherTaskInFlight(task:run:ids:)``, `StateError`.
    package init(
        _ graph: Graph<String>, kinds: [String: String], fingerprints: [String: String], selection: Selection,
        last: (run: RunRecord, tasks: [TaskRecord])?, fresh: Bool,
        over: Set<String> = []
    ) throws {
        let asked: Set<String> =
            switch selection {
            case .all: Set(graph.nodes)
            case .from(let task): graph.dependents(of: [task]).union([task])
            case .only(let task): [task]
            }
        var before: [String: TaskRecord] = [:]
        if let last, !fresh, last.run.outcome != RunOutcome.succeeded.rawValue {
            from = last.run
            for record in last.tasks where kinds[record.name] == record.kind { before[record.name] = record }
        }
        for task in graph.sorted {
            steps[task] = try step(
                before[task], fingerprint: fingerprints[task] ?? "", isAsked: asked.contains(task),
                isOver: over.contains(task),
                // Who names a task wants it done once more.
                mayBeDone: selection == .all || !asked.contains(task),
                followsDone: graph.predecessors(of: task).allSatisfy { isDone($0) })
        }
        // Nothing to go on from is nothing to speak of.
        if !steps.values.contains(where: { if case .run = $0 { false } else { $0 != .skip(.notAsked) } }) { from = nil }
    }

    private func isDone(_ task: String) -> Bool {
        if case .skip(.done) = steps[task] { true } else { false }
    }

    private func step(
        _ record: TaskRecord?, fingerprint: String, isAsked: Bool, isOver: Bool, mayBeDone: Bool,
        followsDone: Bool
    ) throws -> Step {
        guard let record else { return isAsked ? .run : .skip(.notAsked) }
        let notes = try record.notes()
        let isSame = notes.fingerprint == fingerprint
        let state = try record.taskState()
        if state.isInFlight {
            guard isAsked else { return .keep(record) }
            guard isSame else {
                if isOver { return .run }
                throw JobError.otherTaskInFlight(task: record.name, run: record.run, ids: notes.ids)
            }
            return .attach(record)
        }
        if state.isDone, isSame, followsDone, mayBeDone { return .skip(.done(run: notes.doneIn ?? record.run)) }
        return isAsked ? .run : .skip(.notAsked)
    }
}
