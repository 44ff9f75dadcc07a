package import SlipwayDeclaration
import SlipwayGraph
package import SlipwayProvider
package import SlipwayState

/// Everything that a plan is made from.
package struct PlanInput: Sendable {
    package var key: StateKey
    package var location: Location
    package var header: StateHeader
    /// The declared graph, validated; `nil` for a destroy, which needs only the state.
    package var graph: StackGraph?
    package var rows: [ResourceRow]
    /// What AWS has, by row; rows that were not looked up are taken as the state has them.
    package var observations: [RowKey: AnyObservation]
    /// What AWS has under the names of resources that are declared and not in the state, by address.
    package var strangers: [Address: AnyObservation]
    package var outputs: [String: String]
    /// Outputs of other stacks, by stack and name.
    package var foreignOutputs: [ImportedOutput: String]
    /// Stacks that read outputs of this one, by output.
    package var consumers: [String: [String]]
    /// SHA-256 of assets, in hexadecimal.
    package var digests: [Asset: String]
    /// Fingerprints of secrets.
    package var fingerprints: [Secret.Source: String]
    package var options: PlanOptions

    package init(
        key: StateKey, location: Location, header: StateHeader, graph: StackGraph?, rows: [ResourceRow],
        observations: [RowKey: AnyObservation] = [:], strangers: [Address: AnyObservation] = [:],
        outputs: [String: String] = [:], foreignOutputs: [ImportedOutput: String] = [:],
        consumers: [String: [String]] = [:], digests: [Asset: String] = [:],
        fingerprints: [Secret.Source: String] = [:], options: PlanOptions = PlanOptions()
    ) {
        self.key = key
        self.location = location
        self.header = header
        self.graph = graph
        self.rows = rows
        self.observations = observations
        self.strangers = strangers
        self.outputs = outputs
        self.foreignOutputs = foreignOutputs
        self.consumers = consumers
        self.digests = digests
        self.fingerprints = fingerprints
        self.options = options
    }
}

/// What whoever asks for a plan wants of it.
package struct PlanOptions: Hashable, Sendable {
    /// Plan these addresses, and what they need; all when empty.
    package var targets: [Address] = []
    /// Leave these addresses out, and what needs them.
    package var excludes: [Address] = []
    /// Replace these although nothing differs.
    package var replace: [Address] = []
    /// Take over what belongs to somebody else.
    package var adopt = false

    package init() {}
}

/// Makes plans. A pure function: the same input gives the same plan.
package struct Planner: Sendable {
    package let kinds: KindTable

    package init(kinds: KindTable) { self.kinds = kinds }

    /// - Throws: ``EngineError`` when the state or the graph cannot be read.
    package func plan(_ input: PlanInput) throws -> Plan {
        var planning = Planning(kinds: kinds, input: input)
        return try planning.run()
    }
}

/// A plan in the making.
struct Planning {
    let kinds: KindTable
    let input: PlanInput
    var operations: [Operation] = []
    var unchanged: [Address] = []
    var refusals: [Refusal] = []
    var warnings: [Warning] = []
    var imports: Set<ImportedOutput> = []
    /// Attributes that are known while planning.
    let attributes = KnownAttributes()
    /// Attributes of resources that a planned update may change.
    var unknownAttributes: [Address: Set<String>] = [:]
    /// Replacements that are made before the old resource is deleted.
    var creatingFirst: Set<Address> = []
    var replaced: Set<Address> = []
    /// The current rows; deposed ones are apart.
    let current: [Address: ResourceRow]
    let deposed: [ResourceRow]

    init(kinds: KindTable, input: PlanInput) {
        self.kinds = kinds
        self.input = input
        var current: [Address: ResourceRow] = [:]
        var deposed: [ResourceRow] = []
        for row in input.rows {
            if let other = current[row.address] {
                deposed.append(other.generation < row.generation ? other : row)
                current[row.address] = other.generation < row.generation ? row : other
            } else {
                current[row.address] = row
            }
        }
        self.current = current
        self.deposed = deposed
    }

    mutating func run() throws -> Plan {
        var outputs: [String: Text] = [:]
        if let graph = input.graph {
            let resources = Dictionary(graph.resources.map { ($0.address, $0) }) { first, _ in first }
            let order = try orderOfResources(graph.resources)
            creatingFirst = spreadCreateBeforeDestroy(order, resources)
            for address in order {
                if let resource = resources[address] { try decide(resource) }
            }
            for row in current.values.sorted(by: { $0.key < $1.key }) where resources[row.address] == nil {
                remove(row, .undeclared)
            }
            for output in graph.outputs { outputs[output.name] = resolve(output.value) }
            checkOutputs(outputs, graph)
        } else {
            for row in current.values.sorted(by: { $0.key < $1.key }) { remove(row, .destroy) }
            checkOutputs([:], nil)
        }
        for row in deposed.sorted(by: { $0.key < $1.key }) {
            remove(row, input.graph == nil ? .destroy : .deposed)
        }
        let isPartial = narrow()
        do {
            operations = try Order.arrange(operations, creatingFirst: creatingFirst)
        } catch {
            throw EngineError.operationsWaitForEachOther(error.cycle.map(\.description))
        }
        return Plan(
            key: input.key, location: input.location, lineage: input.header.lineage, serial: input.header.serial,
            purpose: input.graph == nil ? .destroy : .apply, operations: operations, unchanged: unchanged,
            outputs: outputs, previousOutputs: input.outputs,
            imports: imports.compactMap { item in
                input.foreignOutputs[item].map { ImportedValue(stack: item.stack, name: item.name, value: $0) }
            }.sorted { ($0.stack, $0.name) < ($1.stack, $1.name) },
            refusals: refusals, warnings: warnings, isPartial: isPartial)
    }

    private func orderOfResources(_ resources: [DeclaredResource]) throws -> [Address] {
        let dependencies = Dictionary(resources.map { ($0.address, $0.dependencies) }) { first, _ in first }
        do {
            return try Graph(resources.map(\.address)) { dependencies[$0] ?? [] }.sorted
        } catch {
            throw EngineError.resourcesWaitForEachOther(error.cycle)
        }
    }

    /// Whoever is created before its predecessor is deleted keeps that predecessor's dependencies in use meanwhile, so
    /// they must be created first as well, should they be replaced.
    private func spreadCreateBeforeDestroy(
        _ order: [Address], _ resources: [Address: DeclaredResource]
    ) -> Set<Address> {
        var found = Set(order.filter { resources[$0]?.management.createBeforeDestroy ?? false })
        for address in order.reversed() where found.contains(address) {
            found.formUnion(resources[address]?.dependencies ?? [])
        }
        return found
    }

    // MARK: Values

    /// Fills in what is known while planning, and notes which outputs of other stacks are read.
    mutating func resolve(_ tree: JSON, subject: Address? = nil, place: Place? = nil) -> JSON {
        guard tree.hasExpressions else { return tree }
        note(tree, subject: subject?.description ?? "", place: place)
        return tree.resolved(value)
    }

    mutating func resolve(_ text: Text) -> Text {
        note(text.tree, subject: "", place: nil)
        return text.resolved(value)
    }

    private mutating func note(_ tree: JSON, subject: String, place: Place?) {
        var read: [ImportedOutput] = []
        tree.visitExpressions { expression in
            if case .output(let stack, let name) = expression { read.append(ImportedOutput(stack: stack, name: name)) }
        }
        for item in read {
            if input.foreignOutputs[item] == nil {
                let refusal = Refusal(
                    subject: subject, cause: .outputMissing(stack: item.stack, name: item.name), place: place)
                if !refusals.contains(refusal) { refusals.append(refusal) }
            }
            imports.insert(item)
        }
    }

    private func value(_ expression: DerivedValue) -> String? {
        switch expression {
        case .attribute(let reference):
            if unknownAttributes[reference.resource]?.contains(reference.attribute) ?? false { return nil }
            return attributes[reference]
        case .output(let stack, let name): return input.foreignOutputs[ImportedOutput(stack: stack, name: name)]
        case .digest(let asset): return input.digests[asset]
        case .transform: return nil
        }
    }

    // MARK: Outputs, targets

    private mutating func checkOutputs(_ outputs: [String: Text], _ graph: StackGraph?) {
        for (name, consumers) in input.consumers.sorted(by: { $0.key < $1.key })
        where outputs[name] == nil && input.outputs[name] != nil {
            refusals.append(Refusal(subject: name, cause: .outputInUse(by: consumers)))
        }
    }

    /// Leaves out what `--target` and `--exclude` leave out. Returns whether they did.
    private mutating func narrow() -> Bool {
        let options = input.options
        guard !options.targets.isEmpty || !options.excludes.isEmpty else { return false }
        var needs: [Address: Set<Address>] = [:]
        for row in input.rows { needs[row.address, default: []].formUnion(row.dependencies) }
        for resource in input.graph?.resources ?? [] {
            needs[resource.address, default: []].formUnion(resource.dependencies)
        }
        let addresses = needs.keys.sorted()
        // A cycle between old and new references is no reason to refuse a narrower plan.
        func reach(_ start: [Address], _ next: (Address) -> Set<Address>) -> Set<Address> {
            var found = Set(start)
            var queue = start
            while let address = queue.popLast() {
                for other in next(address) where found.insert(other).inserted { queue.append(other) }
            }
            return found
        }
        func matching(_ patterns: [Address]) -> [Address] {
            addresses.filter { address in
                patterns.contains { address == $0 || address.description.hasPrefix($0.description + "/") }
            }
        }
        var kept = Set(addresses)
        let users = { (address: Address) in Set(addresses.filter { needs[$0]?.contains(address) ?? false }) }
        if !options.targets.isEmpty {
            let next = input.graph == nil ? users : { needs[$0] ?? [] }
            kept = reach(matching(options.targets), next)
        }
        let leftOut = reach(matching(options.excludes), input.graph == nil ? { needs[$0] ?? [] } : users)
        kept.subtract(leftOut)
        operations.removeAll { !kept.contains($0.key.address) }
        refusals.removeAll { refusal in
            addresses.contains(Address(refusal.subject)) && !kept.contains(Address(refusal.subject))
        }
        return true
    }
}

/// Attributes of resources, read from the state only when something refers to them: most are never asked for.
final class KnownAttributes {
    private var trees: [Address: JSON] = [:]
    private var stored: [Address: StoredJSON] = [:]

    /// The value of an attribute as it stands in a text; `nil` when it is not known.
    subscript(reference: Reference) -> String? { self[reference.resource]?[reference.attribute]?.plainText }

    subscript(address: Address) -> JSON? {
        get {
            if let tree = trees[address] { return tree }
            // What cannot be read is not known; reading the row for a change will say what is wrong with it.
            guard let tree = try? stored[address]?.tree() else { return nil }
            trees[address] = tree
            return tree
        }
        set { trees[address] = newValue }
    }

    func set(_ address: Address, _ text: StoredJSON) { stored[address] = text }
}

extension JSON {
    /// The value of an attribute as it stands in a text.
    package var plainText: String? {
        switch self {
        case .string(let string): string
        case .int(let int): String(int)
        case .bool(let bool): bool ? "true" : "false"
        case .double(let double): "\(double)"
        case .null, .array, .object: nil
        }
    }
}
