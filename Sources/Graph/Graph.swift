/// A directed acyclic graph of named nodes: each with the nodes that must be done before it.
///
/// Nodes are kept in the order they were given, and every answer is in an order that depends on nothing else.
package struct Graph<ID: Hashable & Sendable & Comparable>: Sendable {
    package let nodes: [ID]
    private let before: [ID: [ID]]
    private let after: [ID: [ID]]

    /// - Parameter before: For each node, those that must be done first. Nodes that are not in `nodes` are left out.
    /// - Throws: ``CycleError`` with one cycle.
    package init(_ nodes: [ID], before: (ID) -> [ID]) throws(CycleError<ID>) {
        self.nodes = nodes
        let known = Set(nodes)
        var befores: [ID: [ID]] = [:]
        var afters: [ID: [ID]] = [:]
        for node in nodes {
            let list = Set(before(node)).intersection(known).sorted()
            befores[node] = list
            for other in list { afters[other, default: []].append(node) }
        }
        self.before = befores
        self.after = afters
        if let cycle = Graph.cycle(nodes, befores) { throw CycleError(cycle: cycle) }
    }

    /// The nodes that must be done before `node`, sorted.
    package func predecessors(of node: ID) -> [ID] { before[node] ?? [] }

    /// The nodes that wait for `node`, in the order given.
    package func successors(of node: ID) -> [ID] { after[node] ?? [] }

    /// The nodes in an order in which each comes after those before it; nodes that are free keep the order given.
    package var sorted: [ID] {
        var done: Set<ID> = []
        var order: [ID] = []
        order.reserveCapacity(nodes.count)
        for node in nodes {
            var path = [(node, 0)]
            while let (current, next) = path.last {
                let list = predecessors(of: current)
                if done.contains(current) {
                    path.removeLast()
                } else if next < list.count {
                    path[path.count - 1].1 += 1
                    path.append((list[next], 0))
                } else {
                    done.insert(current)
                    order.append(current)
                    path.removeLast()
                }
            }
        }
        return order
    }

    /// All nodes that wait for one of `start`, directly or not, without `start` itself unless it waits too.
    package func dependents(of start: some Sequence<ID>) -> Set<ID> { reach(from: start) { after[$0] ?? [] } }

    /// All nodes that one of `start` waits for, directly or not.
    package func dependencies(of start: some Sequence<ID>) -> Set<ID> { reach(from: start) { before[$0] ?? [] } }

    private func reach(from start: some Sequence<ID>, _ next: (ID) -> [ID]) -> Set<ID> {
        var found: Set<ID> = []
        var queue = Array(start)
        while let node = queue.popLast() {
            for other in next(node) where found.insert(other).inserted { queue.append(other) }
        }
        return found
    }

    /// A cycle, beginning with its smallest node, or `nil`.
    private static func cycle(_ nodes: [ID], _ before: [ID: [ID]]) -> [ID]? {
        var finished: Set<ID> = []
        for root in nodes where !finished.contains(root) {
            var path: [(node: ID, next: Int)] = [(root, 0)]
            var onPath: Set<ID> = [root]
            while let (node, next) = path.last {
                let list = before[node] ?? []
                guard next < list.count else {
                    finished.insert(node)
                    onPath.remove(node)
                    path.removeLast()
                    continue
                }
                path[path.count - 1].next += 1
                let other = list[next]
                if onPath.contains(other) {
                    let start = path.firstIndex { $0.node == other } ?? 0
                    let cycle = path[start...].map(\.node)
                    let least = cycle.indices.min { cycle[$0] < cycle[$1] } ?? 0
                    return Array(cycle[least...] + cycle[..<least])
                }
                if !finished.contains(other) {
                    path.append((other, 0))
                    onPath.insert(other)
                }
            }
        }
        return nil
    }
}

/// Nodes that wait for each other.
package struct CycleError<ID: Hashable & Sendable>: Error, Hashable, Sendable {
    /// Each waits for the next, the last for the first.
    package let cycle: [ID]

    package init(cycle: [ID]) { self.cycle = cycle }
}
