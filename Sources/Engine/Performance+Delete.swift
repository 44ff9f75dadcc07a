import SlipwayAWS
import SlipwayDeclaration
import SlipwayProvider
import SlipwayState

extension Performance {
    func delete() async throws -> OperationResult {
        let kind = try kind()
        guard let old = values.rows[key] else { return .succeeded }
        let properties = operation.desired
        try await checkOwnership(of: old, kind)
        let record = try await begin(.delete, kind: kind, identity: old.identity, input: properties, nonce: old.nonce)
        do {
            try await patiently(kind) { try await kind.delete(old.identity, properties, aws) }
            if kind.patience != .none, case .some(let status) = try await waitUntilAbsent(kind, old.identity) {
                var row = old
                row.settling = status
                try await store.commit(end(record, .succeeded), .put(row))
                return .settling(status)
            }
        } catch let error as StateError {
            throw error
        } catch {
            if let aws = error as? AWSError, aws.mayHaveHappened {
                guard case .absent? = try? await kind.read(old.identity, .only([]), self.aws) else {
                    throw EngineError.inDoubt(kind: kind.type, identity: old.identity, cause: "\(aws)")
                }
            } else {
                try await store.commit(end(record, .failed, error))
                throw error
            }
        }
        try await store.commit(end(record, .succeeded), .remove(key))
        return .succeeded
    }

    /// Looks whose something is that was taken over while AWS was at work on it, and not looked at since: its name alone
    /// does not make it ours.
    /// - Throws: ``EngineError/foreign(kind:identity:owner:)``, ``EngineError/interrupted``.
    func checkOwnership(of old: ResourceRow, _ kind: AnyKind) async throws {
        guard old.settling != nil, old.immutableID == nil, kind.identification != .child else { return }
        var observation = try await patiently(kind) { try await kind.read(old.identity, .all, aws) }
        if case .settling = observation {
            switch try await settle(kind, old.identity, .all) {
            case .present(let found): observation = .present(found)
            case .settling: throw EngineError.interrupted
            }
        }
        guard case .present(let found) = observation, let tags = found.tags else { return }
        let owner = Ownership(tags: tags)
        guard owner?.lineage == executor.lineage, owner?.address == key.address else {
            throw foreign(kind, old.identity, found)
        }
    }

    /// Asks until nothing is there; returns AWS's word for what it is doing when the work was stopped meanwhile.
    private func waitUntilAbsent(_ kind: AnyKind, _ identity: String) async throws -> String? {
        var wait = max(kind.patience.interval, .milliseconds(100))
        var waited = Duration.zero
        while true {
            let status: String
            switch try await patiently(kind, { try await kind.read(identity, .only([]), aws) }) {
            case .absent: return nil
            case .settling(let word): status = word
            case .present: status = "still there"
            case .failed(let reason): throw EngineError.gaveUp(reason: reason)
            }
            guard waited < kind.patience.limit else {
                throw EngineError.didNotSettle(status: status, after: waited)
            }
            executor.report(.waiting(operation, why: status))
            do {
                try await executor.interruption.sleep(for: wait)
            } catch EngineError.interrupted {
                return status
            }
            waited += wait
            wait = min(wait * 1.5, kind.patience.interval * 8)
        }
    }
}
