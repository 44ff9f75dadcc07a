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
/// that comes before it is done as well. Tasks are decided one by one, each after those before it: what a task is may be
/// known only once the resources that it mentions are there.
package struct Resumption: Sendable {
    /// By task, as far as decided.
    package private(set) var steps: [String: Step] = [:]
    private let graph: Graph<String>
    private let selection: Selection
    private let asked: Set<String>
    private let last: RunRecord?
    private let before: [String: TaskRecord]

    /// - Parameters:
    ///   - graph: The pipeline's tasks.
    ///   - kinds: Their kinds.
    ///   - last: The last run of the pipeline with its tasks.
    ///   - fresh: Whether what earlier runs did is of no interest.
    package init(
        _ graph: Graph<String>, kinds: [String: String], selection: Selection,
        last: (run: RunRecord, tasks: [TaskRecord])?, fresh: Bool
    ) {
        self.graph = graph
        self.selection = selection
        asked =
            switch selection {
            case .all: Set(graph.nodes)
            case .from(let task): graph.dependents(of: [task]).union([task])
            case .only(let task): [task]
            }
        var before: [String: TaskRecord] = [:]
        if let last, !fresh, last.run.outcome != RunOutcome.succeeded.rawValue {
            self.last = last.run
            for record in last.tasks where kinds[record.name] == record.kind { before[record.name] = record }
        } else {
            self.last = nil
        }
        self.before = before
    }

    /// The run that this one goes on from; `nil` where nothing of it is gone on with. A task that is not decided yet
    /// counts by what the ledger says of it.
    package var from: RunRecord? {
        let goesOn = graph.nodes.contains { task in
            switch steps[task] {
            case .run, .skip(.notAsked): false
            case .skip(.done), .attach, .keep: true
            case nil: (try? before[task]?.taskState()).map { $0.isDone || $0.isInFlight } ?? false
            }
        }
        return goesOn ? last : nil
    }

    /// Decides one task, after all that come before it.
    ///
    /// - Parameters:
    ///   - fingerprint: See ``TaskNotes/fingerprint``.
    ///   - isOver: Whether AWS is no longer at work on what the ledger has as at work.
    /// - Throws: ``JobError/otherTaskInFlight(task:run:ids:)``, `StateError`.
    @discardableResult
    package mutating func decide(_ task: String, fingerprint: String, isOver: Bool = false) throws -> Step {
        let step = try step(of: task, fingerprint: fingerprint, isOver: isOver)
        steps[task] = step
        return step
    }

    /// Takes over what was decided before.
    mutating func adopt(_ step: Step, for task: String) { steps[task] = step }

    private func isDone(_ task: String) -> Bool {
        if case .skip(.done) = steps[task] { true } else { false }
    }

    private func step(of task: String, fingerprint: String, isOver: Bool) throws -> Step {
        let isAsked = asked.contains(task)
        guard let record = before[task] else { return isAsked ? .run : .skip(.notAsked) }
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
        // Who names a task wants it done once more.
        let mayBeDone = selection == .all || !isAsked
        let followsDone = graph.predecessors(of: task).allSatisfy { isDone($0) }
        if state.isDone, isSame, followsDone, mayBeDone { return .skip(.done(run: notes.doneIn ?? record.run)) }
        return isAsked ? .run : .skip(.notAsked)
    }
}
