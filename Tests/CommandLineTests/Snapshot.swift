import Foundation
import Testing

/// Compares what commands said with a file: `Tests/Snapshots/<test name>.txt`. With `UPDATE_SNAPSHOTS=1` the file is
/// written instead; it is never edited by hand.
func expectSnapshot(
    _ results: [Sandbox.Result], function: String = #function, file: String = #filePath,
    location: SourceLocation = #_sourceLocation
) throws {
    let name = String(function.filter { !"`()".contains($0) }.map { $0 == " " ? "-" : $0 })
    let tests = URL(filePath: file).deletingLastPathComponent().deletingLastPathComponent()
    let path = tests.appending(path: "Snapshots/\(name).txt")
    let found = results.map(\.transcript).joined(separator: "\n")
    if ProcessInfo.processInfo.environment["UPDATE_SNAPSHOTS"] == "1" {
        try Data(found.utf8).write(to: path)
        return
    }
    let expected = (try? String(contentsOf: path, encoding: .utf8)) ?? "(there is no \(path.lastPathComponent))"
    #expect(found == expected, "run with UPDATE_SNAPSHOTS=1 to accept it", sourceLocation: location)
}

extension Sandbox {
    /// Compares what one command said, written inline.
    func expect(
        _ command: String, _ expected: String, location: SourceLocation = #_sourceLocation
    ) async {
        let result = await run(command)
        #expect(result.transcript == "$ slipway \(command)\n" + expected + "\n", sourceLocation: location)
    }
}
