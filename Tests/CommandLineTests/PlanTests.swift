import SlipwayFakeAWS
import Testing

@Suite struct PlanTests {
    @Test func `a first plan shows every property and what is known early`() async throws {
        let sandbox = Sandbox()
        try expectSnapshot([await sandbox.run("plan little")])
    }

    @Test func `a brief plan has a line for each resource`() async throws {
        await Sandbox().expect(
            "plan little --brief",
            """
              + etl  AWS::IAM::Role little-dev-etl-eu-west-1
              + jobs/count  AWS::Glue::Job little-dev-jobs-count
              + lake  AWS::S3::Bucket little-dev-lake-eu-west-1-2a3334

            Outputs:
              + bucket: little-dev-lake-eu-west-1-2a3334
              + role: ${etl.RoleId} (known after apply)

            Plan: 3 to create.
            """)
    }

    @Test func `a plan of changes goes attribute by attribute`() async throws {
        let sandbox = Sandbox()
        _ = await sandbox.run("apply little --yes")
        try expectSnapshot([
            await sandbox.run("plan little"),
            await sandbox.run("plan little --var days=30 --var word=goodbye"),
            await sandbox.run("plan little --var word=renamed"),
            await sandbox.run("plan little --detailed-exitcode --var days=30 --target lake"),
            await sandbox.run("plan little --replace etl"),
            await sandbox.run("plan little --destroy"),
        ])
    }
}
