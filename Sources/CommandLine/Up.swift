import ArgumentParser
import SlipwayDeclaration
import SlipwayEngine
import SlipwayJobs
import SlipwayState

/// `slipway up`
struct UpCommand: ToolCommand {
    static let configuration = CommandConfiguration(
        commandName: "up", abstract: "Apply and run as one graph: tasks begin as soon as what they mention is there.",
        discussion: "A run that was not done goes on where it was; --fresh begins anew.")

    @OptionGroup var stack: StackOptions
    @Argument(help: "The pipeline; it may be left out where there is only one.") var pipeline: String?
    @OptionGroup var consent: ConsentOptions
    @OptionGroup(title: "Jobs") var running: RunningOptions
    @OptionGroup(title: "Declaration") var declaration: DeclarationOptions
    @OptionGroup(title: "Planning") var planning: PlanningOptions
    @OptionGroup(title: "AWS") var aws: AWSOptions
    @OptionGroup(title: "Output") var output: OutputOptions

    init() {}

    func run(_ session: Session) async throws -> ExitStatus {
        var session = session
        let rows = session.report
        // Rows for programs have the standard output to themselves.
        if running.format != .table { session.report = rows.aside }
        return try await run(session, rows: rows)
    }

    private func run(_ session: Session, rows: Reporter) async throws -> ExitStatus {
        let planned = try await session.plan(
            Session.PlanRequest(
                stack: stack, declaration: declaration, planning: planning, aws: aws, command: "up"))
        try session.show(planned, isBrief: planning.brief)
        guard let graph = planned.graph else { return .done }
        let name = "\(stack.stack) in \(stack.place.environment)"
        let question = "Bring \(name) up?"
        if graph.pipelines.isEmpty, pipeline == nil {
            session.report.message("\(stack.stack) has no pipelines, so there is nothing to run.")
            return try await session.carryOut(
                planned, word: "up", question: question, yes: consent.yes, goOn: session.commandLineWithoutYes)
        }
        var request = RunRequest(try session.pipeline(pipeline, of: graph), of: graph, who: session.program.user)
        request.isFresh = running.fresh
        request.onInterrupt = running.onInterrupt.choice
        // One run of the stack at a time; held until the end of this function.
        var opening = session.opening(
            stack, command: "up", declaration: declaration, lockTimeout: planning.looking.working.lockTimeout.duration)
        opening.hold = .runs
        let lock = try await Deployment.lock(opening)
        defer { withExtendedLifetime(lock) {} }
        let table = TaskTable(session.program.tool.tasks)
        let up = try await session.doing("planning \(request.pipeline.name) of \(name)") { [request] in
            try await UpRun(planned.deployment, planned.plan, request, table, time: session.program.time)
        }
        show(up, request.pipeline, session)
        if !planned.plan.isEmpty { try session.confirm(question, yes: consent.yes) }
        return try await carryOut(up, planned, session, rows: rows)
    }

    private func show(_ up: UpRun, _ pipeline: Pipeline, _ session: Session) {
        let names = up.tasks.map { $0.awaits == 0 ? $0.name : "\($0.name) (after \($0.awaits) of the above)" }
        session.report.line("Runs \(pipeline.name): \(names.joined(separator: ", ")).")
        for task in up.tasks {
            session.report.event(
                "willRun",
                [
                    "pipeline": .string(pipeline.name), "task": .string(task.name), "kind": .string(task.kind),
                    "awaits": .int(task.awaits),
                ])
        }
    }

    private func carryOut(
        _ up: UpRun, _ planned: Planned, _ session: Session, rows: Reporter
    ) async throws -> ExitStatus {
        let report = session.report
        let store = planned.deployment.store
        let before = try await store.read(.rows)
        let interruption = Interruption(clock: session.program.time.clock)
        let watch = session.watch(interruption, store, jobs: running.onInterrupt.choice)
        defer { watch.end() }
        let progress = Progress(report)
        let runner = session.runner(planned.deployment, interruption, running, rows: rows)
        let result: (outcome: Outcome, summary: RunSummary)
        do {
            result = try await report.showing {
                try await up.run(runner) { settle in
                    try await apply(planned, interruption, session) { event in
                        progress.tell(event)
                        settle(event)
                    }
                }
            }
        } catch let error as StateError where progress.hasBegun {
            throw CommandLineError.stateLost(error)
        }
        let changed = try await store.read(.rows) != before
        let applied = session.status(of: result.outcome, hasChanged: changed, signal: watch.first)
        let ran = session.status(of: result.summary, signal: watch.first)
        let goOn = session.commandLineWithoutYes
        if !planned.plan.isEmpty || applied != .done { report.outcome(result.outcome, applied, goOn: goOn) }
        try report.ran(
            result.summary, try await store.read(.tasks(of: result.summary.run.id)), of: stack, ran, goOn: goOn)
        if result.outcome.isComplete { report.outputs(result.outcome.outputs) }
        return applied.rank < ran.rank ? applied : ran
    }

    /// Carries the plan of the resources out, unless there is nothing in it.
    private func apply(
        _ planned: Planned, _ interruption: Interruption, _ session: Session, _ report: @escaping @Sendable (Event) -> Void
    ) async throws -> Outcome {
        guard !planned.plan.operations.isEmpty else {
            var outcome = Outcome()
            outcome.outputs = planned.plan.previousOutputs
            return outcome
        }
        return try await planned.deployment.apply(
            planned.plan, command: "up", who: session.program.user, interruption: interruption, report: report)
    }
}

/// `slipway down`
struct DownCommand: ToolCommand {
    static let configuration = CommandConfiguration(
        commandName: "down", abstract: "Take everything down again, as destroy does.")

    @OptionGroup var destroy: DestroyCommand

    var output: OutputOptions { destroy.output }

    init() {}

    func run(_ session: Session) async throws -> ExitStatus { try await destroy.run(session) }
}
