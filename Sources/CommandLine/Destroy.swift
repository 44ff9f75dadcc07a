import ArgumentParser
import SlipwayEngine
import SlipwayState

/// `slipway destroy`
struct DestroyCommand: ToolCommand {
    static let configuration = CommandConfiguration(
        commandName: "destroy", abstract: "Take down everything that the state knows; the stack need not be declared.")

    @OptionGroup var stack: StackOptions
    @OptionGroup var consent: ConsentOptions
    @OptionGroup(title: "Planning") var planning: PlanningOptions
    @OptionGroup(title: "AWS") var aws: AWSOptions
    @OptionGroup(title: "Output") var output: OutputOptions

    init() {}

    func run(_ session: Session) async throws -> ExitStatus {
        let name = "\(stack.stack) in \(stack.place.environment)"
        guard StateStore.exists(folder: session.stateFolder(stack.place), key: session.key(stack)) else {
            _ = try session.program.tool.stack(stack.stack)
            session.report.note("Nothing to destroy: \(name) has no state.")
            return .done
        }
        let planned = try await session.plan(
            Session.PlanRequest(stack: stack, declaration: nil, planning: planning, aws: aws, command: "destroy"))
        try session.show(planned, isBrief: planning.brief)
        return try await session.carryOut(
            planned, word: "destroy", question: "Destroy \(name)?", yes: consent.yes,
            goOn: session.commandLineWithoutYes)
    }
}
