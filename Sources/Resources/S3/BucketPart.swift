internal import SlipwayAWS
internal import SlipwayDeclaration

/// A part of a bucket that has operations of its own.
protocol BucketPart: Hashable, Sendable {
    /// What AWS has; `nil` when it has nothing.
    static func read(_ bucket: String, _ aws: AWSClient) async throws -> Self?
    func put(_ bucket: String, _ aws: AWSClient) async throws
    /// Brings about what a new bucket has.
    static func reset(_ bucket: String, _ aws: AWSClient) async throws
}

/// A part that is XML.
protocol XMLBucketPart: BucketPart {
    /// The form in which it is sent and comes back.
    associatedtype Wire: Codable & Sendable
    static var operations: PartOperations { get }
    /// `nil` for what AWS answers when there is nothing.
    init?(_ wire: Wire)
    var wire: Wire { get }
}

/// What the operations of a part are called.
struct PartOperations: Sendable {
    /// What follows `Get` and `Put`, such as `BucketVersioning`.
    let name: String
    /// The query item that stands for the part, such as `versioning`.
    let query: String
    /// The name of the outermost element.
    let root: String
    /// The operation that deletes the part; `nil` where nothing but an empty one can be put.
    var delete: String?

    func get(_ bucket: String) -> RESTRequest { RESTRequest("Get\(name)", .get, bucket: bucket, query: [query: nil]) }

    func put(_ bucket: String, _ body: some Encodable & Sendable) -> RESTRequest {
        RESTRequest("Put\(name)", .put, bucket: bucket, query: [query: nil], body: .xml(root: root, body))
    }
}

extension XMLBucketPart {
    static func read(_ bucket: String, _ aws: AWSClient) async throws -> Self? {
        try await ifConfigured { Self(try await aws.rest(operations.get(bucket), as: Wire.self)) }
    }

    func put(_ bucket: String, _ aws: AWSClient) async throws {
        try await aws.rest(Self.operations.put(bucket, wire))
    }

    static func reset(_ bucket: String, _ aws: AWSClient) async throws {
        guard let delete = operations.delete else {
            try await aws.rest(operations.put(bucket, Nothing()))
            return
        }
        try await aws.rest(RESTRequest(delete, .delete, bucket: bucket, query: [operations.query: nil]))
    }
}

/// What calls about a part answer; `nil` when the part is not there.
///
/// - Throws: Every other error, also that the bucket itself is not there.
func ifConfigured<Output>(_ calls: () async throws -> Output?) async throws -> Output? {
    do {
        return try await calls()
    } catch let error as AWSError where error.kind == .notFound && error.code != "NoSuchBucket" {
        return nil
    }
}

/// A part in the order of all, with its types forgotten.
struct AnyBucketPart: Sendable {
    /// The stored names of the properties that it is about.
    let properties: [String]
    /// Reads the part and says how to note it.
    let read: @Sendable (_ bucket: String, _ aws: AWSClient) async throws -> Note
    /// Changes what differs.
    let update:
        @Sendable (_ bucket: String, _ desired: S3.Bucket, _ current: S3.Bucket, _ aws: AWSClient) async throws -> Void

    typealias Note = @Sendable (inout S3.Bucket) -> Void

    init<Part: BucketPart>(_ property: String, _ path: any WritableKeyPath<S3.Bucket, Part?> & Sendable) {
        properties = [property]
        read = { bucket, aws in
            let part = try await Part.read(bucket, aws)
            return { $0[keyPath: path] = part }
        }
        update = { bucket, desired, current, aws in
            switch (desired[keyPath: path], current[keyPath: path]) {
            case (let desired?, let current) where desired != current: try await desired.put(bucket, aws)
            case (nil, .some): try await Part.reset(bucket, aws)
            default: break
            }
        }
    }

    init(
        _ properties: [String], read: @escaping @Sendable (String, AWSClient) async throws -> Note,
        update: @escaping @Sendable (String, S3.Bucket, S3.Bucket, AWSClient) async throws -> Void
    ) {
        self.properties = properties
        self.read = read
        self.update = update
    }
}

extension S3.Bucket {
    /// The parts in the order in which they are brought about.
    ///
    /// What keeps the public out and ACLs away comes before the policy, which could be public or be refused; versioning
    /// before object lock, which demands it; the policy before what needs its permission (logs). Tags are first, so that
    /// a policy by tags holds for what follows.
    ///
    /// Source: <https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html>
    static let parts: [AnyBucketPart] = [
        .tags,
        AnyBucketPart("PublicAccessBlockConfiguration", \.publicAccessBlock),
        AnyBucketPart("OwnershipControls", \.ownership),
        AnyBucketPart("VersioningConfiguration", \.versioning),
        .objectLock,
        AnyBucketPart("BucketEncryption", \.encryption),
        AnyBucketPart("BucketPolicy", \.policy),
        AnyBucketPart("LifecycleConfiguration", \.lifecycle),
        AnyBucketPart("CorsConfiguration", \.cors),
        AnyBucketPart("LoggingConfiguration", \.logging),
        AnyBucketPart("NotificationConfiguration", \.notifications),
        AnyBucketPart("WebsiteConfiguration", \.website),
        AnyBucketPart("AccelerateConfiguration", \.acceleration),
    ]
}
