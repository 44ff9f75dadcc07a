import FoundationEssentials
import SlipwayAWS
import SlipwayDeclaration
import SlipwayResources

// What the examples need on the local AWS, and what it cannot do of them.

extension BucketExample {
    static let localGaps = [
        "NotificationConfiguration.QueueConfigurations": "there are no queues",
        "NotificationConfiguration.TopicConfigurations": "there are no topics",
        "LifecycleConfiguration.TransitionDefaultMinimumObjectSize": "only AWS's own size is known there",
    ]

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

    static let localGaps = [
        "RecrawlPolicy": "no events are crawled there",
        "CatalogId": "a crawler's catalogue is the account's there, whatever is said",
    ]

    static func prepareLocal(_ aws: AWSClient) async throws -> [String: String] {
        try await LocalFixtures.role("etl", path: "/etl/", aws)
        try await LocalFixtures.role("other", aws)
        try await LocalFixtures.connection("crawled", aws)
        for name in ["pipes", "tabs"] { try await LocalFixtures.classifier(name, aws) }
        for name in ["encrypted", "other"] { try await LocalFixtures.securityConfiguration(name, aws) }
        for name in ["raw", "other"] { try await LocalFixtures.make(Glue.Database(), name, aws) }
        return ["tickit": "crawled"]
    }
}

extension GlueConnectionExample {
    static func prepareLocal(_ aws: AWSClient) async throws -> [String: String] {
        let subnets = try await EC2.DefaultVPCSubnets().answer(aws)
        let vpc = Text(verbatim: try await EC2.DefaultVPC().answer(aws))
        var groups: [String: String] = [:]
        for name in ["sg-1", "sg-2"] {
            let group = EC2.SecurityGroup("Connections", vpc: vpc)
            groups[name] = try await LocalFixtures.make(group, "connections-\(UUID())", aws)
        }
        return groups.merging(["subnet-1": subnets[0], "subnet-2": subnets[1]]) { $1 }
    }
}

extension GlueTriggerExample {
    static func prepareLocal(_ aws: AWSClient) async throws -> [String: String] {
        try await LocalFixtures.role("etl", path: "/etl/", aws)
        try await LocalFixtures.workflow("nightly", aws)
        try await LocalFixtures.securityConfiguration("encrypted", aws)
        for name in ["extract", "triggered"] {
            let job = Glue.Job(role: "etl", command: .spark(script: "s3://code/load.py"))
            try await LocalFixtures.make(job, name, aws)
        }
        for name in ["raw", "validated"] {
            try await LocalFixtures.make(Glue.Crawler(role: "etl", database: "raw", s3: ["s3://lake/raw/"]), name, aws)
        }
        return ["load": "triggered"]
    }
}

extension RedshiftSubnetGroupExample {
    static func prepareLocal(_ aws: AWSClient) async throws -> [String: String] {
        let subnets = try await EC2.DefaultVPCSubnets().answer(aws)
        return ["subnet-1": subnets[0], "subnet-2": subnets[1], "subnet-3": subnets[2]]
    }
}

extension RedshiftClusterExample {
    static let localFull: Redshift.Cluster = {
        var cluster = full
        // Its name would be taken when the cluster is made and deleted once more.
        cluster.finalSnapshot = .skip
        return cluster
    }()

    static let localGaps = [
        "LoggingProperties": "nothing is logged there",
        "DestinationRegion": "the local AWS is one region",
        "SnapshotCopyGrantName": "the local AWS is one region",
        "SnapshotCopyRetentionPeriod": "the local AWS is one region",
        "MultiAZ": "there are no zones",
    ]

    static func prepareLocal(_ aws: AWSClient) async throws -> [String: String] {
        for name in ["load", "other"] { try await LocalFixtures.role(name, aws) }
        try await LocalFixtures.role("etl", path: "/etl/", aws)
        let subnets = try await EC2.DefaultVPCSubnets().answer(aws).map { Text(verbatim: $0) }
        try await LocalFixtures.make(Redshift.ClusterSubnetGroup(subnets: subnets), "warehouse", aws)
        for name in ["warehouse", "other"] {
            try await LocalFixtures.make(Redshift.ClusterParameterGroup(), name, aws)
        }
        return [
            "tickit": "warehouse", "Tickit": "Warehouse",
            "arn:aws:kms:eu-west-1:123456789012:key/data": try await LocalFixtures.key(aws),
            "arn:aws:kms:eu-west-1:123456789012:key/other": try await LocalFixtures.key(aws),
        ]
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
