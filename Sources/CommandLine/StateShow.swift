import ArgumentParser
import SlipwayDeclaration
import SlipwayState

/// `slipway state show`
struct StateShowCommand: ToolCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show what the state knows of one resource.")

    @OptionGroup var stack: StackOptions
    @Argument(help: "The resource's address; deposed ones are address#generation.") var address: String
    @OptionGroup(title: "Output") var output: OutputOptions

    init() {}

    func run(_ session: Session) async throws -> ExitStatus {
        let rows = try await session.store(stack).read(.rows)
        let row = try rows.named(address)
        let members = try row.members()
        session.report.event("resource", members)
        guard !session.report.isJSON else { return .done }
        let values = ValueText()
        session.report.line("\(session.report.style.bold(row.key.description))  \(row.kind)")
        for (name, value) in [
            ("identity", row.identity), ("account", row.account), ("region", row.region),
            ("created", Moment.text(row.createdAt)), ("updated", Moment.text(row.updatedAt)),
            ("depends on", row.dependencies.map(\.description).joined(separator: ", ")),
            ("settling", row.settling ?? ""), ("treated", row.management.words),
        ] where !value.isEmpty {
            session.report.line("    \(name): \(value)")
        }
        for (title, tree) in [("declared", try row.declared.tree()), ("attributes", try row.attributes.tree())] {
            guard let members = tree.object, !members.isEmpty else { continue }
            session.report.line("  \(title):")
            for (name, value) in members.sorted(by: { $0.key < $1.key }) {
                let lines = values.inline(value).map { [$0] } ?? values.lines(value)
                session.report.line("    \(name): \(lines[0])")
                for line in lines.dropFirst() { session.report.line("    \(line)") }
            }
        }
        return .done
    }
}

extension StoredManagement {
    /// `protected, retained`
    fileprivate var words: String {
        [(protect, "protected"), (retain, "retained"), (createBeforeDestroy, "created before destroyed")]
            .filter(\.0).map(\.1).joined(separator: ", ")
    }
}

extension [ResourceRow] {
    /// The row of an address, or of `address#generation`; of several generations the current one.
    /// - Throws: `StateError.noSuchResource(_:known:)`.
    func named(_ name: String) throws -> ResourceRow {
        let matches = filter { $0.key.description == name || $0.address.description == name }
        guard let row = matches.max(by: { $0.generation < $1.generation }) else {
            throw StateError.noSuchResource(name, known: map(\.key.description))
        }
        return first { $0.key.description == name && $0.generation > 1 } ?? row
    }
}

extension ResourceRow {
    /// The row as a tree, without what compares secrets.
    func members() throws -> [String: JSON?] {
        [
            "address": .string(address.description), "generation": .int(generation), "kind": .string(kind),
            "schemaVersion": .int(schemaVersion), "account": .string(account), "region": .string(region),
            "identity": .string(identity), "immutableID": immutableID.map { .string($0) },
            "version": version.map { .string($0) }, "nonce": .string(nonce),
            "declared": try declared.tree().withoutSecrets, "attributes": try attributes.tree(),
            "dependencies": .array(dependencies.map { .string($0.description) }),
            "protect": .bool(management.protect), "retain": .bool(management.retain),
            "createBeforeDestroy": .bool(management.createBeforeDestroy),
            "replaceWhen": .array(management.replaceWhen.map { .string($0) }),
            "settling": settling.map { .string($0) }, "tainted": .bool(tainted),
            "createdAt": .string(Moment.text(createdAt)), "updatedAt": .string(Moment.text(updatedAt)),
        ]
    }
}
