import ArgumentParser
import SlipwayDeclaration
import SlipwayLocalCloud

/// `slipway local`
struct LocalCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "local", abstract: "Start, look at and stop the local AWS of this folder.",
        discussion: "It needs no account. `--local` lets other commands use it, and starts it if needed.",
        subcommands: [
            LocalUpCommand.self, LocalDownCommand.self, LocalStatusCommand.self, LocalResetCommand.self,
            LocalEnvCommand.self,
        ])

    init() {}
}

extension Reporter {
    /// What runs; its keys are shown by `local env` alone.
    func local(_ cloud: RunningCloud?, state: String) {
        var rows = [("state", state)]
        if let cloud {
            rows = [
                ("endpoint", cloud.endpoint), ("account", cloud.account), ("region", cloud.region), ("uuid", cloud.uuid),
                ("process", "\(cloud.pid)"), ("log", cloud.log),
            ] + rows
        } else {
            line("No local AWS runs.")
        }
        for (name, value) in rows { line("\(name)\(String(repeating: " ", count: 8 - name.count))  \(value)") }
        event(
            "local",
            [
                "running": .bool(cloud != nil), "state": .string(state), "endpoint": cloud.map { .string($0.endpoint) },
                "account": cloud.map { .string($0.account) }, "region": cloud.map { .string($0.region) },
                "uuid": cloud.map { .string($0.uuid) }, "pid": cloud.map { .int(Int($0.pid)) },
                "log": cloud.map { .string($0.log) },
            ])
    }
}
