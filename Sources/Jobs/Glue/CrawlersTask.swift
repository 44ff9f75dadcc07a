import FoundationEssentials
import SlipwayAWS
import SlipwayDeclaration
import SlipwayResources

// Exactly once. StartCrawler has no token, but a crawler runs one crawl at a time, and GetCrawler tells the last that is
// over:
//
// 1. Which crawl that is before ours, and that ours is about to be started, is durable before StartCrawler is sent.
// 2. Ours is over when the crawler is ready and its last crawl is another. That it is ready says nothing by itself: it is
//    so before a crawl and after it.
// 3. Whoever finds the first without the second starts another only when the last crawl is still the same and a crawl
//    would have been seen by now.
struct CrawlersTask: Sendable {
    private let names: [String]
    private let crawlers: GlueCrawlers
    private let context: TaskContext
    /// When this process began with it.
    private let begun: Double

    /// Seconds after which a crawl that was started is seen by GetCrawler. Ours.
    static let visibility: Double = 60

    init(_ names: [String], _ context: TaskContext) {
        self.names = names
        self.context = context
        begun = context.now
        crawlers = GlueCrawlers(aws: context.aws)
    }

    func run() async throws -> TaskOutcome {
        let begun = context.notes.crawls ?? []
        for name in names {
            guard try await crawlers.crawler(name) == nil else { continue }
            return .failed(
                TaskFailure("there is no crawler '\(name)'", hints: ["`slipway apply` makes what the stack declares"]))
        }
        let now = context.now
        try await context.note { [names] notes in
            notes.subject = names.joined(separator: ", ")
            notes.intendedAt = notes.intendedAt ?? now
            notes.crawls = names.map { name in begun.first { $0.crawler == name } ?? CrawlNotes(crawler: name) }
        }
        var viewer = LogViewer(context)
        var interval = 0.5
        do {
            while true {
                for index in names.indices where !crawl(index).isOver { try await look(index) }
                viewer.follow(context.notes.logs)
                await viewer.show()
                if names.indices.allSatisfy({ crawl($0).isOver }) { break }
                try await context.sleep(for: .seconds(interval))
                interval = min(interval * 1.3, 10)
            }
            try await viewer.drain()
        } catch is RunInterrupted {
            return try await interrupted()
        }
        return outcome(viewer.denial)
    }

    private func crawl(_ index: Int) -> CrawlNotes { context.notes.crawls?[index] ?? CrawlNotes(crawler: names[index]) }

    private func note(_ index: Int, _ change: @escaping @Sendable (inout CrawlNotes) -> Void) async throws {
        try await context.note { notes in
            guard var crawl = notes.crawls?[index] else { return }
            change(&crawl)
            notes.crawls?[index] = crawl
        }
    }

    // MARK: One crawler

    /// Looks at a crawler once, and does what is to be done.
    private func look(_ index: Int) async throws {
        let name = names[index]
        guard let crawler = try await observe(name) else {
            try await note(index) { ($0.phase, $0.message) = ("FAILED", "the crawler is no longer there") }
            return
        }
        let crawl = crawl(index)
        let last = crawler.lastCrawl?.identity ?? ""
        if let before = crawl.before, crawler.state == "READY", last != before {
            return try await end(index, crawler)
        }
        if crawler.state != "READY" {
            if crawl.before == nil {
                guard crawler.state == "RUNNING" else {
                    // It ends without having seen everything; ours comes after it.
                    if crawl.phase != crawler.state { context.tell("\(name): waiting for a crawl that is \(crawler.state)") }
                    return try await note(index) { $0.phase = crawler.state }
                }
                // It is somebody else's, and ours to wait for.
                let now = context.now
                try await note(index) { ($0.before, $0.sentAt) = (last, now) }
                context.tell("\(name): attached to a crawl that is under way")
            }
            if crawl.phase != crawler.state { try await advance(index, crawler.state) }
            return
        }
        if let sent = crawl.sentAt, context.now - sent < CrawlersTask.visibility { return }
        try await start(index, before: last)
    }

    private func start(_ index: Int, before: String) async throws {
        let name = names[index]
        if context.isInterrupted { throw RunInterrupted() }
        let now = context.now
        try await note(index) { ($0.before, $0.sentAt, $0.isOurs) = (before, now, true) }
        do {
            try await crawlers.start(name)
            context.tell("\(name): started")
        } catch {
            switch error.kind {
            case _ where error.code == "CrawlerRunningException":
                try await note(index) { $0.isOurs = false }
                context.tell("\(name): attached to a crawl that is under way")
            case _ where error.mayHaveHappened || error.kind == .cancelled:
                let cause = error.code.isEmpty ? error.message : error.code
                context.tell("\(name): it is not known whether it was started (\(cause)); looking")
            case .throttled, .busy, .propagating, .transient, .unreachable:
                // It was not started, so the next look starts it.
                context.tell("\(name): waiting: \(error.code.isEmpty ? error.message : error.code)")
                guard now - begun < 600 else {
                    return try await refuse(index, error)
                }
                try await note(index) { $0.sentAt = nil }
            default: try await refuse(index, error)
            }
        }
    }

    private func refuse(_ index: Int, _ error: AWSError) async throws {
        let failure = TaskFailure("starting it: \(error)", hints: context.hints(for: error))
        try await note(index) { crawl in
            (crawl.phase, crawl.message, crawl.hints) = ("REFUSED", failure.message, failure.hints)
        }
    }

    /// Asks for a crawler's state. What is out of reach is asked again for ten minutes: crawls go on all the same.
    private func observe(_ name: String) async throws -> GlueCrawlers.Crawler? {
        let begin = context.now
        var told = false
        while true {
            do { return try await crawlers.crawler(name) } catch {
                switch error.kind {
                case .unreachable, .transient, .throttled, .busy, .propagating:
                    guard context.now - begin < 600 else { throw error }
                default: throw TaskFailure("asking for the crawler '\(name)': \(error)", hints: context.hints(for: error))
                }
                if !told { context.tell("waiting: \(error)") }
                told = true
            }
            try await context.sleep(for: .seconds(5))
        }
    }

    /// Notes where the crawl is that runs, and its log.
    private func advance(_ index: Int, _ state: String) async throws {
        let name = names[index]
        let running = crawl(index).id == nil ? try await latest(name).first { $0.state == "RUNNING" } : nil
        try await note(index) { crawl in
            crawl.phase = state
            crawl.id = running?.crawlId ?? crawl.id
        }
        if let running {
            try await follow(
                running.crawlId, running.logGroup, running.logStream, running.messagePrefix, running.startTime, name)
        }
        context.tell("\(name) \(state)")
    }

    /// The latest crawls; none where the endpoint does not know them.
    private func latest(_ name: String) async throws -> [GlueCrawlers.Crawl] {
        do { return try await crawlers.crawls(of: name) } catch {
            // They tell what a crawl cost and did. Whoever may not see that can crawl all the same.
            let isOpen = [.denied, .transient, .throttled, .unreachable, .busy].contains(error.kind)
            guard isOpen || error.isUnknownOperation else { throw error }
            return []
        }
    }

    private func follow(
        _ id: String?, _ group: String?, _ stream: String?, _ prefix: String?, _ start: Date?, _ name: String
    ) async throws {
        // All crawls of a crawler write to one stream.
        var source = LogSource(.output, group: group ?? "/aws-glue/crawlers", streams: [stream ?? name])
        source.mark = prefix ?? id
        source.since = start?.timeIntervalSince1970
        try await context.note { [source] notes in
            if let id, !notes.ids.contains(id) { notes.ids.append(id) }
            if !notes.logs.contains(source) { notes.logs.append(source) }
        }
    }

    private func end(_ index: Int, _ crawler: GlueCrawlers.Crawler) async throws {
        let name = names[index]
        guard let last = crawler.lastCrawl else { return }
        let crawls = try await latest(name)
        let found = crawls.first { $0.crawlId == last.messagePrefix } ?? crawls.first { $0.state != "RUNNING" }
        try await follow(
            found?.crawlId ?? last.messagePrefix, last.logGroup, last.logStream, last.messagePrefix, last.startTime, name)
        let counts = CrawlSummary.counts(found?.summary)
        try await note(index) { crawl in
            crawl.phase = last.status ?? "SUCCEEDED"
            crawl.id = found?.crawlId ?? last.messagePrefix ?? crawl.id
            crawl.message = last.errorMessage
            crawl.counts = counts
            crawl.dpuHours = found?.dpuHour
        }
        try await context.note { notes in
            let hours = (notes.crawls ?? []).compactMap(\.dpuHours)
            if !hours.isEmpty { notes.dpuSeconds = hours.reduce(0, +) * 3600 }
        }
        context.tell(self.crawl(index).words)
    }

    // MARK: The end

    private func outcome(_ denial: Denial?) -> TaskOutcome {
        let failed = (context.notes.crawls ?? []).filter { $0.phase != "SUCCEEDED" }
        guard !failed.isEmpty else { return .succeeded }
        var failure = TaskFailure("")
        failure.message = failed.map { crawl in
            let words = crawl.phase == "CANCELLED" ? "was stopped by somebody else" : "failed"
            var reason = crawl.message ?? ""
            while reason.last == "." || reason.last?.isWhitespace == true { reason.removeLast() }
            return "crawler '\(crawl.crawler)' \(words)" + (reason.isEmpty ? "" : ": \(reason)")
        }.joined(separator: "; ")
        for crawl in failed {
            failure.hints += crawl.hints
            guard crawl.phase == "FAILED", let denial = crawl.message.flatMap({ Denial(in: $0) }) ?? denial else { continue }
            let role = context.applied.declaration(ofKind: Glue.Crawler.type, identity: crawl.crawler).flatMap {
                context.applied.references(of: $0, in: "Role", toKind: IAM.Role.type).first
            }
            failure.hints.append(
                context.remedy(denial, of: role, named: denial.role, otherwise: "add it to the policies of its role"))
        }
        for source in context.notes.logs where failed.contains(where: { source.streams.contains($0.crawler) }) {
            failure.hints.append("its log is in \(source.group), stream \(source.streams[0])")
        }
        return .failed(failure)
    }

    // MARK: Interruption

    /// Stops the crawls that were started for this task or leaves them alone, as it was asked for.
    private func interrupted() async throws -> TaskOutcome {
        let open = (context.notes.crawls ?? []).filter { !$0.isOver && $0.sentAt != nil }
        if open.isEmpty { return .stopped }
        guard context.onInterrupt == .stop else {
            context.tell("\(open.map(\.crawler).joined(separator: ", ")): goes on; the next run attaches to it")
            return .detached
        }
        let ours = open.filter(\.isOurs)
        do {
            for crawl in ours {
                context.tell("stopping \(crawl.crawler)")
                try await crawlers.stop(crawl.crawler)
            }
            for wait in [0.5, 1, 1.5, 2] where !ours.isEmpty {
                try await context.pause(for: .seconds(wait))
                var isStopped = true
                for crawl in ours where try await crawlers.crawler(crawl.crawler)?.state ?? "READY" != "READY" {
                    isStopped = false
                }
                if isStopped { break }
            }
        } catch let error as AWSError {
            return .unsettled(TaskFailure("crawls may go on, because they could not be stopped: \(error)"))
        }
        return .stopped
    }
}
