/// Walks a graph: says which nodes may start, and which never will.
///
/// A value without tasks or clocks: whoever walks tells it what ended and starts what it returns.
package struct Walk<ID: Hashable & Sendable & Comparable>: Sendable {
    private let graph: Graph<ID>
    private var waiting: [ID: Int]
    private var ready: [ID]
    private var blocked: [ID: ID] = [:]
    private var running: Set<ID> = []
    private var stopped = false

    package init(_ graph: Graph<ID>) {
        self.graph = graph
        waiting = Dictionary(uniqueKeysWithValues: graph.nodes.map { ($0, graph.predecessors(of: $0).count) })
        ready = graph.nodes.filter { graph.predecessors(of: $0).isEmpty }
    }

    /// Whether nothing runs and nothing may start.
    package var isFinished: Bool { running.isEmpty && (ready.isEmpty || stopped) }

    /// Nodes that never start because one before them failed, each with the node that failed.
    package var blockedNodes: [ID: ID] { blocked }

    /// Nodes that have neither started nor been blocked.
    package var pending: [ID] {
        graph.nodes.filter { !running.contains($0) && blocked[$0] == nil && waiting[$0] != nil }
    }

    /// Takes out the nodes that may start now, those first that were given first, as long as `admit` lets them.
    package mutating func start(_ admit: (ID) -> Bool) -> [ID] {
        guard !stopped else { return [] }
        var started: [ID] = []
        var kept: [ID] = []
        for node in ready {
            if admit(node) { started.append(node) } else { kept.append(node) }
        }
        ready = kept
        for node in started {
            running.insert(node)
            waiting[node] = nil
        }
        return started
    }

    /// A node succeeded; those that waited for it alone become ready.
    package mutating func succeeded(_ node: ID) {
        running.remove(node)
        for next in graph.successors(of: node) {
            guard let count = waiting[next] else { continue }
            waiting[next] = count - 1
            if count == 1, blocked[next] == nil { ready.append(next) }
        }
    }

    /// A node failed; everything that waits for it, directly or not, is blocked. What is independent goes on.
    package mutating func failed(_ node: ID) {
        running.remove(node)
        for next in graph.dependents(of: [node]) where waiting[next] != nil && blocked[next] == nil {
            blocked[next] = node
        }
    }

    /// A node that was started is not carried out after all; what waits for it goes on waiting.
    package mutating func withdrawn(_ node: ID) { running.remove(node) }

    /// Starts nothing more; what runs may finish.
    package mutating func stop() { stopped = true }
}
