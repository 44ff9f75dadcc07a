package import SlipwayState
import FoundationEssentials
import SlipwayDeclaration
import Synchronization

/// Keeps the ledger's record of one task.
///
/// Invariant: what a call returned from is durable. Calls come one after the other: a task is carried out by one task
/// of the language.
package final class TaskRecorder: Sendable {
    private let current: Mutex<(record: TaskRecord, notes: TaskNotes)>
    private let store: StateStore

    package init(_ record: TaskRecord, _ notes: TaskNotes, store: StateStore) {
        current = Mutex((record, notes))
        self.store = store
    }

    package var notes: TaskNotes { current.withLock { $0.notes } }

    package func note(_ change: (inout TaskNotes) -> Void) async throws { try await record { _, notes in change(&notes) } }

    /// Changes the record and the notes together.
    package func record(_ change: (inout TaskRecord, inout TaskNotes) -> Void) async throws {
        let record = current.withLock { current in
            change(&current.record, &current.notes)
            current.record.record = current.notes.stored
            return current.record
        }
        try await store.commit(.putTask(record))
    }
}

extension TaskNotes {
    /// The notes as they are stored.
    package var stored: StoredJSON {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        // Strings, finite numbers, lists and dictionaries always encode.
        let data = (try? encoder.encode(self)) ?? Data("{}".utf8)
        return StoredJSON(text: String(decoding: data, as: UTF8.self))
    }
}

extension TaskRecord {
    /// - Throws: ``StateError/damaged(path:reason:)`` when the record cannot be read.
    package func notes() throws -> TaskNotes {
        do { return try JSONDecoder().decode(TaskNotes.self, from: Data(record.text.utf8)) } catch {
            throw StateError.damaged(path: "run \(run), task \(name)", reason: "its record cannot be read: \(error)")
        }
    }
}
