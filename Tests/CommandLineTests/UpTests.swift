import Foundation
import SlipwayCommandLine
import SlipwayDeclaration
import SlipwayFakeAWS
import SlipwayHTTP
import SlipwayResources
import Synchronization
import Testing

/// `slipway up`, whole, with the stack of ``RunCommandTests``.
@Suite struct UpTests {
    func sandbox(_ courses: [String: [String]] = [:]) throws -> Sandbox {
        let sandbox = Sandbox([.works])
        try FileManager.default.createDirectory(
            atPath: sandbox.folder + "/bin/assets", withIntermediateDirectories: true)
        try sandbox.write("print('load')\n", to: "bin/assets/load.py")
        try sandbox.write("print('sum')\n", to: "bin/assets/sum.py")
        sandbox.fake.withServices { services in
            services.glue.courses = ["works-dev-load": ["RUNNING", "SUCCEEDED"], "works-dev-sum": ["RUNNING", "SUCCEEDED"]]
                .merging(courses) { $1 }
        }
        return sandbox
    }

    private func started(_ sandbox: Sandbox) -> Int { sandbox.fake.operations.count { $0 == "glue StartJobRun" } }

    @Test func `what is not there is made and its jobs are run, and the next time jobs alone`() async throws {
        let sandbox = try sandbox()
        let first = await sandbox.run("up works --yes --parallelism 1")
        #expect(first.code == 0)
        #expect(first.out.contains("Runs refresh: loaded (after 4 of the above), summed (after 4 of the above).\n"))
        #expect(first.out.contains("Done: 6 created.\nDone: 2 succeeded"))
        try expectSnapshot([await sandbox.run("up works"), await sandbox.run("plan works --detailed-exitcode")])
        #expect(started(sandbox) == 4)
    }

    @Test func `without a yes nothing is made and nothing is run`() async throws {
        let sandbox = try sandbox()
        let refused = await sandbox.run("up works")
        #expect(refused.code == 6)
        #expect(!sandbox.fake.calls.contains { !$0.isRead })
    }

    @Test func `a job begins while what it does not mention is still being made`() async throws {
        let sandbox = try sandbox()
        let transport = HoldsSecondJob(fake: sandbox.fake)
        sandbox.set { $0.transport = transport }
        #expect(await sandbox.run("up works --yes --parallelism 1").code == 0)
        let calls = sandbox.fake.operations
        let firstRun = try #require(calls.firstIndex(of: "glue StartJobRun"))
        let lastJob = try #require(calls.lastIndex(of: "glue CreateJob"))
        #expect(firstRun < lastJob)
    }

    @Test func `a resource that cannot be made keeps its task from beginning, and up goes on from there`() async throws {
        let sandbox = try sandbox()
        sandbox.fake.fail("glue", "CreateJob", times: 1, skipping: 1, code: "InvalidInputException")
        let failed = await sandbox.run("up works --yes --parallelism 1")
        #expect(failed.code == 7)
        #expect(failed.error.contains("not begun, because of"))
        let runs = started(sandbox)
        let again = await sandbox.run("up works --yes")
        #expect(again.code == 0)
        #expect(started(sandbox) == 2)
        #expect(runs <= 1)
    }

    @Test func `a job that fails ends with exit 8, although all was made`() async throws {
        let sandbox = try sandbox(["works-dev-load": ["FAILED"]])
        let failed = await sandbox.run("up works --yes")
        #expect(failed.code == 8)
        sandbox.fake.withServices { $0.glue.courses["works-dev-load"] = ["SUCCEEDED"] }
        #expect(await sandbox.run("up works").code == 0)
        #expect(started(sandbox) == 3)
    }

    @Test func `a job at work whose resources cannot be put right is attached to later, and not started again`() async throws {
        let sandbox = try sandbox(["works-dev-load": ["RUNNING"]])
        let tell = Mutex<(@Sendable (Int32) -> Void)?>(nil)
        sandbox.set { settings in
            settings.signals = SignalSource(
                watch: { body in
                    tell.withLock { $0 = body }
                    return {}
                }, end: { _ in })
            settings.onError = { text in if text.contains(" RUNNING\n") { tell.withLock { $0 }?(2) } }
        }
        #expect(await sandbox.run("up works --yes --on-interrupt detach").code == 130)
        #expect(started(sandbox) == 1)
        sandbox.set { $0.onError = nil }

        // Its role was changed by somebody, and cannot be changed back for now.
        sandbox.fake.withServices { services in
            services.iam.roles["works-dev-etl-eu-west-1"]?.trust = #"{"Version":"2012-10-17","Statement":[]}"#
        }
        sandbox.fake.fail("iam", "UpdateAssumeRolePolicy", code: "AccessDenied", status: 403)
        let blocked = await sandbox.run("up works --yes")
        #expect(blocked.code == 7)
        #expect(blocked.error.contains("loaded: not begun, because of etl"))

        sandbox.fake.withServices { services in
            services.glue.move(services.glue.runs["works-dev-load"]?[0].id ?? "", to: "SUCCEEDED")
        }
        #expect(await sandbox.run("up works --yes").code == 0)
        #expect(sandbox.fake.withServices { $0.glue.runs["works-dev-load"]?.count } == 1)
    }

    @Test func `down takes everything away`() async throws {
        let sandbox = try sandbox()
        _ = await sandbox.run("up works --yes")
        #expect(await sandbox.run("down works --yes").code == 0)
        #expect(sandbox.fake.withServices { $0.inventory } == [])
    }

    @Test func `up of a stack without pipelines is an apply`() async throws {
        let sandbox = Sandbox([.little])
        let up = await sandbox.run("up little --yes")
        #expect(up.code == 0)
        #expect(up.error.contains("has no pipelines"))
        #expect(await sandbox.run("plan little --detailed-exitcode").code == 0)
    }
}

/// An AWS that makes a second Glue job only once a run of the first was started, or after ten seconds.
private struct HoldsSecondJob: HTTPTransport {
    let fake: FakeAWS

    func send(_ request: HTTPRequest) async throws(HTTPError) -> HTTPResponse {
        if request.headers["X-Amz-Target"] == "AWSGlue.CreateJob", fake.operations.contains("glue CreateJob") {
            for _ in 0..<1000 where !fake.operations.contains("glue StartJobRun") {
                try? await Task.sleep(for: .milliseconds(10))
            }
        }
        return try await fake.send(request)
    }
}
