import SlipwayDeclaration
import SlipwayProvider
package import SlipwayState

/// How a resource in AWS is not as the state says.
package struct Drift: Hashable, Sendable {
    package enum Finding: Hashable, Sendable {
        /// Properties are not as the last apply declared them.
        case changed([Change])
        /// Somebody deleted it.
        case vanished
        /// AWS says that it failed, in its own words.
        case failed(String)
        /// Something of this name is there, and it is not ours.
        case foreign(owner: String?)
    }

    package let key: RowKey
    package let kind: String
    package let identity: String
    package let finding: Finding
}

extension Deployment {
    /// Compares everything that the state knows with AWS, attribute by attribute. What is declared plays no part.
    ///
    /// - Returns: How many resources there are, and those that are not as the state says, by address.
    package func drift() async throws -> (resources: Int, drifted: [Drift]) {
        let rows = try await store.read(.rows)
        var subjects: [RowKey: Refresher.Subject] = [:]
        for row in rows {
            let names = Set(try row.declared.tree().object?.keys.map { $0 } ?? [])
            subjects[row.key] = Refresher.Subject(
                kind: row.kind, identity: row.identity, names: names, version: row.version)
        }
        let findings = try await Refresher(kinds: kinds, aws: aws, parallelism: parallelism)
            .look(for: Array(subjects.values))
        var drifted: [Drift] = []
        for row in rows {
            // Without an observation it is in the version that the state knows.
            guard let kind = kinds[type: row.kind] else { throw EngineError.unknownKind(row.kind, row.address) }
            guard let subject = subjects[row.key], let observation = findings[subject],
                let finding = try finding(row, kind, observation)
            else { continue }
            drifted.append(Drift(key: row.key, kind: row.kind, identity: row.identity, finding: finding))
        }
        return (rows.count, drifted)
    }

    private func finding(_ row: ResourceRow, _ kind: AnyKind, _ observation: AnyObservation) throws -> Drift.Finding? {
        switch observation {
        case .absent: return .vanished
        case .failed(let reason): return .failed(reason)
        case .settling: return nil
        case .present(let found):
            let owner = found.tags.flatMap(Ownership.init)
            if let owner, owner.lineage != header.lineage { return .foreign(owner: owner.lineage) }
            if owner == nil, found.tags != nil, let now = found.immutableID, let then = row.immutableID, now != then {
                return .foreign(owner: nil)
            }
            let declared = try kind.normal(kind.upgrade(row.declared.tree(), row.schemaVersion))
            let changes = Difference(
                Comparison(
                    desired: declared, observed: found.properties, previous: declared, removals: kind.removals,
                    unread: found.unread)
            ).changes
            return changes.isEmpty ? nil : .changed(changes)
        }
    }
}

extension Change {
    /// Whether what AWS has is not what the last apply declared. What that left to AWS is nobody's change.
    func differs(from previous: JSON, where unread: Set<String>) -> Bool {
        guard let name = path.first, !unread.contains(name), let declared = previous[path: path] else { return false }
        return declared == after || !(before.map { declared.isSatisfied(by: $0) } ?? false)
    }
}

extension JSON {
    /// Whether a value has everything that this one declares.
    fileprivate func isSatisfied(by value: JSON) -> Bool {
        guard case .object(let members) = self, let have = value.object else { return self == value }
        return members.allSatisfy { name, wanted in have[name].map(wanted.isSatisfied) ?? false }
    }
}
