import ArgumentParser
import SlipwayDeclaration
import SlipwayState

/// `slipway state pull`
struct StatePullCommand: ToolCommand {
    static let configuration = CommandConfiguration(
        commandName: "pull", abstract: "Print the whole state as one JSON document.")

    @OptionGroup var stack: StackOptions
    @OptionGroup(title: "Output") var output: OutputOptions

    init() {}

    func run(_ session: Session) async throws -> ExitStatus {
        let store = try session.store(stack)
        let header = try await store.read(.header)
        let rows = try await store.read(.rows)
        let document: [String: JSON?] = [
            "stack": .string(store.key.stack), "environment": .string(store.key.environment),
            "target": .string(store.key.target), "lineage": .string(header.lineage), "serial": .int(header.serial),
            "account": header.account.map { .string($0) },
            "resources": .array(try rows.map { .object(try $0.members().compactMapValues { $0 }) }),
            "outputs": .object(try await store.read(.outputs).mapValues { .string($0) }),
            "imports": .array(
                try await store.read(.imports).map { ["stack": .string($0.stack), "name": .string($0.name)] }),
            "inDoubt": .array(try await store.read(.inDoubt).map { .object($0.members.compactMapValues { $0 }) }),
        ]
        session.report.document(JSON.object(document.compactMapValues { $0 }).prettyText)
        return .done
    }
}

extension OperationRecord {
    /// The record as a tree.
    var members: [String: JSON?] {
        [
            "address": .string(key.address.description), "generation": .int(key.generation), "kind": .string(kind),
            "verb": .string(verb.rawValue), "identity": identity.map { .string($0) },
            "begunAt": .string(Moment.text(begunAt)), "endedAt": endedAt.map { .string(Moment.text($0)) },
            "outcome": outcome.map { .string($0.rawValue) }, "message": message.map { .string($0) },
        ]
    }
}
