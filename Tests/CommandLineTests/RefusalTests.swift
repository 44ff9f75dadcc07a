import Foundation
import SlipwayAWS
import SlipwayDeclaration
import SlipwayFakeAWS
import SlipwayHTTP
import SlipwayResources
import SlipwayState
import Testing

@Suite struct RefusalTests {
    @Test func `five mistakes are told at once, each with its place`() async throws {
        let sandbox = Sandbox([.mistaken])
        sandbox.set { $0.environment["AWS_SECRET_ACCESS_KEY"] = nil }
        sandbox.set { $0.environment["AWS_ACCESS_KEY_ID"] = nil }
        try expectSnapshot([await sandbox.run("plan mistaken"), await sandbox.run("plan mistaken --json")])
        #expect(sandbox.fake.calls.isEmpty)
    }

    @Test func `a wrong key ends with 4 and changes nothing`() async throws {
        let sandbox = Sandbox()
        sandbox.fake.fail(
            "sts", "GetCallerIdentity", code: "SignatureDoesNotMatch", status: 403,
            message: "The request signature we calculated does not match the signature you provided.")
        await sandbox.expect(
            "apply little --yes",
            """
            ! error: opening little in dev: sts GetCallerIdentity: SignatureDoesNotMatch: The request signature we calculated \
            does not match the signature you provided (request <request>)
            ! hint: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or name a profile with --profile; `slipway whoami` tests them
            (exit 4)
            """)
    }

    @Test func `no credentials end with 4`() async throws {
        let sandbox = Sandbox()
        sandbox.set { $0.environment = ["AWS_REGION": "eu-west-1", "HOME": "/nonexistent"] }
        let result = await sandbox.run("whoami")
        #expect(result.code == 4)
        #expect(result.error.contains("hint:"))
    }

    @Test func `a server that is not there is named`() async throws {
        let sandbox = Sandbox()
        sandbox.set {
            $0.transport = Nobody()
            $0.environment["AWS_ENDPOINT_URL"] = "http://127.0.0.1:9"
        }
        await sandbox.expect(
            "plan little",
            """
            ! error: opening little in dev: sts GetCallerIdentity: cannot connect to http://127.0.0.1:9: refused \
            [http://127.0.0.1:9]
            ! hint: does http://127.0.0.1:9 answer? --region and AWS_ENDPOINT_URL say where calls go
            (exit 1)
            """)
    }

    @Test func `somebody else's bucket is left untouched`() async throws {
        let sandbox = Sandbox()
        let aws = sandbox.fake.client()
        let bucket = "little-dev-lake-eu-west-1-2a3334"
        try await aws.rest(
            RESTRequest("CreateBucket", .put, bucket: bucket, body: .xml(root: "CreateBucketConfiguration", Place())))
        sandbox.fake.forgetCalls()
        let result = await sandbox.run("apply little --yes")
        try expectSnapshot([result])
        #expect(sandbox.fake.calls.allSatisfy { $0.isRead })
    }

    private struct Place: Codable, Sendable { var locationConstraint = "eu-west-1" }

    @Test func `a protected resource is not destroyed`() async throws {
        let sandbox = Sandbox()
        _ = await sandbox.run("apply little --env prod --yes")
        let before = sandbox.fake.calls.count
        let result = await sandbox.run("destroy little --env prod --yes")
        #expect(result.code == 6)
        #expect(result.error.contains("refused: lake: it is protected"))
        #expect(sandbox.fake.calls.dropFirst(before).allSatisfy { $0.isRead })
    }

    @Test func `two at once: the second is refused and told of the first`() async throws {
        let sandbox = Sandbox()
        let key = StateKey(stack: "little", environment: "dev", target: "aws")
        let path = try StateStore.lockPath(folder: sandbox.folder + "/.slipway/state", key: key)
        let holder = LockHolder(who: "bob@elsewhere", process: 4711, command: "apply", since: 1_767_225_600)
        let lock = try StateLock(path: path, holder: holder)
        await sandbox.expect(
            "apply little --yes",
            """
            ! error: opening little in dev: the state is locked: bob@elsewhere (process <number>) has held it since \
            2026-01-01T00:00:00Z for apply
            ! hint: wait for it with --lock-timeout 5m
            (exit 5)
            """)
        await sandbox.expect(
            "apply little --yes --lock-timeout 1s",
            """
            ! waiting for bob@elsewhere (process <number>, apply), which holds the state
            ! error: opening little in dev: the state is locked: bob@elsewhere (process <number>) has held it since \
            2026-01-01T00:00:00Z for apply
            ! hint: wait for it with --lock-timeout 5m
            (exit 5)
            """)
        withExtendedLifetime(lock) {}
    }

    @Test func `without a terminal an apply needs --yes`() async throws {
        let sandbox = Sandbox()
        let result = await sandbox.run("apply little --var days=8")
        #expect(result.code == 6)
        #expect(
            result.error == """
                error: this would change something, and there is no terminal to ask on
                hint: slipway apply little --var days=8 --yes

                """)
        #expect(sandbox.fake.calls.allSatisfy { $0.isRead })
    }

    @Test func `only a yes is a yes`() async throws {
        let sandbox = Sandbox()
        sandbox.set {
            $0.isTerminal = true
            $0.answer = "y"
            $0.environment["NO_COLOR"] = "1"
        }
        let result = await sandbox.run("apply little")
        #expect(result.code == 6)
        #expect(
            result.error == """
                Apply this to little in dev? Only 'yes' goes on: error: nobody said yes, so nothing was changed

                """)
        sandbox.set { $0.answer = "yes" }
        #expect(await sandbox.run("apply little").code == 0)
    }

    @Test func `what the command line gets wrong ends with 3`() async throws {
        let sandbox = Sandbox()
        try expectSnapshot([
            await sandbox.run("frobnicate"),
            await sandbox.run("plan"),
            await sandbox.run("plan litle"),
            await sandbox.run("plan little --var dyas=3"),
            await sandbox.run("plan little --var days=100"),
            await sandbox.run("plan little --var days"),
            await sandbox.run("plan little --target lak"),
            await sandbox.run("plan little --refresh some"),
            await sandbox.run("plan little --var-file nowhere.json"),
            await sandbox.run("plan little --lock-timeout soon"),
            await sandbox.run("plan little --graph g.json --var days=3"),
        ])
    }
}

/// A network on which nobody answers.
private struct Nobody: HTTPTransport {
    func send(_ request: HTTPRequest) async throws(HTTPError) -> HTTPResponse {
        throw .cannotConnect(endpoint: "http://127.0.0.1:9", reason: "refused")
    }
}
