import SlipwayDeclaration
import SlipwayFakeAWS
import SlipwayProvider
import SlipwayResources

enum GlueDatabaseExample: ConformanceExample {
    static let minimal = Glue.Database()

    static let full = Glue.Database(
        description: "Raw data", location: "s3://lake/raw/", parameters: ["owner": "data", "tier": "raw"],
        createTableDefaultPermissions: [.init(["SELECT", "ALTER"], to: "arn:aws:iam::123456789012:role/etl")],
        target: .init(catalog: "210987654321", database: "raw", region: "eu-west-1"), catalog: "123456789012",
        name: "Tickit_Raw", tags: ["team": "data", "tier": "raw"])

    static let changed: Glue.Database = {
        var database = full
        database.databaseInput.description = "All raw data"
        database.databaseInput.locationUri = "s3://pond/raw/"
        database.databaseInput.parameters = ["owner": "platform"]
        database.databaseInput.createTableDefaultPermissions = []
        database.tags = ["team": "platform"]
        return database
    }()

    static let wrapped = Glue.Database.DatabaseInput.storedNames.names.map { "DatabaseInput.\($0)" }

    static let uncovered = [
        "DatabaseInput.FederatedDatabase": "a database is either a link or federated; GlueDatabaseTests cover it"
    ]

    static func disappear(_ identity: String, _ services: inout FakeServices) {
        services.glue.databases["tickit_raw"] = nil
    }
}
