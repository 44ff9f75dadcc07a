package import SlipwayAWS
package import SlipwayDeclaration
package import SlipwayProvider
package import SlipwayState
import FoundationEssentials

/// Settles operations that were begun and have no outcome: from the journal and AWS, never from the declaration.
package struct Recovery: Sendable {
    package let kinds: KindTable
    package let store: StateStore
    package let aws: AWSClient
    package let lineage: String
    /// How long a create's call can last and still succeed.
    package let longestCall: Duration
    package let secrets: @Sendable (Secret.Source) -> String?

    package init(
        kinds: KindTable, store: StateStore, aws: AWSClient, lineage: String,
        longestCall: Duration = .seconds(120), secrets: @escaping @Sendable (Secret.Source) -> String? = { _ in nil }
    ) {
        self.kinds = kinds
        self.store = store
        self.aws = aws
        self.lineage = lineage
        self.longestCall = longestCall
        self.secrets = secrets
    }

    /// What became of an operation.
    package enum Decision: Hashable, Sendable {
        /// It took effect; the state says so now.
        case happened
        /// It had no effect.
        case nothingHappened
        /// What is there belongs to somebody else, so it cannot have taken effect.
        case foreign(owner: String?)
        /// A create with a client token is to be sent again.
        case sendAgain
        /// It cannot be told yet, for the reason given.
        case undecided(String)
    }

    /// Decides what became of an operation from what AWS has now.
    ///
    /// | begun | class | AWS has | decision |
    /// |---|---|---|---|
    /// | create | token | anything | send again, with the same token |
    /// | create | tagged | nothing with our nonce, too early to tell | undecided |
    /// | create | any other | nothing | nothing happened |
    /// | create | child | something | happened: it is ours under an owned parent |
    /// | create | any other | something with our nonce | happened |
    /// | create | any other | something else | foreign |
    /// | update | any | nothing | nothing happened: the next plan makes it anew |
    /// | update | any | something | happened, perhaps in part: the next plan compares |
    /// | delete | any | nothing, or another immutable id | happened |
    /// | delete | any | something | nothing happened |
    package static func decide(
        _ record: OperationRecord, _ identification: Identification, _ observation: AnyObservation, lineage: String,
        elapsed: Duration, longestCall: Duration
    ) -> Decision {
        switch record.verb {
        case .create:
            switch observation {
            case .absent, .failed:
                if case .absent = observation, case .tagged(let bound) = identification {
                    guard elapsed > longestCall + bound else {
                        return .undecided("what it may have made can still become visible")
                    }
                }
                if case .failed = observation { return .happened }
                return identification == .token ? .sendAgain : .nothingHappened
            case .settling: return .happened
            case .present(let found):
                if identification == .child { return .happened }
                let owner = found.tags.flatMap(Ownership.init)
                if owner?.nonce == record.nonce { return .happened }
                if found.tags == nil { return .undecided("its tags cannot be read") }
                if owner?.lineage == lineage, owner?.address == record.key.address { return .happened }
                return .foreign(owner: owner?.lineage)
            }
        case .update:
            if case .absent = observation { return .nothingHappened }
            return .happened
        case .delete:
            switch observation {
            case .absent: return .happened
            case .present(let found):
                if let before = record.immutableID, let now = found.immutableID, before != now { return .happened }
                return .nothingHappened
            case .settling, .failed: return .nothingHappened
            }
        }
    }

    /// Settles everything that is in doubt.
    ///
    /// - Returns: Each operation and what became of it. Those that are undecided stay in doubt.
    /// - Throws: `AWSError` when AWS cannot be asked, `StateError` when the state cannot be written.
    package func run() async throws -> [(record: OperationRecord, decision: Decision)] {
        var results: [(OperationRecord, Decision)] = []
        for record in try await store.read(.inDoubt) {
            guard let kind = kinds[type: record.kind] else {
                throw EngineError.unknownKind(record.kind, record.key.address)
            }
            results.append((record, try await settle(record, kind)))
        }
        return results
    }

    private func settle(_ record: OperationRecord, _ kind: AnyKind) async throws -> Decision {
        var identity = record.identity
        if identity == nil, case .tagged = kind.identification { identity = try await kind.find(record.nonce, aws) }
        var observation = AnyObservation.absent
        if let identity { observation = try await kind.read(identity, .all, aws) }
        let now = Date().timeIntervalSince1970
        var decision = Recovery.decide(
            record, kind.identification, observation, lineage: lineage,
            elapsed: .seconds(now - record.begunAt), longestCall: longestCall)
        if decision == .sendAgain {
            (decision, identity, observation) = try await sendAgain(record, kind)
        }
        var changes: [StateChange] = []
        switch decision {
        case .undecided, .sendAgain: return decision
        case .nothingHappened:
            changes = [.end(operation: record.id, .nothingHappened, message: "found after a stop", at: now)]
        case .foreign:
            changes = [
                .end(operation: record.id, .nothingHappened, message: "found somebody else's in its place", at: now)
            ]
        case .happened:
            changes = [.end(operation: record.id, .succeeded, message: "found after a stop", at: now)]
            if record.verb == .delete {
                changes.append(.remove(record.key))
            } else if let identity {
                changes.append(.put(try await row(record, kind, identity, observation, now)))
            }
        }
        try await store.commit(changes)
        return decision
    }

    /// Sends a create with a client token again: AWS answers as it did, or would have.
    private func sendAgain(
        _ record: OperationRecord, _ kind: AnyKind
    ) async throws -> (Decision, String?, AnyObservation) {
        let input = try record.input.tree()
        var values: SecretValues = [:]
        var missing: Secret.Source?
        input.visitSecrets { source in
            if let value = secrets(source) { values[source] = value } else { missing = source }
        }
        if let missing { return (.undecided("the secret \(missing) is needed to send it again"), nil, .absent) }
        let creation = Creation(
            name: record.key.address.description,
            location: Location(partition: aws.partition, account: record.account, region: record.region),
            ownership: Ownership(
                lineage: lineage, address: record.key.address, generation: record.key.generation,
                nonce: record.nonce),
            token: record.token)
        let created = try await kind.create(input, values, creation, aws)
        return (.happened, created.identity, try await kind.read(created.identity, .all, aws))
    }

    /// The row of what a create or update left. What was sent counts as declared, although perhaps not all of it took
    /// effect: the next plan compares it with AWS, and can reset what is declared no more. What cannot be read back
    /// counts as it was before, so that it is sent again.
    private func row(
        _ record: OperationRecord, _ kind: AnyKind, _ identity: String, _ observation: AnyObservation, _ now: Double
    ) async throws -> ResourceRow {
        let old = try await store.read(.rows).first { $0.key == record.key }
        let input = try record.input.tree()
        let marks = (try? kind.normal(input).marks) ?? [:]
        let declared = Overlay.unsure(try old?.declared.tree(), input, marks)
        var row = ResourceRow(
            address: record.key.address, generation: record.key.generation, kind: record.kind,
            schemaVersion: record.schemaVersion, account: record.account, region: record.region, identity: identity,
            nonce: record.nonce, declared: StoredJSON(declared), attributes: StoredJSON(.object([:])),
            dependencies: record.dependencies, management: record.management,
            createdAt: old?.createdAt ?? record.begunAt, updatedAt: now)
        switch observation {
        case .present(let found):
            row.attributes = StoredJSON(found.attributes)
            row.immutableID = found.immutableID
            // The version stays unknown: what was sent may not be what is there, so the next plan must look, where a
            // list that finds the version known would say that nothing changed.
            if let nonce = found.tags.flatMap(Ownership.init)?.nonce { row.nonce = nonce }
        case .settling(let status):
            row.settling = status
            row.attributes = old?.attributes ?? row.attributes
            row.immutableID = record.immutableID
        case .failed: row.tainted = true
        case .absent: break
        }
        return row
    }
}
