package import ArgumentParser

/// The root of the command line.
package struct SlipwayCommand: ParsableCommand {
    package static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "slipway", abstract: "Provision a data platform on AWS from a graph declared in Swift.",
            discussion: "The stack comes first: slipway plan lakehouse --env dev",
            version: Tool.version,
            groupedSubcommands: Commands.groups.map { CommandGroup(name: $0.name, subcommands: $0.commands) })
    }

    package init() {}
}

/// All commands. Help, completion, README's table and the tests derive from this list.
package enum Commands {
    /// In the order of the help.
    package static let groups: [(name: String, commands: [any ParsableCommand.Type])] = [
        (
            "Deployment",
            [PlanCommand.self, ApplyCommand.self, DestroyCommand.self, UpCommand.self, DownCommand.self]
        ),
        ("Jobs", [RunCommand.self, RunsCommand.self, LogsCommand.self]),
        (
            "Inspection",
            [
                StacksCommand.self, OutputsCommand.self, DriftCommand.self, HistoryCommand.self, GraphCommand.self,
                ExportCommand.self, WhoamiCommand.self,
            ]
        ),
        ("State", [StateCommand.self]),
        ("Local AWS", [LocalCommand.self]),
        ("Tool", [VersionCommand.self, CompletionCommand.self]),
    ]

    /// What may stand first on a command line.
    static var words: [String] {
        groups.flatMap { $0.commands.compactMap { $0.configuration.commandName } } + ["help"]
    }

    /// What a user can type, in the order of the help: `plan`, `state list`.
    package static var all: [(name: String, summary: String, command: any ParsableCommand.Type)] {
        groups.flatMap { group in group.commands.flatMap { named($0, under: "") } }
    }

    private static func named(
        _ command: any ParsableCommand.Type, under parent: String
    ) -> [(name: String, summary: String, command: any ParsableCommand.Type)] {
        let configuration = command.configuration
        let name = parent + (configuration.commandName ?? "")
        guard configuration.subcommands.isEmpty else {
            return configuration.subcommands.flatMap { named($0, under: name + " ") }
        }
        return [(name, configuration.abstract, command)]
    }

    /// README's table.
    package static var table: String {
        let rows = all.map { "| `\($0.name)` | \($0.summary) |" }
        return (["| command | what it does |", "|---|---|"] + rows).joined(separator: "\n")
    }
}
