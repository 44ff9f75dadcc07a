import SlipwayDeclaration
import SlipwayEngine
import SlipwayState

extension Reporter {
    /// How an apply ended: what was done, what not and why, and the command that goes on.
    func outcome(_ outcome: Outcome, _ status: ExitStatus, goOn command: String) {
        for (address, changes) in outcome.unconverged {
            let names = changes.map { $0.path.isEmpty ? "the resource" : $0.name }.joined(separator: ", ")
            warning(address.description, "AWS does not show \(names) as it was set")
        }
        if let error = outcome.proofError {
            warning(outcome.succeeded.first?.key.address.description ?? "", "what was done could not be looked at: \(error)")
        }
        event("applied", members(outcome, status))
        guard !isJSON else { return }
        if outcome.isComplete, outcome.settling.isEmpty {
            line("\(style.green("Done:")) \(outcome.line).")
            return
        }
        line("\(style.yellow("Not everything was done:")) \(outcome.line).")
        list("settling", outcome.settling.map { "\($0.operation.key): \($0.status)" })
        list("failed", outcome.failed.flatMap { describe($0.operation, $0.error) })
        list("in doubt", outcome.inDoubt.flatMap { describe($0.operation, $0.error) })
        list(
            "not attempted",
            outcome.notAttempted.filter { $0.operation.verb != .record }.map { operation, because in
                "\(operation.key) (\(operation.verb.rawValue) \(operation.kind))"
                    + (because.map { ": waits for the \($0)" } ?? "")
            })
        message("\(errorStyle.cyan("hint:")) `\(command)` goes on from here")
    }

    private func list(_ title: String, _ lines: [String]) {
        guard !lines.isEmpty else { return }
        message("\(title):")
        for line in lines { message("    \(line)") }
    }

    private func describe(_ operation: Operation, _ error: any Error) -> [String] {
        let failure = Failure(error)
        let place = operation.place.map { "\($0): " } ?? ""
        return ["\(place)\(operation.key) (\(operation.verb.rawValue) \(operation.kind)): \(failure.message)"]
            + (failure.hint.map { ["    \(errorStyle.cyan("hint:")) \($0)"] } ?? [])
    }

    private func members(_ outcome: Outcome, _ status: ExitStatus) -> [String: JSON?] {
        func names(_ operations: [Operation]) -> JSON {
            .array(operations.filter { $0.verb != .record }.map { .string($0.key.description) })
        }
        return [
            "summary": .string(outcome.line), "succeeded": names(outcome.succeeded),
            "settling": names(outcome.settling.map(\.operation)), "failed": names(outcome.failed.map(\.operation)),
            "inDoubt": names(outcome.inDoubt.map(\.operation)),
            "notAttempted": names(outcome.notAttempted.map(\.operation)),
            "unconverged": .array(
                outcome.unconverged.flatMap { address, changes in
                    changes.map { .string("\(address).\($0.path.joined(separator: "."))") }
                }),
            "interrupted": .bool(outcome.wasInterrupted), "exit": .int(Int(status.code)),
        ]
    }

    /// Outputs as they are, by name.
    func outputs(_ outputs: [String: String]) {
        guard !outputs.isEmpty else { return }
        let width = outputs.keys.map(\.count).max() ?? 0
        for (name, value) in outputs.sorted(by: { $0.key < $1.key }) {
            line("\(name)\(String(repeating: " ", count: width - name.count)) = \(value)")
            event("output", ["name": .string(name), "value": .string(value)])
        }
    }
}
