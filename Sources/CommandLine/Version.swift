import ArgumentParser
import SlipwayDeclaration

/// `slipway version`
struct VersionCommand: ToolCommand {
    static let configuration = CommandConfiguration(
        commandName: "version", abstract: "Print the version.")

    @OptionGroup(title: "Output") var output: OutputOptions

    init() {}

    func run(_ session: Session) async throws -> ExitStatus {
        session.report.line("slipway \(Tool.version)")
        session.report.event("version", ["version": .string(Tool.version)])
        return .done
    }
}
