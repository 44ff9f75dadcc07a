import SlipwayDeclaration
import SlipwayFakeAWS
import SlipwayProvider
import SlipwayResources

enum GlueTableExample: ConformanceExample {
    static let minimal = Glue.Table(database: "raw")

    static let full = Glue.Table(
        database: "Raw",
        input: .init(
            description: "Users", owner: "data", retention: 30,
            storage: .init(
                columns: [
                    .init("userid", "int", comment: "theirs", parameters: ["pii": "no"]), .init("name", "string"),
                ],
                location: "s3://lake/raw/users/", additionalLocations: ["s3://lake/more/"], inputFormat: "In",
                outputFormat: "Out", compressed: true, numberOfBuckets: 4,
                serde: .init("Serde", parameters: ["field.delim": "|"], name: "pipes"), bucketColumns: ["userid"],
                sortColumns: [.init("name", ascending: false)], parameters: ["skip": "1"],
                skewedInfo: .init(names: ["name"], values: ["x"], locations: ["x": "s3://lake/x/"]),
                storedAsSubDirectories: true,
                schema: .init(.init(name: "users", registry: "tickit"), version: 1)),
            partitionKeys: [.init("day", "date")], viewOriginalText: "SELECT 1", viewExpandedText: "SELECT 1",
            tableType: "EXTERNAL_TABLE", parameters: ["classification": "csv", "tier": "raw"],
            target: .init(catalog: "210987654321", database: "raw", name: "users", region: "eu-west-1"),
            view: .init(
                representations: [
                    .init(
                        dialect: "ATHENA", version: "3", originalText: "SELECT 1", expandedText: "SELECT 1",
                        validationConnection: "vpc")
                ],
                isProtected: true, definer: "arn:aws:iam::123456789012:role/definer",
                subObjects: ["arn:aws:glue:eu-west-1:123456789012:table/raw/venues"])),
        catalog: "123456789012", name: "Users")

    static let changed: Glue.Table = {
        var table = full
        table.tableInput.description = "All users"
        table.tableInput.owner = "platform"
        table.tableInput.retention = 60
        table.tableInput.storageDescriptor?.columns = [.init("userid", "bigint")]
        table.tableInput.storageDescriptor?.location = "s3://pond/raw/users/"
        table.tableInput.storageDescriptor?.compressed = false
        table.tableInput.partitionKeys = [.init("month", "string")]
        table.tableInput.viewOriginalText = "SELECT 2"
        table.tableInput.viewExpandedText = "SELECT 2"
        table.tableInput.tableType = "VIRTUAL_VIEW"
        table.tableInput.parameters = ["classification": "json"]
        table.tableInput.viewDefinition?.isProtected = false
        return table
    }()

    static let wrapped = Glue.Table.TableInput.storedNames.names.map { "TableInput.\($0)" }

    static let uncovered = [
        "OpenTableFormatInput": "AWS answers with something else than it was sent; GlueTableTests cover it"
    ]

    static func prepare(_ services: inout FakeServices) {
        services.glue.databases["raw"] = .init(
            definition: ["Name": "raw", "CatalogId": .string(FakeAWS.account)],
            arn: "arn:aws:glue:eu-west-1:\(FakeAWS.account):database/raw")
    }

    static func disappear(_ identity: String, _ services: inout FakeServices) {
        services.glue.tables["raw/users"] = nil
    }
}
