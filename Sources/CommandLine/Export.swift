import ArgumentParser
import FoundationEssentials
import SlipwayAWS
import SlipwayDeclaration

/// `slipway export`
struct ExportCommand: ToolCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Print the declared graph as JSON, for `plan --graph`; AWS is asked for look-ups only.")

    @OptionGroup var stack: StackOptions
    @OptionGroup(title: "Declaration") var declaration: DeclarationOptions
    @OptionGroup(title: "AWS") var aws: AWSOptions
    @OptionGroup(title: "Output") var output: OutputOptions

    init() {}

    func run(_ session: Session) async throws -> ExitStatus {
        let graph = try await session.declare(stack, declaration, aws, asks: hasLookups(session))
        session.report.document(try JSON(parsing: JSONEncoder().encode(graph)).prettyText)
        return .done
    }

    /// Whether the stack has parameters that AWS may be asked for.
    private func hasLookups(_ session: Session) throws -> Bool {
        guard declaration.graphFile == nil else { return false }
        return try session.program.tool.stack(stack.stack).parameters.contains { $0.lookup != nil }
    }
}
