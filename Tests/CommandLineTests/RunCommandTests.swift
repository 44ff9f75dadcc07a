import Foundation
import SlipwayCommandLine
import SlipwayDeclaration
import SlipwayFakeAWS
import SlipwayJobs
import SlipwayResources
import SlipwayState
import Synchronization
import Testing

extension StackDefinition {
    /// A bucket with two scripts, two jobs, and a pipeline that runs one after the other.
    static let works = StackDefinition("works", "Jobs and a pipeline") { settings in
        var stack = Stack("works", settings)
        let lake = stack.add("lake", S3.Bucket())
        let etl = stack.add("etl", IAM.Role(trusting: .service("glue.amazonaws.com")))
        let load = stack.add("load-script", S3.Object(in: lake.name, prefix: "code/", .asset("load.py")))
        let sum = stack.add("sum-script", S3.Object(in: lake.name, prefix: "code/", .asset("sum.py")))
        let loading = stack.add(
            "load", Glue.Job(role: etl.arn, command: .spark(script: load.uri), workers: .g1x(2), glueVersion: "5.0"))
        let summing = stack.add(
            "sum", Glue.Job(role: etl.arn, command: .pythonShell(script: sum.uri), maxCapacity: 0.0625))
        var refresh = Pipeline("refresh")
        let loaded = refresh.add("loaded", RunGlueJob(loading, arguments: ["--lake": "s3://\(lake.name)/"]))
        refresh.add("summed", RunGlueJob(summing), after: [loaded])
        stack.add(refresh)
        return stack
    }
}

@Suite struct RunCommandTests {
    /// A sandbox in which the stack is applied.
    func sandbox(_ courses: [String: [String]] = [:]) async throws -> Sandbox {
        let sandbox = Sandbox([.works])
        try FileManager.default.createDirectory(
            atPath: sandbox.folder + "/bin/assets", withIntermediateDirectories: true)
        try sandbox.write("print('load')\n", to: "bin/assets/load.py")
        try sandbox.write("print('sum')\n", to: "bin/assets/sum.py")
        sandbox.fake.withServices { services in
            services.glue.courses = ["works-dev-load": ["RUNNING", "SUCCEEDED"], "works-dev-sum": ["RUNNING", "SUCCEEDED"]]
                .merging(courses) { $1 }
        }
        #expect(await sandbox.run("apply works --yes --parallelism 1").code == 0)
        return sandbox
    }

    @Test func `a pipeline is run, listed and shown`() async throws {
        let sandbox = try await sandbox()
        try expectSnapshot([
            await sandbox.run("runs works"),
            await sandbox.run("logs works"),
            await sandbox.run("run works"),
            await sandbox.run("runs works"),
            await sandbox.run("runs works show \(try await sandbox.latestRun())"),
            await sandbox.run("runs works show zzz"),
            await sandbox.run("plan works"),
        ])
    }

    @Test func `a job that fails ends with exit 8 and its own words, and the next run goes on there`() async throws {
        let sandbox = try await sandbox(["works-dev-sum": ["RUNNING", "FAILED"]])
        sandbox.set { settings in
            settings.onError = { text in
                guard text.hasPrefix("summed: started ") else { return }
                let id = String(text.dropFirst(16).dropLast())
                sandbox.fake.withServices { services in
                    services.logs.write(["counting"], to: "/aws-glue/jobs/output", stream: id)
                    services.logs.write(["Traceback", "KeyError: 'day'"], to: "/aws-glue/jobs/error", stream: id)
                }
            }
        }
        let failed = await sandbox.run("run works")
        sandbox.fake.withServices { $0.glue.courses["works-dev-sum"] = ["SUCCEEDED"] }
        try expectSnapshot([failed, await sandbox.run("run works refresh"), await sandbox.run("runs works")])
        #expect(failed.code == 8)
    }

    @Test func `JSON lines tell a run from its beginning to its end`() async throws {
        let sandbox = try await sandbox()
        try expectSnapshot([await sandbox.run("run works --json")])
    }

    @Test func `one job is run with arguments`() async throws {
        let sandbox = try await sandbox()
        let result = await sandbox.run("run works --job sum -- --day 2026-01-31")
        #expect(result.code == 0)
        #expect(sandbox.fake.withServices { $0.glue.runs["works-dev-sum"]?[0].arguments["--day"] } == "2026-01-31")
        #expect(sandbox.fake.withServices { $0.glue.runs["works-dev-load"] } == nil)
    }

    @Test func `other code than was applied is refused, or used for one run`() async throws {
        let sandbox = try await sandbox()
        try sandbox.write("print('better')\n", to: "bin/assets/load.py")
        try expectSnapshot([await sandbox.run("run works"), await sandbox.run("run works --code")])
        // What the run needed for itself is in nobody's way.
        #expect(await sandbox.run("apply works --yes").code == 0)
        #expect(await sandbox.run("run works").code == 0)
        #expect(await sandbox.run("plan works --detailed-exitcode").code == 0)
    }

    @Test func `mistakes on the command line are told`() async throws {
        let sandbox = try await sandbox()
        try expectSnapshot([
            await sandbox.run("run works refrehs"),
            await sandbox.run("run works --only sumed"),
            await sandbox.run("run works --job etl"),
            await sandbox.run("run works --job sum -- day"),
            await sandbox.run("run works refresh --job sum"),
            await sandbox.run("run works --from loaded --only summed"),
            await sandbox.run("run works --on-interrupt explode"),
            await sandbox.run("run works --env prod"),
            await sandbox.run("logs works 123"),
        ])
    }

    /// Runs the pipeline with somebody who interrupts it once its first job is running.
    func interrupted(_ options: String) async throws -> (Sandbox, Sandbox.Result) {
        let sandbox = try await sandbox(["works-dev-load": ["RUNNING"]])
        let tell = Mutex<(@Sendable (Int32) -> Void)?>(nil)
        sandbox.set { settings in
            settings.signals = SignalSource(
                watch: { body in
                    tell.withLock { $0 = body }
                    return {}
                }, end: { _ in })
            settings.onError = { text in if text.contains(" RUNNING\n") { tell.withLock { $0 }?(2) } }
        }
        return (sandbox, await sandbox.run("run works\(options)"))
    }

    @Test func `an interruption stops the job and ends with 130`() async throws {
        let (sandbox, result) = try await interrupted("")
        #expect(result.code == 130)
        #expect(sandbox.fake.withServices { $0.glue.runs["works-dev-load"]?.map(\.state) } == ["STOPPED"])
        try expectSnapshot([result])
    }

    @Test func `an interruption that detaches leaves the job running`() async throws {
        let (sandbox, result) = try await interrupted(" --on-interrupt detach")
        #expect(result.code == 130)
        #expect(sandbox.fake.withServices { $0.glue.runs["works-dev-load"]?.map(\.state) } == ["RUNNING"])
        sandbox.set { $0.onError = nil }
        sandbox.fake.withServices { services in
            services.glue.move(services.glue.runs["works-dev-load"]?[0].id ?? "", to: "SUCCEEDED")
        }
        try expectSnapshot([result, await sandbox.run("run works")])
        #expect(sandbox.fake.withServices { $0.glue.runs["works-dev-load"]?.count } == 1)
    }

    @Test func `the log of a run is printed as it is, and its errors when asked for`() async throws {
        let sandbox = try await sandbox()
        #expect(await sandbox.run("run works --only summed --logs none").code == 0)
        let id = sandbox.fake.withServices { $0.glue.runs["works-dev-sum"]?[0].id ?? "" }
        sandbox.fake.withServices { services in
            services.logs.write(["10 rows", "done"], to: "/aws-glue/jobs/output", stream: id)
            services.logs.write(["INFO started"], to: "/aws-glue/jobs/error", stream: id)
        }
        await sandbox.expect("logs works --task summed", "10 rows\ndone")
        await sandbox.expect("logs works --task summed --errors", "INFO started")
        await sandbox.expect("logs works --follow --task summed", "10 rows\ndone")
    }
}

extension Sandbox {
    /// The id of the latest run of a stack.
    func latestRun(of stack: String = "works") async throws -> String {
        let key = StateKey(stack: stack, environment: "dev", target: "aws")
        let store = try StateStore(folder: "\(folder)/.slipway/state", key: key, lineage: "", secretKey: "")
        return try #require(try await store.read(.runs(limit: 1)).first).id
    }
}
