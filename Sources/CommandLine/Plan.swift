import ArgumentParser
import SlipwayEngine

/// `slipway plan`
struct PlanCommand: ToolCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan", abstract: "Show what apply would do, attribute by attribute.")

    @OptionGroup var stack: StackOptions
    @Flag(help: "Plan to take everything down.") var destroy = false
    @Option(help: "Save the plan, for `apply --plan`.", completion: .file()) var out: String?
    @Flag(name: .customLong("detailed-exitcode"), help: "Exit 2 when there are changes.") var detailedExitCode = false
    @OptionGroup(title: "Declaration") var declaration: DeclarationOptions
    @OptionGroup(title: "Planning") var planning: PlanningOptions
    @OptionGroup(title: "AWS") var aws: AWSOptions
    @OptionGroup(title: "Output") var output: OutputOptions

    init() {}

    func run(_ session: Session) async throws -> ExitStatus {
        let planned = try await session.plan(
            Session.PlanRequest(
                stack: stack, declaration: destroy ? nil : declaration, planning: planning, aws: aws, command: "plan"))
        try session.show(planned, isBrief: planning.brief)
        if let out {
            try SavedPlan.write(planned.plan, to: out, in: session.program.directory)
            session.report.note("saved: `slipway apply \(stack.stack) --plan \(out)` carries out exactly this")
        }
        return detailedExitCode && !planned.plan.isEmpty ? .changes : .done
    }
}
