import SlipwayAWS

/// Shows the log of what a task started, while it is at work and for a moment after.
struct LogViewer: Sendable {
    private let context: TaskContext
    private var sources: [LogSource] = []
    private var follower = LogFollower([])
    /// The last permission that a line said was lacking: the error message of a job often does not.
    private(set) var denial: Denial?

    init(_ context: TaskContext) { self.context = context }

    /// Shows logs from their beginning, unless they are being shown.
    mutating func follow(_ sources: [LogSource]) {
        guard sources != self.sources else { return }
        self.sources = sources
        follower = LogFollower(sources)
    }

    /// Shows what is new.
    /// - Returns: How many lines that were.
    @discardableResult
    mutating func show() async -> Int {
        let reading = await follower.read(context.aws)
        for line in reading.lines {
            denial = Denial(in: line.text) ?? denial
            context.log(line)
        }
        for problem in reading.problems {
            context.tell("the log \(problem.group) cannot be read: \(problem.error.code)")
        }
        return reading.lines.count
    }

    /// Shows what arrives late: for 10 seconds at most, and until nothing came for a while.
    ///
    /// A launcher that reads until a log is complete hangs when it never is.
    /// Source: <https://github.com/apache/airflow/issues/44694>
    mutating func drain() async throws {
        var quiet = 0
        for wait in [0.5, 1, 1.5, 2, 2, 3] where quiet < 3 && !context.isInterrupted {
            try await context.pause(for: .seconds(wait))
            quiet = await show() == 0 ? quiet + 1 : 0
        }
    }
}
