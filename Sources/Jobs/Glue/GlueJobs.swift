import FoundationEssentials
import SlipwayAWS
import SlipwayDeclaration

/// The calls about runs of one Glue job.
struct GlueJobs: Sendable {
    let job: String
    let aws: AWSClient

    /// The name of the argument that carries a task's token.
    static let tokenArgument = "--slipway-run-token"

    /// The definition; `nil` when there is no such job.
    func definition() async throws(AWSError) -> JobDefinition? {
        struct Input: Encodable, Sendable { let jobName: String }
        struct Output: Decodable, Sendable { let job: JobDefinition }
        do { return try await aws.call(.glue, "GetJob", Input(jobName: job), as: Output.self).job } catch {
            if error.kind == .notFound { return nil }
            throw error
        }
    }

    /// What a run is started with.
    ///
    /// Source: <https://docs.aws.amazon.com/glue/latest/dg/aws-glue-api-jobs-runs.html#aws-glue-api-jobs-runs-StartJobRun>
    struct Start: Encodable, Sendable {
        var jobName: String
        var arguments: [String: String]
        var timeout: Int?
        var workerType: String?
        var numberOfWorkers: Int?
        var maxCapacity: Double?
        var executionClass: String?
        var securityConfiguration: String?
    }

    /// - Returns: The run's id.
    func start(_ input: Start) async throws(AWSError) -> String {
        struct Output: Decodable, Sendable { let jobRunId: String }
        return try await aws.call(.glue, "StartJobRun", input, as: Output.self).jobRunId
    }

    func run(_ id: String) async throws(AWSError) -> JobRun {
        struct Input: Encodable, Sendable {
            let jobName: String
            let runId: String
        }
        struct Output: Decodable, Sendable { let jobRun: JobRun }
        return try await aws.call(.glue, "GetJobRun", Input(jobName: job, runId: id), as: Output.self).jobRun
    }

    /// Asks for runs to be stopped.
    /// - Returns: Why that was refused, if it was; a run that is over already is no reason.
    func stop(_ id: String) async throws(AWSError) -> String? {
        struct Input: Encodable, Sendable {
            let jobName: String
            let jobRunIds: [String]
        }
        struct Output: Decodable, Sendable { let errors: [Refusal]? }
        struct Refusal: Decodable, Sendable { let errorDetail: Detail? }
        struct Detail: Decodable, Sendable {
            let errorCode: String?
            let errorMessage: String?
        }
        // Stopping what is stopped already changes nothing.
        let output = try await aws.call(
            .glue, "BatchStopJobRun", Input(jobName: job, jobRunIds: [id]), as: Output.self, repeatability: .idempotent)
        guard let detail = output.errors?.first?.errorDetail else { return nil }
        return detail.errorMessage ?? detail.errorCode ?? "no reason given"
    }

    /// The runs that carry a token, by attempt; those that an account's history is too long to go through are left out.
    ///
    /// - Parameter since: When the first may have been started, in seconds since 1970. Runs come newest first, and a
    ///   page that is older as a whole ends the search. Clocks may differ by the quarter of an hour that a signature
    ///   is good for.
    func runs(token: String, since: Double) async throws(AWSError) -> [JobRun] {
        var found: [JobRun] = []
        try await eachPage { page in
            found += page.filter { $0.arguments?[GlueJobs.tokenArgument] == token }
            return page.contains { ($0.startedOn?.timeIntervalSince1970 ?? .infinity) > since - 900 }
        }
        return found.sorted { ($0.attempt ?? 0, $0.id) < ($1.attempt ?? 0, $1.id) }
    }

    /// The runs among the latest that are not over.
    func activeRuns() async throws(AWSError) -> [JobRun] {
        var found: [JobRun] = []
        var pages = 0
        try await eachPage { page in
            found += page.filter { !$0.jobRunState.isTerminal }
            pages += 1
            return pages < 3
        }
        return found
    }

    private func eachPage(_ goesOn: ([JobRun]) -> Bool) async throws(AWSError) {
        struct Input: Encodable, Sendable {
            let jobName: String
            let maxResults = 200
        }
        struct Output: Decodable, Sendable { let jobRuns: [JobRun]? }
        var pages = aws.pages(.glue, "GetJobRuns", Input(jobName: job), as: Output.self).makeAsyncIterator()
        while let page = try await pages.next(isolation: nil) {
            let runs = page.jobRuns ?? []
            // An empty page says nothing about the next.
            guard runs.isEmpty || goesOn(runs) else { return }
        }
    }
}
