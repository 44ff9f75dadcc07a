import SlipwayDeclaration
import SlipwayEngine
import SlipwayState

/// What a plan does to one resource, as people think of it: the two halves of a replacement are one.
struct PlanEntry {
    enum Action: String {
        case create, update, replace, delete, adopt, forget, record

        /// As the summary counts it: `2 to create`.
        var counted: String { rawValue }
    }

    let action: Action
    /// The one that makes something, where there are two.
    let operation: Operation
    /// The half of a replacement that deletes the old resource.
    let deletion: Operation?

    /// The plan's operations that do something, by address.
    static func entries(of plan: Plan) -> [PlanEntry] {
        var deletions: [Address: [Operation]] = [:]
        for operation in plan.operations where operation.isReplacement && operation.verb != .create {
            deletions[operation.key.address, default: []].append(operation)
        }
        var entries: [PlanEntry] = []
        for operation in plan.operations {
            switch operation.verb {
            case .create where operation.isReplacement:
                entries.append(
                    PlanEntry(
                        action: .replace, operation: operation, deletion: deletions[operation.key.address]?.first))
                deletions[operation.key.address]?.removeFirst()
            case .delete, .forget:
                if operation.isReplacement { continue }
                entries.append(
                    PlanEntry(
                        action: operation.verb == .delete ? .delete : .forget, operation: operation, deletion: nil))
            case .create: entries.append(PlanEntry(action: .create, operation: operation, deletion: nil))
            case .update: entries.append(PlanEntry(action: .update, operation: operation, deletion: nil))
            case .adopt: entries.append(PlanEntry(action: .adopt, operation: operation, deletion: nil))
            case .record: entries.append(PlanEntry(action: .record, operation: operation, deletion: nil))
            }
        }
        return entries.sorted { $0.operation.key < $1.operation.key }
    }

    /// Why, in words; `nil` where the action says it all.
    var why: String? {
        switch operation.reason {
        case .new, .changed, .destroy, .stale: return nil
        case .vanished: return action == .forget ? "it was deleted outside" : "it was deleted outside, and is made anew"
        case .replaceWhen: return "a value of replaceWhen has changed"
        case .requested: return "--replace asks for it"
        case .failed(let reason): return reason
        case .undeclared:
            return action == .forget ? "it is no longer declared; it is retained in AWS" : "it is no longer declared"
        case .deposed: return "what has replaced it is there"
        case .ownedButUnknown: return "it carries this stack's ownership, and the state did not know it"
        case .settling: return "AWS was still at work on it; it is waited for"
        case .adopted: return "--adopt takes it over"
        case .dependencyReplaced: return "it is part of what is being replaced"
        }
    }

    /// Why a replacement, by its properties: `BucketName can only be set at creation`.
    var replacementReasons: [String] {
        guard action == .replace else { return [] }
        return operation.changes.filter(\.replaces).map { change in
            "\(change.name) \(change.reason ?? (change.effect == .reset ? "cannot be cleared" : "can only be set at creation"))"
        }
    }
}

extension Change {
    /// `Tags.team`; the whole resource when the path is empty.
    var name: String { path.isEmpty ? "(everything)" : path.joined(separator: ".") }
}

extension Plan {
    /// How many of what, in the order of the summary.
    func counts() -> [(action: PlanEntry.Action, count: Int)] {
        let entries = PlanEntry.entries(of: self)
        return [.create, .adopt, .update, .replace, .delete, .forget].map { action in
            (action, entries.count { $0.action == action })
        }
    }
}
