import ArgumentParser

/// `slipway completion`
struct CompletionCommand: ToolCommand {
    static let configuration = CommandConfiguration(
        commandName: "completion", abstract: "Print a completion script for bash, zsh or fish.",
        discussion: "bash: source <(slipway completion bash)")

    @Argument(help: "bash, zsh or fish.") var shell: Shell
    @OptionGroup(title: "Output") var output: OutputOptions

    enum Shell: String, ExpressibleByArgument, CaseIterable { case bash, zsh, fish }

    init() {}

    func run(_ session: Session) async throws -> ExitStatus {
        let kind: CompletionShell =
            switch shell {
            case .bash: .bash
            case .zsh: .zsh
            case .fish: .fish
            }
        session.report.document(SlipwayCommand.completionScript(for: kind))
        return .done
    }
}
