import ArgumentParser
import SlipwayDeclaration
import SlipwayEngine
import SlipwayState

/// `slipway state mv`
struct StateMoveCommand: ToolCommand {
    static let configuration = CommandConfiguration(
        commandName: "mv", abstract: "Give a resource another address; nothing changes in AWS.")

    @OptionGroup var stack: StackOptions
    @Argument(help: "The address that it has.") var from: String
    @Argument(help: "The address that it is to have.") var to: String
    @OptionGroup(title: "Planning") var working: WorkingOptions
    @OptionGroup(title: "Output") var output: OutputOptions

    init() {}

    func run(_ session: Session) async throws -> ExitStatus {
        let target = Address(to)
        if let problem = target.problem { throw CommandLineError.badAddress(to, reason: problem) }
        let editing = try await session.edit(stack, working, command: "state mv")
        let rows = try await editing.store.read(.rows)
        let moved = rows.filter { $0.address == Address(from) }
        guard !moved.isEmpty else { throw StateError.noSuchResource(from, known: rows.map(\.address.description)) }
        guard !rows.contains(where: { $0.address == target }) else { throw StateError.addressTaken(to) }
        var changes = moved.map { StateChange.move($0.key, to: target) }
        // Whoever referred to the old address refers to the new one.
        for row in rows where row.dependencies.contains(Address(from)) && row.address != Address(from) {
            var row = row
            row.dependencies = row.dependencies.map { $0 == Address(from) ? target : $0 }.sorted()
            changes.append(.put(row))
        }
        try await editing.commit(changes, "\(from) is \(to) now", session)
        session.report.line("\(from) is \(to) now.")
        session.report.event("moved", ["address": .string(from), "to": .string(to)])
        return .done
    }
}
