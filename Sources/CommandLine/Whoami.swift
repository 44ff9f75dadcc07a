import ArgumentParser
import SlipwayAWS
import SlipwayDeclaration

/// `slipway whoami`
struct WhoamiCommand: ToolCommand {
    static let configuration = CommandConfiguration(
        commandName: "whoami", abstract: "Say whose the credentials are, and where calls go.")

    @OptionGroup(title: "AWS") var aws: AWSOptions
    @OptionGroup(title: "AWS") var cloud: CloudOptions
    @OptionGroup(title: "Output") var output: OutputOptions

    init() {}

    func run(_ session: Session) async throws -> ExitStatus {
        let configuration = try await session.configuration(aws, cloud)
        let client = try session.client(configuration)
        let identity = try await session.doing("asking AWS whose credentials these are") {
            try await client.callerIdentity()
        }
        let endpoint = configuration.endpoint(of: .sts) ?? "AWS's own"
        for (name, value) in [
            ("account", identity.account), ("arn", identity.arn), ("region", client.region), ("endpoint", endpoint),
            ("target", cloud.target),
        ] {
            session.report.line("\(name)\(String(repeating: " ", count: 8 - name.count))  \(value)")
        }
        session.report.event(
            "identity",
            [
                "account": .string(identity.account), "arn": .string(identity.arn), "region": .string(client.region),
                "endpoint": .string(endpoint), "target": .string(cloud.target),
            ])
        return .done
    }
}
