import ArgumentParser
import SlipwayDeclaration
import SlipwayState

/// `slipway history`
struct HistoryCommand: ToolCommand {
    static let configuration = CommandConfiguration(
        commandName: "history", abstract: "List the applies of a stack, or the operations of one.")

    @OptionGroup var stack: StackOptions
    @Argument(help: "An apply, by the beginning of its id.") var id: String?
    @Option(help: "How many applies.") var limit = 20
    @OptionGroup(title: "Output") var output: OutputOptions

    init() {}

    func run(_ session: Session) async throws -> ExitStatus {
        let store = try session.store(stack)
        guard let id else {
            let applies = try await store.read(.applies(limit: max(limit, 0)))
            for apply in applies { show(apply, session.report) }
            if applies.isEmpty { session.report.message("Nothing was applied yet.") }
            return .done
        }
        let applies = try await store.read(.applies(limit: Int(Int32.max)))
        guard let apply = applies.first(where: { $0.id.hasPrefix(id) }) else { throw CommandLineError.unknownApply(id) }
        show(apply, session.report)
        for operation in try await store.read(.operations(of: apply.id)) { show(operation, session.report) }
        return .done
    }

    private func show(_ apply: ApplyRecord, _ report: Reporter) {
        let summary = apply.summary ?? "did not end: it was cut off, or is still at work"
        report.line("\(apply.id.prefix(8))  \(Moment.text(apply.startedAt))  \(apply.command)  \(apply.who)  \(summary)")
        report.event(
            "apply",
            [
                "id": .string(apply.id), "command": .string(apply.command), "who": .string(apply.who),
                "startedAt": .string(Moment.text(apply.startedAt)),
                "endedAt": apply.endedAt.map { .string(Moment.text($0)) }, "summary": apply.summary.map { .string($0) },
            ])
    }

    private func show(_ operation: OperationRecord, _ report: Reporter) {
        let time = operation.endedAt.flatMap { Moment.elapsed(.seconds($0 - operation.begunAt)) }.map { " in \($0)" } ?? ""
        let outcome: String
        switch operation.outcome {
        case .succeeded: outcome = "succeeded\(time)"
        case .failed: outcome = "failed\(time)"
        case .nothingHappened: outcome = "had no effect"
        case nil: outcome = "in doubt"
        }
        let message = operation.message.map { ": \($0)" } ?? ""
        let name = "\(operation.verb.rawValue) \(operation.key)  \(operation.kind)"
        report.line("    \(name)\(operation.identity.map { " \($0)" } ?? "")  \(outcome)\(message)")
        report.event("journal", operation.members)
    }
}
