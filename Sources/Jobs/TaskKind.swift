public import SlipwayAWS
public import SlipwayDeclaration

/// A kind of task: what a stack author declares of it, and how it is carried out.
///
/// One file holds both, and one line in ``AllTasks`` makes it known. The runner does what all kinds have in common:
/// the order, the ledger, the interruption, the words. A kind does its own work, and notes at once whatever would be
/// lost with the process.
///
/// What makes a task safe to carry out twice: everything that ``run(_:)`` starts carries ``TaskContext/token``, and is
/// looked for before it is started. A task whose process died, or that threw, is run again with the same token and the
/// notes it had made; only one that said how it ended gets another.
public protocol TaskKind: PipelineTask {
    /// The IAM actions that the task calls.
    static var permissions: Set<String> { get }

    /// What is wrong across properties, as far as that is known while references are not.
    func check() -> [Problem]

    /// What goes into the task from this machine beside its properties and assets: SHA-256 by path. Where it differs, the
    /// task is another.
    /// - Parameter directory: The folder to which paths are relative.
    /// - Throws: ``TaskFailure`` when something is missing.
    func inputs(in directory: String) throws -> [String: String]

    /// Carries the task out; every property is known by now.
    ///
    /// - Throws: What leaves the outcome open, such as an `AWSError`: the next run goes on where this one was.
    func run(_ context: TaskContext) async throws -> TaskOutcome

    /// Whether AWS is still at work on what the notes tell of, or on something with the token that they do not tell of.
    static func isActive(_ notes: TaskNotes, token: String, _ aws: AWSClient) async throws -> Bool
}

extension TaskKind {
    public func check() -> [Problem] { [] }
    public func inputs(in directory: String) throws -> [String: String] { [:] }
    public static func isActive(_ notes: TaskNotes, token: String, _ aws: AWSClient) async throws -> Bool { false }
}

/// How a task ended.
public enum TaskOutcome: Hashable, Sendable {
    case succeeded
    case failed(TaskFailure)
    /// Somebody interrupted the run: nothing of the task is at work any more, or will be for long.
    case stopped
    /// Somebody interrupted the run: what the task started goes on, and the next run attaches to it.
    case detached
    /// It is not known how it ended, or whether it began. The next run finds out.
    case unsettled(TaskFailure)
}

/// What went wrong in a task, for people.
public struct TaskFailure: Error, Hashable, Sendable {
    /// What went wrong, as a sentence without full stop.
    public var message: String
    /// What to try.
    public var hints: [String]

    public init(_ message: String, hints: [String] = []) {
        self.message = message
        self.hints = hints
    }
}

/// What becomes of work in AWS when somebody interrupts the run.
public enum OnInterrupt: String, Hashable, Sendable, Codable, CaseIterable {
    /// It is stopped: nobody waits for it any more, and it costs money.
    case stop
    /// It goes on, and the next run attaches to it.
    case detach
}
