import FoundationEssentials
import SlipwayEngine

/// Plans in files. A plan is all that is needed to carry it out: neither the stack's source nor its parameters are.
enum SavedPlan {
    /// - Throws: ``CommandLineError/file(path:reason:)``.
    static func write(_ plan: Plan, to path: String, in directory: String) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let data = try encoder.encode(plan)
        try Files.write(String(decoding: data, as: UTF8.self) + "\n", to: path, in: directory)
    }

    /// - Throws: ``CommandLineError/file(path:reason:)``, ``CommandLineError/newerFile(path:found:known:)``.
    static func read(_ path: String, in directory: String) throws -> Plan {
        struct Head: Codable { let format: Int }
        let data = try Files.data(path, in: directory)
        let decoder = JSONDecoder()
        guard let head = try? decoder.decode(Head.self, from: data) else {
            throw CommandLineError.file(path: path, reason: "it is no saved plan")
        }
        guard head.format <= Plan.formatVersion else {
            throw CommandLineError.newerFile(path: path, found: head.format, known: Plan.formatVersion)
        }
        do { return try decoder.decode(Plan.self, from: data) } catch {
            throw CommandLineError.file(path: path, reason: "it is no saved plan: \(error)")
        }
    }
}
