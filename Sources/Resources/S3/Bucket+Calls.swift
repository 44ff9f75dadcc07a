public import SlipwayAWS
internal import SlipwayDeclaration
public import SlipwayProvider

extension S3.Bucket {
    /// Source: <https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html>
    public func create(_ new: Creation, _ aws: AWSClient) async throws -> Created<S3.Bucket> {
        // The oldest region is the one that must not be named.
        let constraint = new.location.region == "us-east-1" ? nil : new.location.region
        let tags = new.tags(tags).sorted { $0.key < $1.key }.map { S3.Tag(key: $0.key, value: $0.value) }
        let body = Configuration(locationConstraint: constraint, tags: tags)
        var request = RESTRequest(
            "CreateBucket", .put, bucket: new.name, body: .xml(root: "CreateBucketConfiguration", body))
        if objectLockEnabled == true { request.headers["x-amz-bucket-object-lock-enabled"] = "true" }
        try await aws.rest(request)
        var made = S3.Bucket(
            name: Text(verbatim: new.name), tags: self.tags, emptyOnDelete: emptyOnDelete)
        if objectLockEnabled == true {
            made.objectLockEnabled = true
            made.versioning = .enabled
        }
        let attributes = Attributes(new.name, partition: new.location.partition, region: new.location.region)
        return Created(new.name, made, attributes)
    }

    private struct Configuration: Codable, Sendable, WireShaped {
        var locationConstraint: String?
        var tags: [S3.Tag]
        static let shape: Shape = ["Tags": .items("Tag")]
    }

    public static func read(
        _ identity: String, _ interest: Interest, _ aws: AWSClient
    ) async throws -> Observation<S3.Bucket> {
        let head = try await ifPresent { try await aws.rest(RESTRequest("HeadBucket", .head, bucket: identity)) }
        guard let head else { return .absent }
        var bucket = S3.Bucket(name: Text(verbatim: identity))
        let allTags: [String: String]
        do {
            allTags = try await S3.tags(of: identity, aws)
            let wanted = parts.filter { $0.properties.contains(where: interest.includes) }
            try await withThrowingTaskGroup(of: AnyBucketPart.Note.self) { group in
                for part in wanted { group.addTask { try await part.read(identity, aws) } }
                for try await note in group { note(&bucket) }
            }
        } catch let error as AWSError where error.code == "NoSuchBucket" {
            // It was there a moment ago, so it was just made or is just going, and not all of S3 knows yet.
            return .settling(error.code)
        }
        bucket.tags = Ownership.declared(allTags).mapValues { Text(verbatim: $0) }
        let region = head[header: "x-amz-bucket-region"] ?? aws.region
        let attributes = Attributes(identity, partition: aws.partition, region: region)
        return .present(Found(bucket, attributes, tags: allTags))
    }

    public func update(_ identity: String, from current: S3.Bucket, _ aws: AWSClient) async throws {
        let (desired, current) = (canonical(), current.canonical())
        try await S3.expectingBucket {
            for part in S3.Bucket.parts { try await part.update(identity, desired, current, aws) }
        }
    }

    /// Deletes the bucket, and all that is in it if it was declared so.
    public func delete(_ identity: String, _ aws: AWSClient) async throws {
        try await ifPresent {
            if emptyOnDelete == true { try await S3.empty(identity, aws) }
            try await aws.rest(RESTRequest("DeleteBucket", .delete, bucket: identity))
        }
    }
}
