import ArgumentParser
import SlipwayEngine
import SlipwayState

/// `slipway apply`
struct ApplyCommand: ToolCommand {
    static let configuration = CommandConfiguration(
        commandName: "apply", abstract: "Bring AWS to what the stack declares.")

    @OptionGroup var stack: StackOptions
    @Option(name: .customLong("plan"), help: "Carry out exactly the plan that `plan --out` saved.", completion: .file())
    var planFile: String?
    @OptionGroup var consent: ConsentOptions
    @OptionGroup(title: "Declaration") var declaration: DeclarationOptions
    @OptionGroup(title: "Planning") var planning: PlanningOptions
    @OptionGroup(title: "AWS") var aws: AWSOptions
    @OptionGroup(title: "Output") var output: OutputOptions

    init() {}

    func run(_ session: Session) async throws -> ExitStatus {
        if let planFile { return try await apply(planFile, session) }
        let planned = try await session.plan(
            Session.PlanRequest(
                stack: stack, declaration: declaration, planning: planning, aws: aws, command: "apply"))
        try session.show(planned, isBrief: planning.brief)
        return try await session.carryOut(
            planned, word: "apply", question: "Apply this to \(stack.stack) in \(stack.place.environment)?",
            yes: consent.yes, goOn: session.commandLineWithoutYes)
    }

    /// Carries out a saved plan. Its environment is the plan's, unless another was asked for, which is then refused.
    private func apply(_ path: String, _ session: Session) async throws -> ExitStatus {
        guard declaration.variables.isEmpty, declaration.variableFiles.isEmpty, declaration.graphFile == nil,
            planning.targets.isEmpty, planning.excludes.isEmpty, planning.replacements.isEmpty, !planning.adopt
        else {
            throw CommandLineError.contradiction("a saved plan is carried out exactly, so nothing about it can be chosen any more")
        }
        let saved = try SavedPlan.read(path, in: session.program.directory)
        var stack = stack
        stack.place.env = stack.place.env ?? saved.key.environment
        stack.place.cloud.isLocal = stack.place.cloud.isLocal || saved.key.target == CloudOptions.local
        let client = try await session.client(session.configuration(aws, stack.place.cloud))
        let purpose = Session.Purpose("apply", planning.looking.working, declaration)
        let name = "\(stack.stack) in \(stack.place.environment)"
        let deployment = try await session.doing("opening \(name)") {
            try await session.open(stack, purpose, aws: client)
        }
        try await session.recover(deployment)
        try deployment.check(saved, header: try await deployment.store.read(.header))
        let planned = Planned(deployment: deployment, plan: saved)
        try session.show(planned, isBrief: planning.brief)
        let isDestroy = saved.purpose == .destroy
        return try await session.carryOut(
            planned, word: isDestroy ? "destroy" : "apply",
            question: isDestroy ? "Destroy \(name)?" : "Apply this to \(name)?", yes: consent.yes,
            goOn: "slipway \(isDestroy ? "destroy" : "apply") \(stack.stack) --env \(stack.place.environment)"
                + (stack.place.cloud.isLocal ? " --local" : ""))
    }
}
