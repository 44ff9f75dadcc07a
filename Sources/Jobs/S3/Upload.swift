public import SlipwayDeclaration

/// Brings files to S3: those that are not there as they are here.
///
/// ```swift
/// let raw = refresh.add("raw", Upload(.asset("tickit/data"), to: "s3://\(lake.name)/raw/"))
/// ```
///
/// Files are compared by their SHA-256, so an upload is safe to repeat, and goes on where one before it was cut off. Hidden
/// files and Python's caches are left out. Nothing is deleted unless `deletesOthers` says so.
public struct Upload: TaskKind {
    public static let type = "Upload"

    /// Where files come from.
    public struct Source: Codable, Hashable, Sendable {
        var asset: Asset?
        var local: Text?

        /// A file or folder below the assets folder.
        public static func asset(_ path: String) -> Source { Source(asset: Asset(path)) }

        /// A file or folder elsewhere, absolute or relative to the folder in which `slipway` is started.
        public static func local(_ path: Text) -> Source { Source(local: path) }
    }

    public var source: Source
    /// `s3://bucket/prefix/`; for one file also `s3://bucket/key`.
    public var destination: Text
    /// Whether objects under the destination are deleted that are not among the files.
    public var deletesOthers: Bool
    /// Types of content by the ending of a name, such as `["dat": "text/plain"]`; they go before the usual ones.
    public var contentTypes: [String: Text]
    /// How many files are uploaded at once.
    public var parallelism: Int

    /// - Parameters:
    ///   - destination: `s3://bucket/prefix/`; for one file also `s3://bucket/key`.
    ///   - deletesOthers: Whether objects under the destination are deleted that are not among the files.
    public init(
        _ source: Source, to destination: Text, deletesOthers: Bool = false, contentTypes: [String: Text] = [:],
        parallelism: Int = 8
    ) {
        self.source = source
        self.destination = destination
        self.deletesOthers = deletesOthers
        self.contentTypes = contentTypes
        self.parallelism = parallelism
    }

    /// Source: <https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html>
    public static let permissions: Set<String> = [
        "s3:ListBucket", "s3:GetObject", "s3:PutObject", "s3:AbortMultipartUpload", "s3:DeleteObject", "kms:GenerateDataKey",
        "kms:Decrypt",
    ]

    public func check() -> [Problem] {
        var problems: [Problem] = []
        if let literal = destination.literal {
            if let place = S3Place(literal) {
                if deletesOthers, place.key.isEmpty {
                    problems.append(
                        Problem("DeletesOthers", "it would delete everything else in the bucket", hint: "name a prefix in it"))
                }
            } else {
                problems.append(
                    Problem("Destination", "'\(literal)' is no place in S3", hint: "it is of the form s3://bucket/prefix/"))
            }
        }
        if source.local?.literal == "" { problems.append(Problem("Source", "the path is empty")) }
        if parallelism < 1 { problems.append(Problem("Parallelism", "there must be one at least")) }
        return problems
    }

    public func inputs(in directory: String) throws -> [String: String] {
        guard let local = source.local?.literal else { return [:] }
        return [local: try UploadFiles.local(local, in: directory).digest()]
    }

    public func run(_ context: TaskContext) async throws -> TaskOutcome {
        guard let place = S3Place(destination.literal ?? "") else {
            return .failed(TaskFailure("'\(destination.literal ?? "")' is no place in S3"))
        }
        let uri = place.uri
        try await context.note { $0.subject = uri }
        do {
            let files =
                try source.local?.literal.map { try UploadFiles.local($0, in: context.directory) }
                ?? UploadFiles.asset(source.asset)
            return try await UploadTask(declared: self, files: files, place: place, context: context).run()
        } catch let failure as TaskFailure {
            return .failed(failure)
        }
    }
}
