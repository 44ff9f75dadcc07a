import ArgumentParser
import SlipwayDeclaration
import SlipwayState

/// `slipway outputs`
struct OutputsCommand: ToolCommand {
    static let configuration = CommandConfiguration(
        commandName: "outputs", abstract: "Print the stack's outputs, as the last apply left them.")

    @OptionGroup var stack: StackOptions
    @Argument(help: "Print the value of this output alone, as it is.") var name: String?
    @OptionGroup(title: "Output") var output: OutputOptions

    init() {}

    func run(_ session: Session) async throws -> ExitStatus {
        let outputs = try await session.store(stack).read(.outputs)
        guard let name else {
            session.report.outputs(outputs)
            return .done
        }
        guard let value = outputs[name] else {
            throw CommandLineError.unknownOutput(name, known: outputs.keys.sorted())
        }
        if session.report.isJSON {
            session.report.outputs([name: value])
        } else {
            session.report.document(value)
        }
        return .done
    }
}
