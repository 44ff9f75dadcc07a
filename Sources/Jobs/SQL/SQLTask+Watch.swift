import SlipwayAWS
import SlipwayDeclaration
import SlipwayResources

extension SQLTask {
    /// What came of waiting.
    enum Watched: Sendable {
        case finished(RedshiftData.Description)
        /// AWS does not know them any more.
        case gone
        case ended(TaskOutcome)
    }

    /// Waits until statements are over.
    /// - Parameter before: The statements that were done before these.
    func watch(
        _ id: String, _ submission: RedshiftData.Submission, from before: [RedshiftData.Description.Part]
    ) async throws -> Watched {
        var interval = 0.2
        var told = ""
        while true {
            let description: RedshiftData.Description
            do {
                guard let found = try await observe(id) else { return .gone }
                description = found
                let words = progress(description, before.count)
                if words != told {
                    told = words
                    try await note(before, description)
                    context.tell(words)
                }
                if description.status.isTerminal { return outcome(of: description, before.count) }
                try await context.sleep(for: .seconds(interval))
            } catch is RunInterrupted {
                return try await interrupted(id, before)
            }
            interval = min(interval * 1.4, 5)
        }
    }

    /// `STARTED`, and of several statements how many are done: `STARTED, 3 of 12 statements`.
    private func progress(_ description: RedshiftData.Description, _ before: Int) -> String {
        guard script.statements.count > 1 else { return description.status.word }
        let done = before + description.subStatements.count { $0.status == .finished }
            + (description.subStatements.isEmpty && description.status == .finished ? 1 : 0)
        return "\(description.status.word), \(done) of \(script.statements.count) statements"
    }

    private func note(_ before: [RedshiftData.Description.Part], _ description: RedshiftData.Description) async throws {
        let parts = before + description.parts
        let statements = zip(script.statements, parts).enumerated().map { index, both in
            StatementNotes(
                number: index + 1, line: both.0.line, text: both.0.beginning, phase: both.1.status?.word,
                rows: both.1.resultRows.flatMap { $0 >= 0 ? $0 : nil })
        }
        let written = parts.reduce(0) { sum, part in
            sum + (part.hasResultSet == true || part.status != .finished ? 0 : max(part.resultRows ?? 0, 0))
        }
        try await context.note { [isRead] notes in
            notes.phase = description.status.word
            notes.statements = statements
            if !isRead { notes.rows = written }
            if let duration = description.duration, duration > 0, description.status.isTerminal {
                notes.seconds = (notes.seconds ?? 0) + Double(duration) / 1e9
            }
        }
    }

    /// Asks for the state. What is out of reach is asked again for ten minutes: the statements go on all the same.
    /// - Returns: `nil` when AWS does not know them.
    private func observe(_ id: String) async throws -> RedshiftData.Description? {
        let begin = context.now
        var told = false
        while true {
            do { return try await data.describe(id) } catch {
                switch error.kind {
                // What was just given may not be seen everywhere yet.
                case .notFound: guard context.now - begin < 15 else { return nil }
                case .unreachable, .transient, .throttled, .busy, .propagating:
                    guard context.now - begin < 600 else { throw error }
                default: throw failure("asking for \(id)", error)
                }
                if !told { context.tell("waiting: \(error)") }
                told = true
            }
            try await context.sleep(for: .seconds(5))
        }
    }

    // MARK: The end

    private func outcome(of description: RedshiftData.Description, _ before: Int) -> Watched {
        switch description.status {
        case .finished: return .finished(description)
        case .aborted: return .ended(.failed(TaskFailure("it was cancelled (\(description.id))")))
        default:
            let failed = description.parts.firstIndex { $0.status == .failed && $0.error != nil }
            let index = before + (failed ?? 0)
            // Where it is not known which of several it was, AWS's words say all there is.
            let isKnown = failed != nil && index < script.statements.count
            let words = (isKnown ? description.parts[failed ?? 0].error : nil) ?? description.error ?? "no reason given"
            var failure = TaskFailure("\(isKnown ? "\(name(of: index)) failed" : "it failed"): \(words)")
            while failure.message.last == "." || failure.message.last?.isWhitespace == true {
                failure.message.removeLast()
            }
            failure.hints = SQLDenial.hints(
                for: words, in: isKnown ? script.statements[index].text : "", parameters, context)
            if !isEach, script.statements.count > 1 {
                failure.hints.append("all of it was one transaction, so nothing was changed")
            }
            return .ended(.failed(failure))
        }
    }

    // MARK: Interruption

    /// Cancels the statements or leaves them alone, as it was asked for.
    private func interrupted(_ id: String, _ before: [RedshiftData.Description.Part]) async throws -> Watched {
        guard context.onInterrupt == .stop else {
            context.tell("\(id) goes on; the next run attaches to it")
            return .ended(.detached)
        }
        context.tell("cancelling \(id)")
        do {
            if let reason = try await data.cancel(id) { context.tell("\(id): \(reason)") }
            for wait in [0.2, 0.5, 0.8, 1.5, 2] {
                try await context.pause(for: .seconds(wait))
                let now = try await data.describe(id)
                guard now.status.isTerminal else { continue }
                try await note(before, now)
                return now.status == .aborted ? .ended(.stopped) : outcome(of: now, before.count)
            }
        } catch let error as AWSError {
            return .ended(.unsettled(TaskFailure("\(id) may go on, because it could not be cancelled: \(error)")))
        }
        let words = "\(id) is being cancelled, and was not yet when this ended; the next run finds out how it ended"
        return .ended(.unsettled(TaskFailure(words)))
    }
}
