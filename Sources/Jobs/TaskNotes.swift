/// What the ledger holds of a task.
public struct TaskNotes: Codable, Hashable, Sendable {
    /// What AWS calls the thing that does the work, such as a job's name.
    public var subject: String?
    /// What AWS calls the work itself, such as `jr_1f…`; retries by AWS come after what they retry.
    public var ids: [String] = []
    /// When something was first about to be started, in seconds since 1970.
    public var intendedAt: Double?
    /// When it was last about to be started.
    public var sentAt: Double?
    /// The arguments that were sent; secrets are left out.
    public var arguments: [String: String] = [:]
    /// AWS's word for how far it is, such as `RUNNING`.
    public var phase: String?
    /// Seconds that AWS counts as work.
    public var seconds: Double?
    /// Seconds of data processing units: what Glue bills.
    public var dpuSeconds: Double?
    /// How many rows were written, where the kind knows.
    public var rows: Int?
    /// Crawls, one for each crawler.
    public var crawls: [CrawlNotes]?
    /// What was brought to S3.
    public var transfer: TransferNotes?
    /// Statements of SQL one by one.
    public var statements: [StatementNotes]?
    /// What a query answered: the first rows.
    public var result: QueryResult?
    /// Files that it wrote here, relative to the folder in which the command was started.
    public var files: [String]?
    /// What went wrong.
    public var message: String?
    /// What to try.
    public var hints: [String] = []
    /// Where its log is.
    public var logs: [LogSource] = []
    /// SHA-256 of the code that ran, by asset path.
    public var code: [String: String] = [:]
    /// Where code was put for this one run, until it is over.
    public var uploads: [String] = []
    /// A digest of everything that goes into the task: where it differs, the task is another.
    public var fingerprint = ""
    /// The run in which a task was done that a later run did not repeat.
    public var doneIn: String?

    public init() {}

    /// Hours of data processing units.
    public var dpuHours: Double? { dpuSeconds.map { $0 / 3600 } }
}

/// What the ledger holds of a crawl.
public struct CrawlNotes: Codable, Hashable, Sendable {
    /// The crawler's name.
    public var crawler: String
    /// What tells the last crawl before this one; empty when there was none, `nil` while that is not known.
    public var before: String?
    /// When it was last about to be started, in seconds since 1970.
    public var sentAt: Double?
    /// Whether it was started for this task, and not found under way.
    public var isOurs = false
    public var id: String?
    /// Glue's word for how far it is: `RUNNING` or `STOPPING`, and at the end `SUCCEEDED`, `FAILED` or `CANCELLED`;
    /// `REFUSED` when it could not be started.
    public var phase: String?
    /// What it did to the catalogue, such as `["tables added": 2]`.
    public var counts: [String: Int] = [:]
    /// Hours of data processing units.
    public var dpuHours: Double?
    /// What went wrong.
    public var message: String?
    /// What to try.
    public var hints: [String] = []

    public init(crawler: String) { self.crawler = crawler }

    /// Whether nothing will change any more.
    public var isOver: Bool { ["SUCCEEDED", "FAILED", "CANCELLED", "REFUSED"].contains(phase ?? "") }

    /// `raw SUCCEEDED, 2 tables added, 12 partitions added`
    public var words: String {
        let counts = counts.sorted { ($1.key, $0.key) < ($0.key, $1.key) }.map { "\($0.value) \($0.key)" }
        return (["\(crawler) \(phase ?? "-")"] + counts).joined(separator: ", ")
    }
}

/// What the ledger holds of an upload.
public struct TransferNotes: Codable, Hashable, Sendable {
    /// How many files there are, and their bytes.
    public var files: Int
    public var bytes: Int
    /// How many were there already as they are here.
    public var unchanged = 0
    public var uploaded = 0
    public var uploadedBytes = 0
    /// How many objects were deleted that are not among the files.
    public var deleted = 0

    public init(files: Int, bytes: Int) {
        self.files = files
        self.bytes = bytes
    }

    /// `12 files uploaded (3.1 MB), 59 unchanged, 2 others deleted`
    public var words: String {
        let size = TransferNotes.size(uploadedBytes)
        var parts = ["\(uploaded) \(uploaded == 1 ? "file" : "files") uploaded" + (uploaded > 0 ? " (\(size))" : "")]
        if unchanged > 0 { parts.append("\(unchanged) unchanged") }
        if deleted > 0 { parts.append("\(deleted) others deleted") }
        return parts.joined(separator: ", ")
    }

    /// Bytes for people: `812 B`, `12 kB`, `3.1 MB`.
    package static func size(_ bytes: Int) -> String {
        if bytes < 1000 { return "\(bytes) B" }
        if bytes < 1_000_000 { return "\((bytes + 500) / 1000) kB" }
        let tenths = (bytes + 50_000) / 100_000
        return "\(tenths / 10).\(tenths % 10) MB"
    }
}

/// What the ledger holds of a statement of SQL.
public struct StatementNotes: Codable, Hashable, Sendable {
    /// From 1.
    public var number: Int
    /// The line on which it begins, from 1.
    public var line: Int
    /// Its first line.
    public var text: String
    /// The database's word for how far it is, such as `FINISHED`.
    public var phase: String?
    /// How many rows it changed or answered with.
    public var rows: Int?

    public init(number: Int, line: Int, text: String, phase: String? = nil, rows: Int? = nil) {
        self.number = number
        self.line = line
        self.text = text
        self.phase = phase
        self.rows = rows
    }
}

/// A place in CloudWatch where a task's log is.
public struct LogSource: Codable, Hashable, Sendable {
    public enum Channel: String, Codable, Hashable, Sendable {
        case output, error
    }

    public var channel: Channel
    /// Such as `/aws-glue/jobs/output`.
    public var group: String
    /// The names that the stream may have; the first that is there is the one.
    public var streams: [String]
    /// A stream that is shared is read from this time on, in seconds since 1970.
    public var since: Double?
    /// Of a stream that is shared, only lines that contain this are read.
    public var mark: String?

    public init(_ channel: Channel, group: String, streams: [String]) {
        self.channel = channel
        self.group = group
        self.streams = streams
    }
}

/// A line of a task's log.
public struct LogLine: Hashable, Sendable {
    public var channel: LogSource.Channel
    /// When it was written, in seconds since 1970.
    public var time: Double
    /// Without the line's end.
    public var text: String

    public init(_ channel: LogSource.Channel, time: Double, _ text: String) {
        self.channel = channel
        self.time = time
        self.text = text
    }
}
