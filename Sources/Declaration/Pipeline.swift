/// Tasks that `run` carries out in order, each as soon as those it comes after are done.
public struct Pipeline: Hashable, Sendable, Codable {
    /// Unique in its stack.
    public let name: String
    public private(set) var tasks: [DeclaredTask] = []
    public private(set) var place: Place?

    public init(_ name: String, file: String = #filePath, line: Int = #line) {
        self.name = name
        place = Place(file: file, line: line)
    }

    /// Adds a task.
    ///
    /// - Parameters:
    ///   - name: Unique in the pipeline.
    ///   - after: Tasks that must be done first.
    @discardableResult
    public mutating func add<Declared: PipelineTask>(
        _ name: String, _ task: Declared, after: [TaskHandle] = [], file: String = #filePath, line: Int = #line
    ) -> TaskHandle {
        let tree = (try? PropertyEncoder().encode(task).tree) ?? .null
        tasks.append(
            DeclaredTask(
                name: name, kind: Declared.type, properties: tree, after: after.map(\._name),
                place: Place(file: file, line: line)))
        return TaskHandle(name)
    }

    func relative(to root: String) -> Pipeline {
        var pipeline = self
        pipeline.place = place?.relative(to: root)
        for index in tasks.indices { pipeline.tasks[index].place = tasks[index].place?.relative(to: root) }
        return pipeline
    }
}

/// The declared half of a kind of task.
public protocol PipelineTask: Codable, Hashable, Sendable {
    /// The task's name in files and on the terminal, such as `RunGlueJob`.
    static var type: String { get }
}

/// One task of a pipeline.
public struct DeclaredTask: Hashable, Sendable, Codable {
    public var name: String
    /// The kind of task, such as `RunGlueJob`.
    public var kind: String
    public var properties: JSON
    /// Names of the tasks that must be done first.
    public var after: [String]
    public var place: Place?

    /// The resources that the task mentions, sorted.
    package var references: [Reference] {
        var found: Set<Reference> = []
        properties.visitExpressions { found.formUnion($0.references) }
        return found.sorted { $0.description < $1.description }
    }
}

/// A task that has been added to a pipeline.
public struct TaskHandle: Hashable, Sendable {
    public let _name: String
    init(_ name: String) { _name = name }
}
