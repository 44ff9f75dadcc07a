internal import FoundationEssentials
public import SlipwayAWS
internal import SlipwayDeclaration
public import SlipwayProvider

extension S3.Object {
    /// A small object is one call. One that is uploaded in parts takes several, of which only the last makes the
    /// object.
    public func create(_ new: Creation, _ aws: AWSClient) async throws -> Created<S3.Object> {
        let stored = try await S3.expectingBucket { try await store(owner: ObjectMetadata.text(new.ownership), aws) }
        let identity = identity(new.name)?.literal ?? ""
        return Created(identity, self, stored.attributes(identity, sha256: content.digest ?? ""))
    }

    /// Source: <https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html>
    public static func read(
        _ identity: String, _ interest: Interest, _ aws: AWSClient
    ) async throws -> Observation<S3.Object> {
        guard let head = try await ObjectHead.read(identity, aws) else { return .absent }
        var object = head.object(at: identity)
        var tags: [String: String] = [:]
        if interest.includes("Tags"), head.taggingCount ?? 0 > 0 {
            let (bucket, key) = place(of: identity)
            let request = RESTRequest("GetObjectTagging", .get, bucket: bucket, key: key, query: ["tagging": nil])
            guard let found = try await ifPresent({ try await aws.rest(request, as: S3.Tagging.self).tags }) else {
                return .absent
            }
            tags = found
        }
        object.tags = tags.mapValues { Text(verbatim: $0) }
        // An object has no ownership of its own; who wrote it is told all the same, from its metadata.
        let owner = ObjectMetadata.ownership(head.metadata)?.tags ?? [:]
        let attributes = head.attributes(identity, sha256: head.digest)
        return .present(
            Found(object, attributes, tags: tags.merging(owner) { _, owner in owner }, version: head.version))
    }

    /// Content is uploaded again where it differs. Everything else but tags is part of the same object and cannot be
    /// changed, so the object is copied onto itself.
    ///
    /// Source: <https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html>
    public func update(_ identity: String, from current: S3.Object, _ aws: AWSClient) async throws {
        let (desired, current) = (canonical(), current.canonical())
        var (left, right) = (desired, current)
        (left.tags, right.tags) = (nil, nil)
        if left == right {
            try await updateTags(identity, desired, current, aws)
            return
        }
        let head = try await ObjectHead.read(identity, aws)
        let owner = head?.metadata[ObjectMetadata.owner]
        guard let head, desired.content == current.content, head.digest == desired.content.digest,
            head.size <= S3.Object.largestCopy
        else {
            _ = try await S3.expectingBucket { try await store(owner: owner, aws) }
            return
        }
        let (bucket, key) = S3.Object.place(of: identity)
        var headers = ObjectMetadata.headers(self, owner: owner)
        headers["x-amz-copy-source"] = PercentEncoding.encode("\(bucket)/\(key)", keepingSlashes: true)
        headers["x-amz-copy-source-if-match"] = head.eTag
        headers["x-amz-metadata-directive"] = "REPLACE"
        headers["x-amz-tagging-directive"] = "REPLACE"
        headers["x-amz-checksum-algorithm"] = "SHA256"
        headers["Content-Type"] = contentType?.literal ?? content.usualType
        try await aws.rest(
            RESTRequest("CopyObject", .put, bucket: bucket, key: key, headers: headers), repeatability: .idempotent)
    }

    /// Bytes; what is larger can only be copied in parts.
    private static let largestCopy = 5 << 30

    private func updateTags(
        _ identity: String, _ desired: S3.Object, _ current: S3.Object, _ aws: AWSClient
    ) async throws {
        let wanted = (desired.tags ?? [:]).compactMapValues(\.literal)
        if wanted == (current.tags ?? [:]).compactMapValues(\.literal) { return }
        let (bucket, key) = S3.Object.place(of: identity)
        let query: [String: String?] = ["tagging": nil]
        if wanted.isEmpty {
            try await aws.rest(
                RESTRequest("DeleteObjectTagging", .delete, bucket: bucket, key: key, query: query))
        } else {
            let body = RESTRequest.Body.xml(root: "Tagging", S3.Tagging(wanted))
            try await aws.rest(
                RESTRequest("PutObjectTagging", .put, bucket: bucket, key: key, query: query, body: body))
        }
    }

    /// In a bucket with versions the object is hidden behind a delete marker, and its versions stay.
    public func delete(_ identity: String, _ aws: AWSClient) async throws {
        let (bucket, key) = S3.Object.place(of: identity)
        try await ifPresent { try await aws.rest(RESTRequest("DeleteObject", .delete, bucket: bucket, key: key)) }
    }
}
