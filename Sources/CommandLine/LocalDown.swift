import ArgumentParser
import SlipwayLocalCloud

/// `slipway local down`
struct LocalDownCommand: ToolCommand {
    static let configuration = CommandConfiguration(
        commandName: "down", abstract: "Stop the local AWS and all that it started; its data stays.")

    @OptionGroup(title: "Output") var output: OutputOptions

    init() {}

    func run(_ session: Session) async throws -> ExitStatus {
        let stopped = try await session.localCloud().down()
        session.report.note(stopped.map { "the local AWS at \($0.endpoint) is stopped" } ?? "no local AWS runs")
        return .done
    }
}
