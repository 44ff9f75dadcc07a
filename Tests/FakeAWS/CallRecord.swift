private import FoundationEssentials
private import SlipwayDeclaration
private import Synchronization
#if canImport(Glibc)
    private import Glibc
#endif

/// Writes the calls that tests make to `$SLIPWAY_RECORDS/swift.calls.jsonl`, for checking them against the models that
/// AWS publishes (`Tests/Models`). Without the variable nothing is written.
enum CallRecord {
    /// Calls that were written already: most tests make the same ones.
    private static let seen = Mutex<Set<String>>([])

    static func write(_ calls: [RecordedCall]) {
        guard let folder = ProcessInfo.processInfo.environment["SLIPWAY_RECORDS"] else { return }
        var lines = ""
        for call in calls {
            let body = String(decoding: call.body.prefix(4096), as: UTF8.self)
            let names = (call.headers.keys.sorted() + call.query.keys.sorted()).joined(separator: " ")
            let key = "\(call.service) \(call.operation) \(call.method) \(names) \(call.input.text) \(body)"
            guard seen.withLock({ $0.insert(key).inserted }) else { continue }
            lines += call.json.text + "\n"
        }
        guard !lines.isEmpty else { return }
        // One write to a file opened for appending is not mixed with another process's.
        let file = open("\(folder)/swift.calls.jsonl", O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
        guard file >= 0 else { fatalError("the calls cannot be written to \(folder)") }
        defer { close(file) }
        let bytes = Array(lines.utf8)
        var written = 0
        while written < bytes.count {
            let count = bytes[written...].withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
            guard count > 0 else { fatalError("the calls cannot be written to \(folder)") }
            written += count
        }
    }
}
