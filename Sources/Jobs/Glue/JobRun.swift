import FoundationEssentials

/// A run of a Glue job, as GetJobRun shows it.
///
/// Source: <https://docs.aws.amazon.com/glue/latest/dg/aws-glue-api-jobs-runs.html#aws-glue-api-jobs-runs-JobRun>
struct JobRun: Decodable, Hashable, Sendable {
    /// `jr_` and 64 hexadecimal digits; of a retry by Glue, with `_attempt_1` behind it.
    var id: String
    /// 0 for the first.
    var attempt: Int?
    var startedOn: Date?
    var completedOn: Date?
    var jobRunState: JobRunState
    /// Why it is in that state, such as what a waiting run waits for.
    var stateDetail: String?
    var arguments: [String: String]?
    var errorMessage: String?
    /// Seconds.
    var executionTime: Int?
    /// Only for runs that scale by themselves or run in the flexible class.
    var dpuSeconds: Double?
    var maxCapacity: Double?
    var workerType: String?
    var numberOfWorkers: Int?
    /// What the names of its log groups begin with; `/aws-glue/jobs` unless its security configuration says otherwise.
    var logGroupName: String?

    enum CodingKeys: String, CodingKey {
        case id, attempt, startedOn, completedOn, jobRunState, stateDetail, arguments, errorMessage, executionTime
        case dpuSeconds = "DPUSeconds"
        case maxCapacity, workerType, numberOfWorkers, logGroupName
    }
}

/// The states of a run of a Glue job.
///
/// Source: <https://docs.aws.amazon.com/glue/latest/dg/job-run-statuses.html>; `EXPIRED` is a queued run that waited
/// for too long.
enum JobRunState: Hashable, Sendable, Decodable {
    /// It waits for capacity, when the job lets its runs queue.
    case waiting
    case starting, running, stopping
    case stopped, succeeded, failed
    /// It took longer than it may.
    case timeout
    /// Glue itself failed.
    case error
    case expired
    /// A word that is newer than this program; it is waited for.
    case other(String)

    private static let words: [String: JobRunState] = [
        "WAITING": .waiting, "STARTING": .starting, "RUNNING": .running, "STOPPING": .stopping, "STOPPED": .stopped,
        "SUCCEEDED": .succeeded, "FAILED": .failed, "TIMEOUT": .timeout, "ERROR": .error, "EXPIRED": .expired,
    ]

    init(_ word: String) { self = JobRunState.words[word] ?? .other(word) }

    init(from decoder: any Decoder) throws { self.init(try decoder.singleValueContainer().decode(String.self)) }

    /// Glue's word.
    var word: String {
        if case .other(let word) = self { return word }
        return JobRunState.words.first { $0.value == self }?.key ?? ""
    }

    /// Whether nothing will change any more.
    var isTerminal: Bool {
        switch self {
        case .stopped, .succeeded, .failed, .timeout, .error, .expired: true
        case .waiting, .starting, .running, .stopping, .other: false
        }
    }

    /// Whether Glue may begin another attempt by itself when the job has retries left.
    ///
    /// Source: <https://docs.aws.amazon.com/glue/latest/dg/aws-glue-api-jobs-job.html> (MaxRetries)
    var mayBeRetried: Bool { self == .failed || self == .timeout || self == .error }
}

/// The definition of a job, as GetJob shows it.
struct JobDefinition: Decodable, Hashable, Sendable {
    struct Command: Decodable, Hashable, Sendable {
        /// `glueetl`, `pythonshell`, `gluestreaming`, `glueray`.
        var name: String?
        var scriptLocation: String?
    }

    var name: String
    var command: Command
    var defaultArguments: [String: String]?
    var maxRetries: Int?
    var maxCapacity: Double?

    var isPythonShell: Bool { command.name == "pythonshell" }
}
