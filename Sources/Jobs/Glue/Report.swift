import FoundationEssentials
public import SlipwayAWS
public import SlipwayDeclaration
public import SlipwayResources

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Runs a Glue job that writes a report, and brings the report here.
///
/// ```swift
/// refresh.add("report", Report(job: report, from: "s3://\(lake.name)/reports/tickit.html"), after: [loaded])
/// ```
///
/// The job is run exactly as ``RunGlueJob`` runs it. What it wrote lies in `.slipway/reports/<stack>/<environment>/`
/// afterwards, below the folder in which `slipway` was started; a report of that name is replaced as a whole or not at all.
public struct Report: TaskKind {
    public static let type = "Report"

    public var job: RunGlueJob
    /// `s3://bucket/key` of the object that the job writes.
    public var object: Text
    /// The name of the file; `nil` takes the end of the key.
    public var name: Text?

    /// - Parameters:
    ///   - object: `s3://bucket/key` of the object that the job writes.
    ///   - name: The name of the file; `nil` takes the end of the key.
    ///   - arguments: By name with its dashes, such as `--day`.
    ///   - timeout: Minutes.
    ///   - patience: Minutes to wait for other runs of the job when it may have no more at once.
    public init(
        job: Handle<Glue.Job>, from object: Text, as name: Text? = nil, arguments: [String: Text] = [:],
        secrets: [String: Secret] = [:], workers: Glue.Job.Workers? = nil, maxCapacity: Double? = nil, timeout: Int? = nil,
        patience: Int? = nil
    ) {
        self.init(
            RunGlueJob(
                job, arguments: arguments, secrets: secrets, workers: workers, maxCapacity: maxCapacity, timeout: timeout,
                patience: patience),
            from: object, as: name)
    }

    /// A job with everything that ``RunGlueJob`` can say of it.
    public init(_ job: RunGlueJob, from object: Text, as name: Text? = nil) {
        self.job = job
        self.object = object
        self.name = name
    }

    public static let permissions = RunGlueJob.permissions.union(["s3:GetObject", "s3:ListBucket", "kms:Decrypt"])

    public func check() -> [Problem] {
        var problems = job.check()
        if let literal = object.literal, S3Place(literal)?.key.isEmpty ?? true || literal.hasSuffix("/") {
            problems.append(Problem("Object", "'\(literal)' is no object in S3", hint: "it is of the form s3://bucket/key"))
        }
        if let literal = name?.literal, literal.isEmpty || literal.contains("/") || literal.hasPrefix(".") {
            problems.append(Problem("Name", "'\(literal)' is no name of a file"))
        }
        return problems
    }

    public func run(_ context: TaskContext) async throws -> TaskOutcome {
        let outcome = try await job.run(context)
        guard outcome == .succeeded else { return outcome }
        do { try await bring(context) } catch let failure as TaskFailure { return .failed(failure) }
        return .succeeded
    }

    /// Brings the object here.
    private func bring(_ context: TaskContext) async throws {
        guard let place = S3Place(object.literal ?? ""), let end = place.key.split(separator: "/").last else {
            throw TaskFailure("'\(object.literal ?? "")' is no object in S3")
        }
        let graph = context.applied.graph
        let folder = ".slipway/reports/\(graph.stack)/\(graph.environment)"
        let path = "\(folder)/\(name?.literal ?? String(end))"
        let whole = "\(context.directory)/\(path)"
        let part = "\(context.directory)/\(folder)/.\(context.token)"
        do {
            try FileManager.default.createDirectory(atPath: "\(context.directory)/\(folder)", withIntermediateDirectories: true)
        } catch {
            throw TaskFailure("the folder \(folder) cannot be made: \(error)")
        }
        // What is left of a report that did not come as a whole is of no use.
        defer { try? FileManager.default.removeItem(atPath: part) }
        do throws(AWSError) {
            let answer = try await context.aws.rest(
                RESTRequest("GetObject", .get, bucket: place.bucket, key: place.key, savedTo: part))
            if let written = answer[header: "Last-Modified"], isOld(written, context) {
                throw AWSError(
                    service: "s3", operation: "GetObject", message: "it is of \(written), before the job began", kind: .other)
            }
        } catch {
            if error.kind == .notFound {
                throw TaskFailure(
                    "the job succeeded, but there is no \(place.uri)", hints: ["`from:` is where the job writes its report to"])
            }
            throw context.failure("bringing \(place.uri)", error, Denial(action: "s3:GetObject", resource: place.arn))
        }
        guard rename(part, whole) == 0 else {
            throw TaskFailure("\(path) cannot be written: \(String(cString: strerror(errno)))")
        }
        try await context.note { $0.files = [path] }
        context.tell("the report is \(path); `\(Report.opener) \(path)` opens it")
    }

    /// Whether an object was written before the job began, by more than clocks may differ.
    private func isOld(_ written: String, _ context: TaskContext) -> Bool {
        guard let begun = context.notes.intendedAt, let date = Report.date(written) else { return false }
        return date < begun - 900
    }

    /// Seconds since 1970 of a date in HTTP, such as `Thu, 01 Jan 2026 00:00:00 GMT`.
    private static func date(_ text: String) -> Double? {
        let parts = text.split { $0 == " " || $0 == ":" || $0 == "," }
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        guard parts.count == 8, let month = months.firstIndex(of: String(parts[2])) else { return nil }
        let iso = "\(parts[3])-\(month < 9 ? "0" : "")\(month + 1)-\(parts[1])T\(parts[4]):\(parts[5]):\(parts[6])Z"
        return (try? Date(iso, strategy: .iso8601))?.timeIntervalSince1970
    }

    #if os(macOS)
        private static let opener = "open"
    #else
        private static let opener = "xdg-open"
    #endif

    public static func isActive(_ notes: TaskNotes, token: String, _ aws: AWSClient) async throws -> Bool {
        try await RunGlueJob.isActive(notes, token: token, aws)
    }
}
