import FoundationEssentials
import SlipwayAWS
import SlipwayDeclaration
import SlipwayFakeAWS
import Testing

@testable import SlipwayJobs

@Suite struct LogTests {
    let fake = FakeAWS()
    let group = "/aws-glue/jobs/output"

    func source(_ streams: String...) -> LogSource { LogSource(.output, group: group, streams: streams) }

    @Test func `a log that is not there yet is no mistake`() async {
        var follower = LogFollower([source("jr_1")])
        let reading = await follower.read(fake.client())
        #expect(reading.lines.isEmpty)
        #expect(reading.problems.isEmpty)
        fake.write(group, "jr_1", "first\n")
        #expect(await follower.read(fake.client()).lines.map(\.text) == ["first"])
    }

    @Test func `no line comes twice and none is left out, whatever a page holds`() async {
        fake.withServices { $0.logs.pageSize = 3 }
        var follower = LogFollower([source("jr_1")])
        var seen: [String] = []
        var written: [String] = []
        for round in 0..<5 {
            let lines = (0..<(round * 2 + 1)).map { "\(round).\($0)" }
            written += lines
            fake.withServices { $0.logs.write(lines, to: group, stream: "jr_1", at: round * 1000) }
            seen += await follower.read(fake.client()).lines.map(\.text)
            seen += await follower.read(fake.client()).lines.map(\.text)
        }
        #expect(seen == written)
    }

    @Test func `the stream is the first of its names that is there`() async {
        fake.write(group, "jr_1-driver", "new style")
        var follower = LogFollower([source("jr_1", "jr_1-driver")])
        #expect(await follower.read(fake.client()).lines.map(\.text) == ["new style"])
        fake.forgetCalls()
        _ = await follower.read(fake.client())
        #expect(fake.calls.allSatisfy { $0.input["logStreamName"] == "jr_1-driver" })
    }

    @Test func `lines of several streams are put in the order of their times`() async {
        fake.write(group, "jr_1", "second", at: 2000)
        fake.write("/aws-glue/jobs/error", "jr_1", "first", at: 1000)
        var follower = LogFollower([source("jr_1"), LogSource(.error, group: "/aws-glue/jobs/error", streams: ["jr_1"])])
        let lines = await follower.read(fake.client()).lines
        #expect(lines.map(\.text) == ["first", "second"])
        #expect(lines.map(\.channel) == [.error, .output])
        #expect(lines.map(\.time) == [1, 2])
    }

    @Test func `a log that may not be read is told once, and the others go on`() async {
        fake.write("/other", "jr_1", "seen")
        fake.fail("logs", "GetLogEvents", code: "AccessDeniedException")
        var follower = LogFollower([source("jr_1"), LogSource(.output, group: "/other", streams: ["jr_1"])])
        let reading = await follower.read(fake.client())
        #expect(reading.problems.map(\.group) == [group])
        #expect(reading.lines.map(\.text) == ["seen"])
        #expect(await follower.read(fake.client()).problems.isEmpty)
    }

    @Test func `throttling is no reason to stop reading`() async {
        fake.write(group, "jr_1", "line")
        fake.fail("logs", "GetLogEvents", code: "ThrottlingException")
        var follower = LogFollower([source("jr_1")])
        #expect(await follower.read(fake.client()).lines.isEmpty)
        #expect(await follower.read(fake.client()).lines.map(\.text) == ["line"])
    }

    // MARK: Places

    func run(_ arguments: [String: String] = [:], group: String? = nil) -> JobRun {
        JobRun(id: "jr_1", jobRunState: .running, arguments: arguments, logGroupName: group)
    }

    @Test func `both logs of a run are where Glue puts them`() {
        let streams = ["jr_1", "jr_1-driver"]
        #expect(
            JobLogs.sources(run(group: "/aws-glue/jobs"), [:]) == [
                LogSource(.output, group: "/aws-glue/jobs/output", streams: streams),
                LogSource(.error, group: "/aws-glue/jobs/error", streams: streams),
            ])
        #expect(JobLogs.sources(run(group: "/aws-glue/jobs-secure/"), [:])[0].group == "/aws-glue/jobs-secure/output")
    }

    @Test func `groups and streams of the job's own are followed`() {
        let continuous = JobLogs.sources(
            run(), ["--enable-continuous-cloudwatch-log": "true", "--continuous-log-logGroup": "/mine"])
        #expect(continuous.last == LogSource(.output, group: "/mine", streams: ["jr_1-driver", "jr_1"]))
        #expect(JobLogs.sources(run(["--enable-continuous-cloudwatch-log": "true"]), [:]).last?.group == "/aws-glue/jobs/logs-v2")
        #expect(JobLogs.sources(run(["--enable-continuous-cloudwatch-log": "false"]), ["--continuous-log-logGroup": "/mine"]).count == 2)
        let custom = JobLogs.sources(run(["--custom-logGroup-prefix": "/team"]), ["--custom-logStream-prefix": "nightly"])
        #expect(custom.map(\.group) == ["/team/output", "/team/error"])
        #expect(custom[0].streams.first == "nightly-driver")
    }

    // MARK: Lines

    @Test(arguments: [
        (
            "User: arn:aws:sts::1:assumed-role/etl/s is not authorized to perform: s3:PutObject on resource: \"arn:aws:s3:::lake/x\" because no identity-based policy allows it",
            "s3:PutObject", "arn:aws:s3:::lake/x"
        ),
        (
            "(AccessDeniedException) … is not authorized to perform: glue:GetDatabase on resource: arn:aws:glue:eu-west-1:1:database/raw (Service: Glue",
            "glue:GetDatabase", "arn:aws:glue:eu-west-1:1:database/raw"
        ),
        (
            "User: x is not authorized to perform: kms:Decrypt on the resource: 'arn:aws:kms:eu-west-1:1:key/2'.",
            "kms:Decrypt", "arn:aws:kms:eu-west-1:1:key/2"
        ),
        ("is not authorized to perform: redshift-data:ExecuteStatement because", "redshift-data:ExecuteStatement", "*"),
    ])
    func `a lacking permission is read from AWS's words`(_ text: String, _ action: String, _ resource: String) {
        let denial = Denial(in: text)
        #expect(denial?.action == action)
        #expect(denial?.resource == resource)
        #expect(denial?.remedy == ".allow(\"\(action)\", on: \"\(resource)\")")
    }

    @Test(arguments: ["Access Denied (Service: Amazon S3; Status Code: 403)", "is not authorized to perform: magic", ""])
    func `words that name no permission are left alone`(_ text: String) {
        #expect(Denial(in: text) == nil)
    }

    @Test func `secrets are masked wherever they stand`() {
        let mask = Mask(["hunter22", "hunter22-and-more", "abc"])
        #expect(mask.apply(to: "hunter22,hunter22-and-more abc") == "(secret),(secret) abc")
        #expect(mask.apply(to: "nothing") == "nothing")
    }
}

@Suite struct DPUTests {
    func run(
        _ time: Int?, workers: (String, Int)? = nil, capacity: Double? = nil, used: Double? = nil,
        state: JobRunState = .succeeded
    ) -> JobRun {
        JobRun(
            id: "jr_1", jobRunState: state, executionTime: time, dpuSeconds: used, maxCapacity: capacity,
            workerType: workers?.0, numberOfWorkers: workers?.1)
    }

    @Test(arguments: [
        ("Standard", 1), ("G.025X", 0.25), ("G.1X", 1), ("G.2X", 2), ("G.4X", 4), ("G.8X", 8), ("G.12X", 12), ("G.16X", 16),
        ("R.1X", 1), ("R.8X", 8), ("Z.2X", 2), ("Q.1X", nil), ("", nil),
    ] as [(String, Double?)])
    func `a worker is as many units as its type says`(_ type: String, _ units: Double?) {
        #expect(DPU.perWorker(type) == units)
    }

    @Test func `all workers are billed for all the time, and for a minute at least`() {
        #expect(DPU.seconds(run(600, workers: ("G.2X", 5), capacity: 10), isPythonShell: false) == 6000)
        #expect(DPU.seconds(run(5, workers: ("G.1X", 2)), isPythonShell: false) == 120)
        #expect(DPU.seconds(run(100, capacity: 10), isPythonShell: false) == 1000)
    }

    @Test func `a Python shell is a sixteenth of a unit unless it asks for a whole one`() {
        #expect(DPU.seconds(run(160), isPythonShell: true) == 10)
        #expect(DPU.seconds(run(160, capacity: 1), isPythonShell: true) == 160)
        #expect(DPU.seconds(run(1, capacity: 0.0625), isPythonShell: true) == 3.75)
    }

    @Test func `what scales by itself is billed for what it used`() {
        #expect(DPU.seconds(run(600, workers: ("G.1X", 10), used: 1234), isPythonShell: false) == 1234)
    }

    @Test func `what never ran is not billed, and what is at work not yet`() {
        #expect(DPU.seconds(run(0, workers: ("G.1X", 10)), isPythonShell: false) == 0)
        #expect(DPU.seconds(run(30, workers: ("G.1X", 10), state: .running), isPythonShell: false) == nil)
        #expect(DPU.seconds(run(30, workers: ("new", 10)), isPythonShell: false) == nil)
    }
}

@Suite struct AllTasksTests {
    @Test func `README lists every kind of task, and no other`() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let data = try Data(contentsOf: root.appending(path: "README.md"))
        let lines = String(decoding: data, as: UTF8.self).split(separator: "\n").map(String.init)
        let head = try #require(lines.firstIndex(of: "| task | what it does |"))
        let rows = lines.dropFirst(head + 2).prefix { $0.hasPrefix("| `") }
        #expect(rows.compactMap { $0.split(separator: "`").dropFirst().first.map(String.init) } == AllTasks.all.map { $0.type })
    }

    @Test func `no two kinds of task have one name`() {
        #expect(Set(AllTasks.all.map { $0.type }).count == AllTasks.all.count)
    }

    @Test func `every kind of task names the actions it calls`() {
        for kind in AllTasks.all { #expect(!kind.permissions.isEmpty && kind.permissions.allSatisfy { $0.contains(":") }) }
    }
}
