import FoundationEssentials
import SlipwayDeclaration
import SlipwayEngine
import SlipwayFakeAWS
import SlipwayState
import Testing

@testable import SlipwayJobs

@Suite struct UploadTests {
    /// A trial with a bucket and three files, one of them in a folder.
    func trial() async throws -> TaskTrial {
        let trial = try await TaskTrial()
        trial.trial.makeBucket("lake")
        try FileManager.default.createDirectory(atPath: "\(trial.trial.assets)/data/more", withIntermediateDirectories: true)
        try trial.trial.write("data/a.csv", "1,2\n")
        try trial.trial.write("data/more/b.json", "{}")
        try trial.trial.write("data/c", "c")
        try trial.trial.write("data/.hidden", "no")
        return trial
    }

    let task = Upload(.asset("data"), to: "s3://lake/raw/")

    func keys(_ trial: TaskTrial) -> [String] { trial.trial.objects("lake").keys.sorted() }

    func puts(_ trial: TaskTrial) -> [String] {
        trial.trial.fake.calls.filter { $0.operation == "PutObject" }.map { String($0.path.dropFirst()) }.sorted()
    }

    @Test func `a folder is uploaded with its tree, and types by the endings`() async throws {
        let trial = try await trial()
        #expect(try await trial.outcome(task) == .succeeded)
        #expect(keys(trial) == ["raw/a.csv", "raw/c", "raw/more/b.json"])
        #expect(trial.trial.objects("lake")["raw/a.csv"] == "1,2\n")
        let types = trial.trial.fake.withServices { $0.s3.buckets["lake"]?.objects.mapValues { $0[0].headers["content-type"] } }
        #expect(types == ["raw/a.csv": "text/csv", "raw/c": "application/octet-stream", "raw/more/b.json": "application/json"])
        let notes = try await trial.notes()
        #expect(notes.transfer?.words == "3 files uploaded (7 B)")
        #expect(notes.subject == "s3://lake/raw/")
        #expect(notes.code["data"]?.count == 64)
    }

    @Test func `beside one file, others are deleted only in the folder that it goes to`() async throws {
        let trial = try await trial()
        for key in ["raw/a.csv.old", "raw/old.csv", "other.csv"] { try await trial.trial.put("lake", key, "x") }
        try await trial.run(Upload(.asset("data/a.csv"), to: "s3://lake/raw/a.csv", deletesOthers: true))
        #expect(keys(trial) == ["other.csv", "raw/a.csv", "raw/a.csv.old", "raw/old.csv"])
        try await trial.run(Upload(.asset("data/a.csv"), to: "s3://lake/raw/", deletesOthers: true))
        #expect(keys(trial) == ["other.csv", "raw/a.csv"])
    }

    @Test func `only what changed is uploaded again`() async throws {
        let trial = try await trial()
        try await trial.run(task)
        trial.trial.fake.forgetCalls()
        #expect(try await trial.outcome(task) == .succeeded)
        #expect(puts(trial) == [])
        #expect(try await trial.notes().transfer?.unchanged == 3)
        // Of the same size, so only the digest tells.
        try trial.trial.write("data/a.csv", "1,3\n")
        #expect(try await trial.outcome(task) == .succeeded)
        #expect(puts(trial) == ["raw/a.csv"])
        #expect(trial.trial.objects("lake")["raw/a.csv"] == "1,3\n")
    }

    @Test func `what somebody else wrote there is looked at, and not believed`() async throws {
        let trial = try await trial()
        try await trial.trial.put("lake", "raw/a.csv", "9,9\n")
        try await trial.run(task)
        #expect(trial.trial.objects("lake")["raw/a.csv"] == "1,2\n")
    }

    @Test func `others stay unless they are to be deleted`() async throws {
        let trial = try await trial()
        try await trial.trial.put("lake", "raw/old.csv", "x")
        try await trial.trial.put("lake", "other/d", "x")
        try await trial.run(task)
        #expect(keys(trial).contains("raw/old.csv"))
        try await trial.run(Upload(.asset("data"), to: "s3://lake/raw", deletesOthers: true))
        #expect(keys(trial) == ["other/d", "raw/a.csv", "raw/c", "raw/more/b.json"])
        #expect(try await trial.notes().transfer?.deleted == 1)
    }

    @Test(arguments: [("s3://lake/raw/", "raw/a.csv"), ("s3://lake/raw/new.csv", "raw/new.csv"), ("s3://lake/", "a.csv"), ("s3://lake", "a.csv")])
    func `one file goes to a place or beneath it`(_ destination: String, _ key: String) async throws {
        let trial = try await trial()
        #expect(try await trial.outcome(Upload(.asset("data/a.csv"), to: Text(verbatim: destination))) == .succeeded)
        #expect(keys(trial) == [key])
    }

    @Test func `a folder elsewhere is found from where the command was started, and its content makes the task another`() async throws {
        let trial = try await trial()
        var options = Trial.Options()
        options.directory = trial.trial.assets
        let task = Upload(.local("data"), to: "s3://lake/raw/")
        trial.trial.fake.fail("s3", "PutObject", times: 1, skipping: 2, code: "AccessDenied", status: 403)
        #expect(try await trial.outcome(task, options)?.failure != nil)
        let first = try await trial.notes()
        try trial.trial.write("data/c", "d")
        #expect(try await trial.outcome(task, options) == .succeeded)
        #expect(try await trial.notes().fingerprint != first.fingerprint)
        #expect(keys(trial) == ["raw/a.csv", "raw/c", "raw/more/b.json"])
    }

    @Test func `a folder that is not there, or empty, is told before anything is done`() async throws {
        let trial = try await trial()
        var options = Trial.Options()
        options.directory = trial.trial.assets
        let missing = TaskFailure("there is no file or folder 'nowhere'", hints: ["it was looked for at \(trial.trial.assets)/nowhere"])
        await #expect(throws: JobError.missingInput(task: "task", missing)) {
            try await trial.run(Upload(.local("nowhere"), to: "s3://lake/raw/"), options)
        }
        try FileManager.default.createDirectory(atPath: "\(trial.trial.assets)/empty", withIntermediateDirectories: true)
        await #expect(throws: JobError.missingInput(task: "task", TaskFailure("there are no files in the folder 'empty'"))) {
            try await trial.run(Upload(.local("empty"), to: "s3://lake/raw/"), options)
        }
    }

    @Test func `a large file goes in parts, and is known again`() async throws {
        let trial = try await trial()
        try Data(repeating: 7, count: 40 << 20).write(to: URL(filePath: "\(trial.trial.assets)/data/large.bin"))
        let task = Upload(.asset("data/large.bin"), to: "s3://lake/raw/")
        #expect(try await trial.outcome(task) == .succeeded)
        #expect(trial.trial.fake.calls.count { $0.operation == "UploadPart" } == 3)
        trial.trial.fake.forgetCalls()
        #expect(try await trial.outcome(task) == .succeeded)
        #expect(trial.trial.fake.calls.map(\.operation) == ["ListObjectsV2", "HeadObject"])
    }

    @Test func `an upload that failed goes on where it was`() async throws {
        let trial = try await trial()
        trial.trial.fake.fail("s3", "PutObject", times: 1, skipping: 1, code: "InternalError", status: 500)
        let serial = Upload(.asset("data"), to: "s3://lake/raw/", parallelism: 1)
        let failure = try await trial.failure(serial)
        #expect(failure?.message.hasPrefix("uploading 'c' to s3://lake/raw/c: s3 PutObject: InternalError") == true)
        trial.trial.fake.forgetCalls()
        #expect(try await trial.outcome(serial) == .succeeded)
        #expect(puts(trial) == ["raw/c", "raw/more/b.json"])
    }

    @Test func `a process that dies anywhere leaves an upload that the next run completes`() async throws {
        let counting = try await trial()
        let serial = Upload(.asset("data"), to: "s3://lake/raw/", parallelism: 1)
        let events = try await counting.dying(at: nil, serial).events
        #expect(events.count > 10)
        for moment in events.indices {
            let trial = try await trial()
            let (seen, state) = try await trial.dying(at: moment, serial)
            #expect(seen.last == events[moment])
            #expect(try await trial.run(serial, state: state).outcome == .succeeded, "died \(moment): \(events[moment])")
            #expect(trial.trial.objects("lake") == ["raw/a.csv": "1,2\n", "raw/c": "c", "raw/more/b.json": "{}"])
        }
    }

    @Test(arguments: OnInterrupt.allCases)
    func `an interruption stops it between files`(_ mode: OnInterrupt) async throws {
        let trial = try await trial()
        var options = Trial.Options()
        let interruption = Interruption(clock: trial.trial.clock)
        options.interruption = interruption
        options.onInterrupt = mode
        options.onEvent = { event in
            if case .progress(_, let words) = event, words.hasPrefix("1 of 3 files") { interruption.request() }
        }
        let summary = try await trial.run(Upload(.asset("data"), to: "s3://lake/raw/", parallelism: 1), options)
        #expect(summary.outcome == .stopped)
        #expect(keys(trial).count < 3)
        #expect(try await trial.outcome(task) == .succeeded)
        #expect(keys(trial).count == 3)
    }

    @Test func `a permission that is lacking is named, though S3 does not say which`() async throws {
        let trial = try await trial()
        trial.trial.fake.fail("s3", "PutObject", times: 9, code: "AccessDenied", status: 403, message: "Access Denied")
        let failure = try await trial.failure(Upload(.asset("data/a.csv"), to: "s3://lake/raw/"))
        #expect(failure?.hints == [".allow(\"s3:PutObject\", on: \"arn:aws:s3:::lake/raw/a.csv\") would grant what is lacking: whoever runs this needs it"])
    }

    @Test func `a bucket that is not there is told`() async throws {
        let trial = try await trial()
        #expect(try await trial.failure(Upload(.asset("data"), to: "s3://lost/raw/")) == TaskFailure("there is no bucket 'lost'", hints: ["`slipway apply` makes what the stack declares"]))
    }

    @Test func `the calls are among the permissions`() async throws {
        let trial = try await trial()
        try await trial.trial.put("lake", "raw/old.csv", "x")
        let all = Upload(.asset("data"), to: "s3://lake/raw/", deletesOthers: true)
        try await trial.run(all)
        try await trial.run(all)
        let made = trial.trial.fake.calls.filter { $0.service == "s3" && $0.operation != "CreateBucket" }
            .reduce(into: Set<String>()) { $0.formUnion($1.actions) }
        #expect(made.isSubset(of: Upload.permissions))
    }

    @Test func `mistakes are found before it runs`() {
        #expect(Upload(.asset("a"), to: "raw/").check().map(\.property) == ["Destination"])
        #expect(Upload(.asset("a"), to: "s3://lake", deletesOthers: true).check().map(\.property) == ["DeletesOthers"])
        #expect(Upload(.local(""), to: "s3://lake/a/", parallelism: 0).check().map(\.property) == ["Source", "Parallelism"])
    }
}
