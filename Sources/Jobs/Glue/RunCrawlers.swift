public import SlipwayAWS
public import SlipwayDeclaration
public import SlipwayResources

/// Runs crawlers at once, and waits for all of them.
///
/// ```swift
/// let crawled = refresh.add("crawled", RunCrawlers([rawCrawler, validatedCrawler]), after: [validated])
/// ```
///
/// A crawler that runs already is not started again: the task waits for that crawl. Each crawler is started once,
/// whatever happens to the machine that asks for it.
public struct RunCrawlers: TaskKind {
    public static let type = "RunCrawlers"

    /// The crawlers' names.
    public var crawlers: [Text]

    public init(_ crawlers: [Handle<Glue.Crawler>]) { self.init(names: crawlers.map(\.name)) }

    public init(_ crawler: Handle<Glue.Crawler>) { self.init([crawler]) }

    /// Runs crawlers that are not all of this stack.
    public init(names: [Text]) { crawlers = names }

    public static let permissions: Set<String> = [
        "glue:GetCrawler", "glue:StartCrawler", "glue:StopCrawler", "glue:ListCrawls", "logs:GetLogEvents",
    ]

    public func check() -> [Problem] {
        if crawlers.isEmpty { return [Problem("Crawlers", "there must be one at least")] }
        return Set(crawlers).count == crawlers.count ? [] : [Problem("Crawlers", "a crawler is named twice")]
    }

    public func run(_ context: TaskContext) async throws -> TaskOutcome {
        try await CrawlersTask(crawlers.map { $0.literal ?? "" }, context).run()
    }

    public static func isActive(_ notes: TaskNotes, token: String, _ aws: AWSClient) async throws -> Bool {
        for crawl in notes.crawls ?? [] where !crawl.isOver && crawl.sentAt != nil {
            if let crawler = try await GlueCrawlers(aws: aws).crawler(crawl.crawler), crawler.state != "READY" { return true }
        }
        return false
    }
}
