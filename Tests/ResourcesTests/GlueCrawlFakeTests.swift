import SlipwayAWS
import SlipwayDeclaration
import SlipwayFakeAWS
import SlipwayResources
import Testing

/// The fake's crawls behave as Glue's: tests of pipelines rest on it.
struct GlueCrawlFakeTests {
    private let trial = Trial()

    private struct Named: Encodable { let name = "raw" }
    private struct Crawler: Decodable {
        struct Last: Decodable { let status: String, errorMessage: String?, messagePrefix: String }
        let state: String
        let lastCrawl: Last?
    }
    private struct Crawl: Decodable { let crawlId: String, state: String, endTime: Double?, errorMessage: String?, summary: String? }

    private func make() async throws {
        try await trial.make("raw", Glue.Crawler(role: "etl", database: "raw", s3: ["s3://lake/raw/"]))
    }

    private func start() async throws { try await trial.aws.call(.glue, "StartCrawler", Named()) }

    private func look() async throws -> Crawler {
        struct Output: Decodable { let crawler: Crawler }
        return try await trial.aws.call(.glue, "GetCrawler", Named(), as: Output.self).crawler
    }

    private func crawls(_ filters: [[String: String]]? = nil) async throws -> [Crawl] {
        struct Filter: Encodable { let fieldName, filterOperator, fieldValue: String }
        struct Input: Encodable { let crawlerName = "raw", filters: [Filter]? }
        struct Output: Decodable { let crawls: [Crawl] }
        let filters = filters?.map { Filter(fieldName: $0["f"] ?? "", filterOperator: $0["o"] ?? "", fieldValue: $0["v"] ?? "") }
        return try await trial.aws.call(.glue, "ListCrawls", Input(filters: filters), as: Output.self).crawls
    }

    @Test func `a crawl takes as many looks as a test wants, and ends as it wants`() async throws {
        try await make()
        trial.fake.withServices {
            $0.glue.crawlCourses["raw"] = .init(running: 2, stopping: 1, end: "FAILED", error: "no access", summary: "{}")
        }
        #expect(try await look().state == "READY")
        try await start()
        var states: [String] = []
        for _ in 0..<5 { states.append(try await look().state) }
        #expect(states == ["RUNNING", "RUNNING", "STOPPING", "READY", "READY"])
        let last = try #require(try await look().lastCrawl)
        #expect(last.status == "FAILED")
        #expect(last.errorMessage == "no access")
        let crawl = try #require(try await crawls().first)
        #expect(crawl.crawlId == last.messagePrefix)
        #expect(crawl.state == "FAILED")
        #expect(crawl.summary == "{}")
        #expect(crawl.endTime != nil)
    }

    @Test func `looks of every kind take it on`() async throws {
        try await make()
        trial.fake.withServices { $0.glue.crawlCourses["raw"] = .init(running: 2, stopping: 0) }
        try await start()
        #expect(try await crawls().map(\.state) == ["RUNNING"])
        #expect(try await look().state == "RUNNING")
        #expect(try await crawls().map(\.state) == ["COMPLETED"])
    }

    @Test func `without a course it goes on until it is stopped`() async throws {
        try await make()
        try await start()
        for _ in 0..<20 { #expect(try await look().state == "RUNNING") }
        let again = await #expect(throws: AWSError.self) { try await start() }
        #expect(again?.code == "CrawlerRunningException")
        try await trial.aws.call(.glue, "StopCrawler", Named())
        let twice = await #expect(throws: AWSError.self) { try await trial.aws.call(.glue, "StopCrawler", Named()) }
        #expect(twice?.code == "CrawlerStoppingException")
        #expect(try await look().state == "STOPPING")
        let ready = try await look()
        #expect(ready.state == "READY")
        #expect(ready.lastCrawl?.status == "CANCELLED")
        #expect(try await crawls().map(\.state) == ["STOPPED"])
        let idle = await #expect(throws: AWSError.self) { try await trial.aws.call(.glue, "StopCrawler", Named()) }
        #expect(idle?.code == "CrawlerNotRunningException")
    }

    @Test func `crawls are listed from the latest, and can be filtered`() async throws {
        try await make()
        for (id, end) in [("1", "SUCCEEDED"), ("2", "FAILED"), ("3", "SUCCEEDED")] {
            trial.fake.withServices {
                $0.glue.beginCrawl("raw", id: id, nil, at: 100 * (Int(id) ?? 0))
                $0.glue.endCrawl("raw", end, at: 100 * (Int(id) ?? 0) + 50)
            }
        }
        #expect(try await crawls().map(\.crawlId) == ["3", "2", "1"])
        #expect(try await crawls([["f": "STATE", "o": "EQ", "v": "FAILED"]]).map(\.crawlId) == ["2"])
        #expect(try await crawls([["f": "START_TIME", "o": "GE", "v": "200000"]]).map(\.crawlId) == ["3", "2"])
        #expect(try await crawls([["f": "CRAWL_ID", "o": "EQ", "v": "1"]]).map(\.crawlId) == ["1"])
    }
}
