import SlipwayAWS
import SlipwayDeclaration
import SlipwayEngine
import SlipwayFakeAWS
import SlipwayResources
import SlipwayState
import Synchronization
import Testing

@testable import SlipwayJobs

@Suite struct RunCrawlersTests {
    /// A trial with two crawlers, of which the second has crawled before.
    func trial(_ course: FakeGlue.CrawlCourse? = FakeGlue.CrawlCourse()) async throws -> TaskTrial {
        let trial = try await TaskTrial()
        trial.trial.fake.withServices { services in
            for name in ["raw", "valid"] {
                services.glue.crawlers[name] = ["Name": .string(name), "State": "READY"]
                services.glue.crawlCourses[name] = course
            }
            services.glue.beginCrawl("valid", id: "old", nil)
            services.glue.endCrawl("valid")
        }
        return trial
    }

    let task = RunCrawlers(names: ["raw", "valid"])

    func crawls(_ trial: TaskTrial, _ name: String) -> [FakeGlue.Crawl] {
        trial.trial.fake.withServices { $0.glue.crawls[name] ?? [] }
    }

    func started(_ trial: TaskTrial) -> Int { trial.trial.fake.calls.count { $0.operation == "StartCrawler" } }

    @Test func `crawlers run at once, and what they made is noted`() async throws {
        let summary = #"{"TABLE": "{\"ADD\": {\"Details\": \"{\\\"names\\\": [\\\"a\\\"]}\", \"Count\": 2}}", "PARTITION": {"UPDATE": {"Count": 5}, "DELETE": {"Count": 0}}}"#
        let trial = try await trial(FakeGlue.CrawlCourse(running: 3, summary: summary))
        #expect(try await trial.outcome(task) == .succeeded)
        // Both are started before either is waited for.
        let order = trial.trial.fake.calls.map(\.operation).filter { $0 == "StartCrawler" || $0 == "ListCrawls" }
        #expect(order.prefix(2) == ["StartCrawler", "StartCrawler"])
        let notes = try await trial.notes()
        #expect(notes.subject == "raw, valid")
        #expect(notes.crawls?.map(\.words) == ["raw SUCCEEDED, 2 tables added, 5 partitions updated", "valid SUCCEEDED, 2 tables added, 5 partitions updated"])
        #expect(notes.ids == [crawls(trial, "raw")[0].id, crawls(trial, "valid")[0].id])
        #expect(notes.dpuHours ?? 0 > 0)
        #expect(notes.dpuHours == notes.crawls?.compactMap(\.dpuHours).reduce(0, +))
    }

    @Test func `a crawler that was ready all the time is not taken for done`() async throws {
        let trial = try await trial(FakeGlue.CrawlCourse(running: 0, stopping: 0))
        try await trial.run(RunCrawlers(names: ["valid"]))
        #expect(crawls(trial, "valid").map(\.id).last == "old")
        #expect(crawls(trial, "valid").count == 2)
        #expect(try await trial.notes().ids == [crawls(trial, "valid")[0].id])
    }

    @Test func `a crawl that is under way is waited for`() async throws {
        let trial = try await trial()
        trial.trial.fake.withServices { $0.glue.beginCrawl("raw", id: "theirs", FakeGlue.CrawlCourse(running: 3)) }
        #expect(try await trial.outcome(task) == .succeeded)
        #expect(crawls(trial, "raw").map(\.id) == ["theirs"])
        #expect(try await trial.notes().crawls?.map(\.isOurs) == [false, true])
        #expect(trial.trial.progress.contains("raw: attached to a crawl that is under way"))
    }

    @Test func `a crawl that somebody starts in between is waited for`() async throws {
        let trial = try await trial()
        trial.trial.fake.fail("glue", "StartCrawler", code: "CrawlerRunningException")
        trial.trial.fake.withServices { $0.glue.beginCrawl("raw", id: "theirs", FakeGlue.CrawlCourse(running: 5)) }
        trial.trial.fake.withServices { services in
            services.glue.crawlers["raw"] = services.glue.crawlers["raw"]?.setting(["State"], to: "READY")
        }
        #expect(try await trial.outcome(RunCrawlers(names: ["raw"])) == .succeeded)
        #expect(crawls(trial, "raw").map(\.id) == ["theirs"])
    }

    @Test func `a crawl that fails is told in its own words, with the role that lacks something and the log`() async throws {
        let words = "Service Principal: glue.amazonaws.com is not authorized to perform: s3:GetObject on resource: \"arn:aws:s3:::lake/raw/a.csv\" because no identity-based policy allows it"
        let trial = try await trial(FakeGlue.CrawlCourse(end: "FAILED", error: words))
        let failure = try #require(try await trial.failure(RunCrawlers(names: ["raw"])))
        #expect(failure.message == "crawler 'raw' failed: \(words)")
        #expect(
            failure.hints == [
                ".allow(\"s3:GetObject\", on: \"arn:aws:s3:::lake/raw/a.csv\") would grant what is lacking: add it to the policies of its role",
                "its log is in /aws-glue/crawlers, stream raw",
            ])
        #expect(try await trial.notes().crawls?[0].phase == "FAILED")
    }

    @Test func `one that fails does not keep the others from being waited for`() async throws {
        let trial = try await trial()
        trial.trial.fake.withServices { $0.glue.crawlCourses["raw"] = FakeGlue.CrawlCourse(running: 0, end: "CANCELLED") }
        #expect(try await trial.failure(task)?.message == "crawler 'raw' was stopped by somebody else")
        #expect(crawls(trial, "valid")[0].state == "COMPLETED")
    }

    @Test func `a crawler that is not there is a failure before any is started`() async throws {
        let trial = try await trial()
        #expect(try await trial.failure(RunCrawlers(names: ["raw", "lost"]))?.message == "there is no crawler 'lost'")
        #expect(started(trial) == 0)
    }

    @Test func `a refusal is told with the line that would grant it`() async throws {
        let trial = try await trial()
        trial.trial.fake.fail("glue", "StartCrawler", code: "AccessDeniedException", message: "User: arn:aws:sts::123456789012:assumed-role/lake-dev-etl/x is not authorized to perform: glue:StartCrawler on resource: arn:aws:glue:eu-west-1:123456789012:crawler/raw")
        let failure = try #require(try await trial.failure(RunCrawlers(names: ["raw"])))
        #expect(failure.message.hasPrefix("crawler 'raw' failed: starting it: glue StartCrawler: AccessDeniedException"))
        #expect(failure.hints == [".allow(\"glue:StartCrawler\", on: \"arn:aws:glue:eu-west-1:123456789012:crawler/raw\") would grant what is lacking: add it to the policies of 'etl', stacks/lake.swift:7"])
    }

    @Test func `only the lines of this crawl are shown`() async throws {
        let trial = try await trial(FakeGlue.CrawlCourse(running: 4))
        trial.trial.fake.write("/aws-glue/crawlers", "raw", "[old] BENCHMARK : an earlier crawl", at: 1000)
        var options = Trial.Options()
        options.onEvent = { event in
            guard case .progress(_, let words) = event, words == "raw RUNNING" else { return }
            guard let crawl = trial.trial.fake.withServices({ $0.glue.crawls["raw"]?.first }) else { return }
            trial.trial.fake.write("/aws-glue/crawlers", "raw", "[\(crawl.id)] BENCHMARK : ours", "[other] x", at: (crawl.started + 1) * 1000)
        }
        try await trial.run(RunCrawlers(names: ["raw"]), options)
        let id = crawls(trial, "raw")[0].id
        #expect(trial.trial.log == ["[\(id)] BENCHMARK : ours"])
    }

    @Test func `whoever may not list crawls can crawl all the same`() async throws {
        let trial = try await trial()
        trial.trial.fake.fail("glue", "ListCrawls", times: 99, code: "AccessDeniedException")
        #expect(try await trial.outcome(task) == .succeeded)
        #expect(try await trial.notes().dpuHours == nil)
        #expect(try await trial.notes().ids == [crawls(trial, "raw")[0].id, crawls(trial, "valid")[0].id])
    }

    // MARK: Exactly once

    @Test func `a process that dies anywhere leaves crawlers that ran exactly once after the next run`() async throws {
        let counting = try await trial()
        let events = try await counting.dying(at: nil, task).events
        #expect(events.count > 25)
        for moment in events.indices {
            let trial = try await trial()
            let (seen, state) = try await trial.dying(at: moment, task)
            #expect(seen.last == events[moment])
            let where_ = "died \(moment): \(events[moment])"
            #expect(try await trial.run(task, state: state).outcome == .succeeded, "\(where_)")
            // Who died after the last commit left a complete run, and the next does everything once more.
            let times = moment == events.count - 1 ? 2 : 1
            #expect(crawls(trial, "raw").count == times, "\(where_)")
            #expect(crawls(trial, "valid").count == times + 1, "\(where_)")
        }
    }

    @Test func `an answer that is lost does not start a crawler twice`() async throws {
        let trial = try await trial()
        trial.trial.fake.drop("glue", "StartCrawler", .after)
        #expect(try await trial.outcome(task) == .succeeded)
        #expect(crawls(trial, "raw").count == 1)
    }

    @Test func `a request that is lost is sent again once a crawl would have been seen`() async throws {
        let trial = try await trial()
        trial.trial.fake.drop("glue", "StartCrawler", .before)
        let begin = trial.trial.clock.seconds
        #expect(try await trial.outcome(RunCrawlers(names: ["raw"])) == .succeeded)
        #expect(crawls(trial, "raw").count == 1)
        #expect(started(trial) == 2)
        #expect(trial.trial.clock.seconds - begin >= CrawlersTask.visibility)
    }

    // MARK: Interruption

    func interrupting(_ trial: TaskTrial, _ mode: OnInterrupt) async throws -> RunSummary {
        var options = Trial.Options()
        let interruption = Interruption(clock: trial.trial.clock)
        options.interruption = interruption
        options.onInterrupt = mode
        options.onEvent = { event in
            if case .progress(_, let words) = event, words == "valid RUNNING" { interruption.request() }
        }
        return try await trial.run(task, options)
    }

    @Test func `an interruption stops the crawls that are ours, and leaves others alone`() async throws {
        let trial = try await trial(nil)
        trial.trial.fake.withServices { $0.glue.beginCrawl("raw", id: "theirs", nil) }
        #expect(try await interrupting(trial, .stop).outcome == .stopped)
        #expect(crawls(trial, "raw")[0].state == "RUNNING")
        #expect(crawls(trial, "valid")[0].state == "STOPPED")
    }

    @Test func `an interruption that detaches leaves crawls alone, and the next run attaches to them`() async throws {
        let trial = try await trial(nil)
        #expect(try await interrupting(trial, .detach).outcome == .detached)
        let notes = try await trial.notes()
        #expect(try await RunCrawlers.isActive(notes, token: "", trial.trial.fake.client()))
        trial.trial.fake.withServices { services in
            services.glue.endCrawl("raw")
            services.glue.endCrawl("valid")
        }
        #expect(try await !RunCrawlers.isActive(notes, token: "", trial.trial.fake.client()))
        #expect(try await trial.outcome(task) == .succeeded)
        #expect(started(trial) == 2)
    }

    @Test func `crawls that cannot be stopped are not forgotten`() async throws {
        let trial = try await trial(nil)
        trial.trial.fake.fail("glue", "StopCrawler", times: 9, code: "AccessDeniedException")
        #expect(try await interrupting(trial, .stop).outcome == .unsettled)
    }

    @Test func `the calls are among the permissions`() async throws {
        let trial = try await trial(nil)
        _ = try await interrupting(trial, .stop)
        let made = trial.trial.fake.calls.reduce(into: Set<String>()) { $0.formUnion($1.actions) }
        #expect(made.isSubset(of: RunCrawlers.permissions))
        #expect(made.contains("glue:StopCrawler"))
    }

    @Test func `mistakes are found before it runs`() {
        #expect(RunCrawlers(names: []).check().map(\.property) == ["Crawlers"])
        #expect(RunCrawlers(names: ["a", "a"]).check().map(\.property) == ["Crawlers"])
    }
}
