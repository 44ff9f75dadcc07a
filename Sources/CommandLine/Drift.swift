import ArgumentParser
import SlipwayDeclaration
import SlipwayEngine
import SlipwayState

/// `slipway drift`
struct DriftCommand: ToolCommand {
    static let configuration = CommandConfiguration(
        commandName: "drift", abstract: "Compare what the state says with AWS; exit 2 when they differ.")

    @OptionGroup var stack: StackOptions
    @OptionGroup(title: "Planning") var working: WorkingOptions
    @OptionGroup(title: "AWS") var aws: AWSOptions
    @OptionGroup(title: "Output") var output: OutputOptions

    init() {}

    func run(_ session: Session) async throws -> ExitStatus {
        // Looking must not make a state.
        _ = try session.store(stack)
        let client = try await session.client(session.configuration(aws, stack.place.cloud))
        let name = "\(stack.stack) in \(stack.place.environment)"
        let deployment = try await session.doing("opening \(name)") {
            try await session.open(stack, Session.Purpose("drift", working), aws: client)
        }
        try await session.recover(deployment)
        let (count, drifted) = try await session.doing("comparing \(name) with AWS") { try await deployment.drift() }
        for drift in drifted { show(drift, session.report) }
        session.report.event("checked", ["resources": .int(count), "drifted": .int(drifted.count)])
        guard !drifted.isEmpty else {
            session.report.line("No drift: \(count) \(count == 1 ? "resource is" : "resources are") as the state says.")
            return .done
        }
        session.report.line("\(drifted.count) of \(count) \(count == 1 ? "resource" : "resources") drifted.")
        return .changes
    }

    /// A difference as a tree, seen from the state, without secrets.
    private func members(_ change: Change) -> JSON {
        let members: [String: JSON?] = [
            "path": .string(change.path.joined(separator: ".")), "expected": change.after?.withoutSecrets,
            "found": change.before?.withoutSecrets,
        ]
        return .object(members.compactMapValues { $0 })
    }

    private func show(_ drift: Drift, _ report: Reporter) {
        let style = report.style
        var head = "\(style.yellow("  ~")) \(style.bold(drift.key.description))  \(drift.kind) \(drift.identity)"
        var changes: [Change] = []
        let status: String
        switch drift.finding {
        case .vanished:
            status = "vanished"
            head += "\n      it was deleted outside"
        case .failed(let reason):
            status = "failed"
            head += "\n      it failed: \(reason)"
        case .foreign(let owner):
            status = "foreign"
            head += "\n      what is there belongs to \(Failure.owner(owner))"
        case .changed(let found):
            status = "changed"
            changes = found
        }
        report.line(head)
        for change in changes { for line in DriftText(style: style).lines(change) { report.line(line) } }
        report.line()
        report.event(
            "drift",
            [
                "address": .string(drift.key.address.description), "generation": .int(drift.key.generation),
                "kind": .string(drift.kind), "identity": .string(drift.identity), "status": .string(status),
                "changes": .array(changes.map(members)),
            ])
    }
}

/// A difference that was found, seen from the state: what it says, then what AWS has.
struct DriftText {
    let style: Style

    func lines(_ change: Change) -> [String] {
        let values = ValueText()
        let said = change.after ?? .null
        let found = change.before ?? .null
        let sign = style.yellow("~")
        if let old = values.inline(said), let new = values.inline(found), old.count + new.count <= 100 {
            return ["    \(sign) \(change.name): \(change.after == nil ? "(left to AWS)" : old) -> \(change.before == nil ? "(not set)" : new)"]
        }
        return ["    \(sign) \(change.name):"] + values.difference(said, found).map { PlanText.line($0, style) }
    }
}
