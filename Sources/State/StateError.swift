/// Why the state could not be read or written.
package enum StateError: Error, Hashable, Sendable {
    /// SQLite failed; `doing` is the statement's verb.
    case database(code: Int32, message: String, doing: String)
    /// The file is no state of ours, or broken.
    case damaged(path: String, reason: String)
    /// A newer version of the tool wrote the file.
    case newerFormat(path: String, found: Int, known: Int)
    /// The state belongs to something else than what was asked for.
    case belongsElsewhere(path: String, what: String, expected: String, found: String)
    /// Another process holds the lock.
    case locked(path: String, holder: LockHolder?)
    /// A file or folder could not be made, read or locked.
    case file(path: String, reason: String)
    /// There is no such row.
    case noSuchResource(String, known: [String])
    /// The move would put two resources at one address.
    case addressTaken(String)
}
