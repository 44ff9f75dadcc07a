import SlipwayAWS
import SlipwayDeclaration
import SlipwayFakeAWS
import SlipwayProvider
import SlipwayResources
import Testing

struct GlueCrawlerTests {
    private let trial = Trial()

    private static func crawler(_ change: (inout Glue.Crawler) -> Void = { _ in }) -> Glue.Crawler {
        var crawler = Glue.Crawler(role: "etl", database: "raw", s3: ["s3://lake/raw/"])
        change(&crawler)
        return crawler
    }

    // MARK: Pure

    @Test func `what cannot be changed is what CloudFormation says`() throws {
        #expect(try createOnly(Self.crawler { $0.name = "n" }) == ["Name"])
    }

    @Test func `name and ARN are known before the crawler exists`() {
        let foreseen = Self.crawler().foreseen("raw", at: Trial.location)
        #expect(foreseen.values == ["Name": "raw", "Arn": "arn:aws:glue:us-east-1:123456789012:crawler/raw"])
    }

    static let mistakes: [(Glue.Crawler, [String])] = [
        (crawler { $0.name = "" }, ["Name"]),
        (crawler { $0.targets = .init() }, ["Targets"]),
        (crawler { $0.databaseName = nil }, ["DatabaseName"]),
        (crawler { $0.targets.catalogTargets = [.init(database: "raw", tables: ["users"])] }, ["Targets.CatalogTargets"]),
        (crawler { $0.targets.s3Targets = [.init("/tmp")] }, ["Targets.S3Targets[0].Path"]),
        (crawler { $0.targets.s3Targets = [.init("s3://a/", sampleSize: 250)] }, ["Targets.S3Targets[0].SampleSize"]),
        (crawler { $0.targets.dynamoDBTargets = [.init(table: "t", scanRate: 2)] }, ["Targets.DynamoDBTargets[0].ScanRate"]),
        (crawler { $0.targets.hudiTargets = [.init(["s3://a/"], maximumTraversalDepth: 21)] }, ["Targets"]),
        (crawler { $0.schedule = .init(scheduleExpression: "rate(1 day)") }, ["Schedule"]),
        (crawler { $0.configuration = "{}" }, ["Configuration"]),
        (crawler { $0.recrawlPolicy = .newFoldersOnly }, ["SchemaChangePolicy"]),
        (crawler { $0.recrawlPolicy = .events }, ["RecrawlPolicy"]),
        (
            crawler { $0.schemaChangePolicy = .init(update: .init(rawValue: "UPDATE_IN_DATABSE")) },
            ["SchemaChangePolicy.UpdateBehavior"]
        ),
        (crawler { $0.tablePrefix = Text(verbatim: String(repeating: "x", count: 129)) }, ["TablePrefix"]),
    ]

    @Test(arguments: mistakes)
    func `mistakes are found before AWS is asked`(crawler: Glue.Crawler, properties: [String]) {
        #expect(crawler.check().map(\.property) == properties)
    }

    @Test(arguments: [
        crawler(),
        crawler {
            $0.recrawlPolicy = .newFoldersOnly
            $0.schemaChangePolicy = .log
        },
        Glue.Crawler(role: "etl", targets: .init(catalog: [.init(database: "raw", tables: ["users"])])),
        crawler {
            $0.databaseName = Text(.attribute(Reference(resource: Address("catalog"), attribute: "Name")))
            $0.targets.s3Targets = [.init(Text(.attribute(Reference(resource: Address("lake"), attribute: "Uri"))))]
        },
    ])
    func `good crawlers have no problems, also while references are not known`(crawler: Glue.Crawler) {
        #expect(crawler.check().isEmpty)
    }

    // MARK: Life

    @Test func `a create is one call, tags and all`() async throws {
        let operations = try await trial.operations { try await trial.make("raw", Self.crawler()) }
        #expect(operations == ["CreateCrawler"])
        let found = try await trial.look("raw", Glue.Crawler.self)
        #expect(found.tags.flatMap(Ownership.init) == Trial.ownership)
        #expect(found.immutableID != nil)
        #expect(found.attributes.arn == "arn:aws:glue:us-east-1:123456789012:crawler/raw")
    }

    /// Source: live reads of crawlers, as <https://github.com/aws-cloudformation/cloudformation-coverage-roadmap> and others
    /// report them.
    @Test func `AWS's answer differs in form from what was declared, and means the same`() async throws {
        let declared = Self.crawler {
            $0.role = "arn:aws:iam::123456789012:role/service-role/etl"
            $0.configuration = ["Version": 1, "CrawlerOutput": ["Tables": ["AddOrUpdateBehavior": "MergeNewColumns"]]]
        }
        try await trial.make("raw", declared)
        let found = try await trial.look("raw", Glue.Crawler.self).properties
        #expect(found.role == "service-role/etl")
        #expect(found.targets.jdbcTargets == [])
        #expect(found.targets.s3Targets?.first?.exclusions == [])
        #expect(found.schemaChangePolicy == .init(update: .updateInDatabase, delete: .deprecateInDatabase))
        #expect(found.recrawlPolicy == .everything)
        #expect(found.lakeFormationConfiguration?.accountId == "")
        #expect(found.canonical().role == declared.canonical().role)
        #expect(found.canonical().targets == declared.canonical().targets)
        #expect(found.canonical().configuration == declared.canonical().configuration)
    }

    @Test func `the names that AWS's API has for DynamoDB are those of CloudFormation here`() async throws {
        let target = Glue.Crawler.DynamoDBTarget(table: "users", scanAll: false, scanRate: 0.5)
        try await trial.make("raw", Self.crawler { $0.targets = .init(dynamoDB: [target]) })
        #expect(
            trial.fake.calls.first?.input["Targets"]?["DynamoDBTargets"] == [
                ["Path": "users", "scanAll": false, "scanRate": .double(0.5)]
            ])
        #expect(try await trial.look("raw", Glue.Crawler.self).properties.targets.dynamoDBTargets == [target])
    }

    static let cleared: [(String, JSON)] = [
        ("Schedule", ""), ("Description", ""), ("TablePrefix", ""), ("Classifiers", []),
        ("CrawlerSecurityConfiguration", ""), ("Configuration", #"{"Version":1.0}"#),
        ("RecrawlPolicy", ["RecrawlBehavior": "CRAWL_EVERYTHING"]),
        ("LineageConfiguration", ["CrawlerLineageSettings": "DISABLE"]),
        ("LakeFormationConfiguration", ["UseLakeFormationCredentials": false, "AccountId": ""]),
    ]

    /// Source: <https://github.com/aws-cloudformation/cloudformation-coverage-roadmap/issues/2247>
    @Test(arguments: cleared)
    func `an update keeps what it is not given, so what is to go is sent empty`(name: String, empty: JSON) async throws {
        let full = GlueCrawlerExample.full
        try await trial.make("raw", full)
        let current = try await trial.look("raw", Glue.Crawler.self).properties
        let tree = try PropertyEncoder().encode(current).tree
        let desired = try PropertyDecoder().decode(Glue.Crawler.self, from: tree.setting([name], to: nil))
        trial.fake.forgetCalls()
        try await desired.update("raw", from: current, trial.aws)
        #expect(trial.fake.calls.map(\.input) == [.object(["Name": "raw", name: empty])])
    }

    @Test func `only what differs is sent`() async throws {
        try await trial.make("raw", Self.crawler { $0.description = "Crawls" })
        let current = try await trial.look("raw", Glue.Crawler.self).properties
        var desired = current
        desired.schedule = .init(scheduleExpression: "cron(15 12 * * ? *)")
        trial.fake.forgetCalls()
        try await desired.update("raw", from: current, trial.aws)
        #expect(trial.fake.calls.map(\.input) == [["Name": "raw", "Schedule": "cron(15 12 * * ? *)"]])
        #expect(trial.fake.calls.last?.actions == ["glue:UpdateCrawler"])
        let found = try await trial.look("raw", Glue.Crawler.self).properties
        #expect(found.description == "Crawls")
        #expect(found.schedule == desired.schedule)
    }

    @Test func `tags have calls of their own`() async throws {
        let crawler = Self.crawler { $0.tags = ["team": "data", "tier": "raw"] }
        try await trial.make("raw", crawler)
        let other = Self.crawler { $0.tags = ["team": "platform"] }
        let operations = try await trial.operations { try await other.update("raw", from: crawler, trial.aws) }
        #expect(operations == ["TagResource", "UntagResource"])
        let found = try await trial.look("raw", Glue.Crawler.self)
        #expect(found.properties.tags == ["team": "platform"])
        #expect(found.tags.flatMap(Ownership.init) == Trial.ownership)
    }

    // MARK: Quirks

    /// Source: <https://github.com/hashicorp/terraform-provider-aws/issues/30371>
    @Test func `a role that Glue cannot assume yet is told from a mistake`() async throws {
        trial.fake.withServices { $0.glue.unassumableRoles = 1 }
        let error = await #expect(throws: AWSError.self) { try await trial.make("raw", Self.crawler()) }
        #expect(error?.kind == .propagating)
        try await trial.make("raw", Self.crawler())
        let twice = await #expect(throws: AWSError.self) { try await trial.make("raw", Self.crawler()) }
        #expect(twice?.kind == .alreadyExists)
    }

    /// Source: <https://github.com/hashicorp/terraform-provider-aws/issues/43345>
    @Test func `an update of a crawler that crawls is busy, and stops no crawl`() async throws {
        try await trial.make("raw", Self.crawler())
        trial.fake.withServices { $0.glue.beginCrawl("raw", id: "1", nil) }
        let desired = Self.crawler { $0.description = "Crawls" }
        let operations = await trial.operations {
            let error = await #expect(throws: AWSError.self) {
                try await desired.update("raw", from: Self.crawler(), trial.aws)
            }
            #expect(error?.kind == .busy)
        }
        #expect(operations == ["UpdateCrawler"])
        trial.fake.withServices { $0.glue.endCrawl("raw") }
        try await desired.update("raw", from: Self.crawler(), trial.aws)
    }

    /// Source: <https://github.com/aws/aws-sdk-java/issues/1549>
    @Test func `a crawler that crawls is stopped before it is deleted`() async throws {
        try await trial.make("raw", Self.crawler())
        trial.fake.withServices { $0.glue.beginCrawl("raw", id: "1", nil) }
        func delete() async -> AWSError? {
            await #expect(throws: AWSError.self) { try await Self.crawler().delete("raw", trial.aws) }
        }
        let running = await trial.operations { #expect(await delete()?.kind == .busy) }
        #expect(running == ["DeleteCrawler", "StopCrawler"])
        // It is stopping, and cannot be stopped again.
        let stopping = await trial.operations { #expect(await delete()?.kind == .busy) }
        #expect(stopping == ["DeleteCrawler", "StopCrawler"])
        _ = try await trial.look("raw", Glue.Crawler.self)
        _ = try await trial.look("raw", Glue.Crawler.self)
        try await Self.crawler().delete("raw", trial.aws)
        #expect(trial.fake.withServices { $0.glue.crawlers.isEmpty })
    }

    @Test func `a crawl that ends while it is being stopped is no error of its own`() async throws {
        try await trial.make("raw", Self.crawler())
        trial.fake.fail("glue", "DeleteCrawler", code: "CrawlerRunningException")
        let error = await #expect(throws: AWSError.self) { try await Self.crawler().delete("raw", trial.aws) }
        #expect(error?.code == "CrawlerRunningException")
        try await Self.crawler().delete("raw", trial.aws)
    }

    @Test func `a schedule in transition settles`() async throws {
        try await trial.make("raw", Self.crawler { $0.schedule = .init(scheduleExpression: "cron(15 12 * * ? *)") })
        trial.fake.withServices {
            let crawler = $0.glue.crawlers["raw"]
            $0.glue.crawlers["raw"] = crawler?.setting(["Schedule", "State"], to: "TRANSITIONING")
        }
        let observation = try await Glue.Crawler.read("raw", .all, trial.aws)
        guard case .settling("TRANSITIONING") = observation else {
            Issue.record("it is \(observation)")
            return
        }
        let error = await #expect(throws: AWSError.self) { try await Self.crawler().delete("raw", trial.aws) }
        #expect(error?.kind == .busy)
    }

    @Test func `a plan without changes makes at most a call for ten crawlers`() async throws {
        let names = (0..<150).map { "raw-\($0)" }
        for name in names { try await trial.make(name, Self.crawler { $0.tags = ["team": "data"] }) }
        trial.fake.forgetCalls()
        let wanted = (names + ["gone"]).map { Listed<Glue.Crawler>($0, .only(["Role", "Tags"])) }
        let found = try await Glue.Crawler.list(wanted, trial.aws)
        #expect(Set(found.keys) == Set(names))
        #expect(trial.fake.calls.count == 4)
        #expect(Glue.Crawler.listCalls(for: wanted.count) == 4)
        for case .observed(.present(let listed)) in found.values {
            #expect(listed.properties.tags == ["team": "data"])
        }
    }
}
