/// Why the local AWS cannot be used.
package enum LocalCloudError: Error, Hashable, Sendable {
    /// Its package is in none of these folders.
    case noPackage(searched: [String])
    /// There is no Python of the version that it needs; these were found instead, as (path, version).
    case noPython(needed: String, found: [String])
    case installFailed(log: String, lastLines: [String])
    /// The server ended before it was ready, or was not ready in time.
    case notStarted(log: String, lastLines: [String])
    case portTaken(Int)
    /// Another process holds the state and is no server that answers.
    case stateInUse(String)
    case notRunning(state: String)
    /// One of its commands failed.
    case failed(command: String, lastLines: [String])
    /// What it said of itself makes no sense.
    case unreadable(String)
    case folder(path: String, reason: String)
    case cannotRun(program: String, reason: String)
}
