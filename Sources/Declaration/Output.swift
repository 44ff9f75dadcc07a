/// An output that one stack declares and others read, by a name that both share:
///
/// ```swift
/// extension Output where Value == Text { static var lakeBucket: Output { Output(of: "lake", "bucket") } }
/// stack.output(.lakeBucket, lake.name)        // in the stack `lake`
/// let bucket = stack.read(.lakeBucket)        // elsewhere
/// ```
public struct Output<Value: OutputValue>: Hashable, Sendable {
    public let stack: String
    public let name: String
    public let help: String?

    public init(of stack: String, _ name: String, help: String? = nil) {
        self.stack = stack
        self.name = name
        self.help = help
    }
}

/// A value that can be an output: `Text`, `Input<Int>` and `Input<Bool>`.
public protocol OutputValue: Sendable {
    var outputText: Text { get }
    init(outputText: Text)
}

extension Text: OutputValue {
    public var outputText: Text { self }
    public init(outputText: Text) { self = outputText }
}

extension Input: OutputValue {
    public var outputText: Text { text }
    public init(outputText: Text) { self.init(outputText) }
}
