import ArgumentParser
import FoundationEssentials
import SlipwayAWS
import SlipwayDeclaration

/// `slipway export`
struct ExportCommand: ToolCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Print the declared graph as JSON, for `plan --graph`; AWS is not asked.")

    @OptionGroup var stack: StackOptions
    @OptionGroup(title: "Declaration") var declaration: DeclarationOptions
    @OptionGroup(title: "AWS") var aws: AWSOptions
    @OptionGroup(title: "Output") var output: OutputOptions

    init() {}

    func run(_ session: Session) async throws -> ExitStatus {
        let graph = try await session.declareOffline(stack, declaration, aws)
        session.report.document(try JSON(parsing: JSONEncoder().encode(graph)).prettyText)
        return .done
    }
}

extension Session {
    /// Declares a stack without AWS; a mistake that the declaration notices itself is thrown.
    func declareOffline(
        _ stack: StackOptions, _ declaration: DeclarationOptions, _ aws: AWSOptions
    ) async throws -> StackGraph {
        let region = try await region(aws, stack.place.cloud)
        guard let region, !region.isEmpty else { throw CommandLineError.noRegion }
        let graph = try await declare(stack, declaration, region: region, aws: nil).graph
        guard graph.diagnostics.isEmpty else { throw InvalidDeclaration(graph.diagnostics) }
        return graph
    }

    private func region(_ aws: AWSOptions, _ cloud: CloudOptions) async throws -> String? {
        if let region = aws.region { return region }
        // Where a profile is missing the region is still that of the environment: no credentials are needed.
        let environment = program.environment
        let named = environment["AWS_REGION"] ?? environment["AWS_DEFAULT_REGION"]
        if !cloud.isLocal, let named { return named }
        return try await configuration(aws, cloud).region
    }
}
