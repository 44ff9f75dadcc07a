import ArgumentParser
import SlipwayAWS
import SlipwayDeclaration
import SlipwayEngine
import SlipwayJobs
import SlipwayState

/// `slipway run`
struct RunCommand: ToolCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Run a pipeline of the stack, going on where the last run of it was not done.",
        discussion: "One job without a pipeline: slipway run lakehouse --job load -- --day 2026-01-31")

    @OptionGroup var stack: StackOptions
    @Argument(help: "The pipeline; it may be left out where there is only one.") var pipeline: String?
    @Option(help: "Run this Glue job alone, by its address.") var job: String?
    @Argument(parsing: .postTerminator, help: "Arguments of the job, after a double dash.")
    var arguments: [String] = []
    @OptionGroup var running: RunningOptions
    @Option(help: "Run this task and all that come after it.") var from: String?
    @Option(name: [.customLong("only"), .customLong("task")], help: "Run this task alone.") var only: String?
    @Flag(help: "Use the code of the working copy for this run where it is not what was applied.") var code = false
    @Option(help: "How long to wait for another process that runs pipelines of the stack: 30s, 5m.")
    var lockTimeout = TimeSpan(.zero)
    @OptionGroup(title: "Declaration") var declaration: DeclarationOptions
    @OptionGroup(title: "AWS") var aws: AWSOptions
    @OptionGroup(title: "Output") var output: OutputOptions

    init() {}

    func validate() throws {
        if job != nil, pipeline != nil || from != nil || only != nil {
            throw ValidationError("--job runs one job, so there is no pipeline or task to name")
        }
        if job == nil, !arguments.isEmpty { throw ValidationError("arguments are for --job") }
        if from != nil, only != nil { throw ValidationError("--from and --only exclude each other") }
    }

    func run(_ session: Session) async throws -> ExitStatus {
        // A state is not made by running.
        _ = try session.store(stack)
        let configuration = try await session.configuration(aws, stack.place.cloud)
        let client = try session.client(configuration)
        let graph = try await session.declare(stack, declaration, region: client.region, aws: client).graph
        var request = RunRequest(try chosen(graph, session), of: graph, who: session.program.user)
        request.selection = from.map { .from($0) } ?? only.map { .only($0) } ?? .all
        request.isFresh = running.fresh
        request.usesWorkingCopy = code
        request.onInterrupt = running.onInterrupt.choice

        let name = "\(request.pipeline.name) of \(stack.stack) in \(stack.place.environment)"
        var opening = session.opening(stack, command: "run", declaration: declaration, lockTimeout: lockTimeout.duration)
        opening.hold = .runs
        let (deployment, plan) = try await session.doing("running \(name)") { [opening, request] in
            let deployment = try await Deployment(opening, aws: client)
            let planner = RunPlanner(deployment, TaskTable(session.program.tool.tasks), time: session.program.time)
            return (deployment, try await planner.plan(request))
        }
        return try await carryOut(plan, deployment, session)
    }

    /// The pipeline that is to be run.
    private func chosen(_ graph: StackGraph, _ session: Session) throws -> Pipeline {
        if let job { return try Pipeline.job(Address(job), of: graph, arguments: arguments) }
        return try session.pipeline(pipeline, of: graph)
    }

    private func carryOut(_ plan: RunPlan, _ deployment: Deployment, _ session: Session) async throws -> ExitStatus {
        let rows = session.report
        var session = session
        // Rows for programs have the standard output to themselves.
        if running.format != .table { session.report = rows.aside }
        let report = session.report
        let interruption = Interruption(clock: session.program.time.clock)
        let onInterrupt = running.onInterrupt
        if session.program.console.errorIsTerminal {
            report.message(
                onInterrupt == .stop
                    ? "Ctrl-C stops what is at work; --on-interrupt detach would let it go on."
                    : "Ctrl-C leaves what is at work alone; the next run attaches to it.")
        }
        let watch = SignalWatch(
            session.program.signals, interruption,
            onFirst: {
                report.note(
                    onInterrupt == .stop
                        ? "stopping what is at work; once more ends at once"
                        : "leaving what is at work alone; once more ends at once")
            },
            beforeEnd: {
                report.note("ended at once; the next run finds what goes on and attaches to it")
            })
        defer { watch.end() }
        let runner = session.runner(deployment, interruption, running, rows: rows)
        let summary = try await report.showing { try await runner.run(plan) }
        let tasks = try await deployment.store.read(.tasks(of: summary.run.id))
        let status = session.status(of: summary, signal: watch.first)
        try report.ran(summary, tasks, of: stack, status, goOn: goOn(session))
        return status
    }

    /// The command that goes on where this run ended.
    private func goOn(_ session: Session) -> String {
        var session = session
        session.arguments.removeAll { $0 == "--fresh" }
        return session.commandLine
    }
}
