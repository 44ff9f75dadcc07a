import SlipwayDeclaration
import SlipwayProvider
import SlipwayState

extension Performance {
    func update() async throws -> OperationResult {
        guard let old = values.rows[key] else { throw EngineError.unresolved(key.address, "its row") }
        return try await update(from: old, nonce: old.nonce)
    }

    /// Takes over what is there: from now on it is in the state, and an update brings the rest about.
    func adopt() async throws -> OperationResult {
        let kind = try kind()
        guard let identity = operation.identity else { throw EngineError.unresolved(key.address, "its identity") }
        let nonce = operation.nonce ?? Identifier.make()
        let old = row(
            kind, identity: identity, nonce: nonce, declared: .object([:]), attributes: .object(operation.attributes),
            immutableID: operation.immutableID, version: operation.version)
        return try await update(from: old, nonce: nonce)
    }

    private func update(from old: ResourceRow, nonce: String) async throws -> OperationResult {
        let kind = try kind()
        if operation.verb != .adopt { try await checkOwnership(of: old, kind) }
        let (stored, sent) = try resolved()
        // Of what is taken over nothing was declared, not even what every resource of the kind has to have.
        let previous =
            operation.verb == .adopt
            ? EncodedProperties(tree: .object([:]), marks: [:])
            : try kind.normal(kind.upgrade(try old.declared.tree(), old.schemaVersion))
        let wanted = try kind.normal(sent)
        let comparison = Comparison(
            desired: wanted, observed: operation.current ?? previous.tree, previous: previous,
            removals: kind.removals, ignored: operation.ignoreChanges)
        let record = try await begin(.update, kind: kind, identity: old.identity, input: stored, nonce: nonce)
        var attributes = try old.attributes.tree()
        var version = old.version
        var immutableID = operation.immutableID ?? old.immutableID
        do {
            if operation.verb == .adopt, operation.nonce == nil {
                let ownership = Ownership(
                    lineage: executor.lineage, address: key.address, generation: key.generation, nonce: nonce)
                try await patiently(kind) { try await kind.tag(old.identity, ownership.tags, aws) }
            }
            var settled = try await bringAbout(kind, old.identity, comparison, sent: sent, interest(stored))
            if settled == nil, kind.patience != .none || !kind.volatileAttributes.isEmpty {
                settled = try await settle(kind, old.identity, interest(stored))
            }
            if let settled {
                switch settled {
                case .present(let found):
                    attributes = found.attributes
                    version = found.version ?? version
                    immutableID = found.immutableID ?? immutableID
                case .settling(let status):
                    let row = row(
                        kind, identity: old.identity, nonce: nonce, declared: stored, attributes: attributes,
                        immutableID: immutableID, version: version, settling: status)
                    try await store.commit(end(record, .succeeded), .put(row))
                    return .settling(status)
                }
            }
        } catch let error as StateError {
            throw error
        } catch {
            // Some parts may have been set: all that were or are declared stay known, so that the next plan can
            // still reset what is no longer declared by then, and sends again what cannot be read back.
            let both = Overlay.unsure(try old.declared.tree(), stored, wanted.marks)
            // The version is forgotten, so that the next plan looks at what is there instead of trusting a list.
            let row = row(
                kind, identity: old.identity, nonce: nonce, declared: both, attributes: attributes,
                immutableID: immutableID, version: nil)
            try await store.commit(end(record, .failed, error), .put(row))
            throw error
        }
        let row = row(
            kind, identity: old.identity, nonce: nonce, declared: stored, attributes: attributes,
            immutableID: immutableID, version: version)
        try await store.commit(end(record, .succeeded), .put(row))
        values.set(key.address, attributes)
        return .succeeded
    }

    /// Brings the state up to date with what was found; nothing is sent.
    func record() async throws -> OperationResult {
        let kind = try kind()
        guard let old = values.rows[key] else { throw EngineError.unresolved(key.address, "its row") }
        let attributes = JSON.object(operation.attributes)
        let row = row(
            kind, identity: old.identity, nonce: old.nonce, declared: try resolved().stored, attributes: attributes,
            immutableID: operation.immutableID ?? old.immutableID, version: operation.version ?? old.version)
        try await store.commit(.put(row))
        values.set(key.address, attributes)
        return .succeeded
    }
}

/// Trees laid over each other.
enum Overlay {
    /// What is declared after an update that may have taken effect: all that was and all that is. What cannot be read
    /// back counts as it was before, so that it is sent again; unless only a create takes it, which is one call.
    static func unsure(_ old: JSON?, _ sent: JSON, _ marks: [PropertyPath: Set<Mark>]) -> JSON {
        var both = union(old ?? .object([:]), sent)
        for (path, mark) in marks where mark.contains(.writeOnly) && !mark.contains(.createOnly) && !path.contains("*") {
            both = both.setting(path, to: old?[path: path])
        }
        return both
    }

    /// All members of both; where both have one, the second's.
    static func union(_ first: JSON, _ second: JSON) -> JSON {
        guard case .object(let old) = first, case .object(let new) = second else { return second }
        return .object(old.merging(new) { union($0, $1) })
    }
}
