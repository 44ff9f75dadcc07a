import SlipwayAWS
import SlipwayDeclaration
import SlipwayEngine
import SlipwayState

extension Reporter {
    /// One attempt of a call to AWS, for `--debug`.
    func call(_ call: APICall) {
        let outcome: String
        switch call.outcome {
        case .begins: return
        case .succeeded: outcome = "ok"
        case .failed(let code, let status): outcome = "\(code.isEmpty ? "error" : code) (\(status))"
        case .unanswered: outcome = "no answer"
        }
        let attempt = call.attempt > 1 ? " attempt \(call.attempt)" : ""
        let time = call.elapsed.map { " \($0.milliseconds) ms" } ?? ""
        always(errorStyle.dim("aws: \(call.service) \(call.operation)\(attempt): \(outcome)\(time)"))
    }

    /// What became of an operation of an earlier apply.
    func recovered(_ record: OperationRecord, _ decision: Recovery.Decision) {
        let doing = "the \(record.verb.rawValue) of \(record.key) (\(record.kind)) by an earlier apply"
        let word: String
        var reason: String?
        switch decision {
        case .happened: word = "took effect"
        case .nothingHappened: word = "had no effect"
        case .foreign(let owner):
            word = "had no effect"
            reason = "what is there belongs to \(Failure.owner(owner))"
        case .sendAgain: word = "was sent again"
        case .undecided(let why):
            word = "may have taken effect"
            reason = why
        }
        message("recovered: \(doing) \(word)\(reason.map { ": \($0)" } ?? "")")
        event(
            "recovered",
            [
                "address": .string(record.key.address.description), "verb": .string(record.verb.rawValue),
                "decision": .string(word), "reason": reason.map { .string($0) },
            ])
    }
}

extension Duration {
    /// Whole milliseconds.
    var milliseconds: Int { Int(components.seconds) * 1000 + Int(components.attoseconds / 1_000_000_000_000_000) }
}
