public import SlipwayAWS
public import SlipwayDeclaration
public import SlipwayResources

/// Runs a Glue job and waits for its end.
///
/// ```swift
/// let loaded = refresh.add("loaded", RunGlueJob(load, arguments: ["--day": "2026-01-31"]), after: [crawled])
/// ```
///
/// The job starts once, whatever happens to the machine that asks for it: the run carries a token of ours as its
/// argument `--slipway-run-token`, and is looked for before it is started again. A script that refuses arguments which
/// it does not know (`parse_args` of Python's `argparse`) has to allow for this one; `getResolvedOptions` does.
public struct RunGlueJob: TaskKind {
    public static let type = "RunGlueJob"

    /// The job's name.
    public var job: Text
    /// Arguments of this run, by name with its dashes; they take precedence over the job's own.
    public var arguments: [String: Text]
    /// Arguments whose values are secrets. Glue shows the arguments of its runs to whoever may read them, so the name of
    /// a secret in Secrets Manager is a better argument than the secret.
    public var secrets: [String: Secret]
    /// A type of worker in place of the job's own, such as `G.2X`.
    public var workerType: Text?
    public var numberOfWorkers: Int?
    /// Data processing units in place of the job's own, for Python shell jobs: 0.0625 or 1.
    public var maxCapacity: Double?
    /// Minutes that the run may take.
    public var timeout: Int?
    public var executionClass: Glue.Job.ExecutionClass?
    /// The name of a security configuration in place of the job's own.
    public var securityConfiguration: Text?
    /// Minutes to wait for other runs of the job when it may have no more at once. A run that has just ended is waited
    /// for in any case: Glue takes some seconds to release it.
    public var patience: Int?

    /// - Parameters:
    ///   - arguments: By name with its dashes, such as `--day`.
    ///   - timeout: Minutes.
    ///   - patience: Minutes to wait for other runs of the job when it may have no more at once.
    public init(
        _ job: Handle<Glue.Job>, arguments: [String: Text] = [:], secrets: [String: Secret] = [:],
        workers: Glue.Job.Workers? = nil, maxCapacity: Double? = nil, timeout: Int? = nil,
        executionClass: Glue.Job.ExecutionClass? = nil, securityConfiguration: Text? = nil, patience: Int? = nil
    ) {
        self.init(
            job: job.name, arguments: arguments, secrets: secrets, workers: workers, maxCapacity: maxCapacity,
            timeout: timeout, executionClass: executionClass, securityConfiguration: securityConfiguration,
            patience: patience)
    }

    /// Runs a job that is not of this stack.
    /// - Parameter job: The job's name.
    public init(
        job: Text, arguments: [String: Text] = [:], secrets: [String: Secret] = [:], workers: Glue.Job.Workers? = nil,
        maxCapacity: Double? = nil, timeout: Int? = nil, executionClass: Glue.Job.ExecutionClass? = nil,
        securityConfiguration: Text? = nil, patience: Int? = nil
    ) {
        self.job = job
        self.arguments = arguments
        self.secrets = secrets
        workerType = workers?.type
        numberOfWorkers = workers?.count
        self.maxCapacity = maxCapacity
        self.timeout = timeout
        self.executionClass = executionClass
        self.securityConfiguration = securityConfiguration
        self.patience = patience
    }

    public static let permissions: Set<String> = [
        "glue:GetJob", "glue:StartJobRun", "glue:GetJobRun", "glue:GetJobRuns", "glue:BatchStopJobRun",
        "logs:GetLogEvents", "s3:PutObject", "s3:DeleteObject",
    ]

    public func check() -> [Problem] {
        var problems: [Problem] = []
        for name in (Array(arguments.keys) + Array(secrets.keys)).sorted() {
            if !name.hasPrefix("--") || name.count < 3 {
                problems.append(
                    Problem("Arguments", "'\(name)' is no name of an argument", hint: "it begins with '--'"))
            }
            if name == GlueJobs.tokenArgument {
                problems.append(Problem("Arguments", "'\(name)' is for the job runner's own use"))
            }
            if arguments[name] != nil, secrets[name] != nil {
                problems.append(Problem("Secrets", "'\(name)' is among the arguments too"))
            }
        }
        if workerType != nil || numberOfWorkers != nil, maxCapacity != nil {
            problems.append(Problem("MaxCapacity", "it excludes workers", hint: "leave one of them out"))
        }
        if let numberOfWorkers, numberOfWorkers < 1 {
            problems.append(Problem("NumberOfWorkers", "there must be one at least"))
        }
        if let timeout, timeout < 1 { problems.append(Problem("Timeout", "it is a number of minutes from 1 on")) }
        if let patience, patience < 0 { problems.append(Problem("Patience", "it is a number of minutes")) }
        return problems
    }

    public func run(_ context: TaskContext) async throws -> TaskOutcome {
        try await GlueJobTask(declared: self, jobs: GlueJobs(job: job.literal ?? "", aws: context.aws), context: context)
            .run()
    }

    public static func isActive(_ notes: TaskNotes, token: String, _ aws: AWSClient) async throws -> Bool {
        guard let job = notes.subject else { return false }
        let jobs = GlueJobs(job: job, aws: aws)
        do throws(AWSError) {
            if let id = notes.ids.last { return try await !jobs.run(id).jobRunState.isTerminal }
            guard let since = notes.intendedAt else { return false }
            return try await jobs.runs(token: token, since: since).contains { !$0.jobRunState.isTerminal }
        } catch {
            // The job is gone, and its runs with it.
            if error.kind == .notFound { return false }
            throw error
        }
    }
}
