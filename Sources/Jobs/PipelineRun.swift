package import SlipwayGraph

/// A run as a value: it is told what happened and says what to do. It knows no clock, no AWS and no ledger.
///
/// A failure blocks what comes after it, and what is independent goes on. After an interruption nothing begins; what
/// is at work ends as it sees fit.
package struct PipelineRun: Sendable {
    package enum Action: Hashable, Sendable {
        /// Carries a task out, from its beginning or from where an earlier process was.
        case begin(String)
        /// Says that a task is not carried out.
        case skip(String, Skip)
        /// Says that a task is never begun, because another did not succeed.
        case block(String, by: String)
        /// Ends the run.
        case end(RunOutcome)
    }

    private let graph: Graph<String>
    private let steps: [String: Step]
    private var walk: Walk<String>
    private var outcomes: [String: TaskOutcome] = [:]
    private var told: Set<String> = []
    private var isInterrupted = false
    private var hasEnded = false

    /// - Parameter steps: What is to become of each task.
    package init(_ graph: Graph<String>, _ steps: [String: Step]) {
        self.graph = graph
        self.steps = steps
        walk = Walk(graph)
    }

    /// What to do first.
    package mutating func begin() -> [Action] { advance() }

    /// A task ended.
    package mutating func finished(_ task: String, with outcome: TaskOutcome) -> [Action] {
        outcomes[task] = outcome
        if outcome == .succeeded { walk.succeeded(task) } else { walk.failed(task) }
        var actions: [Action] = []
        // What comes after a task that somebody interrupted is not blocked: it has yet to come.
        if outcome == .stopped || outcome == .detached { return advance() }
        for name in graph.nodes where !told.contains(name) {
            guard let cause = walk.blockedNodes[name], !isSkipped(name) else { continue }
            told.insert(name)
            actions.append(.block(name, by: cause))
        }
        return actions + advance()
    }

    /// Somebody interrupted the run.
    package mutating func interrupted() -> [Action] {
        guard !isInterrupted else { return [] }
        isInterrupted = true
        walk.stop()
        return advance()
    }

    private mutating func advance() -> [Action] {
        var actions: [Action] = []
        while true {
            let ready = walk.start { _ in true }
            if ready.isEmpty { break }
            for task in ready {
                switch steps[task] ?? .run {
                case .run, .attach: actions.append(.begin(task))
                case .skip(let why):
                    actions.append(.skip(task, why))
                    walk.succeeded(task)
                case .keep:
                    // It is not asked for, so those that are do not wait for it.
                    walk.succeeded(task)
                }
            }
        }
        if walk.isFinished, !hasEnded {
            hasEnded = true
            actions.append(.end(outcome))
        }
        return actions
    }

    private func isSkipped(_ task: String) -> Bool {
        if case .skip = steps[task] { true } else { false }
    }

    /// The worst of the tasks' outcomes decides.
    private var outcome: RunOutcome {
        let all = Array(outcomes.values)
        func has(_ matches: (TaskOutcome) -> Bool) -> Bool { all.contains(where: matches) }
        if has({ if case .unsettled = $0 { true } else { false } }) { return .unsettled }
        if has({ if case .failed = $0 { true } else { false } }) { return .failed }
        if has({ $0 == .detached }) { return .detached }
        if has({ $0 == .stopped }) { return .stopped }
        let isDone = graph.nodes.allSatisfy { task in
            if outcomes[task] == .succeeded { return true }
            if case .skip(.done) = steps[task] { return true } else { return false }
        }
        if isDone { return .succeeded }
        return isInterrupted ? .stopped : .partial
    }
}
