import SlipwayDeclaration
import SlipwayFakeAWS
import SlipwayProvider
import SlipwayResources

enum BucketExample: ConformanceExample {
    static let minimal = S3.Bucket()

    static let full: S3.Bucket = {
        var archive = S3.Bucket.LifecycleRule("archive", prefix: "raw/")
        archive.tagFilters = [.init("tier", "cold"), .init("team", "data")]
        archive.objectSizeGreaterThan = 1024
        archive.transitions = [.init(to: .standardIA, days: 30), .init(to: .glacier, days: 90)]
        archive.noncurrentVersionTransitions = [.init(to: .glacierInstant, days: 30, keeping: 2)]
        archive.noncurrentVersionExpiration = .init(days: 365, keeping: 3)
        var once = S3.Bucket.LifecycleRule("once", prefix: "tmp/", status: .disabled)
        once.expirationDate = "2027-01-01T00:00:00Z"
        return S3.Bucket(
            name: "tickit-dev-example", versioning: .enabled, encryption: .kms("arn:aws:kms:eu-west-1:123456789012:key/lake"),
            publicAccessBlock: .everything, ownership: .bucketOwnerPreferred,
            lifecycle: [archive, once, .expire(after: 7, prefix: "scratch/"), .abortUploads(after: 3)],
            policy: policy("s3:GetObject"),
            cors: [.init([.put, .get], from: ["https://b.example", "https://a.example"], maxAge: 600)],
            logging: .init(to: "tickit-logs", prefix: "lake/", keys: .partitioned(by: .eventTime)),
            notifications: .to(
                [
                    .lambda(
                        "arn:aws:lambda:eu-west-1:123456789012:function:load", on: "s3:ObjectCreated:*",
                        prefix: "raw/"),
                    .queue("arn:aws:sqs:eu-west-1:123456789012:queue", on: "s3:ObjectRemoved:*", suffix: ".csv"),
                    .topic("arn:aws:sns:eu-west-1:123456789012:topic", on: "s3:ReducedRedundancyLostObject"),
                ], eventBridge: true),
            website: .init(
                index: "index.html", error: "error.html",
                rules: [.init(.init(code: "302", prefix: "new/"), when: .init(prefix: "old/"))]),
            acceleration: .enabled, tags: ["team": "data", "tier": "raw"],
            emptyOnDelete: true)
    }()

    static let changed: S3.Bucket = {
        var bucket = full
        bucket.versioning = .suspended
        bucket.encryption = .s3
        bucket.publicAccessBlock = .init(blockPublicAcls: true)
        bucket.ownership = .objectWriter
        bucket.lifecycle = S3.Bucket.Lifecycle(rules: [.expire(after: 8)], minimumSize: .variesByStorageClass)
        bucket.policy = policy("s3:PutObject")
        bucket.cors = [.init([.head], from: ["*"], headers: ["*"], exposing: ["ETag"])]
        bucket.logging = .init(to: "tickit-logs")
        bucket.notifications = .to([], eventBridge: true)
        bucket.website = .init(redirectingTo: .init(to: "example.com", protocol: .https))
        bucket.acceleration = .suspended
        bucket.tags = ["team": "platform"]
        return bucket
    }()

    static let uncovered = [
        "ObjectLockEnabled": "versioning could not be suspended; it has tests of its own",
        "ObjectLockConfiguration": "it needs ObjectLockEnabled",
    ]

    static func policy(_ action: Text) -> IAM.PolicyDocument {
        IAM.PolicyDocument(
            json: """
                {"Version": "2012-10-17", "Statement": {"Sid": "Team", "Effect": "Allow", "Action": "\(action)",
                 "Principal": {"AWS": "arn:aws:iam::123456789012:root"},
                 "Resource": "arn:aws:s3:::tickit-dev-example/*"}}
                """)
    }

    static func disappear(_ identity: String, _ services: inout FakeServices) { services.s3.buckets[identity] = nil }
}
