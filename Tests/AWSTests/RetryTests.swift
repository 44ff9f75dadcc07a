import FoundationEssentials
import SlipwayHTTP
import Synchronization
import Testing

@testable import SlipwayAWS

@Suite struct RetryTests {
    struct Name: Codable, Sendable { var name = "n" }

    /// Calls, and says how often it was sent and with what error it ended.
    private func outcome(
        _ operation: String, _ answers: [StubTransport.Answer], attempts: Int = 3, repeatability: Repeatability? = nil
    ) async -> (sent: Int, error: AWSError?) {
        let transport = StubTransport(answers)
        do throws(AWSError) {
            try await client(transport, attempts: attempts)
                .call(.glue, operation, Name(), repeatability: repeatability)
            return (transport.requests.count, nil)
        } catch {
            return (transport.requests.count, error)
        }
    }

    @Test(arguments: [500, 502, 503, 504])
    func `a server's error on a create is not sent again`(status: Int) async {
        let (sent, error) = await outcome("CreateJob", [.status(status), .ok("{}")])
        #expect(sent == 1)
        #expect(error?.kind == .transient)
        #expect(error?.mayHaveHappened == true)
    }

    @Test(arguments: [500, 502, 503, 504])
    func `a server's error on a read or an update is sent again`(status: Int) async {
        for operation in ["GetJob", "UpdateJob", "DeleteJob", "PutThing", "TagResource"] {
            let (sent, error) = await outcome(operation, [.status(status), .ok("{}")])
            #expect(sent == 2 && error == nil, "\(operation)")
        }
    }

    @Test func `a create whose connection broke may have happened`() async {
        let lost: [StubTransport.Answer] = [
            .reset, .failure(.timedOut(.waiting, endpoint: "h")), .failure(.cancelled(sent: true)),
        ]
        for answer in lost {
            let (sent, error) = await outcome("CreateJob", [answer, .ok("{}")])
            #expect(sent == 1)
            #expect(error?.mayHaveHappened == true)
        }
    }

    @Test func `a create that cannot have been sent is sent again`() async {
        let lost: [StubTransport.Answer] = [
            .refused, .failure(.cannotResolve(host: "h")), .failure(.timedOut(.connecting, endpoint: "h")),
            .failure(.connectionClosed(endpoint: "h", sent: false, reason: "")),
        ]
        for answer in lost {
            let (sent, error) = await outcome("CreateJob", [answer, .ok("{}")])
            #expect(sent == 2 && error == nil)
        }
    }

    @Test(arguments: ["ThrottlingException", "RequestLimitExceeded", "SlowDown", "TooManyRequestsException"])
    func `a create that was throttled is sent again, whatever the status`(code: String) async {
        for status in [400, 429, 503] {
            let (sent, error) = await outcome("CreateJob", [.json(status, code), .json(status, code), .ok("{}")])
            #expect(sent == 3 && error == nil)
        }
    }

    @Test func `attempts come to an end`() async {
        let answers = [StubTransport.Answer](repeating: .json(400, "ThrottlingException"), count: 9)
        let (sent, error) = await outcome("CreateJob", answers, attempts: 4)
        #expect(sent == 4)
        #expect(error?.kind == .throttled)
        #expect(error?.attempts == 4)
        #expect(error?.mayHaveHappened == false)
    }

    @Test(arguments: ["EntityNotFoundException", "AlreadyExistsException", "AccessDeniedException", "InvalidInputException"])
    func `an answer that will not change is not asked for again`(code: String) async {
        let (sent, error) = await outcome("GetJob", [.json(400, code)])
        #expect(sent == 1)
        #expect(error?.code == code)
        #expect(error?.mayHaveHappened == false)
    }

    @Test func `what was in doubt once stays in doubt`() async {
        let (sent, error) = await outcome("DeleteJob", [.status(500), .json(400, "EntityNotFoundException")])
        #expect(sent == 2)
        #expect(error?.kind == .notFound)
        #expect(error?.mayHaveHappened == true)
    }

    @Test func `a read changes nothing, so nothing of it is in doubt`() async {
        let (_, error) = await outcome("GetJob", [.reset, .status(500), .reset])
        #expect(error?.kind == .unreachable)
        #expect(error?.mayHaveHappened == false)
    }

    @Test func `whoever calls may know better what can be sent again`() async {
        let (sent, error) = await outcome("StartThing", [.status(500), .ok("{}")], repeatability: .idempotent)
        #expect(sent == 2 && error == nil)
        let (once, _) = await outcome("UpdateThing", [.status(500), .ok("{}")], repeatability: .once)
        #expect(once == 1)
    }

    @Test(arguments: [
        ("GetJob", Repeatability.read), ("ListJobs", .read), ("DescribeClusters", .read), ("HeadBucket", .read),
        ("BatchGetCrawlers", .read), ("FilterLogEvents", .read), ("SimulatePrincipalPolicy", .read),
        ("PutRolePolicy", .idempotent), ("UpdateJob", .idempotent), ("DeleteJob", .idempotent), ("TagRole", .idempotent),
        ("UntagRole", .idempotent), ("AttachRolePolicy", .idempotent), ("DetachRolePolicy", .idempotent),
        ("RemoveRoleFromInstanceProfile", .idempotent), ("SetDefaultPolicyVersion", .idempotent),
        ("CreateJob", .once), ("StartJobRun", .once), ("BatchStopJobRun", .once), ("Settle", .once), ("Gettysburg", .once),
        ("ExecuteStatement", .once), ("StopCrawler", .once), ("UploadPart", .idempotent),
    ])
    func `an operation's name says whether it may be sent again`(operation: String, expected: Repeatability) {
        #expect(Repeatability(operation: operation) == expected)
    }

    @Test func `AWS says how long to wait`() async throws {
        let world = StillWorld()
        let transport = StubTransport(.json(429, "ThrottlingException", headers: ["Retry-After": "7"]), .ok("{}"))
        try await client(transport, world: world).call(.glue, "GetJob", Name())
        #expect(world.slept == [7])
    }

    @Test func `waits grow with each attempt, and have jitter`() async throws {
        let world = StillWorld()
        let busy = [StubTransport.Answer](repeating: .json(400, "ThrottlingException"), count: 5)
        try await client(StubTransport(busy + [.ok("{}")]), world: world, attempts: 6).call(.glue, "GetJob", Name())
        #expect(world.slept == [0.5, 1, 2, 4, 8])
    }

    @Test func `a wait beyond all patience is not waited for`() {
        let failure = RetryPolicy.Failure.answered(.throttled, status: 429, requestedWait: 3600)
        #expect(RetryPolicy().decide(failure, .read, attempt: 1, random: 0.5) == .giveUp)
    }

    @Test func `a budget keeps an outage from being made worse`() {
        var budget = RetryBudget()
        let allowed = (0..<200).map { _ in budget.spend() }
        #expect(allowed.filter { $0 }.count == 100)
        budget.earn(retried: true)
        let after = [budget.spend(), budget.spend()]
        #expect(after == [true, false])
    }

    @Test func `a wrong clock is set right once`() async throws {
        let world = StillWorld("2026-01-02T03:04:05Z")
        let date = "Fri, 02 Jan 2026 04:04:05 GMT"
        let transport = StubTransport(.json(403, "RequestTimeTooSkewed", headers: ["Date": date]), .ok("{}"), .ok("{}"))
        let aws = client(transport, world: world)
        try await aws.call(.glue, "CreateJob", Name())
        try await aws.call(.glue, "CreateJob", Name())
        #expect(
            transport.requests.map { $0.headers["X-Amz-Date"] } == [
                "20260102T030405Z", "20260102T040405Z", "20260102T040405Z",
            ])

        let stubborn = StubTransport(
            .json(403, "RequestTimeTooSkewed", headers: ["Date": date]),
            .json(403, "RequestTimeTooSkewed", headers: ["Date": "Fri, 02 Jan 2026 09:04:05 GMT"]))
        let error = await #expect(throws: AWSError.self) {
            try await client(stubborn, world: world).call(.glue, "GetJob", Name())
        }
        #expect(error?.kind == .badCredentials)
        #expect(stubborn.requests.count == 2)
    }

    @Test func `a wrong signature at the right time is no matter of the clock`() async {
        let transport = StubTransport(
            .json(403, "InvalidSignatureException", headers: ["Date": "Fri, 02 Jan 2026 03:04:06 GMT"]))
        let error = await #expect(throws: AWSError.self) { try await client(transport).call(.glue, "GetJob", Name()) }
        #expect(error?.kind == .badCredentials)
        #expect(transport.requests.count == 1)
    }

    @Test func `throttling halves the rate, and successes bring it back`() {
        var budget = CallBudget(CallRate(perSecond: 10, burst: 2), now: 0)
        let waits = (0..<4).map { _ in budget.take(now: 0) }
        #expect(waits == [0, 0, 0.1, 0.2])
        budget.throttled(now: 0)
        #expect(budget.perSecond == 5)
        for second in 0..<100 { budget.succeeded(now: Double(second)) }
        #expect(abs(budget.perSecond - 10) < 0.001)
        let wait = budget.take(now: 1000)
        #expect(wait == 0)
    }

    @Test func `calls to one's own endpoint are not paced`() async throws {
        let world = StillWorld()
        let local = client(StubTransport(), world: world, endpoints: ["": "http://localhost:4566"])
        for _ in 0..<200 { try await local.call(.glue, "GetJob") }
        #expect(world.slept.isEmpty)
        let aws = client(StubTransport(), world: world)
        for _ in 0..<80 { try await aws.call(.glue, "GetJob") }
        #expect(world.slept.count == 20)
    }

    @Test func `whoever watches is told before and after each attempt`() async throws {
        let seen = Mutex<[APICall]>([])
        let transport = StubTransport(.json(400, "ThrottlingException"), .reset, .ok("{}"))
        try await client(transport) { call in seen.withLock { $0.append(call) } }.call(.glue, "GetJob", Name())
        let told = seen.withLock { $0 }
        #expect(told.map(\.attempt) == [1, 1, 2, 2, 3, 3])
        #expect(
            told.map(\.outcome) == [
                .begins, .failed(code: "ThrottlingException", status: 400), .begins, .unanswered, .begins, .succeeded,
            ])
        #expect(told.allSatisfy { $0.service == "glue" && $0.operation == "GetJob" })
    }

    @Test func `a task that is cancelled between attempts says so`() async throws {
        let transport = StubTransport(.json(400, "ThrottlingException"), .ok("{}"))
        let aws = client(transport)
        let task = Task { () async -> AWSError? in
            withUnsafeCurrentTask { $0?.cancel() }
            do throws(AWSError) {
                try await aws.call(.glue, "GetJob", Name())
                return nil
            } catch {
                return error
            }
        }
        let error = await task.value
        #expect(error?.kind == .cancelled)
        #expect(transport.requests.count == 1)
    }
}

extension StubTransport {
    convenience init(_ answers: [Answer]) {
        self.init(all: answers)
    }
}
