/// A stack that the tool knows: its name, its parameters and the function that declares it.
public struct StackDefinition: Sendable {
    public let name: String
    /// One line for `slipway stacks`.
    public let summary: String
    public let parameters: [any AnyParameter]
    private let body: @Sendable (Settings) throws -> Stack

    public init(
        _ name: String, _ summary: String, parameters: [any AnyParameter] = [],
        _ body: @escaping @Sendable (Settings) throws -> Stack
    ) {
        self.name = name
        self.summary = summary
        self.parameters = parameters
        self.body = body
    }

    /// What is wrong with values given for parameters: unknown names, wrong forms, and those that are missing and
    /// neither have a default nor can be looked up.
    package func problems(with values: [String: String]) -> [Diagnostic] {
        var found: [Diagnostic] = []
        for name in values.keys.sorted() where !parameters.contains(where: { $0.name == name }) {
            let known = parameters.map(\.name)
            let similar = known.closest(to: name).map { "did you mean '\($0)'?" }
            let all = known.isEmpty ? "the stack has no parameters" : "it has " + known.joined(separator: ", ")
            found.append(Diagnostic(subject: name, message: "the stack has no such parameter", hint: similar ?? all))
        }
        for parameter in parameters {
            if let text = values[parameter.name] {
                if let problem = parameter.problem(with: text) {
                    found.append(Diagnostic(subject: parameter.name, message: problem, hint: parameter.help))
                }
            } else if parameter.defaultText == nil, parameter.lookup == nil {
                found.append(
                    Diagnostic(
                        subject: parameter.name, message: "this parameter needs a value: \(parameter.form)",
                        hint: "--var \(parameter.name)=…"))
            }
        }
        return found
    }

    /// Declares the stack.
    /// - Throws: ``InvalidDeclaration`` for mistakes in `settings`, and what the stack's function throws.
    package func declare(_ settings: Settings, values: [String: String]) throws -> StackGraph {
        let problems = problems(with: values)
        guard problems.isEmpty else { throw InvalidDeclaration(problems) }
        var graph = try body(settings).graph
        // Parameters may also be read after the stack value was made.
        for diagnostic in settings.diagnostics where !graph.diagnostics.contains(diagnostic) {
            graph.diagnostics.append(diagnostic)
        }
        return graph
    }
}
