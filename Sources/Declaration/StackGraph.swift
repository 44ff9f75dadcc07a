/// A stack as data: what `export` writes and `plan --graph` reads.
public struct StackGraph: Hashable, Sendable, Codable {
    /// The form of the file; a newer one than this is refused.
    public static let formatVersion = 1

    public var format = StackGraph.formatVersion
    public var stack: String
    public var environment: String
    public var tags: [String: Text] = [:]
    /// In the order they were added.
    public var resources: [DeclaredResource] = []
    public var outputs: [DeclaredOutput] = []
    public var pipelines: [Pipeline] = []
    /// Mistakes noticed while declaring; a graph that has any is not planned.
    public var diagnostics: [Diagnostic] = []

    public init(stack: String, environment: String) {
        self.stack = stack
        self.environment = environment
    }

    /// The graph with the places of its declarations relative to a folder.
    package func relative(to root: String) -> StackGraph {
        var graph = self
        for index in graph.resources.indices {
            graph.resources[index].place = graph.resources[index].place?.relative(to: root)
        }
        for index in graph.outputs.indices {
            graph.outputs[index].place = graph.outputs[index].place?.relative(to: root)
        }
        for index in graph.pipelines.indices { graph.pipelines[index] = graph.pipelines[index].relative(to: root) }
        for index in graph.diagnostics.indices {
            graph.diagnostics[index].place = graph.diagnostics[index].place?.relative(to: root)
        }
        return graph
    }
}

/// One resource of a stack.
public struct DeclaredResource: Hashable, Sendable, Codable {
    public var address: Address
    /// CloudFormation's name for the kind.
    public var kind: String
    /// The declared properties, by their stored names.
    public var properties: JSON
    public var management: Management
    public var place: Place?

    public init(
        address: Address, kind: String, properties: JSON, management: Management = Management(), place: Place? = nil
    ) {
        self.address = address
        self.kind = kind
        self.properties = properties
        self.management = management
        self.place = place
    }

    /// The resources that must be there first: those referred to and those named with `after`, sorted.
    package var dependencies: [Address] {
        var found = Set(management.after)
        properties.visitExpressions { for reference in $0.references { found.insert(reference.resource) } }
        for text in management.replaceWhen { for reference in text.references { found.insert(reference.resource) } }
        return found.sorted()
    }
}

/// One output of a stack.
public struct DeclaredOutput: Hashable, Sendable, Codable {
    public var name: String
    public var value: Text
    public var help: String?
    public var place: Place?
}
