import FoundationEssentials
import SlipwayAWS
import SlipwayDeclaration
import SlipwayEngine
import SlipwayFakeAWS
import SlipwayResources
import SlipwayState
import Testing

@testable import SlipwayJobs

/// Runs one after the other, and the ledger between them.
@Suite struct RunTests {
    func trial() async throws -> Trial {
        let trial = try Trial()
        try await trial.apply()
        return trial
    }

    @Test func `a run leaves a ledger`() async throws {
        let trial = try await trial()
        let summary = try await trial.run()
        #expect(summary.outcome == .succeeded)
        let records = try await trial.tasks()
        #expect(records.map(\.name) == ["loaded", "reported"])
        #expect(records.map(\.kind) == ["RunGlueJob", "RunGlueJob"])
        #expect(records.map(\.state) == ["succeeded", "succeeded"])
        for record in records {
            let notes = try record.notes()
            #expect(notes.subject == "lake-dev-\(record.name == "loaded" ? "load" : "report")")
            #expect(notes.ids.count == 1)
            #expect(notes.intendedAt != nil)
            #expect(notes.dpuSeconds ?? 0 > 0)
            #expect(notes.logs.map(\.group).contains("/aws-glue/jobs/output"))
            #expect(notes.code.count == 1)
            #expect(record.startedAt ?? .infinity <= record.endedAt ?? 0)
            #expect(record.token.count == 32)
        }
        let store = try StateStore(folder: "\(trial.folder)/state", key: Trial.key, lineage: "", secretKey: "")
        let run = try #require(try await store.read(.runs(limit: 5)).first)
        #expect(run.pipeline == "refresh")
        #expect(run.who == "ann@mill")
        #expect(run.outcome == "succeeded")
    }

    @Test func `a run does not make a saved plan stale`() async throws {
        let trial = try await trial()
        let store = try StateStore(folder: "\(trial.folder)/state", key: Trial.key, lineage: "", secretKey: "")
        let before = try await store.read(.header).serial
        try await trial.run()
        #expect(try await store.read(.header).serial == before)
    }

    @Test func `a run goes on where the one before it failed, and the next begins anew`() async throws {
        let trial = try await trial()
        trial.fake.withServices { $0.glue.courses["lake-dev-report"] = ["FAILED"] }
        #expect(try await trial.run().outcome == .failed)
        trial.fake.withServices { $0.glue.courses["lake-dev-report"] = ["SUCCEEDED"] }
        #expect(try await trial.run().outcome == .succeeded)
        #expect(trial.skipped == ["loaded"])
        #expect(trial.runs("lake-dev-load").count == 1)
        #expect(trial.runs("lake-dev-report").count == 2)
        let tokens = trial.runs("lake-dev-report").map { $0.arguments["--slipway-run-token"] }
        #expect(tokens[0] != tokens[1])
        #expect(try await trial.tasks().map(\.state) == ["done before", "succeeded"])

        #expect(try await trial.run().outcome == .succeeded)
        #expect(trial.runs("lake-dev-load").count == 2)
    }

    @Test func `a fresh run does everything`() async throws {
        let trial = try await trial()
        trial.fake.withServices { $0.glue.courses["lake-dev-report"] = ["FAILED"] }
        try await trial.run()
        var options = Trial.Options()
        options.isFresh = true
        try await trial.run(nil, options)
        #expect(trial.runs("lake-dev-load").count == 2)
    }

    @Test func `one task alone is run, and the run is partial`() async throws {
        let trial = try await trial()
        var options = Trial.Options()
        options.selection = .only("reported")
        #expect(try await trial.run(nil, options).outcome == .partial)
        #expect(trial.runs("lake-dev-load").isEmpty)
        options.selection = .only("reportde")
        await #expect(throws: JobError.unknownTask("reportde", pipeline: "refresh", known: ["loaded", "reported"])) {
            try await trial.run(nil, options)
        }
    }

    @Test func `a task whose arguments changed is done again`() async throws {
        let trial = try await trial()
        trial.fake.withServices { $0.glue.courses["lake-dev-report"] = ["FAILED"] }
        try await trial.run()
        let changed = RunGlueJob(Handle<Glue.Job>("load"), arguments: ["--day": "2"])
        try await trial.run(trial.graph(load: changed))
        #expect(trial.runs("lake-dev-load").count == 2)
    }

    @Test func `a job of another stack, or none of the stack's, is run by its name`() async throws {
        let trial = try await trial()
        #expect(try await trial.run(trial.graph(load: RunGlueJob(job: "lake-dev-report"))).outcome == .succeeded)
        #expect(trial.runs("lake-dev-report").count == 2)
    }

    @Test func `what was not applied is not run`() async throws {
        let trial = try Trial()
        let store = try StateStore(folder: "\(trial.folder)/state", key: Trial.key, lineage: "1", secretKey: "2")
        try await store.commit(.pinAccount(FakeAWS.account))
        await #expect(throws: JobError.notApplied(task: "loaded", what: "${load.Name}")) { try await trial.run() }
    }

    // MARK: Code

    @Test func `code that was not applied is not run`() async throws {
        let trial = try await trial()
        try trial.write("load.py", "print('changed')\n")
        do {
            try await trial.run()
            Issue.record("it ran")
        } catch JobError.otherCode(let changes) {
            #expect(changes.map(\.task) == ["loaded"])
            #expect(changes.map(\.asset) == ["load.py"])
        }
        #expect(trial.started == 0)
        #expect(try await trial.tasks().isEmpty)
    }

    @Test func `code of the working copy is used for one run when asked for`() async throws {
        let trial = try await trial()
        trial.fake.makeBucket("code")
        let applied = try #require(trial.fake.script(of: "lake-dev-load"))
        try trial.write("load.py", "print('changed')\n")
        var options = Trial.Options()
        options.usesWorkingCopy = true
        #expect(try await trial.run(nil, options).outcome == .succeeded)

        let digest = try AssetFolder(path: trial.assets).file(Asset("load.py")).digest
        let arguments = trial.runs("lake-dev-load")[0].arguments
        let token = try await trial.tasks()[0].token
        // The stack names the script's digest in a key of its own making, so the new code goes beneath the old.
        let place = "\(applied.dropFirst(10).dropLast(8))/\(digest)/run-\(token)/load.py"
        #expect(arguments["--scriptLocation"] == "s3://code/\(place)")
        #expect(trial.runs("lake-dev-report")[0].arguments["--scriptLocation"] == nil)
        #expect(trial.fake.script(of: "lake-dev-load") == applied)
        // It was there for the run, and is no longer.
        let put = try #require(trial.fake.calls.first { $0.operation == "PutObject" })
        #expect(String(decoding: put.body, as: UTF8.self) == "print('changed')\n")
        await #expect(throws: AWSError.self) { try await trial.fake.object("code", place) }
        #expect(try await trial.notes("loaded").code == ["load.py": digest])
    }

    @Test func `a run whose code was applied meanwhile is begun again`() async throws {
        let trial = try await trial()
        trial.fake.withServices { $0.glue.courses["lake-dev-report"] = ["FAILED"] }
        try await trial.run()
        try trial.write("report.py", "print('repaired')\n")
        try await trial.apply()
        trial.fake.withServices { $0.glue.courses["lake-dev-report"] = ["SUCCEEDED"] }
        #expect(try await trial.run().outcome == .succeeded)
        #expect(trial.runs("lake-dev-load").count == 1)
        #expect(trial.runs("lake-dev-report").count == 2)
    }

    @Test func `code changed while a job is at work does not start another beside it`() async throws {
        let trial = try await trial()
        trial.fake.withServices { $0.glue.courses["lake-dev-load"] = ["RUNNING"] }
        var options = Trial.Options()
        options.onInterrupt = .detach
        let interruption = Interruption(clock: trial.clock)
        options.interruption = interruption
        options.onEvent = { event in
            if case .progress(_, let words) = event, words.hasSuffix(" RUNNING") { interruption.request() }
        }
        try await trial.run(nil, options)
        try trial.write("load.py", "print('changed')\n")
        try await trial.apply()
        let id = trial.runs("lake-dev-load")[0].id
        do {
            try await trial.run()
            Issue.record("it ran")
        } catch JobError.otherTaskInFlight(let task, _, let ids) {
            #expect(task == "loaded")
            #expect(ids == [id])
        }
        // Once it is over, it is in nobody's way.
        trial.fake.withServices {
            $0.glue.move(id, to: "SUCCEEDED")
            $0.glue.courses["lake-dev-load"] = ["SUCCEEDED"]
        }
        #expect(try await trial.run().outcome == .succeeded)
        #expect(trial.runs("lake-dev-load").count == 2)
    }

    @Test func `arguments that name code by its digest are changed with it`() {
        let change = CodeChange(task: "t", asset: "lib.zip", applied: "aaa", found: "bbb", path: "/lib.zip")
        #expect(
            CodeOverride.placed(
                change, in: ["--extra-py-files": "s3://b/aaa/lib.zip,s3://b/ccc/x.zip", "--scriptLocation": "s3://b/ddd/x.py"], token: "1")
                == ["--extra-py-files": "s3://b/bbb/run-1/lib.zip,s3://b/ccc/x.zip"])
        let script = CodeChange(task: "t", asset: "a/x.py", applied: "zzz", found: "bbb", path: "/x.py")
        let place = ["--scriptLocation": "s3://b/code/x.py"]
        #expect(CodeOverride.placed(script, in: place, token: "1") == ["--scriptLocation": "s3://b/code/bbb/run-1/x.py"])
        #expect(CodeOverride.placed(change, in: place, token: "1") == [:])
    }

    // MARK: One job

    @Test func `one job is a pipeline of one task`() throws {
        let graph = try Trial().graph()
        let pipeline = try Pipeline.job("load", of: graph, arguments: ["--day", "1", "--mode=full=1"])
        #expect(pipeline.name == "job load")
        #expect(pipeline.tasks.map(\.name) == ["load"])
        #expect(pipeline.tasks[0].properties["Arguments"] == ["--day": "1", "--mode": "full=1"])
        #expect(throws: JobError.unknownJob("etl", known: ["load", "report"])) {
            try Pipeline.job("etl", of: graph, arguments: [])
        }
        #expect(throws: JobError.badArgument("day")) { try Pipeline.job("load", of: graph, arguments: ["day"]) }
        #expect(throws: JobError.badArgument("--day")) { try Pipeline.job("load", of: graph, arguments: ["--day"]) }
    }
}

extension FakeAWS {
    func makeBucket(_ name: String) {
        withServices { $0.s3.addBucket(name) }
    }

    func object(_ bucket: String, _ key: String) async throws -> String {
        String(decoding: try await client().rest(.init("GetObject", .get, bucket: bucket, key: key)).body, as: UTF8.self)
    }

    func script(of job: String) -> String? {
        withServices { $0.glue.jobs[job]?.definition["Command"]?["ScriptLocation"]?.string }
    }
}
