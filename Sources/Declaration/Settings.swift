import Synchronization

/// What a stack is declared for: an environment, a region and the values of parameters.
public struct Settings: Sendable {
    /// Separates state and names; `dev` unless `--env` says otherwise.
    public let environment: String
    /// The region that resources without one of their own go to, such as `eu-west-1`.
    public let region: String
    private let values: [String: String]
    private let notes: Notes

    /// - Parameter values: Texts by parameter name, defaults and look-ups already among them.
    public init(environment: String = "dev", region: String = "us-east-1", values: [String: String] = [:]) {
        self.environment = environment
        self.region = region
        self.values = values
        notes = Notes()
    }

    /// Whether the environment is called `prod` or `production`.
    public var isProduction: Bool { environment == "prod" || environment == "production" }

    /// The value of a parameter.
    ///
    /// A parameter that has none, because its stack does not list it, reads as a placeholder and is reported with the
    /// stack's other mistakes.
    public subscript<Value>(_ parameter: Parameter<Value>) -> Value {
        if let value = values[parameter.name].flatMap(Value.init(parameterText:)) ?? parameter.defaultValue {
            return value
        }
        notes.add(
            Diagnostic(
                subject: parameter.name, message: "the stack reads this parameter but has no value for it",
                hint: "list it among the parameters of its StackDefinition"))
        return Value.placeholder
    }

    var diagnostics: [Diagnostic] { notes.diagnostics }

    /// Parameters that were read without a value. A stack's function gets its settings as a value and only reads
    /// them, so what it did wrong is noted beside them.
    private final class Notes: Sendable {
        private let found = Mutex<[Diagnostic]>([])
        func add(_ diagnostic: Diagnostic) {
            found.withLock { if !$0.contains(diagnostic) { $0.append(diagnostic) } }
        }
        var diagnostics: [Diagnostic] { found.withLock { $0 } }
    }
}
