/// A set of resources deployed together, and the pipelines that run on them.
///
/// A stack is a value. Declaring one does no I/O and reads no clock, environment or random number, so a test can
/// declare a stack and look at it. Mistakes do not trap: they are collected, and validation reports all of them at
/// once with their places.
public struct Stack: Sendable {
    /// What was declared so far.
    public private(set) var graph: StackGraph
    /// Tags that every resource which can be tagged gets beside its own.
    public var tags: [String: Text] {
        get { graph.tags }
        set { graph.tags = newValue }
    }
    private var scope = Address("")

    /// - Parameter name: 1 to 64 letters, digits and `-`, beginning with a letter.
    public init(_ name: String, _ settings: Settings) {
        graph = StackGraph(stack: name, environment: settings.environment)
        graph.diagnostics = settings.diagnostics
    }

    /// Adds a resource and returns a handle to refer to it by.
    ///
    /// - Parameters:
    ///   - name: The last segment of the resource's address, unique where it is added.
    ///   - protect: Refuses every plan that would delete or replace the resource.
    ///   - retain: Leaves the resource in AWS when it leaves the stack.
    ///   - ignoreChanges: Stored names of properties that others change, such as `"Tags"`.
    ///   - createBeforeDestroy: Makes a replacement before the old resource is deleted.
    ///   - after: Resources that must be there first although no property refers to them.
    ///   - replaceWhen: Replaces the resource whenever one of these values changes.
    @discardableResult
    public mutating func add<Kind: Resource>(
        _ name: String, _ properties: Kind, protect: Bool = false, retain: Bool = false,
        ignoreChanges: [String] = [], createBeforeDestroy: Bool = false, after: [any Referable] = [],
        replaceWhen: [Text] = [], file: String = #filePath, line: Int = #line
    ) -> Handle<Kind> {
        let address = scope.appending(name)
        let place = Place(file: file, line: line)
        let management = Management(
            protect: protect, retain: retain, ignoreChanges: ignoreChanges,
            createBeforeDestroy: createBeforeDestroy, after: after.map(\._address), replaceWhen: replaceWhen)
        do {
            let encoded = try PropertyEncoder().encode(properties)
            graph.resources.append(
                DeclaredResource(
                    address: address, kind: Kind.type, properties: encoded.tree, management: management,
                    place: place))
        } catch {
            graph.diagnostics.append(
                Diagnostic(place: place, subject: name, message: "its properties cannot be written as JSON: \(error)"))
        }
        return Handle(address)
    }

    /// Adds resources under a segment of their own: a component is a function that calls this.
    ///
    /// ```swift
    /// stack.within("ingest") { stack in stack.add("bucket", S3.Bucket()) }   // ingest/bucket
    /// ```
    @discardableResult
    public mutating func within<Result>(
        _ segment: String, _ body: (inout Stack) throws -> Result
    ) rethrows -> Result {
        let outer = scope
        scope = scope.appending(segment)
        defer { scope = outer }
        return try body(&self)
    }

    /// Adds a pipeline.
    public mutating func add(_ pipeline: Pipeline) { graph.pipelines.append(pipeline) }

    /// Declares an output: a value that `outputs` prints.
    public mutating func output(
        _ name: String, _ value: Text, help: String? = nil, file: String = #filePath, line: Int = #line
    ) {
        graph.outputs.append(
            DeclaredOutput(name: name, value: value, help: help, place: Place(file: file, line: line)))
    }

    /// Declares an output that other stacks read by its type.
    public mutating func output<Value: OutputValue>(
        _ output: Output<Value>, _ value: Value, file: String = #filePath, line: Int = #line
    ) {
        if output.stack != graph.stack {
            graph.diagnostics.append(
                Diagnostic(
                    place: Place(file: file, line: line), subject: output.name,
                    message: "this is an output of stack '\(output.stack)', not of '\(graph.stack)'"))
        }
        self.output(output.name, value.outputText, help: output.help, file: file, line: line)
    }

    /// An output of another stack of the same environment, as that stack's last apply left it.
    public func read<Value: OutputValue>(_ output: Output<Value>) -> Value {
        Value(outputText: Text(.output(stack: output.stack, name: output.name)))
    }
}
