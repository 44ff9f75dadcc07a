import SlipwayDeclaration
import SlipwayFakeAWS
import SlipwayProvider
import SlipwayResources

enum GlueCrawlerExample: ConformanceExample {
    static let minimal = Glue.Crawler(role: "etl", database: "raw", s3: ["s3://lake/raw/"])

    static let full = Glue.Crawler(
        role: "arn:aws:iam::123456789012:role/etl/etl", database: "raw",
        targets: .init(
            s3: [
                .init(
                    "s3://lake/raw/users/", exclusions: ["**.tmp"], connection: "vpc", sampleSize: 10,
                    eventQueue: "arn:aws:sqs:eu-west-1:123456789012:raw",
                    deadLetterQueue: "arn:aws:sqs:eu-west-1:123456789012:lost")
            ],
            jdbc: [.init(connection: "tickit", path: "tickit/%", exclusions: ["x"], additionalMetadata: ["COMMENTS"])],
            mongoDB: [.init(connection: "mongo", path: "tickit/users", scanAll: false)],
            dynamoDB: [.init(table: "users", scanAll: false, scanRate: 0.5)],
            delta: [.init(["s3://lake/delta/"], connection: "vpc", writesManifest: false, createsNativeTable: true)],
            iceberg: [.init(["s3://lake/ice/"], connection: "vpc", exclusions: ["a"], maximumTraversalDepth: 3)],
            hudi: [.init(["s3://lake/hudi/"], connection: "vpc", exclusions: ["a"], maximumTraversalDepth: 3)]),
        schedule: "cron(15 12 * * ? *)", classifiers: ["pipes", "tabs"], tablePrefix: "raw_",
        schemaChangePolicy: .init(update: .log, delete: .deleteFromDatabase), recrawl: .events,
        lineage: .enabled, lakeFormation: .init(useLakeFormationCredentials: true, account: "210987654321"),
        configuration: ["Version": 1, "Grouping": ["TableGroupingPolicy": "CombineCompatibleSchemas"]],
        securityConfiguration: "encrypted", description: "Crawls", catalog: "123456789012", name: "raw-users",
        tags: ["team": "data", "tier": "raw"])

    static let changed: Glue.Crawler = {
        var crawler = full
        crawler.role = "other"
        crawler.databaseName = "Other"
        crawler.targets = .init(
            s3: [.init("s3://lake/raw/venues/", eventQueue: "arn:aws:sqs:eu-west-1:123456789012:raw")],
            dynamoDB: [.init(table: "users", scanAll: true, scanRate: 1.5)])
        crawler.schedule = .init(scheduleExpression: "cron(0 1 * * ? *)")
        crawler.classifiers = ["tabs"]
        crawler.tablePrefix = "t_"
        crawler.schemaChangePolicy = .log
        crawler.recrawlPolicy = .everything
        crawler.lineageConfiguration = .disabled
        crawler.lakeFormationConfiguration = .init(useLakeFormationCredentials: false)
        crawler.configuration = ["CrawlerOutput": ["Partitions": ["AddOrUpdateBehavior": "InheritFromTable"]]]
        crawler.crawlerSecurityConfiguration = "other"
        crawler.description = "Crawls more"
        crawler.catalogId = "210987654321"
        crawler.tags = ["team": "platform"]
        return crawler
    }()

    static func disappear(_ identity: String, _ services: inout FakeServices) {
        services.glue.crawlers[identity] = nil
    }
}
