import FoundationEssentials
import SlipwayDeclaration
import SlipwayEngine
import SlipwayFakeAWS
import SlipwayResources
import SlipwayState
import Testing

@testable import SlipwayJobs

@Suite struct ReportTests {
    let task = Report(job: Handle<Glue.Job>("report"), from: "s3://lake/reports/tickit.html", arguments: ["--day": "1"])
    let path = ".slipway/reports/lake/dev/tickit.html"

    func trial() async throws -> TaskTrial {
        let trial = try await TaskTrial()
        trial.trial.makeBucket("lake")
        try await trial.trial.put("lake", "reports/tickit.html", "<html>1</html>")
        return trial
    }

    func file(_ trial: TaskTrial) -> String? {
        FileManager.default.contents(atPath: "\(trial.trial.folder)/\(path)").map { String(decoding: $0, as: UTF8.self) }
    }

    func runs(_ trial: TaskTrial) -> [FakeGlue.Run] { trial.trial.runs("lake-dev-report") }

    @Test func `the job is run, and its report is here`() async throws {
        let trial = try await trial()
        #expect(try await trial.outcome(task) == .succeeded)
        #expect(file(trial) == "<html>1</html>")
        #expect(runs(trial).map { $0.arguments["--day"] } == ["1"])
        let notes = try await trial.notes()
        #expect(notes.files == [path])
        #expect(notes.ids == runs(trial).map(\.id))
        #expect(notes.dpuHours != nil)
        #expect(trial.trial.progress.last?.hasPrefix("the report is \(path); `") == true)
        // Nothing else is left.
        #expect(try FileManager.default.contentsOfDirectory(atPath: "\(trial.trial.folder)/.slipway/reports/lake/dev") == ["tickit.html"])
    }

    @Test func `a report takes the place of the one before it, under a name of its own`() async throws {
        let trial = try await trial()
        let named = Report(job: Handle<Glue.Job>("report"), from: "s3://lake/reports/tickit.html", as: "new.html")
        try await trial.run(named)
        try await trial.trial.put("lake", "reports/tickit.html", "<html>2</html>")
        try await trial.run(named)
        let data = FileManager.default.contents(atPath: "\(trial.trial.folder)/.slipway/reports/lake/dev/new.html")
        #expect(data.map { String(decoding: $0, as: UTF8.self) } == "<html>2</html>")
    }

    @Test func `a job that fails brings nothing, and says what it would say alone`() async throws {
        let trial = try await trial()
        trial.trial.fake.withServices { $0.glue.courses["lake-dev-report"] = ["RUNNING", "FAILED"] }
        #expect(try await trial.failure(task)?.message.hasPrefix("job 'lake-dev-report' failed (") == true)
        #expect(file(trial) == nil)
    }

    @Test func `a report that is not there is told, and the one from before stays`() async throws {
        let trial = try await trial()
        try await trial.run(task)
        trial.trial.fake.withServices { $0.s3.buckets["lake"]?.objects = [:] }
        #expect(try await trial.failure(task)?.message == "the job succeeded, but there is no s3://lake/reports/tickit.html")
        #expect(file(trial) == "<html>1</html>")
    }

    @Test func `a report from before the job is not taken for its own`() async throws {
        let trial = try await trial()
        trial.trial.clock.advance(by: .seconds(7200))
        #expect(try await trial.failure(task)?.message.contains("before the job began") == true)
        #expect(file(trial) == nil)
    }

    @Test func `a report that may not be read names the permission`() async throws {
        let trial = try await trial()
        trial.trial.fake.fail("s3", "GetObject", times: 9, code: "AccessDenied", status: 403, message: "Access Denied")
        #expect(try await trial.failure(task)?.hints == [".allow(\"s3:GetObject\", on: \"arn:aws:s3:::lake/reports/tickit.html\") would grant what is lacking: whoever runs this needs it"])
    }

    @Test func `a process that dies anywhere leaves a job that ran once and a report that is whole`() async throws {
        let counting = try await trial()
        let events = try await counting.dying(at: nil, task).events
        #expect(events.count > 20)
        for moment in events.indices {
            let trial = try await trial()
            let (seen, state) = try await trial.dying(at: moment, task)
            #expect(seen.last == events[moment])
            let where_ = "died \(moment): \(events[moment])"
            #expect(file(trial).map { $0 == "<html>1</html>" } ?? true, "\(where_)")
            #expect(try await trial.run(task, state: state).outcome == .succeeded, "\(where_)")
            #expect(runs(trial).count == (moment == events.count - 1 ? 2 : 1), "\(where_)")
            #expect(file(trial) == "<html>1</html>", "\(where_)")
        }
    }

    @Test func `an interruption that detaches leaves the job alone, and the next run brings the report`() async throws {
        let trial = try await trial()
        trial.trial.fake.withServices { $0.glue.courses["lake-dev-report"] = ["RUNNING"] }
        var options = Trial.Options()
        let interruption = Interruption(clock: trial.trial.clock)
        options.interruption = interruption
        options.onInterrupt = .detach
        options.onEvent = { event in
            if case .progress(_, let words) = event, words.hasSuffix(" RUNNING") { interruption.request() }
        }
        #expect(try await trial.run(task, options).outcome == .detached)
        let id = runs(trial)[0].id
        #expect(try await Report.isActive(trial.notes(), token: "", trial.trial.fake.client()))
        trial.trial.fake.withServices { $0.glue.move(id, to: "SUCCEEDED") }
        #expect(try await trial.outcome(task) == .succeeded)
        #expect(runs(trial).count == 1)
        #expect(file(trial) == "<html>1</html>")
    }

    @Test func `the calls are among the permissions, and a secret is not shown`() async throws {
        let trial = try await trial()
        var options = Trial.Options()
        options.environment = ["PASSWORD": "hunter22"]
        let secret = Report(job: Handle<Glue.Job>("report"), from: "s3://lake/reports/tickit.html", secrets: ["--password": .environment("PASSWORD")])
        try await trial.run(secret, options)
        #expect(runs(trial)[0].arguments["--password"] == "hunter22")
        let made = trial.trial.fake.calls.reduce(into: Set<String>()) { $0.formUnion($1.actions) }
        #expect(made.isSubset(of: Report.permissions))
        #expect(!(try await trial.notes().stored.text.contains("hunter22")))
    }

    @Test func `mistakes are found before it runs`() {
        let job = Handle<Glue.Job>("report")
        #expect(Report(job: job, from: "s3://lake/").check().map(\.property) == ["Object"])
        #expect(Report(job: job, from: "s3://lake/a", as: "../b").check().map(\.property) == ["Name"])
        #expect(Report(job: job, from: "s3://lake/a", timeout: 0).check().map(\.property) == ["Timeout"])
    }
}
