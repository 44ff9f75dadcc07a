import SlipwayAWS
import SlipwayDeclaration
import SlipwayFakeAWS
import Testing

@Suite struct StateTests {
    @Test func `the state is looked at and edited`() async throws {
        let sandbox = Sandbox()
        _ = await sandbox.run("apply little --yes --parallelism 1")
        try expectSnapshot([
            await sandbox.run("state show little lake"),
            await sandbox.run("state show little lak"),
            await sandbox.run("state mv little etl roles/etl"),
            await sandbox.run("state mv little roles/etl lake"),
            await sandbox.run("state mv little lake 9lives"),
            await sandbox.run("state list little"),
            await sandbox.run("state rm little jobs/count"),
            await sandbox.run("state rm little jobs/count --yes"),
            await sandbox.run("state list little"),
            await sandbox.run("history little --limit 2"),
        ])
    }

    @Test func `the whole state is one document`() async throws {
        let sandbox = Sandbox()
        _ = await sandbox.run("apply little --yes --parallelism 1")
        try expectSnapshot([await sandbox.run("state pull little")])
    }

    @Test func `looking makes no state`() async throws {
        let sandbox = Sandbox()
        await sandbox.expect(
            "outputs little",
            """
            ! error: there is no state of little in dev
            ! hint: `slipway apply little --env dev` makes one; --state and SLIPWAY_STATE say where states are
            (exit 5)
            """)
        await sandbox.expect("destroy little --yes", "! Nothing to destroy: little in dev has no state.")
    }

    @Test func `a destroy needs no declaration`() async throws {
        let sandbox = Sandbox()
        _ = await sandbox.run("apply little --yes")
        sandbox.set { $0.stacks = [] }
        await sandbox.expect(
            "stacks",
            """
            ! the state knows a stack that is no longer declared: little
            ! this tool has no stacks
            """)
        let result = await sandbox.run("destroy little --yes")
        #expect(result.code == 0)
        #expect(result.out.hasSuffix("Done: 3 deleted.\n"))
    }

    @Test func `what was changed outside is drift, and told apart in a plan`() async throws {
        let sandbox = Sandbox()
        _ = await sandbox.run("apply little --yes")
        let aws = sandbox.fake.client()
        try await aws.call(.iam, "UpdateRole", Role(roleName: "little-dev-etl-eu-west-1", description: "Mine now."))
        try await aws.call(.glue, "DeleteJob", Job(jobName: "little-dev-jobs-count"))
        try expectSnapshot([
            await sandbox.run("drift little"),
            await sandbox.run("drift little --json"),
            await sandbox.run("plan little --var days=9"),
            await sandbox.run("apply little --yes --parallelism 1"),
            await sandbox.run("drift little"),
        ])
    }

    private struct Role: Encodable { let roleName, description: String }
    private struct Job: Encodable { let jobName: String }

    @Test func `the history tells the operations of an apply`() async throws {
        let sandbox = Sandbox()
        _ = await sandbox.run("apply little --yes --parallelism 1")
        let list = await sandbox.run("history little --json")
        let id = try #require(try list.events.first?["id"]?.string)
        // The transcripts have no identifiers, so that it is asked for by the whole one here.
        #expect(id == "<id>")
        let unknown = await sandbox.run("history little ffff")
        #expect(unknown.code == 3)
        let all = await sandbox.run(["history", "little", ""])
        #expect(
            all.out == """
                <id>  <time>  apply  ada@machine  3 created
                    create lake  AWS::S3::Bucket little-dev-lake-eu-west-1-2a3334  succeeded
                    create etl  AWS::IAM::Role little-dev-etl-eu-west-1  succeeded
                    create jobs/count  AWS::Glue::Job little-dev-jobs-count  succeeded

                """)
    }
}
