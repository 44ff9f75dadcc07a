public import SlipwayAWS
internal import SlipwayDeclaration
internal import SlipwayProvider

extension S3 {
    /// A tag of a bucket or an object.
    struct Tag: Codable, Hashable, Sendable {
        var key: String
        var value: String
    }

    struct Tagging: Codable, Sendable, WireShaped {
        var tagSet: [Tag]
        static let shape: Shape = ["TagSet": .items("Tag")]

        init(_ tags: [String: String]) {
            tagSet = tags.sorted { $0.key < $1.key }.map { Tag(key: $0.key, value: $0.value) }
        }

        static let operations = PartOperations(name: "BucketTagging", query: "tagging", root: "Tagging")

        var tags: [String: String] { Dictionary(tagSet.map { ($0.key, $0.value) }) { $1 } }
    }

    /// All tags of a bucket.
    static func tags(of bucket: String, _ aws: AWSClient) async throws -> [String: String] {
        let request = RESTRequest("GetBucketTagging", .get, bucket: bucket, query: ["tagging": nil])
        return try await ifConfigured { try await aws.rest(request, as: Tagging.self).tags } ?? [:]
    }
}

extension AnyBucketPart {
    /// The declared tags. Every read of a bucket reads its tags anyhow, so nothing is read here.
    ///
    /// The one operation replaces all tags, so those of ownership and of AWS are read first and sent along.
    ///
    /// Source: <https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketTagging.html>
    static let tags = AnyBucketPart(["Tags"], read: { _, _ in { _ in } }) { bucket, desired, current, aws in
        guard (desired.tags ?? [:]) != (current.tags ?? [:]) else { return }
        let there = try await S3.tags(of: bucket, aws)
        let undeclared = there.filter { Ownership.declared([$0.key: $0.value]).isEmpty }
        let wanted = (desired.tags ?? [:]).compactMapValues(\.literal)
        let all = S3.Tagging(wanted.merging(undeclared) { _, kept in kept })
        try await aws.rest(S3.Tagging.operations.put(bucket, all))
    }
}

extension S3.Bucket {
    /// Puts tags beside those that the bucket has.
    public static func tag(_ identity: String, _ tags: [String: String], _ aws: AWSClient) async throws {
        let there = try await S3.tags(of: identity, aws)
        let all = S3.Tagging(there.merging(tags) { _, new in new })
        if all.tags != there { try await aws.rest(S3.Tagging.operations.put(identity, all)) }
    }
}
