import FoundationEssentials
import SlipwayAWS
import SlipwayDeclaration
import SlipwayProvider
import SlipwayState

/// One operation being carried out.
struct Performance {
    let executor: Executor
    let operation: Operation
    let apply: String
    let values: Values

    var store: StateStore { executor.store }
    var aws: AWSClient { executor.aws }
    var key: RowKey { operation.key }

    func run() async throws -> OperationResult {
        switch operation.verb {
        case .create: return try await create()
        case .update: return try await update()
        case .adopt: return try await adopt()
        case .delete: return try await delete()
        case .forget:
            try await store.commit(.remove(key))
            return .succeeded
        case .record: return try await record()
        }
    }

    // MARK: What every operation does

    func kind() throws -> AnyKind {
        guard let kind = executor.kinds[type: operation.kind] else {
            throw EngineError.unknownKind(operation.kind, key.address)
        }
        return kind
    }

    /// The declared properties with everything filled in, as they are stored and as they are sent.
    func resolved() throws -> (stored: JSON, sent: JSON) {
        let tree = operation.desired.resolved(values.value)
        if tree.hasExpressions {
            var missing = ""
            tree.visitExpressions { missing = $0.description }
            throw EngineError.unresolved(key.address, missing)
        }
        return (tree, tree.withFiles(executor.assets))
    }

    func begin(
        _ verb: OperationRecord.Verb, kind: AnyKind, identity: String?, input: JSON, nonce: String? = nil
    ) async throws -> OperationRecord {
        let stored = StoredJSON(input)
        let record = OperationRecord(
            id: Identifier.make(), apply: apply, key: key, kind: kind.type, verb: verb,
            account: executor.location.account, region: executor.location.region, identity: identity,
            immutableID: operation.immutableID, nonce: nonce ?? Identifier.make(), token: Identifier.make(),
            input: stored, digest: Digest.sha256(stored.text), dependencies: operation.dependencies,
            management: management(), schemaVersion: kind.schemaVersion, begunAt: now())
        if executor.recordsBegun { try await store.commit(.begin(record)) }
        return record
    }

    func end(_ record: OperationRecord, _ outcome: OperationRecord.Outcome, _ error: (any Error)? = nil) -> StateChange {
        .end(operation: record.id, outcome, message: error.map { "\($0)" }, at: now())
    }

    /// Sends a call again while AWS says that what it needs is not visible yet, or that something else is under way.
    ///
    /// The first waits are short, because a new role is mostly there within two seconds; then one every two seconds
    /// for as long as the slowest have been seen to take. Something that is busy is asked at growing distances for as
    /// long as the kind's changes take.
    ///
    /// - Parameters:
    ///   - retriesBusy: Whether something that is busy is asked again at all.
    ///   - isNew: The resource was made a moment ago: that what AWS named itself does not exist means that it is not
    ///     visible yet.
    func patiently<Value: Sendable>(
        _ kind: AnyKind, retriesBusy: Bool = true, isNew: Bool = false, _ call: @Sendable () async throws -> Value
    ) async throws -> Value {
        var unseenFor = Duration.zero
        if isNew, case .tagged(let bound) = kind.identification { unseenFor = bound }
        var waited = Duration.zero
        var attempt = 0
        while true {
            do {
                return try await call()
            } catch let error as AWSError {
                guard retriesBusy || error.kind != .busy,
                    let wait = Performance.wait(
                        for: error, attempt: attempt, waited: waited, kind.patience, unseenFor: unseenFor)
                else { throw error }
                executor.report(.waiting(operation, why: error.code))
                try await executor.interruption.sleep(for: wait)
                waited += wait
                attempt += 1
            }
        }
    }

    /// How long to wait before a refused call is sent again, or `nil` when it is not.
    ///
    /// - Parameter unseenFor: How long what the call is about may not be visible although it exists.
    static func wait(
        for error: AWSError, attempt: Int, waited: Duration, _ patience: Patience, unseenFor: Duration = .zero
    ) -> Duration? {
        let grid: [Duration] = [.milliseconds(250), .milliseconds(500), .seconds(1)]
        let soon = attempt < grid.count ? grid[attempt] : .seconds(2)
        switch error.kind {
        case .propagating: return waited < .seconds(120) ? soon : nil
        case .notFound: return waited < unseenFor ? soon : nil
        case .busy:
            return waited < max(.seconds(120), patience.limit) ? .seconds(min(1 << min(attempt, 4), 10)) : nil
        default: return nil
        }
    }

    /// Asks until the resource is there and at rest.
    ///
    /// - Returns: What is there, or AWS's word for what it is still doing when the work was stopped meanwhile.
    func settle(_ kind: AnyKind, _ identity: String, _ interest: Interest) async throws -> Settled {
        var wait = kind.patience.interval
        var waited = Duration.zero
        // A kind whose changes are complete at once may still be read from a place that has not heard of it.
        let limit = max(kind.patience.limit, .seconds(60))
        while true {
            let status: String
            switch try await patiently(kind, { try await kind.read(identity, interest, aws) }) {
            case .present(let found): return .present(found)
            case .failed(let reason): throw EngineError.gaveUp(reason: reason)
            case .settling(let word): status = word
            case .absent: status = "not visible yet"
            }
            guard waited < limit else { throw EngineError.didNotSettle(status: status, after: waited) }
            executor.report(.waiting(operation, why: status))
            do {
                try await executor.interruption.sleep(for: max(wait, .milliseconds(100)))
            } catch EngineError.interrupted {
                return .settling(status)
            }
            waited += max(wait, .milliseconds(100))
            wait = min(max(wait * 1.5, .milliseconds(200)), max(kind.patience.interval * 8, .seconds(2)))
        }
    }

    enum Settled {
        case present(AnyFound)
        case settling(String)
    }

    func row(
        _ kind: AnyKind, identity: String, nonce: String, declared: JSON, attributes: JSON,
        immutableID: String?, version: String?, settling: String? = nil
    ) -> ResourceRow {
        let old = values.rows[key]
        return ResourceRow(
            address: key.address, generation: key.generation, kind: kind.type, schemaVersion: kind.schemaVersion,
            account: executor.location.account, region: executor.location.region, identity: identity,
            immutableID: immutableID, version: version, nonce: nonce, declared: StoredJSON(declared),
            attributes: StoredJSON(attributes), dependencies: operation.dependencies, management: management(),
            settling: settling, createdAt: operation.verb == .create ? now() : old?.createdAt ?? now(),
            updatedAt: now())
    }

    private func management() -> StoredManagement {
        var management = operation.management
        if operation.verb == .create || operation.verb == .adopt || operation.verb == .record
            || !operation.replaceWhen.isEmpty
        {
            management.replaceWhen = operation.replaceWhen.map { $0.resolved(values.value).spelling }
        }
        return management
    }

    /// The names of the properties that are declared or were, which a read must look at.
    func interest(_ trees: JSON...) -> Interest {
        var names: Set<String> = []
        for tree in trees { names.formUnion(tree.object.map { Set($0.keys) } ?? []) }
        return .only(names)
    }

    func now() -> Double { Date().timeIntervalSince1970 }
}
