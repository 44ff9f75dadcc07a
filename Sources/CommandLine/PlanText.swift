import SlipwayDeclaration
import SlipwayEngine
import SlipwayState

/// A plan as people read it: attribute by attribute.
struct PlanText {
    let plan: Plan
    let style: Style
    let values: ValueText
    /// Whether each resource has one line only.
    var isBrief = false

    var lines: [String] {
        let entries = PlanEntry.entries(of: plan).filter { $0.action != .record }
        var lines: [String] = []
        for entry in entries {
            lines += isBrief ? Array(text(entry).prefix(1)) : text(entry)
            if !isBrief { lines.append("") }
        }
        if isBrief, !entries.isEmpty { lines.append("") }
        let outputs = outputLines
        if !outputs.isEmpty { lines += ["Outputs:"] + outputs + [""] }
        lines.append(summary)
        return lines
    }

    // MARK: Resources

    private func text(_ entry: PlanEntry) -> [String] {
        let operation = entry.operation
        var head = "\(symbol(entry.action)) \(style.bold(operation.key.description))  \(operation.kind)"
        let identity = operation.identity ?? operation.name
        if let old = entry.deletion?.identity, let identity, old != identity {
            head += " \(old) -> \(identity)"
        } else if let identity = identity ?? entry.deletion?.identity {
            head += " \(identity)"
        }
        var lines = [head]
        if let why = entry.why { lines.append(style.dim("      \(why)")) }
        for reason in entry.replacementReasons { lines.append("      replaces: \(reason)") }
        switch entry.action {
        case .create: lines += properties(operation.desired, style.green("+"))
        case .replace, .update, .adopt: lines += operation.changes.flatMap { text($0, entry.action) }
        case .delete, .forget, .record: break
        }
        return lines
    }

    private func symbol(_ action: PlanEntry.Action) -> String {
        switch action {
        case .create: style.green("  +")
        case .update: style.yellow("  ~")
        case .replace: style.magenta("-/+")
        case .delete: style.red("  -")
        case .adopt: style.cyan("  <")
        case .forget: style.dim("  .")
        case .record: "   "
        }
    }

    private func properties(_ tree: JSON, _ sign: String) -> [String] {
        (tree.object ?? [:]).sorted { $0.key < $1.key }.flatMap { name, value -> [String] in
            if let line = values.inline(value) { return ["    \(sign) \(name): \(line)"] }
            return ["    \(sign) \(name):"] + values.lines(value).map { "          \($0)" }
        }
    }

    // MARK: Changes

    func text(_ change: Change, _ action: PlanEntry.Action) -> [String] {
        guard change.effect != .stays else { return [] }
        var note = change.isOutside ? "  \(style.cyan("changed outside"))" : ""
        if change.replaces, action == .replace { note += "  \(style.magenta("replaces"))" }
        let sign = style.yellow("~")
        let before = change.before ?? .null
        guard let after = change.after else {
            return ["    \(style.red("-")) \(change.name): \(short(before)) -> (left to AWS)\(note)"]
        }
        if change.before == nil || change.before == .null {
            if let line = values.inline(after) { return ["    \(style.green("+")) \(change.name): \(line)\(note)"] }
            return ["    \(style.green("+")) \(change.name):\(note)"] + values.lines(after).map { "          \($0)" }
        }
        if let old = values.inline(before), let new = values.inline(after), old.count + new.count <= 100 {
            let shown = old == new ? "\(new) (another value)" : new
            return ["    \(sign) \(change.name): \(old) -> \(shown)\(note)"]
        }
        let difference = values.difference(before, after)
        return ["    \(sign) \(change.name):\(note)"] + difference.map { PlanText.line($0, style) }
    }

    static func line(_ line: LineDiff.Line, _ style: Style) -> String {
        switch line {
        case .same(let text): "          \(text)"
        case .removed(let text): style.red("        - \(text)")
        case .added(let text): style.green("        + \(text)")
        case .skipped(let count): style.dim("          … \(count) \(count == 1 ? "line" : "lines") as before")
        }
    }

    private func short(_ value: JSON) -> String {
        if let line = values.inline(value) { return line }
        return "\(values.lines(value).count) lines"
    }

    // MARK: Outputs and summary

    private var outputLines: [String] {
        guard plan.outputsChange else { return [] }
        let names = Set(plan.outputs.keys).union(plan.previousOutputs.keys).sorted()
        return names.compactMap { name in
            let old = plan.previousOutputs[name]
            guard let new = plan.outputs[name] else {
                return "  \(style.red("-")) \(name): \(old ?? "")"
            }
            let text = new.literal ?? "\(new.spelling) (known after apply)"
            guard let old else { return "  \(style.green("+")) \(name): \(text)" }
            return old == new.literal ? nil : "  \(style.yellow("~")) \(name): \(old) -> \(text)"
        }
    }

    private var summary: String {
        let counts = plan.counts().filter { $0.count > 0 }
        let partial = plan.isPartial ? " Only a part of the stack was planned." : ""
        guard !counts.isEmpty else {
            if plan.outputsChange { return "Plan: only outputs change.\(partial)" }
            if plan.purpose == .destroy { return "Nothing to destroy: the state has no resources.\(partial)" }
            return "No changes: \(plan.key.stack) in \(plan.key.environment) is as declared.\(partial)"
        }
        let parts = counts.map { "\($0.count) to \($0.action.counted)" }
        return "\(style.bold("Plan:")) \(parts.joined(separator: ", ")).\(partial)"
    }
}
