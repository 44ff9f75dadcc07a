import SlipwayDeclaration

/// A declared graph as it is drawn: resources and tasks, with an arrow from each to what it needs.
struct Drawing {
    struct Node: Hashable {
        /// The address, or `pipeline/task`.
        let name: String
        let kind: String
        let isTask: Bool
    }

    let title: String
    /// In the order they are declared, resources first.
    let nodes: [Node]
    /// Indices into `nodes`: the first needs the second.
    let edges: [(from: Int, to: Int)]

    init(_ graph: StackGraph) {
        title = graph.stack
        var nodes = graph.resources.map { Node(name: $0.address.description, kind: $0.kind, isTask: false) }
        var index = Dictionary(nodes.enumerated().map { ($1.name, $0) }) { first, _ in first }
        var edges: [(from: Int, to: Int)] = []
        for resource in graph.resources {
            for dependency in resource.dependencies {
                if let from = index[resource.address.description], let to = index[dependency.description] {
                    edges.append((from, to))
                }
            }
        }
        for pipeline in graph.pipelines {
            for task in pipeline.tasks {
                index["task \(pipeline.name)/\(task.name)"] = nodes.count
                nodes.append(Node(name: "\(pipeline.name)/\(task.name)", kind: task.kind, isTask: true))
            }
            for task in pipeline.tasks {
                guard let from = index["task \(pipeline.name)/\(task.name)"] else { continue }
                let resources = Set(task.references.map(\.resource.description)).sorted()
                let needed = task.after.map { "task \(pipeline.name)/\($0)" } + resources
                for to in needed.compactMap({ index[$0] }) { edges.append((from, to)) }
            }
        }
        self.nodes = nodes
        self.edges = edges
    }

    /// Graphviz's language.
    var dot: String {
        var lines = ["digraph \(JSON.string(title).text) {", "    rankdir=RL", "    node [shape=box fontname=\"sans-serif\"]"]
        for node in nodes {
            let label = JSON.string("\(node.name)\n\(node.kind)").text
            lines.append("    \(JSON.string(node.name).text) [label=\(label)\(node.isTask ? " style=rounded" : "")]")
        }
        for edge in edges {
            lines.append("    \(JSON.string(nodes[edge.from].name).text) -> \(JSON.string(nodes[edge.to].name).text)")
        }
        return (lines + ["}"]).joined(separator: "\n") + "\n"
    }

    /// Mermaid's flowchart.
    var mermaid: String {
        var lines = ["flowchart RL"]
        for (index, node) in nodes.enumerated() {
            let label = "\"\(node.name)<br/>\(node.kind)\""
            lines.append("    n\(index)\(node.isTask ? "([\(label)])" : "[\(label)]")")
        }
        for edge in edges { lines.append("    n\(edge.from) --> n\(edge.to)") }
        return lines.joined(separator: "\n") + "\n"
    }
}
