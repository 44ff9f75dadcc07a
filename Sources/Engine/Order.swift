import SlipwayDeclaration
import SlipwayGraph
import SlipwayState

/// The order of creates, updates and deletes. Every rule about it is here, and nowhere else.
///
/// | this | waits for | because |
/// |---|---|---|
/// | create, update of X | creates, updates of what X refers to | its values are needed |
/// | delete of X | deletes of what referred to X | AWS refuses to delete what is in use |
/// | delete of X | updates of what referred to X and stays | they let go of X |
/// | create of X, deleting first | delete of the old X | both cannot stand side by side |
/// | delete of the old X, creating first | create of the new X, and creates and updates of what refers to X | nothing is without X meanwhile |
///
/// "Referred to" is what the state says, "refers to" what is declared.
enum Order {
    /// Fills in what each operation waits for.
    ///
    /// - Parameter creatingFirst: Addresses whose replacement is made before the old resource is deleted.
    /// - Throws: `CycleError` when the operations wait for each other, which create-before-destroy on a resource but
    ///   not on what it refers to can do; ``Planner`` spreads it so that this does not happen.
    static func arrange(
        _ operations: [Operation], creatingFirst: Set<Address>
    ) throws(CycleError<OperationID>) -> [Operation] {
        var makes: [Address: OperationID] = [:]
        var deletes: [Address: [OperationID]] = [:]
        let deposed = Set(operations.filter { $0.reason == .deposed }.map(\.id))
        for operation in operations {
            switch operation.verb {
            case .create, .update, .adopt, .record: makes[operation.key.address] = operation.id
            case .delete, .forget: deletes[operation.key.address, default: []].append(operation.id)
            }
        }
        var after: [OperationID: Set<OperationID>] = [:]
        for operation in operations {
            let id = operation.id
            let address = operation.key.address
            for dependency in operation.dependencies {
                switch operation.verb {
                case .create, .update, .adopt, .record:
                    if let make = makes[dependency] { after[id, default: []].insert(make) }
                    // Where the dependency's replacement is or was created first, the old one waits to be deleted.
                    for delete in deletes[dependency] ?? []
                    where creatingFirst.contains(dependency) || deposed.contains(delete) {
                        after[delete, default: []].insert(id)
                    }
                case .delete, .forget:
                    for delete in deletes[dependency] ?? [] where delete != id {
                        after[delete, default: []].insert(id)
                    }
                }
            }
            switch operation.verb {
            case .create:
                for delete in deletes[address] ?? [] {
                    if creatingFirst.contains(address) || delete.key.generation < operation.key.generation {
                        after[delete, default: []].insert(id)
                    } else {
                        after[id, default: []].insert(delete)
                    }
                }
            case .update:
                // What it referred to and lets go of may be deleted only afterwards.
                for dependency in operation.previousDependencies where makes[dependency] == nil {
                    for delete in deletes[dependency] ?? [] { after[delete, default: []].insert(id) }
                }
            case .delete, .forget, .adopt, .record: break
            }
        }
        let graph = try Graph(operations.map(\.id)) { Array(after[$0] ?? []) }
        let byID = Dictionary(uniqueKeysWithValues: operations.map { ($0.id, $0) })
        return graph.sorted.compactMap { id in
            guard var operation = byID[id] else { return nil }
            operation.after = graph.predecessors(of: id)
            return operation
        }
    }
}
