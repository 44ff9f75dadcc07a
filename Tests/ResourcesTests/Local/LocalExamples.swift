import SlipwayAWS
import SlipwayDeclaration
import SlipwayResources

// What the examples need on the local AWS, and what it cannot do of them.

extension BucketExample {
    static func prepareLocal(_ aws: AWSClient) async throws -> [String: String] {
        try await LocalFixtures.make(S3.Bucket(), "tickit-logs", aws)
        return ["arn:aws:kms:eu-west-1:123456789012:key/lake": try await LocalFixtures.key(aws)]
    }
}

extension ObjectExample {
    static func prepareLocal(_ aws: AWSClient) async throws -> [String: String] {
        try await LocalFixtures.make(S3.Bucket(), "tickit-dev-lake", aws)
        return ["arn:aws:kms:eu-west-1:123456789012:key/lake": try await LocalFixtures.key(aws)]
    }
}

extension IAMRoleExample {
    /// The local AWS has a few of AWS's own policies.
    static func prepareLocal(_ aws: AWSClient) async throws -> [String: String] {
        try await LocalFixtures.make(IAM.ManagedPolicy([.allow("*", on: "*")]), "own", aws)
        return [
            "aws:policy/ReadOnlyAccess": "aws:policy/AmazonAthenaFullAccess",
            "aws:policy/PowerUserAccess": "aws:policy/AmazonRedshiftFullAccess",
        ]
    }
}

extension IAMManagedPolicyExample {
    static func prepareLocal(_ aws: AWSClient) async throws -> [String: String] {
        try await LocalFixtures.role("etl", path: "/etl/", aws)
        try await LocalFixtures.role("loader", aws)
        for name in ["ada", "grace"] { try await LocalFixtures.user(name, aws) }
        try await LocalFixtures.group("analysts", aws)
        return [:]
    }
}

extension GlueJobExample {
    static func prepareLocal(_ aws: AWSClient) async throws -> [String: String] {
        try await LocalFixtures.role("etl", path: "/etl/", aws)
        try await LocalFixtures.role("other", aws)
        for name in ["warehouse", "vpc"] { try await LocalFixtures.connection(name, aws) }
        for name in ["encrypted", "other"] { try await LocalFixtures.securityConfiguration(name, aws) }
        return [:]
    }
}

extension GlueDatabaseExample {
    static func prepareLocal(_ aws: AWSClient) async throws -> [String: String] {
        try await LocalFixtures.role("etl", path: "/etl/", aws)
        return [:]
    }
}

extension GlueCrawlerExample {
    /// Targets that the local AWS crawls.
    static let localFull: Glue.Crawler = {
        var crawler = full
        crawler.targets = .init(
            s3: [.init("s3://lake/raw/users/", exclusions: ["**.tmp"], sampleSize: 10)],
            jdbc: [.init(connection: "tickit", path: "tickit/%", exclusions: ["x"])])
        return crawler
    }()

    static let localChanged: Glue.Crawler = {
        var crawler = changed
        crawler.targets = .init(s3: [.init("s3://lake/raw/venues/")])
        return crawler
    }()

    static let localGaps = ["RecrawlPolicy": "no events are crawled there"]

    static func prepareLocal(_ aws: AWSClient) async throws -> [String: String] {
        try await LocalFixtures.role("etl", path: "/etl/", aws)
        try await LocalFixtures.role("other", aws)
        try await LocalFixtures.connection("tickit", aws)
        for name in ["pipes", "tabs"] { try await LocalFixtures.classifier(name, aws) }
        for name in ["encrypted", "other"] { try await LocalFixtures.securityConfiguration(name, aws) }
        for name in ["raw", "other"] { try await LocalFixtures.make(Glue.Database(), name, aws) }
        return [:]
    }
}

extension LogsLogGroupExample {
    static func prepareLocal(_ aws: AWSClient) async throws -> [String: String] {
        [
            "arn:aws:kms:eu-west-1:123456789012:key/logs": try await LocalFixtures.key(aws),
            "arn:aws:kms:eu-west-1:123456789012:key/other": try await LocalFixtures.key(aws),
        ]
    }
}

extension EC2SecurityGroupExample {
    static func prepareLocal(_ aws: AWSClient) async throws -> [String: String] {
        let vpc = try await LocalFixtures.vpc(aws)
        let group = EC2.SecurityGroup("Loads", vpc: Text(verbatim: vpc))
        return [
            "vpc-0a": vpc, "sg-0b": try await LocalFixtures.make(group, "loaders", aws),
            "pl-12345678": try await LocalFixtures.prefixList(aws),
        ]
    }
}

extension SecretsManagerSecretExample {
    static let localGaps = [
        "ReplicaRegions": "the local AWS is one region: it makes no copies",
        "Type": "secrets that partners manage are not known there",
    ]

    static func prepareLocal(_ aws: AWSClient) async throws -> [String: String] {
        let key = try await LocalFixtures.key(aws)
        try await LocalFixtures.alias("alias/secrets", of: key, aws)
        return ["arn:aws:kms:eu-west-1:123456789012:key/secrets": key]
    }
}
