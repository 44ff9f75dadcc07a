import FoundationEssentials
import SlipwayAWS
import SlipwayDeclaration

/// The calls about Glue's crawlers and their crawls.
struct GlueCrawlers: Sendable {
    let aws: AWSClient

    /// A crawler, as GetCrawler shows it.
    struct Crawler: Decodable, Hashable, Sendable {
        /// `READY`, `RUNNING` or `STOPPING`; it is ready before a crawl and after it.
        let state: String
        let lastCrawl: LastCrawl?
    }

    /// The last crawl that is over.
    ///
    /// Source: <https://docs.aws.amazon.com/glue/latest/dg/aws-glue-api-crawler-crawling.html#aws-glue-api-crawler-crawling-LastCrawlInfo>
    struct LastCrawl: Decodable, Hashable, Sendable {
        /// `SUCCEEDED`, `CANCELLED` or `FAILED`.
        let status: String?
        let errorMessage: String?
        let logGroup: String?
        let logStream: String?
        /// The crawl's id, with which each line of its log begins.
        let messagePrefix: String?
        let startTime: Date?

        /// What tells it from those before it.
        var identity: String { messagePrefix ?? startTime.map { String($0.timeIntervalSince1970) } ?? "" }
    }

    /// One crawl, as ListCrawls shows it.
    struct Crawl: Decodable, Hashable, Sendable {
        let crawlId: String?
        /// `RUNNING`, `COMPLETED`, `FAILED` or `STOPPED`.
        let state: String?
        let startTime: Date?
        let summary: String?
        let logGroup: String?
        let logStream: String?
        let messagePrefix: String?
        let dpuHour: Double?

        enum CodingKeys: String, CodingKey {
            case crawlId, state, startTime, summary, logGroup, logStream, messagePrefix
            case dpuHour = "DPUHour"
        }
    }

    private struct Name: Encodable, Sendable { let name: String }

    /// - Returns: `nil` when there is no such crawler.
    func crawler(_ name: String) async throws(AWSError) -> Crawler? {
        struct Output: Decodable, Sendable { let crawler: Crawler }
        do { return try await aws.call(.glue, "GetCrawler", Name(name: name), as: Output.self).crawler } catch {
            if error.kind == .notFound { return nil }
            throw error
        }
    }

    func start(_ name: String) async throws(AWSError) { try await aws.call(.glue, "StartCrawler", Name(name: name)) }

    /// Asks for a crawl to be stopped; that none runs, or that it is stopping, is no error.
    func stop(_ name: String) async throws(AWSError) {
        do { try await aws.call(.glue, "StopCrawler", Name(name: name), repeatability: .idempotent) } catch {
            guard !["CrawlerNotRunningException", "CrawlerStoppingException"].contains(error.code) else { return }
            throw error
        }
    }

    /// The latest crawls, the newest first.
    func crawls(of name: String) async throws(AWSError) -> [Crawl] {
        struct Input: Encodable, Sendable {
            let crawlerName: String
            let maxResults = 20
        }
        struct Output: Decodable, Sendable { let crawls: [Crawl] }
        return try await aws.call(.glue, "ListCrawls", Input(crawlerName: name), as: Output.self).crawls
    }
}

/// What a crawl did to the catalogue, read from the summary in ListCrawls.
enum CrawlSummary {
    /// Counts such as `tables added`, of what is not zero.
    ///
    /// The summary is JSON whose members may be JSON again as strings:
    /// `{"TABLE": "{\"ADD\": {\"Details\": …, \"Count\": 2}}", "PARTITION": …}`.
    ///
    /// Source: <https://docs.aws.amazon.com/glue/latest/dg/aws-glue-api-crawler-crawling.html#aws-glue-api-crawler-crawling-CrawlerHistory>
    static func counts(_ summary: String?) -> [String: Int] {
        guard let tree = summary.flatMap({ unwrapped(.string($0)) }) else { return [:] }
        var counts: [String: Int] = [:]
        for (what, noun) in [("TABLE", "tables"), ("PARTITION", "partitions")] {
            let changes = tree[what].flatMap(unwrapped)
            for (verb, participle) in [("ADD", "added"), ("UPDATE", "updated"), ("DELETE", "deleted")] {
                guard let count = changes?[verb].flatMap(unwrapped)?["Count"]?.int, count > 0 else { continue }
                counts["\(noun) \(participle)"] = count
            }
        }
        return counts
    }

    private static func unwrapped(_ value: JSON) -> JSON? {
        guard let text = value.string else { return value }
        // What is no JSON says nothing that could be counted.
        return try? JSON(parsing: text)
    }
}
