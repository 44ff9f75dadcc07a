/// A typed value that whoever plans a stack may set: with `--var name=value`, a vars file or `SLIPWAY_VAR_NAME`.
///
/// ```swift
/// extension Parameter where Value == Int {
///     static var workers: Parameter { Parameter("workers", default: 2, in: 2...10, help: "…") }
/// }
/// settings[.workers]
/// ```
public struct Parameter<Value: ParameterValue>: AnyParameter {
    public let name: String
    public let help: String
    /// `nil`: the parameter must be set, or is looked up.
    public let defaultValue: Value?
    /// Finds the value in AWS when it is not set, before the stack is declared.
    public let lookup: (any Lookup)?
    private let problem: @Sendable (Value) -> String?

    /// - Parameters:
    ///   - name: Letters, digits, `-` and `_`.
    ///   - validate: What is wrong with a value, as a sentence, or `nil`.
    public init(
        _ name: String, default value: Value? = nil, help: String,
        validate: @escaping @Sendable (Value) -> String? = { _ in nil }
    ) {
        self.name = name
        self.help = help
        defaultValue = value
        lookup = nil
        problem = validate
    }

    /// A parameter that is looked up in AWS (read only) when it is not set.
    public init(_ name: String, lookup: some Lookup, help: String) {
        self.name = name
        self.help = help
        defaultValue = nil
        self.lookup = lookup
        problem = { _ in nil }
    }

    public var form: String { Value.form }
    public var defaultText: String? { defaultValue?.parameterText }
    public var placeholderText: String { Value.placeholder.parameterText }

    public func problem(with text: String) -> String? {
        guard let value = Value(parameterText: text) else { return "'\(text)' is not \(Value.form)" }
        return problem(value)
    }
}

extension Parameter where Value: Comparable {
    /// A parameter within a range.
    public init(_ name: String, default value: Value? = nil, in range: ClosedRange<Value>, help: String) {
        self.init(name, default: value, help: help) { given in
            range.contains(given) ? nil : "\(given) is not between \(range.lowerBound) and \(range.upperBound)"
        }
    }
}

/// A parameter of any type.
public protocol AnyParameter: Sendable {
    var name: String { get }
    var help: String { get }
    /// What values look like, such as `a whole number`.
    var form: String { get }
    var defaultText: String? { get }
    var lookup: (any Lookup)? { get }
    /// What stands in where nobody is asked for a value.
    var placeholderText: String { get }
    /// What is wrong with a given text, or `nil`.
    func problem(with text: String) -> String?
}

/// A question to AWS, read only, whose answer is the value of a parameter. The engine's half is `AWSLookup`.
public protocol Lookup: Sendable {
    /// What is looked up, such as `the names of the roles below /etl/`.
    var summary: String { get }
}

/// A type that parameters can have: `String`, `Int`, `Double`, `Bool`, `[String]` and enumerations of strings.
public protocol ParameterValue: Sendable {
    /// Reads the value as it is written on a command line.
    init?(parameterText: String)
    var parameterText: String { get }
    /// What values look like, such as `a whole number`.
    static var form: String { get }
    /// Stands in while a parameter has no value, so that the other mistakes of a stack are found too.
    static var placeholder: Self { get }
}

extension String: ParameterValue {
    public init?(parameterText: String) { self = parameterText }
    public var parameterText: String { self }
    public static var form: String { "a text" }
    public static var placeholder: String { "" }
}

extension Int: ParameterValue {
    public init?(parameterText: String) { self.init(parameterText) }
    public var parameterText: String { String(self) }
    public static var form: String { "a whole number" }
    public static var placeholder: Int { 0 }
}

extension Double: ParameterValue {
    public init?(parameterText: String) { self.init(parameterText) }
    public var parameterText: String { "\(self)" }
    public static var form: String { "a number" }
    public static var placeholder: Double { 0 }
}

extension Bool: ParameterValue {
    public init?(parameterText: String) { self.init(parameterText) }
    public var parameterText: String { self ? "true" : "false" }
    public static var form: String { "true or false" }
    public static var placeholder: Bool { false }
}

extension [String]: ParameterValue {
    public init?(parameterText: String) {
        self = parameterText.isEmpty ? [] : parameterText.split(separator: ",").map { String($0) }
    }
    public var parameterText: String { joined(separator: ",") }
    public static var form: String { "a list of texts with commas between them" }
    public static var placeholder: [String] { [] }
}

extension ParameterValue where Self: RawRepresentable & CaseIterable, RawValue == String {
    public init?(parameterText: String) { self.init(rawValue: parameterText) }
    public var parameterText: String { rawValue }
    public static var form: String { "one of " + allCases.map(\.rawValue).joined(separator: ", ") }
    public static var placeholder: Self { allCases[allCases.startIndex] }
}
