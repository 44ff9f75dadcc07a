import Foundation
import SlipwayCommandLine
import SlipwayDeclaration
import SlipwayFakeAWS
import SlipwayJobs
import SlipwayResources
import Testing

extension StackDefinition {
    /// A bucket beside a warehouse that is there, and a pipeline of SQL.
    static let shop = StackDefinition("shop", "Questions to a warehouse") { settings in
        var stack = Stack("shop", settings)
        let lake = stack.add("lake", S3.Bucket())
        let warehouse = SQLDatabase.redshift(cluster: "shop", database: "dev", user: "ann")
        var refresh = Pipeline("refresh")
        let raw = refresh.add("raw", Upload(.asset("data"), to: "s3://\(lake.name)/raw/"))
        let loaded = refresh.add("loaded", RunSQL(file: .asset("load.sql"), on: warehouse), after: [raw])
        let filled = refresh.add("filled", Expect(rows: "sales", atLeast: 1, on: warehouse), after: [loaded])
        refresh.add("sellers", Query("top sellers", "select seller, city, sold, share from top", on: warehouse), after: [filled])
        stack.add(refresh)
        return stack
    }
}

@Suite struct RowTests {
    /// A sandbox in which the stack is applied.
    func sandbox(count: Int = 2) async throws -> Sandbox {
        let sandbox = Sandbox([.shop])
        try FileManager.default.createDirectory(atPath: sandbox.folder + "/bin/assets/data", withIntermediateDirectories: true)
        try sandbox.write("a,b\n", to: "bin/assets/data/a.csv")
        try sandbox.write("truncate sales;\ncopy sales from 's3://lake/raw/';\n", to: "bin/assets/load.sql")
        sandbox.fake.withServices { services in
            services.redshiftData.answers = [
                ("copy", .changed(2)), ("count(*)", .rows([("rows", "int8")], [[["longValue": .int(count)]]])),
                (
                    "from top",
                    .rows(
                        [("seller", "varchar"), ("city", "varchar"), ("sold", "int4"), ("share", "numeric")],
                        [
                            [["stringValue": "Ann \"A\", jr."], ["stringValue": "東京"], ["longValue": 1200], ["stringValue": "0.50"]],
                            [["stringValue": "Bob"], ["isNull": true], ["longValue": 7], ["stringValue": "10.25"]],
                        ])
                ),
            ]
        }
        #expect(await sandbox.run("apply shop --yes --parallelism 1").code == 0)
        return sandbox
    }

    @Test func `SQL is run, and rows are shown as a table and told again`() async throws {
        let sandbox = try await sandbox()
        try expectSnapshot([
            await sandbox.run("run shop"),
            await sandbox.run("runs shop show \(try await sandbox.latestRun(of: "shop"))"),
        ])
    }

    @Test func `rows for programs are alone on the standard output`() async throws {
        let sandbox = try await sandbox()
        let csv = await sandbox.run("run shop --format csv")
        #expect(csv.out == "seller,city,sold,share\r\n\"Ann \"\"A\"\", jr.\",東京,1200,0.50\r\nBob,,7,10.25\r\n")
        #expect(csv.error.contains("Done: 4 succeeded"))
        let json = await sandbox.run("run shop --format json")
        #expect(
            json.out == """
                [
                {"seller":"Ann \\"A\\", jr.","city":"東京","sold":1200,"share":"0.50"},
                {"seller":"Bob","city":null,"sold":7,"share":"10.25"}
                ]

                """)
    }

    @Test func `JSON lines have the rows with the types of their columns`() async throws {
        let sandbox = try await sandbox()
        let lines = try await sandbox.run("run shop --json").events.filter { $0["type"] == "rows" }
        #expect(lines.count == 1)
        #expect(lines[0]["columns"]?.array?[0] == ["name": "seller", "type": "varchar"])
        #expect(lines[0]["rows"]?.array?[1] == ["Bob", .null, 7, "10.25"])
        #expect(lines[0]["total"] == 2)
    }

    @Test func `an expectation that does not hold ends with exit 8, and what comes after is not begun`() async throws {
        let sandbox = try await sandbox(count: 0)
        let result = await sandbox.run("run shop")
        #expect(result.code == 8)
        #expect(result.error.contains("filled: rows of sales: expected at least 1, found 0"))
        #expect(result.error.contains("sellers: not begun, because of filled"))
    }
}
