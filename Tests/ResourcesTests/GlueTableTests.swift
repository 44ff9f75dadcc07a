import SlipwayAWS
import SlipwayDeclaration
import SlipwayFakeAWS
import SlipwayProvider
import SlipwayResources
import Testing

struct GlueTableTests {
    private let trial = Trial()

    init() { trial.fake.withServices { GlueTableExample.prepare(&$0) } }

    private static let columns: [Glue.Table.Column] = [.init("userid", "int"), .init("name", "string")]

    private static func users(_ change: (inout Glue.Table) -> Void = { _ in }) -> Glue.Table {
        var table = Glue.Table(database: "raw", columns: columns, location: "s3://lake/users/", format: .csv(delimiter: "|"))
        change(&table)
        return table
    }

    private func parameters() -> [String: JSON] {
        trial.fake.withServices { $0.glue.tables["raw/users"]?.definition["Parameters"]?.object ?? [:] }
    }

    // MARK: Pure

    @Test func `what cannot be changed is what CloudFormation says, and what no operation changes`() throws {
        let table = Glue.Table(
            database: "raw", input: .init(target: .init(database: "d", name: "t")), iceberg: .init(), catalog: "c", name: "n")
        #expect(
            try createOnly(table) == [
                "CatalogId", "DatabaseName", "Name", "OpenTableFormatInput", "TableInput.TargetTable",
            ])
    }

    @Test(arguments: [
        (nil as Text?, "Users", "raw/users", "users", "arn:aws:glue:us-east-1:123456789012:table/raw/users"),
        ("210987654321", "users", "210987654321/raw/users", "users", "arn:aws:glue:us-east-1:210987654321:table/raw/users"),
        (nil, "a|b", "raw/a|b", "a|b", "arn:aws:glue:us-east-1:123456789012:table/raw/a|b"),
    ])
    func `name and ARN are known before the table exists`(
        catalog: Text?, name: String, identity: String, kept: String, arn: String
    ) {
        let table = Glue.Table(database: "Raw", catalog: catalog)
        #expect(table.identity(name) == Text(verbatim: identity))
        let values = table.foreseen(identity, at: Trial.location).values
        #expect(values == ["Name": .string(kept), "DatabaseName": "raw", "Arn": .string(arn)])
    }

    @Test func `a table of a database that is not there yet has its place`() {
        let catalog = Text(.attribute(Reference(resource: Address("catalog"), attribute: "Name")))
        let identity = Glue.Table(database: catalog, name: "users").identity("x")
        #expect(identity?.literal == nil)
        #expect(identity?.references.map(\.attribute) == ["Name"])
    }

    static let mistakes: [(Glue.Table, [String])] = [
        (users { $0.name = "" }, ["Name"]),
        (users { $0.databaseName = "" }, ["DatabaseName"]),
        (users { $0.tableInput.description = "" }, ["TableInput.Description"]),
        (users { $0.tableInput.retention = -1 }, ["TableInput.Retention"]),
        (users { $0.tableInput.parameters = ["slipway:nonce": "x"] }, ["TableInput.Parameters.slipway:nonce"]),
        (users { $0.tableInput.partitionKeys = [.init("UserID", "int")] }, ["TableInput.PartitionKeys"]),
        (users { $0.tableInput.storageDescriptor?.columns = [.init("", "int")] }, ["TableInput.StorageDescriptor.Columns"]),
    ]

    @Test(arguments: mistakes)
    func `mistakes are found before AWS is asked`(table: Glue.Table, properties: [String]) {
        #expect(table.check().map(\.property) == properties)
    }

    static let formats: [(Glue.Table.Format, Text)] = [
        (.parquet, "parquet"), (.orc, "orc"), (.json, "json"), (.csv(skippingLines: 1), "csv"),
    ]

    @Test(arguments: formats)
    func `formats say what they are`(format: Glue.Table.Format, classification: Text) {
        let table = Glue.Table(database: "raw", columns: Self.columns, location: "s3://lake/", format: format)
        #expect(table.tableInput.parameters?["classification"] == classification)
        #expect(table.tableInput.storageDescriptor?.serdeInfo?.serializationLibrary?.literal?.isEmpty == false)
        #expect(table.tableInput.tableType == "EXTERNAL_TABLE")
        #expect(table.check().isEmpty)
    }

    // MARK: Marks

    @Test func `whose a table is stands among its parameters, and is no difference`() async throws {
        let operations = try await trial.operations { try await trial.make("users", Self.users()) }
        #expect(operations == ["CreateTable"])
        #expect(parameters().keys.filter { $0.hasPrefix("slipway:") }.count == 4)
        let found = try await trial.look("raw/users", Glue.Table.self)
        #expect(found.tags.flatMap(Ownership.init) == Trial.ownership)
        #expect(found.properties.tableInput.parameters == Self.users().tableInput.parameters)
        #expect(found.immutableID != nil)
    }

    @Test func `a table that is taken over is marked, and keeps what it has`() async throws {
        trial.fake.withServices {
            $0.glue.tables["raw/users"] = .init(
                definition: [
                    "Name": "users", "DatabaseName": "raw", "CatalogId": .string(FakeAWS.account), "VersionId": "3",
                    "Parameters": ["crawled": "yes"], "LastAccessTime": 1, "CreatedBy": "crawler",
                ])
        }
        try await Glue.Table.tag("raw/users", Trial.ownership.tags, trial.aws)
        #expect(parameters()["crawled"] == "yes")
        #expect(try await trial.look("raw/users", Glue.Table.self).tags.flatMap(Ownership.init) == Trial.ownership)
        let sent = trial.fake.calls.last { $0.operation == "UpdateTable" }?.input
        #expect(sent?["TableInput"]?["LastAccessTime"] == 1)
        #expect(sent?["TableInput"]?["CreatedBy"] == nil)
        #expect(sent?["VersionId"] == "3")
    }

    // MARK: Changes

    /// Source: `UpdateTable` replaces the whole input.
    @Test func `an update keeps what others wrote meanwhile`() async throws {
        try await trial.make("users", Self.users { $0.tableInput.parameters?["old"] = "x" })
        let current = try await trial.look("raw/users", Glue.Table.self).properties
        trial.fake.withServices {
            $0.glue.rewrite("raw/users") {
                $0.setting(["Parameters", "metadata_location"], to: "s3://lake/1.json").setting(["Owner"], to: "crawler")
            }
        }
        var desired = current
        desired.tableInput.description = "Users"
        desired.tableInput.parameters?["old"] = nil
        let operations = try await trial.operations { try await desired.update("raw/users", from: current, trial.aws) }
        #expect(operations == ["GetTable", "UpdateTable"])
        let found = try await trial.look("raw/users", Glue.Table.self)
        #expect(found.properties.tableInput.parameters?["metadata_location"] == "s3://lake/1.json")
        #expect(found.properties.tableInput.parameters?["old"] == nil)
        #expect(found.properties.tableInput.owner == "crawler")
        #expect(found.properties.tableInput.description == "Users")
        #expect(found.tags.flatMap(Ownership.init) == Trial.ownership)
    }

    @Test func `an update that meets another one is busy, and begins again with what that one made`() async throws {
        try await trial.make("users", Self.users())
        let current = try await trial.look("raw/users", Glue.Table.self).properties
        var desired = current
        desired.tableInput.description = "Users"
        trial.fake.fail("glue", "UpdateTable", code: "ConcurrentModificationException")
        let error = await #expect(throws: AWSError.self) {
            try await desired.update("raw/users", from: current, trial.aws)
        }
        #expect(error?.kind == .busy)
        trial.fake.withServices { $0.glue.rewrite("raw/users") { $0.setting(["Parameters", "crawled"], to: "yes") } }
        try await desired.update("raw/users", from: current, trial.aws)
        #expect(parameters()["crawled"] == "yes")
        #expect(trial.fake.withServices { $0.glue.tables["raw/users"]?.archive.count } == 2)
    }

    @Test func `a version that is no longer the latest is refused`() async throws {
        struct Input: Encodable {
            struct Table: Encodable { let name = "users" }
            let databaseName = "raw", tableInput = Table(), versionId = "7"
        }
        try await trial.make("users", Self.users())
        let error = await #expect(throws: AWSError.self) {
            try await trial.aws.call(.glue, "UpdateTable", Input())
        }
        #expect(error?.code == "ConcurrentModificationException")
    }

    @Test func `a view that several engines read is replaced by name`() async throws {
        let view = Glue.Table.ViewDefinition(
            representations: [.init(dialect: "ATHENA", originalText: "SELECT 1")], isProtected: true)
        let table = Glue.Table(database: "raw", input: .init(tableType: "VIRTUAL_VIEW", view: view))
        try await trial.make("users", table)
        var desired = table
        desired.tableInput.viewDefinition?.representations = [.init(dialect: "ATHENA", originalText: "SELECT 2")]
        try await desired.update("raw/users", from: table, trial.aws)
        #expect(trial.fake.calls.last?.input["ViewUpdateAction"] == "REPLACE")
    }

    @Test func `the first metadata of an Iceberg table go by the API's name, and stay`() async throws {
        let table = Glue.Table(
            database: "raw", input: .init(storage: .init(location: "s3://lake/ice/")),
            iceberg: .init(
                version: "2",
                table: .init(
                    location: "s3://lake/ice/",
                    schema: .init([.init(1, "userid", "long", required: true)], identifierFieldIDs: [1]),
                    partitionSpec: .init([.init(1, "bucket[16]", name: "part")]), writeOrder: .init([.init(1)]),
                    properties: ["write.format.default": "parquet"])))
        try await trial.make("users", table)
        let sent = trial.fake.calls.first?.input["OpenTableFormatInput"]?["IcebergInput"]
        #expect(sent?["MetadataOperation"] == "CREATE")
        #expect(sent?["CreateIcebergTableInput"]?["Schema"]?["Fields"] == [
            ["Id": 1, "Name": "userid", "Type": "long", "Required": true]
        ])
        #expect(sent?["IcebergTableInput"] == nil)
        let current = try await trial.look("raw/users", Glue.Table.self).properties
        var desired = current
        desired.tableInput.description = "Users"
        try await desired.update("raw/users", from: current, trial.aws)
        #expect(parameters()["metadata_location"] == "s3://lake/ice/metadata/00000.metadata.json")
    }

    // MARK: Lists

    @Test func `tables are listed by database, and only those that are asked for`() async throws {
        for number in 0..<150 { try await trial.make("t_\(number)", Self.users()) }
        trial.fake.forgetCalls()
        let names = (0..<120).map { "raw/t_\($0)" } + ["raw/gone", "other/t_1"]
        let found = try await Glue.Table.list(names.map { Listed($0, .all) }, trial.aws)
        #expect(Set(found.keys) == Set(names.dropLast(2)))
        #expect(trial.fake.operations == ["glue GetTables", "glue GetTables", "glue GetTables"])
        #expect(trial.fake.calls.contains { $0.input["Expression"]?.string?.hasPrefix("gone|t_0|t_1|") == true })
    }

    @Test func `a name that would mean something as an expression is found among all`() async throws {
        try await trial.make("a|b", Glue.Table(database: "raw", name: "a|b"))
        try await trial.make("c", Glue.Table(database: "raw", name: "c"))
        trial.fake.forgetCalls()
        let found = try await Glue.Table.list([Listed("raw/a|b", .all)], trial.aws)
        #expect(Array(found.keys) == ["raw/a|b"])
        #expect(trial.fake.calls.first?.input["Expression"] == nil)
    }

    @Test func `expressions are no longer than AWS allows`() async throws {
        let names = (0..<30).map { number in "raw/t\(String(repeating: "x", count: 200))\(number)" }
        trial.fake.forgetCalls()
        _ = try await Glue.Table.list(names.map { Listed($0, .all) }, trial.aws)
        let expressions = trial.fake.calls.compactMap { $0.input["Expression"]?.string }
        #expect(expressions.allSatisfy { $0.utf8.count <= 2048 })
        #expect(expressions.flatMap { $0.split(separator: "|") }.count == 30)
    }

    @Test func `a database takes its tables along`() async throws {
        try await trial.make("users", Self.users())
        try await Glue.Database().delete("raw", trial.aws)
        guard case .absent = try await Glue.Table.read("raw/users", .all, trial.aws) else {
            Issue.record("the table is still there")
            return
        }
        try await Self.users().delete("raw/users", trial.aws)
    }
}
