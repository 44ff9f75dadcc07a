import SlipwayAWS

// Exactly once. The Data API has an idempotency token, ClientToken, and it is the task's own:
//
// 1. That statements are about to be given, and when, is durable before they are.
// 2. The id in the answer is durable before anything else happens.
// 3. Whoever finds the first without the second gives the same statements with the same token, and gets the id of those
//    that run already.
//
// How long AWS knows a token is not said in its reference, so it is relied on for a quarter of an hour. After that the
// statements are looked for by their name, which ListStatements knows for 24 hours; after those, nobody can tell.
//
// Source: <https://docs.aws.amazon.com/redshift-data/latest/APIReference/API_ExecuteStatement.html> (ClientToken,
// StatementName)
extension SQLTask {
    /// Seconds for which the token alone is relied on. Ours.
    static let tokenLife: Double = 900
    /// Seconds for which AWS knows statements by their names.
    static let memory: Double = 24 * 3600

    /// What came of starting.
    enum Start: Sendable {
        case at(String)
        case ended(TaskOutcome)
    }

    /// Gives statements to the database, or finds those that were given already.
    func start(_ submission: RedshiftData.Submission, at index: Int) async throws -> Start {
        if index < context.notes.ids.count {
            let id = context.notes.ids[index]
            context.tell("attached to \(id)")
            return .at(id)
        }
        if let sent = context.notes.sentAt, context.now - sent > SQLTask.tokenLife {
            if let id = try await data.find(named: submission.name).first {
                try await noteStart(id)
                context.tell("attached to \(id), which an earlier process had started")
                return .at(id)
            }
            guard isRead || context.now - sent < SQLTask.memory else {
                let words = "statements were sent more than 24 hours ago, and it is not known whether they ran"
                return .ended(
                    .unsettled(TaskFailure(words, hints: ["look whether it was done; `--fresh` runs it once more"])))
            }
        }
        return try await send(submission)
    }

    private func send(_ submission: RedshiftData.Submission) async throws -> Start {
        let begin = context.now
        var wait = 1.0
        // An earlier process that was about to send them may have; and what one attempt may have done, no refusal of a
        // later one undoes.
        var isUncertain = context.notes.sentAt != nil
        while true {
            if context.isInterrupted, context.notes.sentAt == nil { return .ended(.stopped) }
            let now = context.now
            try await context.note { notes in
                notes.intendedAt = notes.intendedAt ?? now
                notes.sentAt = notes.sentAt ?? now
            }
            do {
                let id = try await data.submit(submission)
                try await noteStart(id)
                context.tell("started \(id)")
                return .at(id)
            } catch let error as AWSError {
                isUncertain = isUncertain || error.mayHaveHappened || error.kind == .cancelled
                switch error.kind {
                case .throttled, .busy, .propagating, .transient, .unreachable: break
                case _ where isUncertain: throw error
                default: return .ended(.failed(failure("running SQL on \(context.notes.subject ?? "")", error)))
                }
                guard context.now - begin < 120 else {
                    if isUncertain { throw error }
                    return .ended(.failed(failure("running SQL on \(context.notes.subject ?? "")", error)))
                }
                context.tell("waiting: \(error.code.isEmpty ? error.message : error.code)")
                do { try await context.sleep(for: .seconds(wait)) } catch is RunInterrupted {
                    let words = "interrupted before it was known whether the statements were started; the next run finds out"
                    return .ended(isUncertain ? .unsettled(TaskFailure(words)) : .stopped)
                }
                wait = min(wait * 2, 15)
            }
        }
    }

    private func noteStart(_ id: String) async throws {
        try await context.note { notes in
            notes.ids.append(id)
            // What is sent next has not been sent yet.
            notes.sentAt = nil
        }
    }

    /// A call that was refused.
    func failure(_ what: String, _ error: AWSError) -> TaskFailure {
        TaskFailure("\(what): \(error)", hints: context.hints(for: error))
    }
}
