import SlipwayAWS
import SlipwayFakeAWS
import SlipwayResources
import Testing

/// The fake's log events behave as CloudWatch's: tests that follow logs rest on it.
struct LogsFakeTests {
    private let trial = Trial()

    private struct Event: Decodable { let message: String }
    private struct Page: Decodable { let events: [Event], nextForwardToken: String }
    private struct Get: Encodable {
        let logGroupName = "/aws-glue/jobs/output", logStreamName = "jr_1", startFromHead = true
        var nextToken: String?
    }

    private func get(_ token: String? = nil) async throws -> Page {
        try await trial.aws.call(.logs, "GetLogEvents", Get(nextToken: token), as: Page.self)
    }

    @Test func `a group or stream that nothing was written to yet is not found`() async throws {
        let error = await #expect(throws: AWSError.self) { _ = try await get() }
        #expect(error?.kind == .notFound)
        trial.fake.withServices { $0.logs.write(["a"], to: "/aws-glue/jobs/output", stream: "jr_2") }
        let other = await #expect(throws: AWSError.self) { _ = try await get() }
        #expect(other?.kind == .notFound)
    }

    @Test func `the token of the end stays the same until there is more`() async throws {
        trial.fake.withServices { $0.logs.write(["a", "b"], to: "/aws-glue/jobs/output", stream: "jr_1") }
        let first = try await get()
        #expect(first.events.map(\.message) == ["a", "b"])
        let end = try await get(first.nextForwardToken)
        #expect(end.events.isEmpty)
        #expect(end.nextForwardToken == first.nextForwardToken)
        trial.fake.withServices { $0.logs.write(["c"], to: "/aws-glue/jobs/output", stream: "jr_1", at: 10) }
        #expect(try await get(end.nextForwardToken).events.map(\.message) == ["c"])
    }

    @Test func `events of several streams come in the order of their time`() async throws {
        struct Filter: Encodable { let logGroupName = "/g", logStreamNamePrefix = "jr_", limit = 2 }
        struct Found: Decodable { let events: [Event] }
        trial.fake.withServices {
            $0.logs.write(["1", "4"], to: "/g", stream: "jr_1", at: 1)
            $0.logs.write(["3"], to: "/g", stream: "jr_2", at: 5)
            $0.logs.write(["x"], to: "/g", stream: "other", at: 2)
        }
        let pages = trial.aws.pages(.logs, "FilterLogEvents", Filter(), as: Found.self)
        var sizes: [Int] = []
        var messages: [String] = []
        for try await page in pages {
            sizes.append(page.events.count)
            messages += page.events.map(\.message)
        }
        #expect(messages == ["1", "4", "3"])
        #expect(sizes == [2, 1])
    }

    @Test func `events are put where the stream exists`() async throws {
        struct Put: Encodable {
            struct Item: Encodable { let timestamp: Int, message: String }
            let logGroupName = "/g", logStreamName = "s", logEvents = [Item(timestamp: 1, message: "a")]
        }
        struct Stream: Encodable { let logGroupName = "/g", logStreamName = "s" }
        try await trial.make("/g", Logs.LogGroup())
        let error = await #expect(throws: AWSError.self) { try await trial.aws.call(.logs, "PutLogEvents", Put()) }
        #expect(error?.kind == .notFound)
        try await trial.aws.call(.logs, "CreateLogStream", Stream())
        try await trial.aws.call(.logs, "PutLogEvents", Put())
        #expect(trial.fake.withServices { $0.logs.groups["/g"]?.streams["s"]?.map(\.message) } == ["a"])
    }
}
