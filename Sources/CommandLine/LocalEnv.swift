import ArgumentParser
import SlipwayDeclaration
import SlipwayLocalCloud

/// `slipway local env`
struct LocalEnvCommand: ToolCommand {
    static let configuration = CommandConfiguration(
        commandName: "env", abstract: "Print exports that point AWS's CLI and SDKs at the local AWS, keys included.")

    @OptionGroup(title: "Output") var output: OutputOptions

    init() {}

    func run(_ session: Session) async throws -> ExitStatus {
        let local = try session.localCloud()
        guard let cloud = local.running() else { throw LocalCloudError.notRunning(state: local.places.state) }
        for (name, value) in cloud.variables { session.report.line("export \(name)=\(Session.quoted(value))") }
        session.report.event(
            "variables", Dictionary(uniqueKeysWithValues: cloud.variables.map { ($0.name, .string($0.value)) }))
        return .done
    }
}
