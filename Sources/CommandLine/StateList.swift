import ArgumentParser
import SlipwayDeclaration
import SlipwayState

/// `slipway state list`
struct StateListCommand: ToolCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the resources that the state knows.")

    @OptionGroup var stack: StackOptions
    @OptionGroup(title: "Output") var output: OutputOptions

    init() {}

    func run(_ session: Session) async throws -> ExitStatus {
        let rows = try await session.store(stack).read(.rows)
        let width = rows.map(\.key.description.count).max() ?? 0
        let kindWidth = rows.map(\.kind.count).max() ?? 0
        for row in rows {
            let name = row.key.description
            session.report.line(
                name + String(repeating: " ", count: width - name.count + 2)
                    + row.kind + String(repeating: " ", count: kindWidth - row.kind.count + 2)
                    + row.identity + (row.note.map { "  (\($0))" } ?? ""))
            session.report.event(
                "resource",
                [
                    "address": .string(row.address.description), "generation": .int(row.generation),
                    "kind": .string(row.kind), "identity": .string(row.identity),
                    "settling": row.settling.map { .string($0) },
                ])
        }
        if rows.isEmpty { session.report.message("The state has no resources.") }
        return .done
    }
}

extension ResourceRow {
    /// What is not usual about it.
    fileprivate var note: String? {
        if let settling { return "settling: \(settling)" }
        return tainted ? "failed, to be replaced" : nil
    }
}
