import SlipwayAWS
import SlipwayDeclaration
import SlipwayResources

// Exactly once. Glue has no idempotency token for StartJobRun, so a token of ours goes along as an argument:
//
// 1. That something is about to be started, and when, is durable before StartJobRun is sent.
// 2. The id in its answer is durable before anything else happens.
// 3. Whoever finds the first without the second looks for the token among the job's runs, and starts another only when
//    none has it and enough time has passed for one to be seen.
//
// Source: <https://github.com/apache/airflow/issues/59075> and <https://github.com/apache/airflow/pull/62560> for what
// happens otherwise.
extension GlueJobTask {
    /// Seconds after which a run that was started is seen by GetJobRuns, the time of the call included. Ours.
    static let visibility: Double = 60

    /// Starts the job, or finds the run that was started already.
    func start(_ definition: JobDefinition) async throws -> Start {
        if let id = context.notes.ids.last {
            context.tell("attached to \(id)")
            return .at(id)
        }
        if context.notes.sentAt != nil {
            switch try await settle() {
            case .found(let id):
                context.tell("attached to \(id), which an earlier process had started")
                return .at(id)
            case .unknown(let outcome): return .ended(outcome)
            case .absent: break
            }
        }
        let input: GlueJobs.Start
        do { input = try await self.input(definition) } catch let error as TaskFailure { return .ended(.failed(error)) }
        return try await send(input)
    }

    private func input(_ definition: JobDefinition) async throws -> GlueJobs.Start {
        var sent = try await CodeOverride.arguments(for: context.changedCode, definition, context)
        for (name, value) in declared.arguments { sent[name] = value.literal ?? "" }
        let shown = sent
        for (name, secret) in declared.secrets { sent[name] = secret.reveal() ?? "" }
        sent[GlueJobs.tokenArgument] = context.token
        try await context.note { [job = jobs.job] notes in
            notes.subject = job
            notes.arguments = shown
        }
        return GlueJobs.Start(
            jobName: jobs.job, arguments: sent, timeout: declared.timeout, workerType: declared.workerType?.literal,
            numberOfWorkers: declared.numberOfWorkers, maxCapacity: declared.maxCapacity,
            executionClass: declared.executionClass?.rawValue, securityConfiguration: declared.securityConfiguration?.literal)
    }

    private func send(_ input: GlueJobs.Start) async throws -> Start {
        var refusals = Refusals(patience: declared.patience)
        var ambiguous = 0
        while true {
            if context.isInterrupted { return .ended(.stopped) }
            let now = context.now
            try await context.note { notes in
                notes.intendedAt = notes.intendedAt ?? now
                notes.sentAt = now
            }
            let answer: Result<String, AWSError>
            do { answer = .success(try await jobs.start(input)) } catch { answer = .failure(error) }
            switch answer {
            case .success(let id):
                try await context.note { $0.ids = [id] }
                context.tell("started \(id)")
                return .at(id)
            case .failure(let error) where error.mayHaveHappened || error.kind == .cancelled:
                ambiguous += 1
                let cause = error.code.isEmpty ? error.message : error.code
                context.tell("it is not known whether the job was started (\(cause)); looking for it")
                switch try await settle() {
                case .found(let id): return .at(id)
                case .unknown(let outcome): return .ended(outcome)
                case .absent where ambiguous < 3: continue
                case .absent: return .ended(.failed(TaskFailure("starting job '\(jobs.job)': \(error)")))
                }
            case .failure(let error):
                guard let wait = refusals.wait(after: error, now: context.now) else {
                    return .ended(.failed(try await refusal(error)))
                }
                // A run of ours that nobody had seen may be what is in the way.
                if refusals.isBusy, let id = try await look() { return .at(id) }
                context.tell("waiting: \(refusals.words(for: error))")
                do { try await context.sleep(for: wait) } catch is RunInterrupted { return .ended(.stopped) }
            }
        }
    }

    private func refusal(_ error: AWSError) async throws -> TaskFailure {
        var failure = TaskFailure("starting job '\(jobs.job)': \(error)")
        if error.code == "ConcurrentRunsExceededException" {
            let active = try await jobs.activeRuns()
            let names = active.prefix(3).map { "\($0.id) (\($0.jobRunState.word))" }.joined(separator: ", ")
            failure.message = "job '\(jobs.job)' may not have more runs at once" + (names.isEmpty ? "" : ": there is \(names)")
            failure.hints.append("`patience:` of the task waits for other runs, `maxConcurrentRuns` of the job allows more")
        } else {
            failure.hints += context.hints(for: error)
        }
        return failure
    }

    // MARK: Looking for it

    enum Settlement: Sendable {
        case found(String)
        /// It was not started.
        case absent
        case unknown(TaskOutcome)
    }

    /// Looks for a run with the token until it is found or would have been seen.
    func settle() async throws -> Settlement {
        let bound = (context.notes.sentAt ?? context.now) + GlueJobTask.visibility
        var wait = 1.0
        while true {
            if let id = try await look() { return .found(id) }
            guard context.now < bound else { return .absent }
            do { try await context.sleep(for: .seconds(min(wait, max(bound - context.now, 0.1)))) } catch is RunInterrupted {
                if let id = try await look() { return .found(id) }
                let words = "interrupted before it was known whether the job was started; the next run looks for it"
                return .unknown(.unsettled(TaskFailure(words)))
            }
            wait = min(wait * 2, 10)
        }
    }

    /// Looks once, and notes what is there. Retries by Glue carry the token too: the one that is at work counts, else
    /// the last.
    ///
    /// Source: <https://github.com/apache/airflow/pull/71211>
    private func look() async throws -> String? {
        let runs = try await jobs.runs(token: context.token, since: context.notes.intendedAt ?? context.now)
        guard let last = runs.last(where: { !$0.jobRunState.isTerminal }) ?? runs.last else { return nil }
        let ids = runs.map(\.id).filter { $0 != last.id } + [last.id]
        try await context.note { [job = jobs.job] notes in
            notes.subject = job
            notes.ids = ids
        }
        return last.id
    }
}

/// How long StartJobRun is asked again while Glue says that it cannot now.
struct Refusals: Sendable {
    /// Seconds that other runs of the job are waited for.
    private let patience: Double
    private var since: Double?
    private(set) var isBusy = false
    private var count = 0

    /// - Parameter patience: Minutes. Glue takes 5 to 10 seconds to release a run that is over, so a minute is waited in
    ///   any case.
    init(patience: Int?) { self.patience = max(60, Double(patience ?? 0) * 60) }

    /// How long to wait before asking again, or `nil` to give up.
    mutating func wait(after error: AWSError, now: Double) -> Duration? {
        let begin = since ?? now
        since = begin
        isBusy = Refusals.isCrowded(error)
        let limit: Double
        switch error.kind {
        case _ where isBusy: limit = patience
        case .throttled, .propagating, .busy: limit = 120
        default: return nil
        }
        guard now - begin < limit else { return nil }
        count += 1
        return .seconds(count < 3 ? count + 1 : now - begin < 60 ? 5 : 15)
    }

    func words(for error: AWSError) -> String {
        isBusy ? "other runs are in the way (\(error.code))" : error.code.isEmpty ? error.message : error.code
    }

    /// Whether other runs are in the way: of the job, or of the account.
    private static func isCrowded(_ error: AWSError) -> Bool {
        error.code == "ConcurrentRunsExceededException" || error.code == "ResourceNumberLimitExceededException"
    }
}
