import SlipwayAWS
import SlipwayDeclaration
import SlipwayResources

extension GlueJobTask {
    /// Follows a run and its log until it is over.
    func watch(_ first: String, _ definition: JobDefinition) async throws -> TaskOutcome {
        var id = first
        var run = try await observe(id, since: context.now)
        var viewer = LogViewer(context)
        var phase: String?
        var interval = 0.5
        while true {
            if run.jobRunState.word != phase {
                phase = run.jobRunState.word
                try await noteState(of: run, definition)
                context.tell([id, run.jobRunState.word, run.stateDetail].compactMap { $0 }.joined(separator: " "))
                viewer.follow(context.notes.logs)
            }
            await viewer.show()
            do {
                if run.jobRunState.isTerminal {
                    guard let next = try await retry(of: run, definition) else { break }
                    context.tell("Glue tries again: \(next.id)")
                    (id, run, phase) = (next.id, next, nil)
                    continue
                }
                try await context.sleep(for: .seconds(interval))
                run = try await observe(id, since: context.now)
            } catch is RunInterrupted {
                let outcome = try await interrupted(run, definition)
                await viewer.show()
                return outcome
            }
            interval = min(interval * 1.5, 5)
        }
        try await viewer.drain()
        return try await outcome(of: run, definition, viewer.denial)
    }

    private func noteState(of run: JobRun, _ definition: JobDefinition) async throws {
        let logs = JobLogs.sources(run, definition.defaultArguments ?? [:])
        try await context.note { notes in
            notes.phase = run.jobRunState.word
            notes.logs = logs
            if !notes.ids.contains(run.id) { notes.ids.append(run.id) }
        }
    }

    /// Asks for the run's state. What is out of reach is asked again for ten minutes: the job goes on all the same.
    private func observe(_ id: String, since: Double) async throws -> JobRun {
        var told = false
        while true {
            do { return try await jobs.run(id) } catch {
                switch error.kind {
                // A run that was just started may not be seen everywhere yet.
                case .notFound: guard context.now - since < 30 else { throw error }
                case .unreachable, .transient, .throttled, .busy, .propagating:
                    guard context.now - since < 600 else { throw error }
                default: throw error
                }
                if !told { context.tell("waiting: \(error)") }
                told = true
            }
            try await context.sleep(for: .seconds(5))
        }
    }

    /// The attempt that Glue makes by itself after a failure, if the job has retries left.
    private func retry(of run: JobRun, _ definition: JobDefinition) async throws -> JobRun? {
        let attempt = run.attempt ?? 0
        guard run.jobRunState.mayBeRetried, attempt < definition.maxRetries ?? 0 else { return nil }
        let since = context.notes.intendedAt ?? context.now
        let begin = context.now
        while true {
            let runs = try await jobs.runs(token: context.token, since: since)
            if let next = runs.last, next.attempt ?? 0 > attempt { return next }
            guard context.now - begin < 60 else { return nil }
            try await context.sleep(for: .seconds(5))
        }
    }

    // MARK: The end

    private func outcome(of run: JobRun, _ definition: JobDefinition, _ denial: Denial?) async throws -> TaskOutcome {
        var units = DPU.seconds(run, isPythonShell: definition.isPythonShell)
        for id in context.notes.ids where id != run.id {
            // Attempts before the last are billed as well.
            let earlier = DPU.seconds(try await jobs.run(id), isPythonShell: definition.isPythonShell)
            units = units.flatMap { units in earlier.map { units + $0 } }
        }
        try await context.note { [units] notes in
            notes.phase = run.jobRunState.word
            notes.seconds = run.executionTime.map(Double.init)
            notes.dpuSeconds = units
        }
        try await CodeOverride.remove(context)
        if run.jobRunState == .succeeded { return .succeeded }
        return .failed(failure(of: run, denial))
    }

    private func failure(of run: JobRun, _ seen: Denial?) -> TaskFailure {
        let words: String
        switch run.jobRunState {
        case .stopped: words = "was stopped by somebody else"
        case .timeout: words = "took longer than it may"
        case .expired: words = "waited in the queue for too long"
        case .error: words = "met an error of Glue's own"
        default: words = "failed"
        }
        var message = "job '\(jobs.job)' \(words) (\(run.id), \(run.jobRunState.word))"
        if let reason = run.errorMessage, !reason.isEmpty { message += ": \(reason)" }
        while message.last == "." || message.last?.isWhitespace == true { message.removeLast() }
        var failure = TaskFailure(message)
        if let denial = run.errorMessage.flatMap({ Denial(in: $0) }) ?? seen { failure.hints.append(remedy(denial)) }
        let groups = Set(context.notes.logs.map(\.group)).sorted()
        if !groups.isEmpty {
            failure.hints.append("its log is in \(groups.joined(separator: " and ")), stream \(run.id)")
        }
        return failure
    }

    /// What would grant a permission, and where it belongs: to the job's role.
    private func remedy(_ denial: Denial) -> String {
        let role = context.applied.declaration(ofKind: Glue.Job.type, identity: jobs.job).flatMap {
            context.applied.references(of: $0, in: "Role", toKind: IAM.Role.type).first
        }
        return context.remedy(denial, of: role, named: denial.role, otherwise: "add it to the policies of its role")
    }

    // MARK: Interruption

    /// Stops the run or leaves it alone, as it was asked for.
    private func interrupted(_ run: JobRun, _ definition: JobDefinition) async throws -> TaskOutcome {
        guard context.onInterrupt == .stop else {
            context.tell("\(run.id) goes on; the next run attaches to it")
            return .detached
        }
        context.tell("stopping \(run.id)")
        do {
            if let reason = try await jobs.stop(run.id) { context.tell("\(run.id): \(reason)") }
            // Whether it ends at once is worth some seconds; more would keep whoever interrupts waiting.
            for wait in [0.2, 0.5, 0.8, 1.5, 2] {
                try await context.pause(for: .seconds(wait))
                let now = try await jobs.run(run.id)
                guard now.jobRunState.isTerminal else { continue }
                let outcome = try await outcome(of: now, definition, nil)
                return now.jobRunState == .stopped ? .stopped : outcome
            }
        } catch let error as AWSError {
            return .unsettled(TaskFailure("\(run.id) may go on, because it could not be stopped: \(error)"))
        }
        try await context.note { $0.phase = JobRunState.stopping.word }
        return .stopped
    }
}
