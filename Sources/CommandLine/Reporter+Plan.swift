import SlipwayDeclaration
import SlipwayEngine
import SlipwayProvider
import SlipwayState

extension Reporter {
    /// Shows a plan: what it does on the standard output, what speaks against it on the standard error.
    ///
    /// - Parameters:
    ///   - assets: Assets that are known, by the SHA-256 of their content.
    ///   - isBrief: Whether each resource has one line only.
    func plan(_ plan: Plan, assets: [String: ValueText.KnownAsset], isBrief: Bool = false) {
        if isJSON {
            for entry in PlanEntry.entries(of: plan) { event("operation", members(entry)) }
            for name in plan.outputs.keys.sorted() where plan.outputsChange {
                guard let value = plan.outputs[name], plan.previousOutputs[name] != value.literal else { continue }
                event(
                    "output",
                    [
                        "name": .string(name), "value": value.literal.map { .string($0) },
                        "before": plan.previousOutputs[name].map { .string($0) },
                    ])
            }
        } else {
            let text = PlanText(plan: plan, style: style, values: ValueText(assets: assets), isBrief: isBrief)
            for text in text.lines { line(text) }
        }
        for warning in plan.warnings { self.warning(warning.subject, warning.text) }
        for refusal in plan.refusals { self.refusal(refusal) }
        event("plan", members(plan))
    }

    private func refusal(_ refusal: Refusal) {
        let failure = refusal.failure
        let place = refusal.place.map { "\($0): " } ?? ""
        message("\(place)\(errorStyle.red("refused:")) \(refusal.subject): \(failure.message)")
        if let hint = failure.hint { message("    \(errorStyle.cyan("hint:")) \(hint)") }
        event(
            "refusal",
            [
                "subject": .string(refusal.subject), "message": .string(failure.message),
                "hint": failure.hint.map { .string($0) }, "place": refusal.place.map { .string($0.description) },
                "exit": .int(Int(failure.status.code)),
            ])
    }

    private func members(_ plan: Plan) -> [String: JSON?] {
        var members: [String: JSON?] = [
            "stack": .string(plan.key.stack), "environment": .string(plan.key.environment),
            "account": .string(plan.location.account), "region": .string(plan.location.region),
            "purpose": .string(plan.purpose.rawValue), "changes": .bool(!plan.isEmpty),
            "unchanged": .int(plan.unchanged.count),
        ]
        for (action, count) in plan.counts() { members[action.rawValue] = .int(count) }
        return members
    }

    private func members(_ entry: PlanEntry) -> [String: JSON?] {
        let operation = entry.operation
        return [
            "address": .string(operation.key.address.description), "generation": .int(operation.key.generation),
            "kind": .string(operation.kind), "action": .string(entry.action.rawValue),
            "identity": (operation.identity ?? operation.name).map { .string($0) },
            "reason": .string(operation.reason.word),
            "place": operation.place.map { .string($0.description) },
            // A bare `nil` would be JSON's.
            "properties": entry.action == .create ? operation.desired.withoutSecrets : JSON?.none,
            "changes": .array(operation.changes.map(\.members)),
        ]
    }
}

extension Change {
    /// The change as a tree, without secrets.
    var members: JSON {
        let members: [String: JSON?] = [
            "path": .string(path.joined(separator: ".")), "before": before?.withoutSecrets,
            "after": after?.withoutSecrets, "effect": .string(effect.rawValue), "replaces": .bool(replaces),
            "reason": reason.map { .string($0) }, "outside": .bool(isOutside),
        ]
        return .object(members.compactMapValues { $0 })
    }
}

extension JSON {
    /// The tree with every secret, and what could be compared with one, taken out.
    var withoutSecrets: JSON {
        switch self {
        case .object(let members):
            Secret.isEncoded(members) ? "(secret)" : .object(members.mapValues(\.withoutSecrets))
        case .array(let elements): .array(elements.map(\.withoutSecrets))
        default: self
        }
    }
}

extension Reason {
    /// The reason's name.
    var word: String {
        switch self {
        case .new: "new"
        case .vanished: "vanished"
        case .changed: "changed"
        case .replaceWhen: "replaceWhen"
        case .requested: "requested"
        case .failed: "failed"
        case .undeclared: "undeclared"
        case .deposed: "deposed"
        case .destroy: "destroy"
        case .ownedButUnknown: "ownedButUnknown"
        case .adopted: "adopted"
        case .dependencyReplaced: "dependencyReplaced"
        case .stale: "stale"
        case .settling: "settling"
        }
    }
}

extension Warning {
    /// The warning as a sentence without its subject and without full stop.
    var text: String {
        switch cause {
        case .cannotClear(let property): "AWS has no way to clear \(property), so it stays as it is"
        case .stateRolledBack: "AWS has it from a later state than this one: the state was rolled back, or is a copy"
        case .settling(let status): "AWS is still at work on it (\(status))"
        case .listDenied: "listing them is not permitted, so each was read by itself"
        }
    }
}

extension Refusal {
    /// The refusal in words, and the exit status that it means.
    var failure: Failure {
        let name = "\(kind ?? "resource")\(identity.map { " '\($0)'" } ?? "")"
        return switch cause {
        case .protected:
            Failure(
                "it is protected, and this would delete or replace \(name)", .refused,
                hint: "apply it with protect: false first")
        case .foreign(let owner):
            Failure(
                "\(name) is there already and belongs to \(Failure.owner(owner))", .state,
                hint: "choose another name, or take it over with --adopt")
        case .outputInUse(let stacks):
            Failure("the output is read by \(stacks.joined(separator: ", "))", .refused, hint: "change these first")
        case .outputMissing(let stack, let name):
            Failure(
                "it reads the output '\(name)' of \(stack), which is not there", .refused,
                hint: "`slipway apply \(stack)` makes it")
        case .fixedNameCoexists(let name):
            Failure(
                "its replacement is to be made before it is deleted, but both would be called '\(name)'", .invalid,
                hint: "leave the name to the engine, or leave createBeforeDestroy out")
        case .ownedAtOtherAddress(let address):
            Failure(
                "\(name) is this stack's own, at the address \(address)", .state,
                hint: "`slipway state mv` gives it its new address")
        case .undeletable(let reason, let hint):
            Failure("this would delete \(name), and \(reason)", .refused, hint: hint)
        }
    }
}
