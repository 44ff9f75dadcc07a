package import SlipwayDeclaration
package import SlipwayGraph

/// A run as a value: it is told what happened and says what to do. It knows no clock, no AWS and no ledger.
///
/// A failure blocks what comes after it, and what is independent goes on. After an interruption nothing begins; what
/// is at work ends as it sees fit. A task may wait for resources that are still being made, beside the tasks before it.
package struct PipelineRun: Sendable {
    package enum Action: Hashable, Sendable {
        /// Finds out what is to become of a task, now that all it mentions is there, and tells by
        /// ``PipelineRun/resolved(_:_:)``.
        case resolve(String)
        /// Carries a task out, from its beginning or from where an earlier process was.
        case begin(String)
        /// Says that a task is not carried out.
        case skip(String, Skip)
        /// Says that a task is never begun, because another did not succeed, or a resource is not there.
        case block(String, by: String)
        /// Ends the run.
        case end(RunOutcome)
    }

    private let graph: Graph<String>
    private var steps: [String: Step]
    /// The resources that each task still waits for.
    private var awaited: [String: Set<Address>]
    /// Tasks that wait for resources alone.
    private var held: Set<String> = []
    /// Tasks that never begin because a resource is not there.
    private var missing: Set<String> = []
    private var walk: Walk<String>
    private var outcomes: [String: TaskOutcome] = [:]
    private var told: Set<String> = []
    private var isInterrupted = false
    private var hasEnded = false

    /// - Parameters:
    ///   - steps: What is to become of each task; what is not named here is resolved when its time comes.
    ///   - awaited: The resources that are still being made, by the task that waits for them.
    package init(_ graph: Graph<String>, _ steps: [String: Step], awaited: [String: Set<Address>] = [:]) {
        self.graph = graph
        self.steps = steps
        self.awaited = awaited.filter { !$0.value.isEmpty }
        walk = Walk(graph)
    }

    /// What to do first.
    package mutating func begin() -> [Action] { advance() }

    /// A task ended.
    package mutating func finished(_ task: String, with outcome: TaskOutcome) -> [Action] {
        outcomes[task] = outcome
        if outcome == .succeeded { walk.succeeded(task) } else { walk.failed(task) }
        // What comes after a task that somebody interrupted is not blocked: it has yet to come.
        if outcome == .stopped || outcome == .detached { return advance() }
        return blocks() + advance()
    }

    /// A resource that tasks wait for is there, or will not be.
    package mutating func settled(_ address: Address, isThere: Bool) -> [Action] {
        var actions: [Action] = []
        for task in graph.nodes where awaited[task]?.contains(address) ?? false {
            if isThere {
                awaited[task]?.remove(address)
                if awaited[task]?.isEmpty ?? true { awaited[task] = nil }
                if awaited[task] == nil, held.remove(task) != nil { actions += begin(task) }
            } else {
                awaited[task] = nil
                held.remove(task)
                guard !told.contains(task), outcomes[task] == nil else { continue }
                told.insert(task)
                missing.insert(task)
                walk.failed(task)
                actions.append(.block(task, by: address.description))
            }
        }
        return actions + blocks() + advance()
    }

    /// It is known what is to become of a task.
    package mutating func resolved(_ task: String, _ step: Step) -> [Action] {
        steps[task] = step
        // Nothing begins any more; what would have been begun has yet to come.
        if isInterrupted {
            walk.withdrawn(task)
            return advance()
        }
        return begin(task) + advance()
    }

    /// Somebody interrupted the run.
    package mutating func interrupted() -> [Action] {
        guard !isInterrupted else { return [] }
        isInterrupted = true
        walk.stop()
        for task in held { walk.withdrawn(task) }
        held = []
        return advance()
    }

    private mutating func blocks() -> [Action] {
        var actions: [Action] = []
        for name in graph.nodes where !told.contains(name) {
            guard let cause = walk.blockedNodes[name], !isSkipped(name) else { continue }
            told.insert(name)
            actions.append(.block(name, by: cause))
        }
        return actions
    }

    private mutating func advance() -> [Action] {
        var actions: [Action] = []
        while true {
            let ready = walk.start { _ in true }
            if ready.isEmpty { break }
            for task in ready {
                if missing.contains(task) { walk.withdrawn(task) } else { actions += begin(task) }
            }
        }
        if walk.isFinished, !hasEnded {
            hasEnded = true
            actions.append(.end(outcome))
        }
        return actions
    }

    /// All before a task is done.
    private mutating func begin(_ task: String) -> [Action] {
        if awaited[task] != nil {
            held.insert(task)
            return []
        }
        switch steps[task] {
        case nil: return [.resolve(task)]
        case .run, .attach: return [.begin(task)]
        case .skip(let why):
            walk.succeeded(task)
            return [.skip(task, why)]
        case .keep:
            // It is not asked for, so those that are do not wait for it.
            walk.succeeded(task)
            return []
        }
    }

    private func isSkipped(_ task: String) -> Bool {
        if case .skip = steps[task] { true } else { false }
    }

    /// The worst of the tasks' outcomes decides.
    private var outcome: RunOutcome {
        let all = Array(outcomes.values)
        func has(_ matches: (TaskOutcome) -> Bool) -> Bool { all.contains(where: matches) }
        if has({ if case .unsettled = $0 { true } else { false } }) { return .unsettled }
        if has({ if case .failed = $0 { true } else { false } }) || !missing.isEmpty { return .failed }
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
