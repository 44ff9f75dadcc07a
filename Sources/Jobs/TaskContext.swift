public import SlipwayAWS
package import SlipwayEngine

/// What a task is carried out with.
public struct TaskContext: Sendable {
    public let aws: AWSClient
    /// The task's name in its pipeline.
    public let task: String
    /// Goes along with whatever the task starts, so that it can be found again: 32 hexadecimal digits.
    public let token: String
    /// What becomes of work in AWS when somebody interrupts the run.
    public let onInterrupt: OnInterrupt
    /// Code to be used for this one run in place of what was applied.
    package let changedCode: [CodeChange]
    /// What is applied, and where it is declared.
    package let applied: AppliedStack
    /// The folder to which paths on this machine are relative.
    public let directory: String
    private let recorder: TaskRecorder
    private let time: Time
    private let interruption: Interruption
    private let report: @Sendable (RunEvent) -> Void
    private let mask: Mask

    package init(
        aws: AWSClient, task: String, token: String, onInterrupt: OnInterrupt, changedCode: [CodeChange],
        applied: AppliedStack, directory: String, recorder: TaskRecorder, time: Time, interruption: Interruption, mask: Mask,
        report: @escaping @Sendable (RunEvent) -> Void
    ) {
        self.aws = aws
        self.task = task
        self.token = token
        self.onInterrupt = onInterrupt
        self.changedCode = changedCode
        self.applied = applied
        self.directory = directory
        self.recorder = recorder
        self.time = time
        self.interruption = interruption
        self.mask = mask
        self.report = report
    }

    /// What is noted so far; at the beginning, what an earlier process noted that did not see the task's end.
    public var notes: TaskNotes { recorder.notes }

    /// Notes something. It survives the process and the machine once this returns.
    /// - Throws: `StateError` when the state cannot be written.
    public func note(_ change: @Sendable (inout TaskNotes) -> Void) async throws { try await recorder.note(change) }

    /// Passes on a line of the task's log. Secrets of the task are masked.
    public func log(_ line: LogLine) {
        report(.log(task: task, LogLine(line.channel, time: line.time, mask.apply(to: line.text))))
    }

    /// Shows what a query answered. Secrets are masked by whoever calls.
    public func show(_ result: QueryResult) { report(.rows(task: task, result)) }

    /// Says how far the task is: a few words without full stop. Secrets of the task are masked.
    public func tell(_ words: String) { report(.progress(task: task, mask.apply(to: words))) }

    /// A text with the task's secrets masked.
    public func masked(_ text: String) -> String { mask.apply(to: text) }

    /// Seconds since 1970.
    public var now: Double { time.now() }

    /// Whether somebody interrupted the run.
    public var isInterrupted: Bool { interruption.isRequested }

    /// Returns when somebody interrupts the run, or the language's task is cancelled.
    public func interrupted() async { await interruption.requested() }

    /// Waits for a time, or until somebody interrupts the run.
    /// - Throws: ``RunInterrupted`` when somebody does.
    public func sleep(for duration: Duration) async throws {
        do { try await interruption.sleep(for: duration) } catch EngineError.interrupted { throw RunInterrupted() }
    }

    /// Waits for a short time even though the run was interrupted.
    public func pause(for duration: Duration) async throws { try await time.clock.sleep(for: duration) }
}

/// Somebody interrupted the run.
public struct RunInterrupted: Error, Hashable, Sendable {
    public init() {}
}

/// The time as a run sees it; tests put their own in its place.
package struct Time: Sendable {
    /// Seconds since 1970.
    package var now: @Sendable () -> Double
    package var clock: any Clock<Duration>

    package init(now: @escaping @Sendable () -> Double, clock: any Clock<Duration>) {
        self.now = now
        self.clock = clock
    }
}
