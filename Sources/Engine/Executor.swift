package import SlipwayAWS
package import SlipwayDeclaration
import SlipwayGraph
package import SlipwayProvider
package import SlipwayState
import FoundationEssentials
import Synchronization

/// Carries plans out. It decides nothing that the plan has decided.
///
/// Invariants:
/// - An operation's *begun* record is durable before its first call, and its outcome before anything that waits for it
///   begins.
/// - An operation whose last call may have taken effect, and cannot be looked at, keeps no outcome: it is in doubt.
package struct Executor: Sendable {
    package let kinds: KindTable
    package let store: StateStore
    package let aws: AWSClient
    package let location: Location
    package let lineage: String
    package let secrets: SecretValues
    /// Assets' files on disk.
    package let assets: [Asset: AssetFile]
    package let interruption: Interruption
    /// How many operations run at once.
    package let parallelism: Int
    /// Whether *begun* records are written. Only the test which shows that they are needed switches them off.
    package let recordsBegun: Bool
    package let report: @Sendable (Event) -> Void

    package init(
        kinds: KindTable, store: StateStore, aws: AWSClient, location: Location, lineage: String,
        secrets: SecretValues = [:], assets: [Asset: AssetFile] = [:], interruption: Interruption = Interruption(),
        parallelism: Int = 16, recordsBegun: Bool = true, report: @escaping @Sendable (Event) -> Void = { _ in }
    ) {
        self.kinds = kinds
        self.store = store
        self.aws = aws
        self.location = location
        self.lineage = lineage
        self.secrets = secrets
        self.assets = assets
        self.interruption = interruption
        self.parallelism = parallelism
        self.recordsBegun = recordsBegun
        self.report = report
    }

    /// Carries a plan out as far as it can be.
    ///
    /// - Parameter apply: The journal's name for this apply.
    /// - Throws: `StateError` when the state can no longer be written, which ends everything at once.
    package func run(_ plan: Plan, apply: String) async throws -> Outcome {
        let rows = try await store.read(.rows)
        let values = Values(rows: rows, plan: plan)
        let operations = Dictionary(uniqueKeysWithValues: plan.operations.map { ($0.id, $0) })
        let after = Dictionary(uniqueKeysWithValues: plan.operations.map { ($0.id, $0.after) })
        let graph = try Graph(plan.operations.map(\.id)) { after[$0] ?? [] }
        var walk = Walk(graph)
        var outcome = Outcome()
        var running = 0

        try await withThrowingTaskGroup(of: Ended?.self) { group in
            group.addTask { [interruption] in
                // Once a stop was asked for, calls in flight get this long before they are cut off.
                await interruption.requested()
                try? await Task.sleep(for: .seconds(5))
                return nil
            }
            while true {
                if interruption.isRequested { walk.stop() }
                let limit = parallelism
                let started = walk.start { _ in
                    guard running < limit else { return false }
                    running += 1
                    return true
                }
                for operation in started.compactMap({ operations[$0] }) {
                    report(.started(operation))
                    group.addTask { try await perform(operation, apply: apply, values) }
                }
                guard running > 0, let next = try await group.next() else { break }
                guard let ended = next else {
                    group.cancelAll()
                    continue
                }
                running -= 1
                outcome.results.append((ended.operation, ended.result))
                report(.ended(ended.operation, ended.result, elapsed: ended.elapsed))
                switch ended.result {
                case .succeeded: walk.succeeded(ended.operation.id)
                case .settling, .failed, .inDoubt: walk.failed(ended.operation.id)
                }
            }
            group.cancelAll()
        }
        outcome.wasInterrupted = interruption.isRequested
        let begun = Set(outcome.results.map(\.operation.id))
        outcome.notAttempted = plan.operations.filter { !begun.contains($0.id) }.map { operation in
            (operation, walk.blockedNodes[operation.id])
        }
        outcome.outputs = try await recordOutputs(plan, values, isComplete: outcome.isComplete)
        return outcome
    }

    private struct Ended: Sendable {
        let operation: Operation
        let result: OperationResult
        let elapsed: Duration
    }

    /// Carries one operation out. Only a failing state is thrown; everything else is a result.
    private func perform(_ operation: Operation, apply: String, _ values: Values) async throws -> Ended {
        let start = ContinuousClock.now
        let result: OperationResult
        do {
            result = try await Performance(executor: self, operation: operation, apply: apply, values: values).run()
        } catch let error as StateError {
            throw error
        } catch EngineError.inDoubt(let kind, let identity, let cause) {
            result = .inDoubt(EngineError.inDoubt(kind: kind, identity: identity, cause: cause))
        } catch {
            result = .failed(error)
        }
        return Ended(operation: operation, result: result, elapsed: ContinuousClock.now - start)
    }

    /// Makes the outputs durable that are known. After an apply that was not complete, those that are not known keep
    /// their last value, and none is taken away.
    private func recordOutputs(_ plan: Plan, _ values: Values, isComplete: Bool) async throws -> [String: String] {
        var outputs: [String: String] = isComplete && !plan.isPartial ? [:] : plan.previousOutputs
        for (name, text) in plan.outputs {
            if let value = text.resolved(values.value).literal { outputs[name] = value }
        }
        let imports = plan.imports.map { ImportedOutput(stack: $0.stack, name: $0.name) }
        let recorded = try await store.read(.imports)
        if outputs != plan.previousOutputs || Set(imports) != Set(recorded) {
            try await store.commit(.outputs(outputs), .imports(imports))
        }
        return outputs
    }
}

/// Attributes of resources as they become known while a plan is carried out.
final class Values: Sendable {
    private let attributes: Mutex<[Address: JSON]>
    private let imports: [ImportedOutput: String]
    let rows: [RowKey: ResourceRow]

    init(rows: [ResourceRow], plan: Plan) {
        self.rows = Dictionary(uniqueKeysWithValues: rows.map { ($0.key, $0) })
        imports = Dictionary(
            uniqueKeysWithValues: plan.imports.map { (ImportedOutput(stack: $0.stack, name: $0.name), $0.value) })
        let pending = Set(plan.operations.filter { $0.verb == .create }.map(\.key.address))
        var known: [Address: JSON] = [:]
        for row in rows.sorted(by: { $0.key < $1.key }) where !pending.contains(row.address) {
            known[row.address] = try? row.attributes.tree()
        }
        attributes = Mutex(known)
    }

    func value(_ expression: DerivedValue) -> String? {
        switch expression {
        case .attribute(let reference):
            attributes.withLock { $0[reference.resource]?[reference.attribute]?.plainText }
        case .output(let stack, let name): imports[ImportedOutput(stack: stack, name: name)]
        case .digest, .transform: nil
        }
    }

    func set(_ address: Address, _ tree: JSON) { attributes.withLock { $0[address] = tree } }
}
