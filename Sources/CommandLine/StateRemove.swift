import ArgumentParser
import SlipwayDeclaration
import SlipwayState

/// `slipway state rm`
struct StateRemoveCommand: ToolCommand {
    static let configuration = CommandConfiguration(
        commandName: "rm", abstract: "Forget a resource; it stays in AWS.")

    @OptionGroup var stack: StackOptions
    @Argument(help: "The resource's address; deposed ones are address#generation.") var address: String
    @OptionGroup var consent: ConsentOptions
    @OptionGroup(title: "Planning") var working: WorkingOptions
    @OptionGroup(title: "Output") var output: OutputOptions

    init() {}

    func run(_ session: Session) async throws -> ExitStatus {
        let editing = try await session.edit(stack, working, command: "state rm")
        let row = try await editing.store.read(.rows).named(address)
        try session.confirm("Forget \(row.key) (\(row.kind) \(row.identity))? It stays in AWS.", yes: consent.yes)
        try await editing.commit([.remove(row.key)], "\(row.key) forgotten", session)
        session.report.line("\(row.key) is forgotten; \(row.kind) \(row.identity) stays in AWS.")
        session.report.event("forgotten", ["address": .string(row.key.description)])
        return .done
    }
}
