import SlipwayAWS
import SlipwayDeclaration
import SlipwayProvider
import SlipwayState

extension Performance {
    func create() async throws -> OperationResult {
        let kind = try kind()
        let (stored, sent) = try resolved()
        let name = try operation.name ?? kind.fixedName(stored)?.literal ?? madeName(kind)
        let identity = try kind.identity(stored, name)?.literal
        let record = try await begin(.create, kind: kind, identity: identity, input: stored)
        let creation = Creation(
            name: name, location: executor.location,
            ownership: Ownership(
                lineage: executor.lineage, address: key.address, generation: key.generation, nonce: record.nonce),
            token: record.token)
        let created: AnyCreated
        do {
            created = try await make(kind, sent, creation, identity, record)
        } catch EngineError.inDoubt(let kind, let identity, let cause) {
            throw EngineError.inDoubt(kind: kind, identity: identity, cause: cause)
        } catch {
            try await store.commit(end(record, .nothingHappened, error))
            throw error
        }
        if created.identity != identity {
            try await store.commit(.identify(operation: record.id, identity: created.identity))
        }
        return try await complete(kind, created, record, stored: stored, sent: sent)
    }

    /// Brings about what the create's one call did not, waits until it is at rest, and records the outcome.
    private func complete(
        _ kind: AnyKind, _ created: AnyCreated, _ record: OperationRecord, stored: JSON, sent: JSON
    ) async throws -> OperationResult {
        var done = created.properties
        var found = AnyFound(
            properties: created.properties, attributes: created.attributes ?? .object([:]),
            immutableID: created.immutableID, version: created.version)
        do {
            let wanted = try kind.normal(sent)
            var comparison = Comparison(desired: wanted, observed: created.properties)
            let isWhole = Difference(comparison).isEmpty
            var settled: Settled?
            if !isWhole {
                if kind.patience != .none {
                    switch try await settle(kind, created.identity, interest(stored)) {
                    case .present(let now):
                        // What cannot be read back is as the create says.
                        comparison.previous = EncodedProperties(tree: created.properties, marks: wanted.marks)
                        comparison.observed = now.properties
                        comparison.unread = now.unread
                        settled = .present(now)
                    case .settling(let status):
                        return try await stopped(kind, created, record, stored, done, status)
                    }
                }
                settled = try await bringAbout(
                    kind, created.identity, comparison, sent: sent, interest(stored), isNew: true) ?? settled
            }
            done = stored
            if settled == nil,
                created.attributes == nil || kind.patience != .none || (!isWhole && !kind.volatileAttributes.isEmpty)
            {
                settled = try await settle(kind, created.identity, interest(stored))
            }
            switch settled {
            case .present(let now): found = now
            case .settling(let status): return try await stopped(kind, created, record, stored, done, status)
            case nil: break
            }
        } catch let error as StateError {
            throw error
        } catch {
            // It exists, in part. The row says what was brought about, so that the next plan does the rest.
            var partial = row(
                kind, identity: created.identity, nonce: record.nonce, declared: done, attributes: found.attributes,
                immutableID: found.immutableID, version: found.version)
            if case EngineError.gaveUp = error { partial.tainted = true }
            try await store.commit(end(record, .failed, error), .put(partial))
            throw error
        }
        let row = row(
            kind, identity: created.identity, nonce: record.nonce, declared: stored, attributes: found.attributes,
            immutableID: found.immutableID ?? created.immutableID, version: found.version ?? created.version)
        try await store.commit(end(record, .succeeded), .put(row))
        values.set(key.address, found.attributes)
        return .succeeded
    }

    /// Records that AWS is still at work on it.
    private func stopped(
        _ kind: AnyKind, _ created: AnyCreated, _ record: OperationRecord, _ stored: JSON, _ declared: JSON,
        _ status: String
    ) async throws -> OperationResult {
        let row = row(
            kind, identity: created.identity, nonce: record.nonce, declared: declared,
            attributes: created.attributes ?? .object([:]), immutableID: created.immutableID,
            version: created.version, settling: status)
        try await store.commit(end(record, .succeeded), .put(row))
        return .settling(status)
    }

    /// Sends the create, and finds out what became of it when the answer does not tell.
    private func make(
        _ kind: AnyKind, _ properties: JSON, _ creation: Creation, _ identity: String?, _ record: OperationRecord
    ) async throws -> AnyCreated {
        if kind.identification == .namedGlobally, let identity {
            // A create can succeed on what exists already, so it is not sent before nothing is there.
            if case .present(let found) = try await patiently(kind, { try await kind.read(identity, .only([]), aws) }) {
                guard isOurs(found, record.nonce) else { throw foreign(kind, identity, found) }
            }
        }
        var resends = 0
        while true {
            do {
                let created = try await patiently(kind) {
                    try await kind.create(properties, executor.secrets, creation, aws)
                }
                if kind.identification == .namedGlobally {
                    // A 200 without our nonce is what AWS says to the owner of an older bucket.
                    if case .present(let found) = try await settle(kind, created.identity, .only(["Tags"])),
                        !isOurs(found, record.nonce)
                    {
                        throw foreign(kind, created.identity, found)
                    }
                }
                return created
            } catch let error as AWSError where error.mayHaveHappened || error.kind == .alreadyExists {
                if let found = try await lookForCreated(kind, identity, record, error) { return found }
                // It is certain that nothing is there under a name that only one can have, or the token makes a
                // second create the first again.
                guard resends < 2, error.mayHaveHappened, canResend(kind) else {
                    throw error.mayHaveHappened
                        ? EngineError.inDoubt(kind: kind.type, identity: identity, cause: "\(error)") : error
                }
                resends += 1
                try await executor.interruption.sleep(for: .seconds(1 << resends))
            }
        }
    }

    private func canResend(_ kind: AnyKind) -> Bool {
        switch kind.identification {
        case .named, .namedGlobally, .token, .child, .marked: true
        case .tagged: false
        }
    }

    /// What a create whose answer was lost or that met something made; `nil` when nothing is there.
    ///
    /// - Throws: ``EngineError/foreign(kind:identity:owner:)`` when what is there is not ours, and
    ///   ``EngineError/inDoubt(kind:identity:cause:)`` when it cannot be looked at.
    private func lookForCreated(
        _ kind: AnyKind, _ identity: String?, _ record: OperationRecord, _ cause: AWSError
    ) async throws -> AnyCreated? {
        do {
            let wanted: String?
            if case .tagged = kind.identification {
                wanted = try await patiently(kind) { try await kind.find(record.nonce, aws) }
            } else {
                wanted = identity
            }
            guard let wanted else { return nil }
            var observation = try await patiently(kind) { try await kind.read(wanted, .all, aws) }
            if case .settling = observation {
                // Only what is at rest tells whose it is.
                switch try await settle(kind, wanted, .all) {
                case .present(let found): observation = .present(found)
                case .settling(let status):
                    throw EngineError.inDoubt(
                        kind: kind.type, identity: identity, cause: "\(cause); AWS is still at work on it: \(status)")
                }
            }
            switch observation {
            case .absent, .settling: return nil
            case .failed(let reason): throw EngineError.gaveUp(reason: reason)
            case .present(let found):
                guard kind.identification == .child || isOurs(found, record.nonce) else {
                    throw foreign(kind, wanted, found)
                }
                return AnyCreated(
                    identity: wanted, properties: found.properties, attributes: found.attributes,
                    immutableID: found.immutableID, version: found.version)
            }
        } catch let error as AWSError {
            guard cause.mayHaveHappened else { throw cause }
            throw EngineError.inDoubt(
                kind: kind.type, identity: identity, cause: "\(cause); looking for it: \(error)")
        }
    }

    private func isOurs(_ found: AnyFound, _ nonce: String) -> Bool {
        found.tags.flatMap(Ownership.init)?.nonce == nonce
    }

    func foreign(_ kind: AnyKind, _ identity: String, _ found: AnyFound) -> EngineError {
        .foreign(kind: kind.type, identity: identity, owner: found.tags.flatMap(Ownership.init)?.lineage)
    }

    private func madeName(_ kind: AnyKind) -> String {
        PhysicalName.make(
            stack: store.key.stack, environment: store.key.environment, address: key.address,
            generation: key.generation, location: executor.location, kind: kind)
    }
}

extension AnyCreated {
    init(
        identity: String, properties: JSON, attributes: JSON? = nil, immutableID: String? = nil,
        version: String? = nil
    ) {
        self.identity = identity
        self.properties = properties
        self.attributes = attributes
        self.immutableID = immutableID
        self.version = version
    }
}
