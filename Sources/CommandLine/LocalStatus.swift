import ArgumentParser
import SlipwayLocalCloud

/// `slipway local status`
struct LocalStatusCommand: ToolCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Say whether the local AWS runs, and where; exit 1 when it does not.")

    @OptionGroup(title: "Output") var output: OutputOptions

    init() {}

    func run(_ session: Session) async throws -> ExitStatus {
        let local = try session.localCloud()
        let cloud = local.running()
        session.report.local(cloud, state: local.places.state)
        return cloud == nil ? .failed : .done
    }
}
