import FoundationEssentials
package import SlipwayAWS
package import SlipwayDeclaration
package import SlipwayEngine
package import SlipwayState

/// Carries runs out. What to do is decided by ``PipelineRun``, and how by the kinds of task.
///
/// Invariants:
/// - A task's record says *begun* before its kind is asked to do anything, and how it ended before anything that comes
///   after it begins.
/// - A token belongs to one beginning of one task. It is used again only where it is not known how that ended.
package struct PipelineRunner: Sendable {
    private let store: StateStore
    private let aws: AWSClient
    private let interruption: Interruption
    private let time: Time
    private let directory: String
    private let report: @Sendable (RunEvent) -> Void
    /// Puts an error that no task made words of into some.
    private let words: @Sendable (any Error) -> TaskFailure

    package init(
        store: StateStore, aws: AWSClient, interruption: Interruption = Interruption(), time: Time = .real,
        directory: String = FileManager.default.currentDirectoryPath,
        words: @escaping @Sendable (any Error) -> TaskFailure = { TaskFailure("\($0)") },
        report: @escaping @Sendable (RunEvent) -> Void = { _ in }
    ) {
        self.store = store
        self.aws = aws
        self.interruption = interruption
        self.time = time
        self.directory = directory
        self.words = words
        self.report = report
    }

    private enum Happening: Sendable {
        case ended(String, TaskOutcome)
        case resolved(String, Result<(task: PlannedTask, step: Step), any Error>)
        case settled(Settlement)
        case interrupted
        /// The ledger can no longer be written.
        case broken(any Error)
    }

    /// Carries a run out as far as it can be.
    ///
    /// - Parameters:
    ///   - settlements: What becomes of the resources that tasks wait for.
    ///   - resolver: Plans the tasks that waited for them.
    /// - Throws: `StateError` when the ledger can no longer be written, which ends everything at once.
    package func run(
        _ plan: RunPlan, after settlements: AsyncStream<Settlement>? = nil, _ resolver: TaskResolver? = nil
    ) async throws -> RunSummary {
        try await begin(plan)
        var tasks = Dictionary(plan.tasks.map { ($0.name, $0) }) { first, _ in first }
        var machine = PipelineRun(plan.graph, plan.steps, awaited: plan.awaited)
        var steps = plan.steps
        var summary = RunSummary(run: plan.run)
        let (happenings, inbox) = AsyncStream.makeStream(of: Happening.self)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { [interruption] in
                await interruption.requested()
                inbox.yield(.interrupted)
            }
            if let settlements {
                group.addTask { for await settlement in settlements { inbox.yield(.settled(settlement)) } }
            }
            var actions = machine.begin()
            var incoming = happenings.makeAsyncIterator()
            while true {
                for action in actions {
                    switch action {
                    case .resolve(let name):
                        group.addTask { inbox.yield(.resolved(name, await PipelineRunner.resolve(name, resolver))) }
                    case .begin(let name):
                        guard let task = tasks[name] else { continue }
                        let attaches = if case .attach = steps[name] { true } else { false }
                        group.addTask {
                            do {
                                inbox.yield(.ended(name, try await perform(task, attaches: attaches, plan.onInterrupt)))
                            } catch { inbox.yield(.broken(error)) }
                        }
                    case .skip(let name, let why): report(.skipped(task: name, why))
                    case .block(let name, let cause):
                        try await block(tasks[name])
                        summary.blocked[name] = cause
                        report(.blocked(task: name, by: cause))
                    case .end(let outcome): summary.outcome = outcome
                    }
                }
                guard summary.outcome == nil, let next = await incoming.next() else { break }
                switch next {
                case .ended(let name, let outcome):
                    summary.tasks[name] = outcome
                    actions = machine.finished(name, with: outcome)
                case .resolved(let name, .success(let resolved)):
                    tasks[name] = resolved.task
                    steps[name] = resolved.step
                    try await store.commit(.putTask(resolved.task.record))
                    actions = machine.resolved(name, resolved.step)
                case .resolved(let name, .failure(let error)):
                    let outcome = try await refuse(tasks[name], words(error))
                    summary.tasks[name] = outcome
                    actions = machine.finished(name, with: outcome)
                case .settled(let settlement):
                    actions = machine.settled(settlement.address, isThere: settlement.isThere)
                case .interrupted: actions = machine.interrupted()
                case .broken(let error): throw error
                }
            }
            group.cancelAll()
        }
        summary.wasInterrupted = interruption.isRequested
        summary.run.outcome = summary.outcome?.rawValue
        summary.run.endedAt = time.now()
        try await store.commit(.putRun(summary.run))
        return summary
    }

    private func begin(_ plan: RunPlan) async throws {
        var first: [StateChange] = []
        if var from = plan.from, from.outcome == nil {
            from.outcome = RunOutcome.continued.rawValue
            from.endedAt = time.now()
            first.append(.putRun(from))
        }
        first.append(.putRun(plan.run))
        first += plan.tasks.map { .putTask($0.record) }
        try await store.commit(first)
        report(.started(run: plan.run.id, pipeline: plan.run.pipeline, from: plan.from?.id))
    }

    private static func resolve(
        _ name: String, _ resolver: TaskResolver?
    ) async -> Result<(task: PlannedTask, step: Step), any Error> {
        guard let resolver else { return .failure(TaskFailure("nothing is known of the task '\(name)'")) }
        do { return .success(try await resolver.resolve(name)) } catch { return .failure(error) }
    }

    /// Records that a task is not begun. What is done stays done, and what an earlier run left at work stays open.
    private func block(_ task: PlannedTask?) async throws {
        guard var record = task?.record else { return }
        let state = try record.taskState()
        guard !state.isInFlight, !state.isDone else { return }
        record.state = TaskState.blocked.rawValue
        try await store.commit(.putTask(record))
    }

    /// Records a task that cannot be begun. What an earlier run left at work stays open: the next run looks for it.
    private func refuse(_ task: PlannedTask?, _ failure: TaskFailure) async throws -> TaskOutcome {
        guard let task else { return .failed(failure) }
        let before = try task.record.taskState()
        let outcome: TaskOutcome = before.isInFlight ? .unsettled(failure) : .failed(failure)
        let now = time.now()
        let recorder = TaskRecorder(task.record, task.notes, store: store)
        report(.begun(task: task.name, kind: task.record.kind, attaches: false, usual: nil))
        try await recorder.record { record, notes in
            // What an earlier run did is done all the same.
            if !before.isDone { record.state = outcome.state.rawValue }
            (record.startedAt, record.endedAt) = (now, now)
            notes.message = failure.message
            notes.hints = failure.hints
        }
        report(.ended(task: task.name, outcome, recorder.notes, took: 0))
        return outcome
    }

    /// Carries one task out. Only a failing state is thrown; everything else is an outcome.
    private func perform(
        _ task: PlannedTask, attaches: Bool, _ onInterrupt: OnInterrupt
    ) async throws -> TaskOutcome {
        let start = time.now()
        let recorder = TaskRecorder(task.record, task.notes, store: store)
        try await recorder.record { record, _ in
            record.state = TaskState.begun.rawValue
            record.startedAt = start
        }
        report(.begun(task: task.name, kind: task.record.kind, attaches: attaches, usual: task.usual))
        let mask = Mask(task.secrets.values)
        let context = TaskContext(
            aws: aws, task: task.name, token: task.record.token, onInterrupt: onInterrupt,
            changedCode: task.changedCode, applied: task.applied, directory: directory, recorder: recorder, time: time,
            interruption: interruption, mask: mask, report: report)
        var outcome: TaskOutcome
        do {
            outcome = try await task.kind.run(task.properties, task.secrets, context)
        } catch let error as StateError {
            throw error
        } catch is RunInterrupted {
            outcome = PipelineRunner.interrupted(recorder.notes)
        } catch is CancellationError {
            outcome = PipelineRunner.interrupted(recorder.notes)
        } catch let error as TaskFailure {
            outcome = .unsettled(error)
        } catch {
            outcome = .unsettled(words(error))
        }
        outcome = outcome.masked(mask)
        let end = time.now()
        try await recorder.record { record, notes in
            record.state = outcome.state.rawValue
            record.endedAt = end
            notes.message = outcome.failure?.message
            notes.hints = outcome.failure?.hints ?? []
        }
        report(.ended(task: task.name, outcome, recorder.notes, took: end - start))
        return outcome
    }

    /// The outcome of a task that stopped waiting and said nothing of what it had started.
    private static func interrupted(_ notes: TaskNotes) -> TaskOutcome {
        if !notes.ids.isEmpty { return .detached }
        return notes.sentAt == nil
            ? .stopped : .unsettled(TaskFailure("interrupted while it was being started; the next run looks for it"))
    }
}

/// What became of a resource that tasks wait for.
package struct Settlement: Hashable, Sendable {
    package let address: Address
    package let isThere: Bool

    package init(_ address: Address, isThere: Bool) {
        self.address = address
        self.isThere = isThere
    }
}

/// How a run ended.
package struct RunSummary: Sendable {
    package var run: RunRecord
    package var outcome: RunOutcome?
    /// How each task ended that was begun.
    package var tasks: [String: TaskOutcome] = [:]
    /// Tasks that were never begun, each with the one that kept them from it.
    package var blocked: [String: String] = [:]
    package var wasInterrupted = false

    init(run: RunRecord) { self.run = run }
}

extension TaskOutcome {
    /// The ledger's word for it.
    package var state: TaskState {
        switch self {
        case .succeeded: .succeeded
        case .failed: .failed
        case .stopped: .stopped
        case .detached: .detached
        case .unsettled: .unsettled
        }
    }

    package var failure: TaskFailure? {
        switch self {
        case .failed(let failure), .unsettled(let failure): failure
        case .succeeded, .stopped, .detached: nil
        }
    }

    func masked(_ mask: Mask) -> TaskOutcome {
        func hide(_ failure: TaskFailure) -> TaskFailure {
            TaskFailure(mask.apply(to: failure.message), hints: failure.hints.map(mask.apply))
        }
        switch self {
        case .failed(let failure): return .failed(hide(failure))
        case .unsettled(let failure): return .unsettled(hide(failure))
        case .succeeded, .stopped, .detached: return self
        }
    }
}
