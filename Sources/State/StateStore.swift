import SlipwayDeclaration
import FoundationEssentials

/// The state of one stack in one environment on one target: an SQLite file that is never rewritten in place.
///
/// Invariants:
/// - What ``commit(_:)`` returned from is durable: it survives the process and the machine.
/// - Changes that arrive while another commit is being written are committed together, in the order they came.
/// - The serial rises with every commit that a plan could depend on, so that a saved plan knows whether it is stale.
package actor StateStore {
    package nonisolated let path: String
    package nonisolated let key: StateKey
    private let database: SQLite
    private var pending: [Pending] = []
    private var isFlushing = false
    private let onCommit: (@Sendable (CommitPhase) -> Void)?

    /// Before and after a commit, for tests that kill the process there.
    package enum CommitPhase: Sendable { case before, after }

    private struct Pending {
        let changes: [StateChange]
        let continuation: CheckedContinuation<Void, any Error>
    }

    /// Opens the state of `key` below a folder, making it if there is none.
    ///
    /// - Parameters:
    ///   - lineage: The lineage to give a state that is being made: 32 hexadecimal digits.
    ///   - secretKey: The key for fingerprints of secrets in a state that is being made: 64 hexadecimal digits.
    /// - Throws: ``StateError`` when the file is damaged, newer, or belongs to something else.
    package init(
        folder: String, key: StateKey, lineage: String, secretKey: String,
        onCommit: (@Sendable (CommitPhase) -> Void)? = nil
    ) throws {
        let path = "\(folder)/\(key.path)"
        try StateStore.makeFolder(of: path)
        self.path = path
        self.key = key
        self.onCommit = onCommit
        let sqlite = try SQLite(path: path)
        do {
            try Schema.prepare(sqlite, path: path, key: key, lineage: lineage, secretKey: secretKey)
        } catch StateError.database(let code, let message, _) where Schema.isDamage(code) {
            throw StateError.damaged(path: path, reason: message)
        }
        database = sqlite
    }

    /// Whether there is a state of `key` below a folder.
    package static func exists(folder: String, key: StateKey) -> Bool {
        FileManager.default.fileExists(atPath: "\(folder)/\(key.path)")
    }

    /// Where the lock of a state is.
    package static func lockPath(folder: String, key: StateKey) throws -> String {
        let path = "\(folder)/\(key.path)"
        try makeFolder(of: path)
        return path + ".lock"
    }

    /// Makes changes durable, together.
    package func commit(_ changes: StateChange...) async throws { try await commit(changes) }

    /// Makes changes durable, together.
    package func commit(_ changes: [StateChange]) async throws {
        guard !changes.isEmpty else { return }
        try await withCheckedThrowingContinuation { continuation in
            pending.append(Pending(changes: changes, continuation: continuation))
            guard !isFlushing else { return }
            isFlushing = true
            Task { await flush() }
        }
    }

    private func flush() async {
        while !pending.isEmpty {
            let batch = pending
            pending = []
            onCommit?(.before)
            let result = Result { try write(batch.flatMap(\.changes)) }
            onCommit?(.after)
            for waiting in batch { waiting.continuation.resume(with: result) }
            // Lets those who were told go on, and put their next changes into the next batch.
            await Task.yield()
        }
        isFlushing = false
    }

    private func write(_ changes: [StateChange]) throws {
        try database.run("begin immediate")
        do {
            for change in changes { try change.write(to: database) }
            if changes.contains(where: \.concernsPlans) {
                try database.run("update meta set value = value + 1 where key = 'serial'")
            }
            try database.run("commit")
        } catch {
            // The error that stopped the transaction is the one to tell; a rollback after a full disk may fail too.
            try? database.run("rollback")
            throw error
        }
    }

    /// Reads from the state as it is now.
    package func read<Value>(_ query: StateQuery<Value>) throws -> Value {
        do {
            return try query.run(database)
        } catch StateError.database(let code, let message, _) where Schema.isDamage(code) {
            throw StateError.damaged(path: path, reason: message)
        }
    }

    private static func makeFolder(of path: String) throws {
        let folder = path.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
        do {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        } catch {
            throw StateError.file(path: folder, reason: "\(error)")
        }
    }
}

extension StateStore {
    /// The keys of all states below a folder, sorted by path.
    package static func keys(folder: String) throws -> [StateKey] {
        func names(_ path: String) -> [String] {
            // A folder that is not there holds no states.
            ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted()
        }
        var keys: [StateKey] = []
        for target in names(folder) {
            for stack in names("\(folder)/\(target)") {
                for file in names("\(folder)/\(target)/\(stack)") where file.hasSuffix(".sqlite") {
                    keys.append(StateKey(stack: stack, environment: String(file.dropLast(7)), target: target))
                }
            }
        }
        return keys
    }
}
