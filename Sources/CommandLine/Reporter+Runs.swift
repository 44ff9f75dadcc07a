import SlipwayDeclaration
import SlipwayJobs
import SlipwayState

extension Reporter {
    /// How a run ended: what was done, what not and why, and the command that goes on.
    /// - Throws: `StateError` when a record cannot be read.
    func ran(
        _ summary: RunSummary, _ tasks: [TaskRecord], of stack: StackOptions, _ status: ExitStatus, goOn command: String
    ) throws {
        let line = try tasks.summary()
        let members = try members(summary.run, tasks).merging([
            "summary": .string(line), "interrupted": .bool(summary.wasInterrupted), "exit": .int(Int(status.code)),
        ]) { $1 }
        event("ran", members)
        guard !isJSON else { return }
        switch summary.outcome {
        case .succeeded: self.line("\(style.green("Done:")) \(line).")
        case .partial: self.line("\(style.green("Done in part, as asked for:")) \(line).")
        default: self.line("\(style.yellow("Not everything was done:")) \(line).")
        }
        for task in tasks {
            guard let failure = summary.tasks[task.name]?.failure else { continue }
            message("\(errorStyle.red("\(task.name):")) \(failure.message)")
            var hints = failure.hints
            if try !task.notes().logs.isEmpty {
                let place = stack.place.env.map { " --env \($0)" } ?? ""
                hints.append("`slipway logs \(stack.stack)\(place) --task \(task.name) --errors` prints its error log")
            }
            for hint in hints { message("    \(errorStyle.cyan("hint:")) \(hint)") }
        }
        if summary.outcome != .succeeded, summary.outcome != .partial {
            message("\(errorStyle.cyan("hint:")) `\(command)` goes on from here")
        }
    }

    /// One line of `runs`.
    func run(_ run: RunRecord, _ tasks: [TaskRecord]) throws {
        let took = run.endedAt.map { Moment.elapsed(.seconds($0 - run.startedAt)) ?? "0 s" } ?? "-"
        let cost = try tasks.dpuHours().map { "\(Amount.text($0)) DPU-hours" } ?? "-"
        let outcome = run.outcome ?? "did not end: it was cut off, or is still at work"
        line("\(run.id.prefix(8))  \(Moment.text(run.startedAt))  \(run.pipeline)  \(run.who)  \(took)  \(cost)  \(outcome)")
        let members = try members(run, tasks)
        event("run", members)
    }

    private func members(_ run: RunRecord, _ tasks: [TaskRecord]) throws -> [String: JSON?] {
        [
            "id": .string(run.id), "pipeline": .string(run.pipeline), "who": .string(run.who),
            "startedAt": .string(Moment.text(run.startedAt)),
            "endedAt": run.endedAt.map { .string(Moment.text($0)) }, "outcome": run.outcome.map { .string($0) },
            "dpuHours": try tasks.dpuHours().map { .double($0) },
        ]
    }

    /// A task of `runs STACK RUN`.
    func task(_ record: TaskRecord) throws {
        let notes = try record.notes()
        var parts = ["    \(record.name)", record.kind]
        if let subject = notes.subject { parts.append(subject) }
        parts.append(record.state + (notes.doneIn.map { " in \($0.prefix(8))" } ?? ""))
        if let took = record.took.flatMap({ Moment.elapsed(.seconds($0)) }) { parts.append(took) }
        if notes.doneIn == nil, let hours = notes.dpuHours { parts.append("\(Amount.text(hours)) DPU-hours") }
        if let rows = notes.rows { parts.append("\(rows) \(rows == 1 ? "row" : "rows")") }
        line(parts.joined(separator: "  "))
        if !notes.ids.isEmpty { line("        \(notes.ids.joined(separator: ", "))") }
        for (asset, digest) in notes.code.sorted(by: { $0.key < $1.key }) { line("        \(asset) \(digest.prefix(12))") }
        for (name, value) in notes.arguments.sorted(by: { $0.key < $1.key }) { line("        \(name) \(value)") }
        for crawl in notes.crawls ?? [] {
            line("        \(crawl.words)" + (crawl.dpuHours.map { ", \(Amount.text($0)) DPU-hours" } ?? ""))
        }
        if let transfer = notes.transfer { line("        \(transfer.words)") }
        // Of a single statement all is told already.
        for statement in notes.statements ?? [] where notes.statements?.count ?? 0 > 1 {
            let rows = statement.rows.map { "  \($0) \($0 == 1 ? "row" : "rows")" } ?? ""
            line("        \(statement.number)  line \(statement.line)  \(statement.text)  \(statement.phase ?? "-")\(rows)")
        }
        for file in notes.files ?? [] { line("        \(file)") }
        if let message = notes.message { line("        \(message)") }
        if let result = notes.result { rows(record.name, result, as: .table) }
        event(
            "task",
            [
                "task": .string(record.name), "kind": .string(record.kind), "outcome": .string(record.state),
                "subject": notes.subject.map { .string($0) }, "ids": .array(notes.ids.map { .string($0) }),
                "phase": notes.phase.map { .string($0) }, "arguments": .object(notes.arguments.mapValues { .string($0) }),
                "code": .object(notes.code.mapValues { .string($0) }), "token": .string(record.token),
                "startedAt": record.startedAt.map { .string(Moment.text($0)) },
                "endedAt": record.endedAt.map { .string(Moment.text($0)) },
                "dpuHours": notes.dpuHours.map { .double($0) }, "rows": notes.rows.map { .int($0) },
                "crawls": notes.crawls.map { .array($0.map(\.tree)) }, "transfer": notes.transfer.map(\.tree),
                "files": notes.files.map { .array($0.map { .string($0) }) },
                "statements": notes.statements.map { .array($0.map(\.tree)) },
                "doneIn": notes.doneIn.map { .string($0) }, "message": notes.message.map { .string($0) },
                "hints": .array(notes.hints.map { .string($0) }),
            ])
    }
}

extension CrawlNotes {
    fileprivate var tree: JSON {
        let members: [String: JSON?] = [
            "crawler": .string(crawler), "id": id.map { .string($0) }, "phase": phase.map { .string($0) },
            "counts": .object(counts.mapValues { .int($0) }), "dpuHours": dpuHours.map { .double($0) },
            "message": message.map { .string($0) },
        ]
        return .object(members.compactMapValues { $0 })
    }
}

extension TransferNotes {
    fileprivate var tree: JSON {
        [
            "files": .int(files), "bytes": .int(bytes), "unchanged": .int(unchanged), "uploaded": .int(uploaded),
            "uploadedBytes": .int(uploadedBytes), "deleted": .int(deleted),
        ]
    }
}

extension StatementNotes {
    fileprivate var tree: JSON {
        let members: [String: JSON?] = [
            "number": .int(number), "line": .int(line), "text": .string(text), "phase": phase.map { .string($0) },
            "rows": rows.map { .int($0) },
        ]
        return .object(members.compactMapValues { $0 })
    }
}

extension TaskRecord {
    /// Seconds.
    fileprivate var took: Double? { endedAt.flatMap { end in startedAt.map { end - $0 } } }
}

extension [TaskRecord] {
    /// What the run itself used; `nil` where none of its tasks says.
    fileprivate func dpuHours() throws -> Double? {
        let hours = try compactMap { record -> Double? in
            let notes = try record.notes()
            return notes.doneIn == nil ? notes.dpuHours : nil
        }
        return hours.isEmpty ? nil : hours.reduce(0, +)
    }

    /// What became of the tasks, as a line such as `2 succeeded, 1 failed, 0.033 DPU-hours`.
    fileprivate func summary() throws -> String {
        var parts: [String] = []
        for state in TaskState.allCases where state != .notAsked {
            let count = count { $0.state == state.rawValue }
            if count > 0 { parts.append("\(count) \(state.rawValue)") }
        }
        if let hours = try dpuHours() { parts.append("\(Amount.text(hours)) DPU-hours") }
        return parts.isEmpty ? "nothing to do" : parts.joined(separator: ", ")
    }
}
