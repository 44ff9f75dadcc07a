import SlipwayDeclaration
import SlipwayEngine
import SlipwayState
import Synchronization

/// Tells of operations as they begin, wait and end.
final class Progress: Sendable {
    private let report: Reporter
    /// What each operation was last said to wait for.
    private let waits = Mutex<[OperationID: String]>([:])
    private let begun = Mutex(false)

    /// Whether anything was begun.
    var hasBegun: Bool { begun.withLock { $0 } }

    init(_ report: Reporter) { self.report = report }

    func tell(_ event: Event) {
        switch event {
        case .started(let operation):
            begun.withLock { $0 = true }
            guard operation.verb != .record else { return }
            report.begin(operation.key.description, operation.kind, doing: operation.verb.doing)
            report.event("started", members(operation))
        case .waiting(let operation, let why):
            // The same reason is told once, however often the engine asks.
            let isNew = waits.withLock { $0.updateValue(why, forKey: operation.id) != why }
            guard isNew else { return }
            report.say(operation.key.description, "waiting: \(why)")
            report.event("waiting", members(operation).merging(["why": .string(why)]) { $1 })
        case .ended(let operation, let result, let elapsed):
            guard operation.verb != .record || !result.isSuccess else { return }
            let time = Moment.elapsed(elapsed).map { " in \($0)" } ?? ""
            report.end(operation.key.description, "\(words(operation, result))\(time)")
            report.event(
                "ended",
                members(operation).merging([
                    "result": .string(result.word), "message": result.message.map { .string($0) },
                    "milliseconds": .int(elapsed.milliseconds),
                ]) { $1 })
        case .recovered: break
        }
    }

    private func words(_ operation: Operation, _ result: OperationResult) -> String {
        switch result {
        case .succeeded: report.errorStyle.green(operation.verb.done)
        case .settling(let status): report.errorStyle.yellow("settling (\(status))")
        case .failed: report.errorStyle.red("failed")
        case .inDoubt: report.errorStyle.red("in doubt")
        }
    }

    private func members(_ operation: Operation) -> [String: JSON?] {
        [
            "address": .string(operation.key.address.description), "generation": .int(operation.key.generation),
            "kind": .string(operation.kind), "action": .string(operation.verb.rawValue),
        ]
    }
}

extension OperationResult {
    var isSuccess: Bool { if case .succeeded = self { true } else { false } }

    /// `succeeded`, `settling`, `failed`, `in doubt`.
    var word: String {
        switch self {
        case .succeeded: "succeeded"
        case .settling: "settling"
        case .failed: "failed"
        case .inDoubt: "in doubt"
        }
    }

    var message: String? {
        switch self {
        case .succeeded: nil
        case .settling(let status): status
        case .failed(let error), .inDoubt(let error): Failure(error).message
        }
    }
}

extension Operation.Verb {
    /// `creating`
    var doing: String {
        switch self {
        case .create: "creating"
        case .update: "updating"
        case .delete: "deleting"
        case .adopt: "adopting"
        case .forget: "forgetting"
        case .record: "recording"
        }
    }

    /// `created`
    var done: String {
        switch self {
        case .create: "created"
        case .update: "updated"
        case .delete: "deleted"
        case .adopt: "adopted"
        case .forget: "forgotten"
        case .record: "recorded"
        }
    }
}
