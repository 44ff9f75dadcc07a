import ArgumentParser

/// `slipway state`
struct StateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "state", abstract: "Look at the state, and edit it with care.",
        subcommands: [
            StateListCommand.self, StateShowCommand.self, StateMoveCommand.self, StateRemoveCommand.self,
            StatePullCommand.self,
        ])

    init() {}
}
