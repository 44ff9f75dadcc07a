package import SlipwayDeclaration
import SlipwayEngine
package import SlipwayState

/// A stack as it was applied, beside its declaration.
package struct AppliedStack: Sendable {
    package let graph: StackGraph
    /// The current generation of each resource.
    package let rows: [Address: ResourceRow]
    private let attributes: [Address: JSON]
    private let outputs: [ImportedOutput: String]
    private let declared: [Address: DeclaredResource]

    /// - Parameter outputs: What other stacks say.
    /// - Throws: `DecodingError` when the state is damaged.
    package init(graph: StackGraph, rows: [ResourceRow], outputs: [ImportedOutput: String]) throws {
        self.graph = graph
        self.outputs = outputs
        self.rows = Dictionary(rows.sorted { $0.key < $1.key }.map { ($0.address, $0) }) { _, last in last }
        attributes = try self.rows.mapValues { try $0.attributes.tree() }
        declared = Dictionary(graph.resources.map { ($0.address, $0) }) { first, _ in first }
    }

    /// What an expression stands for, as far as it is known.
    package func value(_ expression: DerivedValue, digests: [Asset: String]) -> String? {
        switch expression {
        case .attribute(let reference): attributes[reference.resource]?[reference.attribute]?.plainText
        case .output(let stack, let name): outputs[ImportedOutput(stack: stack, name: name)]
        case .digest(let asset): digests[asset]
        case .transform: nil
        }
    }

    /// The declaration of what AWS knows by an identity.
    package func declaration(ofKind kind: String, identity: String) -> DeclaredResource? {
        let row = rows.values.first { $0.kind == kind && $0.identity == identity }
        return row.flatMap { declared[$0.address] }
    }

    /// The resources of a kind that a property of a resource refers to.
    package func references(of resource: DeclaredResource, in property: String, toKind kind: String) -> [DeclaredResource] {
        var found: [DeclaredResource] = []
        resource.properties[property]?.visitExpressions { expression in
            for reference in expression.references {
                guard let target = declared[reference.resource], target.kind == kind, !found.contains(target) else { continue }
                found.append(target)
            }
        }
        return found
    }

    /// A resource and those that it refers to or comes after.
    package func neighbourhood(of address: Address) -> [DeclaredResource] {
        guard let resource = declared[address] else { return [] }
        return [resource] + resource.dependencies.compactMap { declared[$0] }
    }
}
