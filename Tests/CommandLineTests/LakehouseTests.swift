import Foundation
import SlipwayDeclaration
import SlipwayFakeAWS
import SlipwayStacks
import Testing

/// The example stack, which uses all there is.
@Suite struct LakehouseTests {
    @Test func `the example is planned, applied and taken down`() async throws {
        let sandbox = Sandbox(AllStacks.all)
        let plan = await sandbox.run("plan lakehouse")
        let applied = await sandbox.run("apply lakehouse --yes --parallelism 1")
        #expect(applied.code == 0, "\(applied.error)")
        let again = await sandbox.run("plan lakehouse --detailed-exitcode")
        #expect(again.code == 0, "\(again.out)")
        try expectSnapshot([plan, await sandbox.run("outputs lakehouse"), await sandbox.run("graph lakehouse")])
        let destroyed = await sandbox.run("destroy lakehouse --yes")
        #expect(destroyed.code == 0, "\(destroyed.error)")
        #expect(sandbox.fake.withServices { $0.s3.buckets.isEmpty })
    }

    @Test func `a change of code is shown with digests and sizes, and makes a new object first`() async throws {
        let sandbox = Sandbox(AllStacks.all)
        for name in ["count", "convert"] { try sandbox.write("print('\(name)')\n", to: "assets/\(name).py") }
        try FileManager.default.createDirectory(
            atPath: "\(sandbox.folder)/assets/lakehouse", withIntermediateDirectories: true)
        for name in ["count", "convert"] { try sandbox.write("print('\(name)')\n", to: "assets/lakehouse/\(name).py") }
        let first = await sandbox.run("apply lakehouse --yes --assets assets --parallelism 1")
        #expect(first.code == 0, "\(first.error)")
        try sandbox.write("print('count more')\n", to: "assets/lakehouse/count.py")
        _ = await sandbox.run("plan lakehouse --assets assets --out code.plan")
        try expectSnapshot([
            await sandbox.run("plan lakehouse --assets assets"),
            await sandbox.run("apply lakehouse --assets assets --yes --parallelism 1"),
            await sandbox.run("plan lakehouse --assets assets"),
        ])
    }

    @Test func `code that changes after planning makes the plan stale`() async throws {
        let sandbox = Sandbox(AllStacks.all)
        try FileManager.default.createDirectory(
            atPath: "\(sandbox.folder)/assets/lakehouse", withIntermediateDirectories: true)
        for name in ["count", "convert"] { try sandbox.write("print('\(name)')\n", to: "assets/lakehouse/\(name).py") }
        _ = await sandbox.run("plan lakehouse --assets assets --out code.plan")
        try sandbox.write("print('another')\n", to: "assets/lakehouse/count.py")
        let result = await sandbox.run("apply lakehouse --plan code.plan --assets assets --yes")
        #expect(result.code == 5)
        #expect(
            result.error.hasPrefix("error: the plan is stale: the asset 'lakehouse/count.py' has changed since"),
            "\(result.error)")
    }

    @Test func `production is protected`() async throws {
        let sandbox = Sandbox(AllStacks.all)
        _ = await sandbox.run("apply lakehouse --env prod --yes")
        #expect(await sandbox.run("destroy lakehouse --env prod --yes").code == 6)
    }

    @Test func `the declaration refuses what it cannot mean`() async throws {
        let sandbox = Sandbox(AllStacks.all)
        await sandbox.expect(
            "plan lakehouse --var sources=a/b --var codec=lz4 --var workers=1",
            """
            ! workers: 1 is not between 2 and 20
            !     hint: Workers of the conversion, one of them Spark's driver
            ! sources: 'a/b' is no name: letters, digits and '-'
            !     hint: What comes in, by name
            ! codec: 'lz4' is not one of snappy, zstd, gzip
            !     hint: How Parquet files are compressed
            ! error: the declaration has 3 mistakes
            (exit 3)
            """)
    }
}
