import ArgumentParser
import SlipwayDeclaration
import SlipwayState

/// `slipway stacks`
struct StacksCommand: ToolCommand {
    static let configuration = CommandConfiguration(
        commandName: "stacks", abstract: "List the stacks, their parameters and where they are deployed.")

    @Flag(help: "Only the names.") var names = false
    @OptionGroup var place: StateOptions
    @OptionGroup(title: "Output") var output: OutputOptions

    init() {}

    func run(_ session: Session) async throws -> ExitStatus {
        let report = session.report
        if names {
            for stack in session.program.tool.stacks { report.document(stack.name) }
            return .done
        }
        let keys = try StateStore.keys(folder: session.stateFolder(place)).filter { $0.target == place.cloud.target }
        for stack in session.program.tool.stacks {
            let environments = keys.filter { $0.stack == stack.name }.map(\.environment)
            let deployed = environments.isEmpty ? "" : "  (state: \(environments.joined(separator: ", ")))"
            report.line("\(report.style.bold(stack.name))  \(stack.summary)\(deployed)")
            for parameter in stack.parameters { report.line("    \(text(parameter))") }
            report.event(
                "stack",
                [
                    "name": .string(stack.name), "summary": .string(stack.summary),
                    "parameters": .array(stack.parameters.map(tree)),
                    "environments": .array(environments.map { .string($0) }),
                ])
        }
        let declared = Set(session.program.tool.stacks.map(\.name))
        for stack in Set(keys.map(\.stack)).subtracting(declared).sorted() {
            report.note("the state knows a stack that is no longer declared: \(stack)")
        }
        if declared.isEmpty { report.note("this tool has no stacks") }
        return .done
    }

    private func text(_ parameter: any AnyParameter) -> String {
        var origin = "must be set"
        if let value = parameter.defaultText { origin = "default: \(value)" }
        if let lookup = parameter.lookup { origin = "looked up: \(lookup.summary)" }
        return "--var \(parameter.name)=…  \(parameter.help) (\(parameter.form); \(origin))"
    }

    private func tree(_ parameter: any AnyParameter) -> JSON {
        var members: [String: JSON] = [
            "name": .string(parameter.name), "help": .string(parameter.help), "form": .string(parameter.form),
        ]
        if let value = parameter.defaultText { members["default"] = .string(value) }
        return .object(members)
    }
}
