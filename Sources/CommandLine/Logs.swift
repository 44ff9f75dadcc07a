import ArgumentParser
import SlipwayAWS
import SlipwayDeclaration
import SlipwayJobs
import SlipwayState

/// `slipway logs`
struct LogsCommand: ToolCommand {
    static let configuration = CommandConfiguration(
        commandName: "logs", abstract: "Print what the jobs of a run wrote to their logs.")

    @OptionGroup var stack: StackOptions
    @Argument(help: "A run, by the beginning of its id. (default: the latest)") var run: String?
    @Option(help: "Only this task.") var task: String?
    @Flag(help: "Go on as long as something is at work.") var follow = false
    @Flag(help: "The error log instead of the output.") var errors = false
    @OptionGroup(title: "AWS") var aws: AWSOptions
    @OptionGroup(title: "Output") var output: OutputOptions

    init() {}

    func run(_ session: Session) async throws -> ExitStatus {
        let store = try session.store(stack)
        let record = try await store.run(run)
        let client = try await session.client(session.configuration(aws, stack.place.cloud))
        let table = TaskTable(session.program.tool.tasks)
        var shown: [String: LogView] = [:]
        var saidNothing: Set<String> = []
        while true {
            let tasks = try await tasks(of: record, store)
            var isActive = false
            for task in tasks {
                let notes = try task.notes()
                // Asked before the log is read, so that what comes last is read too.
                if follow, try await self.isActive(task, notes, table, client) { isActive = true }
                let sources = notes.logs.filter { $0.channel == (errors ? .error : .output) }
                if sources.isEmpty, notes.doneIn == nil, saidNothing.insert(task.name).inserted {
                    session.report.message("\(task.name): it has no log (\(task.state))")
                }
                if shown[task.name]?.sources != sources { shown[task.name] = LogView(sources) }
                await shown[task.name]?.show(task.name, isAlone: tasks.count == 1, client, session.report)
            }
            guard isActive else { return .done }
            try await session.program.time.clock.sleep(for: .seconds(2))
        }
    }

    private func tasks(of run: RunRecord, _ store: StateStore) async throws -> [TaskRecord] {
        let tasks = try await store.read(.tasks(of: run.id))
        guard let task else { return tasks }
        let found = tasks.filter { $0.name == task }
        guard !found.isEmpty else { throw JobError.unknownTaskOfRun(task, run: run.id, known: tasks.map(\.name)) }
        return found
    }

    private func isActive(
        _ task: TaskRecord, _ notes: TaskNotes, _ table: TaskTable, _ aws: AWSClient
    ) async throws -> Bool {
        guard try task.taskState().isInFlight, let kind = table[type: task.kind] else { return false }
        return try await kind.isActive(notes, task.token, aws)
    }
}

/// The log of one task as far as it was shown.
private struct LogView {
    let sources: [LogSource]
    private var follower: LogFollower

    init(_ sources: [LogSource]) {
        self.sources = sources
        follower = LogFollower(sources)
    }

    mutating func show(_ task: String, isAlone: Bool, _ aws: AWSClient, _ report: Reporter) async {
        while true {
            let reading = await follower.read(aws)
            for line in reading.lines {
                report.line(isAlone ? line.text : "\(report.style.dim("\(task) |")) \(line.text)")
                report.event("log", line.members(of: task))
            }
            for problem in reading.problems {
                report.warning(task, "the log \(problem.group) cannot be read: \(problem.error.code)")
            }
            if reading.lines.isEmpty { return }
        }
    }
}
