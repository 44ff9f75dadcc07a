package import SlipwayAWS
package import SlipwayDeclaration
package import SlipwayProvider
package import SlipwayState
import FoundationEssentials

/// How much of AWS a plan looks at.
package enum RefreshMode: String, Hashable, Sendable, CaseIterable {
    /// Everything that the state knows.
    case full
    /// What the plan would change.
    case minimal
    /// Nothing: the state is believed.
    case none
}

/// What a process keeps others from while it works.
package enum Hold: Hashable, Sendable {
    /// Changing the state: one apply at a time.
    case state
    /// Running pipelines: one run at a time, while applies may go on.
    case runs
}

/// One stack in one environment on one target, with its state held.
///
/// The lock is held as long as the value lives.
package final class Deployment: Sendable {
    package let kinds: KindTable
    package let tasks: TaskChecks
    package let store: StateStore
    package let aws: AWSClient
    package let location: Location
    package let header: StateHeader
    package let folder: String
    package let assets: AssetFolder
    package let environment: [String: String]
    /// See ``Opening/directory``.
    package let directory: String
    package let parallelism: Int
    /// See ``Executor/recordsBegun``.
    package let recordsBegun: Bool
    private let lock: StateLock?

    /// What a deployment is opened with.
    package struct Opening: Sendable {
        package var kinds: KindTable
        /// The kinds of task that the tool knows; empty leaves tasks unchecked.
        package var tasks: TaskChecks = [:]
        package var key: StateKey
        /// The folder of all states.
        package var folder: String
        package var assets: AssetFolder
        /// Environment variables, for secrets.
        package var environment: [String: String] = [:]
        /// The folder to which paths in a stack are relative: the one in which the command was started.
        package var directory = FileManager.default.currentDirectoryPath
        /// `user@host`
        package var who: String
        package var command: String
        package var hold = Hold.state
        /// How long to wait for another process's lock.
        package var lockTimeout: Duration = .zero
        package var parallelism = 16
        package var recordsBegun = true
        package var onCommit: (@Sendable (StateStore.CommitPhase) -> Void)?
        /// Called once when another process holds the lock and it is waited for.
        package var onWait: @Sendable (LockHolder?) -> Void = { _ in }

        package init(
            kinds: KindTable, key: StateKey, folder: String, assets: AssetFolder, who: String, command: String
        ) {
            self.kinds = kinds
            self.key = key
            self.folder = folder
            self.assets = assets
            self.who = who
            self.command = command
        }
    }

    /// Takes the lock, opens the state and finds out which account it is about.
    ///
    /// - Parameter identifies: Whether to ask AWS which account this is; otherwise the state is believed.
    /// - Throws: `StateError` when the state is locked, damaged or newer, ``EngineError/otherAccount(expected:found:)``,
    ///   ``EngineError/otherInstallation(expected:found:state:)``, `AWSError`.
    package init(_ opening: Opening, aws: AWSClient, identifies: Bool = true) async throws {
        lock = try await Deployment.lock(opening)
        store = try StateStore(
            folder: opening.folder, key: opening.key, lineage: Identifier.make(),
            secretKey: Identifier.make() + Identifier.make(), onCommit: opening.onCommit)
        let header = try await store.read(.header)
        var aws = aws
        if let account = header.account, !identifies {
            aws = aws.assuming(account: account)
        } else {
            aws = try await aws.identified()
        }
        if let account = header.account, account != aws.account {
            throw EngineError.otherAccount(expected: account, found: aws.account)
        }
        try await Deployment.check(aws.installation, header, store)
        self.aws = aws
        self.header = header
        kinds = opening.kinds
        tasks = opening.tasks
        folder = opening.folder
        assets = opening.assets
        environment = opening.environment
        directory = opening.directory
        parallelism = opening.parallelism
        recordsBegun = opening.recordsBegun
        location = Location(partition: aws.partition, account: aws.account, region: aws.region)
    }

    /// Takes the lock of a state, waiting for it as long as was asked for.
    /// - Throws: `StateError.locked(path:holder:)`.
    package static func lock(_ opening: Opening) async throws -> StateLock {
        let ending = opening.hold == .runs ? ".runs" : ""
        let path = try StateStore.lockPath(folder: opening.folder, key: opening.key) + ending
        let holder = LockHolder(
            who: opening.who, process: Int(ProcessInfo.processInfo.processIdentifier), command: opening.command,
            since: Date().timeIntervalSince1970)
        let start = ContinuousClock.now
        var told = false
        while true {
            do {
                return try StateLock(path: path, holder: holder)
            } catch let error as StateError {
                guard case .locked(_, let other) = error, ContinuousClock.now - start < opening.lockTimeout else {
                    throw error
                }
                if !told { opening.onWait(other) }
                told = true
                try await Task.sleep(for: .milliseconds(200))
            }
        }
    }

    /// Makes sure that what the state lists is in this AWS. A state that lists nothing may go on with another.
    /// - Throws: ``EngineError/otherInstallation(expected:found:state:)``.
    private static func check(_ found: String?, _ header: StateHeader, _ store: StateStore) async throws {
        guard let expected = header.installation, let found, expected != found else { return }
        let rows = try await store.read(.rows)
        let doubtful = try await store.read(.inDoubt)
        guard rows.isEmpty, doubtful.isEmpty else {
            throw EngineError.otherInstallation(expected: expected, found: found, state: store.path)
        }
    }

    // MARK: Recovery

    /// Settles what an earlier apply left in doubt.
    /// - Returns: What became of each operation; the undecided ones are still in doubt.
    package func recover() async throws -> [(record: OperationRecord, decision: Recovery.Decision)] {
        guard try await !store.read(.inDoubt).isEmpty else { return [] }
        let environment = environment
        let recovery = Recovery(
            kinds: kinds, store: store, aws: aws, lineage: header.lineage,
            secrets: { source in
                if case .environment(let name) = source { environment[name] } else { nil }
            })
        return try await recovery.run()
    }

    // MARK: Plan

    /// Plans to bring AWS to a declared graph; or, without one, to take everything down.
    ///
    /// - Throws: `InvalidDeclaration` with all mistakes of the graph, ``EngineError``, `AWSError`, `StateError`.
    package func plan(
        _ graph: StackGraph?, _ options: PlanOptions = PlanOptions(), refresh: RefreshMode = .full
    ) async throws -> Plan {
        let preparation = try await prepare(graph)
        let rows = try await store.read(.rows)
        var input = PlanInput(
            key: store.key, location: location, header: try await store.read(.header),
            graph: preparation.graph, rows: rows, outputs: try await store.read(.outputs),
            foreignOutputs: try await foreignOutputs(preparation.graph),
            consumers: try await consumers(), digests: preparation.files.mapValues(\.digest),
            fingerprints: preparation.fingerprints(key: header.secretKey), options: options)
        let planner = Planner(kinds: kinds)
        let first = try planner.plan(input)
        guard refresh != .none else { return first }
        let subjects = subjects(first, rows, refresh)
        let findings = try await Refresher(kinds: kinds, aws: aws, parallelism: parallelism).look(
            for: Array(subjects.rows.values) + Array(subjects.strangers.values))
        for (key, subject) in subjects.rows { input.observations[key] = findings[subject] }
        for (address, subject) in subjects.strangers { input.strangers[address] = findings[subject] }
        var plan = try planner.plan(input)
        for kind in findings.deniedLists { plan.warnings.append(Warning(subject: kind, cause: .listDenied(kind: kind))) }
        return plan
    }

    /// What is to be looked up: rows by their keys, and resources that are not in the state by their addresses.
    private func subjects(
        _ plan: Plan, _ rows: [ResourceRow], _ refresh: RefreshMode
    ) -> (rows: [RowKey: Refresher.Subject], strangers: [Address: Refresher.Subject]) {
        let touched = Set(plan.operations.map(\.key))
        let desired = Dictionary(plan.operations.map { ($0.key.address, $0.desired) }) { first, _ in first }
        var known: [RowKey: Refresher.Subject] = [:]
        for row in rows where refresh == .full || touched.contains(row.key) {
            var names = Set((try? row.declared.tree().object?.keys).map(Array.init) ?? [])
            names.formUnion(desired[row.address]?.object.map { Array($0.keys) } ?? [])
            known[row.key] = Refresher.Subject(
                kind: row.kind, identity: row.identity, names: names, version: row.version)
        }
        let addresses = Set(rows.map(\.address))
        var strangers: [Address: Refresher.Subject] = [:]
        for operation in plan.operations where operation.verb == .create && !addresses.contains(operation.key.address) {
            guard let identity = operation.identity, let kind = kinds[type: operation.kind] else { continue }
            switch kind.identification {
            case .named, .namedGlobally, .marked:
                strangers[operation.key.address] = Refresher.Subject(
                    kind: operation.kind, identity: identity,
                    names: Set(operation.desired.object.map { Array($0.keys) } ?? []))
            case .token, .tagged, .child: continue
            }
        }
        return (known, strangers)
    }

    // MARK: Apply

    /// Carries a plan out and proves that AWS agrees.
    ///
    /// The plan is all that is needed: assets and secrets are read again, and must be those that were planned.
    ///
    /// - Parameter command: The word for the history.
    /// - Throws: ``EngineError/stalePlan(_:)`` when the state, an asset or a secret is another than when the plan was
    ///   made, ``EngineError/planBelongsElsewhere(what:expected:found:)``.
    package func apply(
        _ plan: Plan, command: String, who: String, interruption: Interruption,
        report: @escaping @Sendable (Event) -> Void
    ) async throws -> Outcome {
        let header = try await store.read(.header)
        try check(plan, header: header)
        let (files, secrets) = try await materials(of: plan, secretKey: header.secretKey)
        let record = ApplyRecord(
            id: Identifier.make(), command: command, startedAt: Date().timeIntervalSince1970, who: who)
        var first: [StateChange] = [.beginApply(record)]
        if header.account == nil { first.append(.pinAccount(location.account)) }
        if let installation = aws.installation, installation != header.installation {
            first.append(.pinInstallation(installation))
        }
        try await store.commit(first)
        let executor = Executor(
            kinds: kinds, store: store, aws: aws, location: location, lineage: header.lineage,
            secrets: secrets, assets: files, interruption: interruption,
            parallelism: parallelism, recordsBegun: recordsBegun, report: report)
        var outcome = try await executor.run(plan, apply: record.id)
        if !interruption.isRequested {
            do {
                outcome.unconverged = try await prove(outcome, interruption)
            } catch let error as AWSError {
                // Everything is done and recorded; only the last look failed.
                outcome.proofError = error
            }
        }
        try await store.commit(
            .endApply(id: record.id, summary: outcome.line, at: Date().timeIntervalSince1970))
        return outcome
    }

    /// Makes sure that a plan is for this state as it is now.
    /// - Throws: ``EngineError/stalePlan(_:)``, ``EngineError/planBelongsElsewhere(what:expected:found:)``,
    ///   ``EngineError/otherAccount(expected:found:)``.
    package func check(_ plan: Plan, header: StateHeader) throws {
        guard plan.lineage == header.lineage else {
            throw EngineError.planBelongsElsewhere(what: "lineage", expected: header.lineage, found: plan.lineage)
        }
        guard plan.key == store.key else {
            throw EngineError.planBelongsElsewhere(
                what: "stack", expected: store.key.path, found: plan.key.path)
        }
        guard plan.serial == header.serial else {
            throw EngineError.stalePlan(.state(planned: plan.serial, found: header.serial))
        }
        guard plan.location.account == location.account else {
            throw EngineError.otherAccount(expected: plan.location.account, found: location.account)
        }
        guard plan.location.region == location.region else {
            throw EngineError.planBelongsElsewhere(
                what: "region", expected: location.region, found: plan.location.region)
        }
    }
}

extension Outcome {
    /// What was done, as a line such as `3 created, 1 failed`.
    package var line: String {
        var parts: [String] = []
        for (verb, word) in [
            (Operation.Verb.create, "created"), (.update, "updated"), (.adopt, "adopted"), (.delete, "deleted"),
            (.forget, "forgotten"),
        ] {
            let count = succeeded.count { $0.verb == verb }
            if count > 0 { parts.append("\(count) \(word)") }
        }
        for (count, word) in [
            (settling.count, "settling"), (failed.count, "failed"), (inDoubt.count, "in doubt"),
            (notAttempted.count, "not attempted"),
        ] where count > 0 { parts.append("\(count) \(word)") }
        return parts.isEmpty ? "nothing to do" : parts.joined(separator: ", ")
    }
}
