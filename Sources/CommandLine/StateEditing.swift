import FoundationEssentials
import SlipwayAWS
import SlipwayEngine
import SlipwayState

/// A state that is locked to be edited by hand.
struct StateEditing {
    let store: StateStore
    /// Held as long as this value.
    private let lock: StateLock

    fileprivate init(store: StateStore, lock: StateLock) {
        self.store = store
        self.lock = lock
    }

    /// Makes changes durable, with a line in the history.
    func commit(_ changes: [StateChange], _ summary: String, _ session: Session) async throws {
        let now = session.program.surroundings.now().timeIntervalSince1970
        let record = ApplyRecord(
            id: Identifier.make(), command: "state", startedAt: now, who: session.program.user)
        try await store.commit(
            [.beginApply(record)] + changes + [.endApply(id: record.id, summary: summary, at: now)])
    }
}

extension Session {
    /// Locks a state that is there.
    /// - Throws: ``CommandLineError/inDoubt(_:)`` while it has operations without an outcome: they know their addresses.
    func edit(_ stack: StackOptions, _ working: WorkingOptions, command: String) async throws -> StateEditing {
        let store = try store(stack)
        let lock = try await Deployment.lock(opening(stack, Purpose(command, working)))
        let doubtful = try await store.read(.inDoubt)
        guard doubtful.isEmpty else { throw CommandLineError.inDoubt(doubtful.map(\.key.description)) }
        return StateEditing(store: store, lock: lock)
    }
}
