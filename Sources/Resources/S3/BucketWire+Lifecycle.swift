internal import SlipwayAWS
internal import SlipwayDeclaration

extension S3.Bucket.Lifecycle: XMLBucketPart {
    // Reading and writing have one name and deleting has another.
    static let operations = PartOperations(
        name: "BucketLifecycleConfiguration", query: "lifecycle", root: "LifecycleConfiguration",
        delete: "DeleteBucketLifecycle")

    /// Which objects are too small is no part of the document, but a header.
    private static let sizeHeader = "x-amz-transition-default-minimum-object-size"

    struct Wire: Codable, Sendable, WireShaped {
        var rule: [LifecycleWire]
        var size: MinimumSize?

        static let shape: Shape = ["Rule": .flattened(), "Size": .header(sizeHeader)]
    }

    init?(_ wire: Wire) {
        self.init(rules: wire.rule.map { S3.Bucket.LifecycleRule($0) }, minimumSize: wire.size)
    }

    var wire: Wire { Wire(rule: rules.map { LifecycleWire($0) }) }

    func put(_ bucket: String, _ aws: AWSClient) async throws {
        var request = Self.operations.put(bucket, canonical.wire)
        if let size = transitionDefaultMinimumObjectSize { request.headers[Self.sizeHeader] = size.rawValue }
        try await aws.rest(request)
    }
}

/// A rule as S3 writes it.
///
/// Source: <https://docs.aws.amazon.com/AmazonS3/latest/API/API_LifecycleRule.html>
struct LifecycleWire: Codable, Sendable, WireShaped {
    typealias Rule = S3.Bucket.LifecycleRule

    /// One condition stands alone, several are in `And`.
    struct Filter: Codable, Sendable {
        var prefix: Text?
        var tag: Rule.TagFilter?
        var objectSizeGreaterThan: Int?
        var objectSizeLessThan: Int?
        var and: And?
    }

    struct And: Codable, Sendable, WireShaped {
        var prefix: Text?
        var tag: [Rule.TagFilter]
        var objectSizeGreaterThan: Int?
        var objectSizeLessThan: Int?
        static let shape: Shape = ["Tag": .flattened()]
    }

    struct Expiration: Codable, Sendable {
        var days: Int?
        var date: String?
        var expiredObjectDeleteMarker: Bool?
    }

    struct Transition: Codable, Sendable {
        var days: Int?
        var date: String?
        var storageClass: S3.StorageClass
    }

    struct NoncurrentTransition: Codable, Sendable {
        var noncurrentDays: Int
        var newerNoncurrentVersions: Int?
        var storageClass: S3.StorageClass
    }

    var id: Text?
    /// What rules had before there were filters.
    var prefix: Text?
    var filter: Filter?
    var status: Rule.Status
    var expiration: Expiration?
    var transition: [Transition]
    var noncurrentVersionExpiration: Rule.NoncurrentExpiration?
    var noncurrentVersionTransition: [NoncurrentTransition]
    var abortIncompleteMultipartUpload: Rule.AbortUploads?

    enum CodingKeys: String, CodingKey {
        case id = "ID"
        case prefix, filter, status, expiration, transition, noncurrentVersionExpiration, noncurrentVersionTransition
        case abortIncompleteMultipartUpload
    }

    static let shape: Shape = ["Transition": .flattened(), "NoncurrentVersionTransition": .flattened()]

    init(_ rule: Rule) {
        id = rule.id
        status = rule.status
        filter = Filter(rule)
        if rule.expirationInDays != nil || rule.expirationDate != nil || rule.expiredObjectDeleteMarker != nil {
            expiration = Expiration(
                days: rule.expirationInDays, date: rule.expirationDate,
                expiredObjectDeleteMarker: rule.expiredObjectDeleteMarker)
        }
        transition = (rule.transitions ?? []).map {
            Transition(days: $0.transitionInDays, date: $0.transitionDate, storageClass: $0.storageClass)
        }
        noncurrentVersionExpiration = rule.noncurrentVersionExpiration
        noncurrentVersionTransition = (rule.noncurrentVersionTransitions ?? []).map {
            NoncurrentTransition(
                noncurrentDays: $0.transitionInDays, newerNoncurrentVersions: $0.newerNoncurrentVersions,
                storageClass: $0.storageClass)
        }
        abortIncompleteMultipartUpload = rule.abortIncompleteMultipartUpload
    }
}

extension LifecycleWire.Filter {
    init(_ rule: S3.Bucket.LifecycleRule) {
        let tags = rule.tagFilters ?? []
        let conditions =
            tags.count + (rule.prefix == nil ? 0 : 1) + (rule.objectSizeGreaterThan == nil ? 0 : 1)
            + (rule.objectSizeLessThan == nil ? 0 : 1)
        if conditions > 1 {
            and = LifecycleWire.And(
                prefix: rule.prefix, tag: tags, objectSizeGreaterThan: rule.objectSizeGreaterThan,
                objectSizeLessThan: rule.objectSizeLessThan)
        } else {
            tag = tags.first
            objectSizeGreaterThan = rule.objectSizeGreaterThan
            objectSizeLessThan = rule.objectSizeLessThan
            // A rule needs a filter, and one on the empty prefix means all objects.
            prefix = rule.prefix ?? (conditions == 0 ? "" : nil)
        }
    }
}

extension S3.Bucket.LifecycleRule {
    init(_ wire: LifecycleWire) {
        let and = wire.filter?.and
        self.init(wire.id, prefix: and?.prefix ?? wire.filter?.prefix ?? wire.prefix, status: wire.status)
        tagFilters = and?.tag ?? wire.filter?.tag.map { [$0] }
        objectSizeGreaterThan = and?.objectSizeGreaterThan ?? wire.filter?.objectSizeGreaterThan
        objectSizeLessThan = and?.objectSizeLessThan ?? wire.filter?.objectSizeLessThan
        expirationInDays = wire.expiration?.days
        expirationDate = wire.expiration?.date.map(Self.toTheSecond)
        expiredObjectDeleteMarker = wire.expiration?.expiredObjectDeleteMarker
        transitions = wire.transition.map {
            Transition(to: $0.storageClass, days: $0.days, date: $0.date.map(Self.toTheSecond))
        }
        noncurrentVersionExpiration = wire.noncurrentVersionExpiration
        noncurrentVersionTransitions = wire.noncurrentVersionTransition.map {
            NoncurrentTransition(to: $0.storageClass, days: $0.noncurrentDays, keeping: $0.newerNoncurrentVersions)
        }
        abortIncompleteMultipartUpload = wire.abortIncompleteMultipartUpload
        self = canonical
    }

    /// AWS answers `2027-01-01T00:00:00.000Z` where a date without milliseconds was sent.
    static func toTheSecond(_ date: String) -> String {
        date.hasSuffix(".000Z") ? date.dropLast(5) + "Z" : date
    }
}
