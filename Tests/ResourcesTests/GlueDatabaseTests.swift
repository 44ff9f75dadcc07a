import SlipwayAWS
import SlipwayDeclaration
import SlipwayFakeAWS
import SlipwayProvider
import SlipwayResources
import Testing

struct GlueDatabaseTests {
    private let trial = Trial()

    @Test func `what cannot be changed has no operation that changes it`() throws {
        let database = Glue.Database(
            description: "d", target: .init(database: "d"), federated: .init(identifier: "i"), catalog: "c", name: "n")
        #expect(
            try createOnly(database) == [
                "CatalogId", "DatabaseName", "DatabaseInput.TargetDatabase", "DatabaseInput.FederatedDatabase",
            ])
    }

    @Test(arguments: [
        (nil as Text?, "raw", "raw", "arn:aws:glue:us-east-1:123456789012:database/raw"),
        ("210987654321", "210987654321/raw", "raw", "arn:aws:glue:us-east-1:210987654321:database/raw"),
        (
            "210987654321:s3tables/lake", "210987654321:s3tables%2Flake/raw", "raw",
            "arn:aws:glue:us-east-1:210987654321:database/s3tables/lake/raw"
        ),
    ])
    func `name and ARN are known before the database exists`(catalog: Text?, identity: String, name: String, arn: String) {
        let database = Glue.Database(catalog: catalog, name: "Raw")
        #expect(database.identity("Raw") == Text(verbatim: identity))
        #expect(database.foreseen(identity, at: Trial.location).values == ["Name": .string(name), "Arn": .string(arn)])
    }

    @Test func `a name with a slash is one name`() async throws {
        let created = try await trial.make("a/b%2F", Glue.Database(name: "a/b%2F"))
        #expect(created.identity == "a%2Fb%252f")
        #expect(try await trial.look(created.identity, Glue.Database.self).attributes.name == "a/b%2f")
        try await Glue.Database().delete(created.identity, trial.aws)
        #expect(trial.fake.withServices { $0.glue.databases.isEmpty })
    }

    @Test(arguments: [
        (Glue.Database(description: ""), ["DatabaseInput.Description"]),
        (Glue.Database(location: ""), ["DatabaseInput.LocationUri"]),
        (Glue.Database(name: ""), ["DatabaseName"]),
        (Glue.Database(catalog: ""), ["CatalogId"]),
        (
            Glue.Database(target: .init(database: "x"), federated: .init(identifier: "y")),
            ["DatabaseInput.TargetDatabase"]
        ),
        (Glue.Database(location: Text(.attribute(Reference(resource: Address("lake"), attribute: "Uri")))), []),
    ])
    func `mistakes are found before AWS is asked`(database: Glue.Database, properties: [String]) {
        #expect(database.check().map(\.property) == properties)
    }

    @Test func `a create is one call, tags and all`() async throws {
        let operations = try await trial.operations { try await trial.make("raw", Glue.Database()) }
        #expect(operations == ["CreateDatabase"])
        let found = try await trial.look("raw", Glue.Database.self)
        #expect(found.tags.flatMap(Ownership.init) == Trial.ownership)
        #expect(found.immutableID != nil)
    }

    @Test func `names in capital letters are the same in small ones`() async throws {
        let database = Glue.Database(name: "Raw")
        let created = try await trial.make("Raw", database)
        #expect(created.identity == "raw")
        let found = try await trial.look("raw", Glue.Database.self)
        #expect(found.properties.canonical().databaseName == database.canonical().databaseName)
        #expect(found.attributes.name == "raw")
    }

    @Test func `AWS's default permissions are told, and none are told from them`() async throws {
        try await trial.make("raw", Glue.Database())
        let usual = try await trial.look("raw", Glue.Database.self).properties.databaseInput
        #expect(usual.createTableDefaultPermissions == [.init(["ALL"], to: "IAM_ALLOWED_PRINCIPALS")])
        try await trial.make("strict", Glue.Database(createTableDefaultPermissions: []))
        let strict = try await trial.look("strict", Glue.Database.self).properties.databaseInput
        #expect(strict.createTableDefaultPermissions == [])
    }

    /// Source: `UpdateDatabase` replaces the whole input.
    @Test func `an update keeps what others wrote meanwhile`() async throws {
        try await trial.make("raw", Glue.Database(description: "Raw", parameters: ["tier": "raw", "old": "x"]))
        let current = try await trial.look("raw", Glue.Database.self).properties
        trial.fake.withServices {
            guard var database = $0.glue.databases["raw"] else { return }
            database.definition = database.definition.setting(["Parameters", "crawled"], to: "yes")
                .setting(["LocationUri"], to: "s3://lake/")
            $0.glue.databases["raw"] = database
        }
        var desired = current
        desired.databaseInput.description = "All raw data"
        desired.databaseInput.parameters = ["tier": "raw"]
        let operations = try await trial.operations { try await desired.update("raw", from: current, trial.aws) }
        #expect(operations == ["GetDatabase", "UpdateDatabase"])
        let input = try await trial.look("raw", Glue.Database.self).properties.databaseInput
        #expect(input.description == "All raw data")
        #expect(input.parameters == ["tier": "raw", "crawled": "yes"])
        #expect(input.locationUri == "s3://lake/")
        #expect(input.createTableDefaultPermissions == [.init(["ALL"], to: "IAM_ALLOWED_PRINCIPALS")])
    }

    @Test func `a federated database is one of its own kind`() async throws {
        let federated = Glue.Database(
            federated: .init(identifier: "arn:aws:redshift:x", connection: "aws:redshift", connectionType: "aws:redshift"))
        try await trial.make("shared", federated)
        let found = try await trial.look("shared", Glue.Database.self).properties.databaseInput
        #expect(found.federatedDatabase == federated.databaseInput.federatedDatabase)
    }

    @Test func `databases of several catalogues are listed, a hundred with each call`() async throws {
        for number in 0..<150 { try await trial.make("raw_\(number)", Glue.Database()) }
        try await trial.make("raw_0", Glue.Database(catalog: "210987654321"))
        trial.fake.forgetCalls()
        let names = (0..<150).map { "raw_\($0)" } + ["210987654321/raw_0", "gone"]
        let found = try await Glue.Database.list(names.map { Listed($0, .only(["DatabaseInput"])) }, trial.aws)
        #expect(Set(found.keys) == Set(names.dropLast()))
        #expect(trial.fake.calls.map(\.operation) == ["GetDatabases", "GetDatabases", "GetDatabases"])
        #expect(Glue.Database.listCalls(for: 150) == 4)
        guard case .observed(.present(let other)) = found["210987654321/raw_0"] else {
            Issue.record("the other catalogue's database was not seen")
            return
        }
        #expect(other.attributes.arn == "arn:aws:glue:us-east-1:210987654321:database/raw_0")
        #expect(other.unread == ["Tags"])
    }
}
