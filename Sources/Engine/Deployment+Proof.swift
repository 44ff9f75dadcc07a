import SlipwayAWS
import SlipwayDeclaration
import SlipwayProvider
import SlipwayState

extension Deployment {
    /// Looks at everything that was made or changed, once, and tells what is not as it was declared. What AWS shows
    /// late is asked for again for some seconds, one by one.
    ///
    /// What only a look tells (a version, an immutable id) is recorded, so that the next plan's list can say that
    /// nothing changed since.
    ///
    /// - Throws: `AWSError` when AWS cannot be asked, `StateError`.
    func prove(
        _ outcome: Outcome, _ interruption: Interruption
    ) async throws -> [(address: Address, changes: [Change])] {
        var left = outcome.succeeded.filter { $0.verb == .create || $0.verb == .update || $0.verb == .adopt }
        guard !left.isEmpty else { return [] }
        let rows = Dictionary(uniqueKeysWithValues: try await store.read(.rows).map { ($0.key, $0) })
        var differing: [(address: Address, changes: [Change])] = []
        for wait in [Duration.zero, .milliseconds(500), .seconds(1), .seconds(2), .seconds(4)] {
            if wait > .zero {
                // Whoever asks for a stop now gets what is known so far: everything is done and recorded.
                do { try await interruption.sleep(for: wait) } catch EngineError.interrupted { return differing }
            }
            let made = left.compactMap { operation in rows[operation.key].map { (operation, $0) } }
            let checks = try made.map { operation, row in
                let names = try row.declared.tree().object?.keys.map { $0 } ?? []
                let subject = Refresher.Subject(
                    kind: row.kind, identity: row.identity, names: Set(names), version: row.version)
                return (operation: operation, row: row, subject: subject)
            }
            let findings = try await Refresher(kinds: kinds, aws: aws, parallelism: parallelism)
                .look(for: checks.map(\.subject), lists: wait == .zero)
            differing = []
            left = []
            var learnt: [StateChange] = []
            for check in checks {
                // In the version that the change itself left: nobody has touched it since.
                guard let observation = findings[check.subject] else { continue }
                let changes = try unconverged(check.operation, check.row, observation)
                if !changes.isEmpty {
                    differing.append((check.operation.key.address, changes))
                    left.append(check.operation)
                } else if case .present(let found) = observation {
                    var row = check.row
                    row.version = found.version ?? row.version
                    row.immutableID = found.immutableID ?? row.immutableID
                    row.attributes = StoredJSON(found.attributes)
                    if row != check.row { learnt.append(.put(row)) }
                }
            }
            try await store.commit(learnt)
            if left.isEmpty { return [] }
        }
        return differing
    }

    private func unconverged(
        _ operation: Operation, _ row: ResourceRow, _ observation: AnyObservation
    ) throws -> [Change] {
        guard let kind = kinds[type: operation.kind] else { return [] }
        let declared = try row.declared.tree()
        switch observation {
        case .absent: return [Change(path: [], before: nil, after: declared)]
        case .settling, .failed: return []
        case .present(let found):
            let wanted = try kind.normal(declared)
            return Difference(
                Comparison(
                    desired: wanted, observed: found.properties, previous: wanted, removals: kind.removals,
                    ignored: operation.ignoreChanges, unread: found.unread)
            ).changes
        }
    }
}
