import SlipwayDeclaration

extension FakeGlue {
    /// How long a crawl takes and how it ends. Each look at its crawler (`GetCrawler`, `BatchGetCrawlers`, `ListCrawls`)
    /// takes it on by one.
    package struct CrawlCourse: Sendable {
        /// How many looks find it running.
        package var running: Int
        /// How many looks then find it stopping, as Glue does before every end.
        package var stopping: Int
        /// `SUCCEEDED`, `FAILED` or `CANCELLED`, as `LastCrawl` has it.
        package var end: String
        /// What it says when it fails.
        package var error: String?
        /// What it did, as `ListCrawls` has it.
        package var summary: String?

        package init(
            running: Int = 1, stopping: Int = 1, end: String = "SUCCEEDED", error: String? = nil, summary: String? = nil
        ) {
            precondition(["SUCCEEDED", "FAILED", "CANCELLED"].contains(end), "no crawl ends as \(end)")
            self.running = running
            self.stopping = stopping
            self.end = end
            self.error = error
            self.summary = summary
        }
    }

    /// One crawl, as `ListCrawls` has it.
    package struct Crawl: Sendable {
        package var id: String
        /// `RUNNING`, `COMPLETED`, `FAILED` or `STOPPED`.
        package var state = "RUNNING"
        /// Seconds since 1970.
        package var started: Int
        package var ended: Int?
        package var error: String?
        package var summary: String?
        /// What is still to come; without it the crawl goes on until it is stopped, or until a test ends it.
        var course: CrawlCourse?
    }

    /// Begins a crawl as somebody else, or a schedule, would.
    /// - Parameter course: `nil` for one that goes on until it is stopped.
    package mutating func beginCrawl(_ crawler: String, id: String, _ course: CrawlCourse?, at date: Int = 0) {
        guard crawlers[crawler] != nil else { return }
        crawls[crawler, default: []].insert(Crawl(id: id, started: date, course: course), at: 0)
        set(crawler, "State", "RUNNING")
    }

    /// Ends the crawl that is under way.
    /// - Parameter end: `SUCCEEDED`, `FAILED` or `CANCELLED`.
    package mutating func endCrawl(_ crawler: String, _ end: String = "SUCCEEDED", error: String? = nil, at date: Int = 0) {
        finish(crawler, CrawlCourse(end: end, error: error, summary: crawls[crawler]?.first?.summary), at: date)
    }

    /// Carries out what is about crawls; `nil` when it is about something else.
    mutating func carryOutCrawl(_ call: FakeCall) throws -> JSON? {
        switch call.operation {
        case "StartCrawler": try startCrawler(call)
        case "StopCrawler": try stopCrawler(call)
        case "ListCrawls": try listCrawls(call)
        default: nil
        }
    }

    /// Takes the crawl that is under way on by one look.
    mutating func advanceCrawl(of name: String, at date: Int) {
        guard var crawl = crawls[name]?.first, crawl.state == "RUNNING", var course = crawl.course else { return }
        if course.running > 0 {
            course.running -= 1
        } else if course.stopping > 0 {
            course.stopping -= 1
            set(name, "State", "STOPPING")
        } else {
            finish(name, course, at: date)
            return
        }
        crawl.course = course
        crawls[name]?[0] = crawl
    }

    private mutating func startCrawler(_ call: FakeCall) throws -> JSON {
        let name = call["Name"] ?? ""
        guard try crawler(name)["State"] == "READY" else {
            throw Refused("CrawlerRunningException", "Crawler with name \(name) has already started")
        }
        beginCrawl(name, id: Self.uuid(call.serial), crawlCourses[name], at: call.date)
        return [:]
    }

    private mutating func stopCrawler(_ call: FakeCall) throws -> JSON {
        let name = call["Name"] ?? ""
        switch try crawler(name)["State"] {
        case "READY": throw Refused("CrawlerNotRunningException", "Crawler with name \(name) isn't running")
        case "STOPPING": throw Refused("CrawlerStoppingException", "Crawler with name \(name) is already stopping")
        default: break
        }
        set(name, "State", "STOPPING")
        crawls[name]?[0].course = CrawlCourse(running: 0, stopping: 1, end: "CANCELLED")
        return [:]
    }

    /// The latest first.
    private mutating func listCrawls(_ call: FakeCall) throws -> JSON {
        let name = call["CrawlerName"] ?? ""
        _ = try crawler(name)
        if call["NextToken"] == nil { advanceCrawl(of: name, at: call.date) }
        let filters = call.input["Filters"]?.array ?? []
        let found = try (crawls[name] ?? []).filter { crawl in try filters.allSatisfy { try crawl.satisfies($0) } }
        return page(call, found.map { $0.described(name) }, "Crawls", limit: 1000, usual: 20)
    }

    private mutating func finish(_ name: String, _ course: CrawlCourse, at date: Int) {
        guard var crawl = crawls[name]?.first, crawl.state == "RUNNING" else { return }
        crawl.state = ["SUCCEEDED": "COMPLETED", "FAILED": "FAILED"][course.end] ?? "STOPPED"
        crawl.ended = max(date, crawl.started)
        crawl.error = course.error ?? (course.end == "FAILED" ? "made to fail by a test" : nil)
        crawl.summary = course.summary
        crawl.course = nil
        crawls[name]?[0] = crawl
        var last: [String: JSON] = [
            "Status": .string(course.end), "LogGroup": "/aws-glue/crawlers", "LogStream": .string(name),
            "MessagePrefix": .string(crawl.id), "StartTime": .int(crawl.started),
        ]
        if let error = crawl.error { last["ErrorMessage"] = .string(error) }
        set(name, "LastCrawl", .object(last))
        set(name, "State", "READY")
    }

    private mutating func set(_ crawler: String, _ member: String, _ value: JSON) {
        crawlers[crawler] = crawlers[crawler]?.setting([member], to: value)
    }

    /// A UUID that differs from one serial number to the next.
    private static func uuid(_ serial: Int) -> String {
        "00000000-0000-4000-8000-" + FakeCall.identifier(serial, length: 12).lowercased()
    }
}

extension FakeGlue.Crawl {
    func described(_ crawler: String) -> JSON {
        var members: [String: JSON] = [
            "CrawlId": .string(id), "State": .string(state), "StartTime": .int(started), "LogGroup": "/aws-glue/crawlers",
            "LogStream": .string(crawler), "MessagePrefix": .string(id), "DPUHour": .double(hours),
        ]
        if let ended { members["EndTime"] = .int(ended) }
        if let error { members["ErrorMessage"] = .string(error) }
        if let summary { members["Summary"] = .string(summary) }
        return .object(members)
    }

    /// Two processing units for as long as it took.
    private var hours: Double { 2 * Double((ended ?? started) - started) / 3600 }

    /// Times in a filter are milliseconds since 1970.
    func satisfies(_ filter: JSON) throws -> Bool {
        let wanted = filter["FieldValue"]?.string ?? ""
        func holds<Value: Comparable>(_ value: Value, _ other: Value) throws -> Bool {
            switch filter["FilterOperator"]?.string {
            case "EQ": value == other
            case "NE": value != other
            case "GT": value > other
            case "GE": value >= other
            case "LT": value < other
            case "LE": value <= other
            default: throw Refused("InvalidInputException", "FilterOperator is not valid")
            }
        }
        func number(_ text: String) throws -> Double {
            guard let number = Double(text) else { throw Refused("InvalidInputException", "FieldValue is not valid") }
            return number
        }
        switch filter["FieldName"]?.string {
        case "CRAWL_ID": return try holds(id, wanted)
        case "STATE": return try holds(state, wanted)
        case "START_TIME": return try holds(Double(started) * 1000, number(wanted))
        case "END_TIME": return try ended.map { try holds(Double($0) * 1000, number(wanted)) } ?? false
        case "DPU_HOUR": return try holds(hours, number(wanted))
        default: throw Refused("InvalidInputException", "FieldName is not valid")
        }
    }
}
