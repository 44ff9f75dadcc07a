import ArgumentParser
import SlipwayLocalCloud

/// `slipway local up`
struct LocalUpCommand: ToolCommand {
    static let configuration = CommandConfiguration(
        commandName: "up", abstract: "Start the local AWS, or find the one that runs; the first start installs it.")

    @Option(help: "Its port. (default: the one it had, else 4566 if that is free)") var port: Int?
    @OptionGroup(title: "Output") var output: OutputOptions

    init() {}

    func validate() throws {
        if let port, !(1...65535).contains(port) { throw ValidationError("--port must be from 1 to 65535") }
    }

    func run(_ session: Session) async throws -> ExitStatus {
        let local = try session.localCloud()
        session.report.local(try await local.up(port: port), state: local.places.state)
        return .done
    }
}
