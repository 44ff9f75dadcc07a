public import SlipwayAWS
import SlipwayDeclaration
public import SlipwayProvider

extension Glue.Database {
    public func create(_ new: Creation, _ aws: AWSClient) async throws -> Created<Glue.Database> {
        struct Input: Encodable {
            let catalogId: Text?
            let databaseInput: Document
            let tags: [String: String]
        }
        let name = new.name.lowercased()
        let input = Input(
            catalogId: catalogId, databaseInput: try definition().setting(["Name"], to: .string(name)).document,
            tags: new.tags(tags))
        try await aws.call(.glue, "CreateDatabase", input)
        let identity = Glue.CatalogPath.identity(catalogId, Text(verbatim: name)).literal ?? name
        return Created(identity, self, Self.attributes(identity, at: new.location))
    }

    public static func read(
        _ identity: String, _ interest: Interest, _ aws: AWSClient
    ) async throws -> Observation<Glue.Database> {
        guard let tree = try await ifPresent({ try await described(identity, aws) }) else { return .absent }
        guard interest.includes("Tags") else { return .present(try found(identity, tree, nil, aws)) }
        let arn = attributes(identity, at: Location(aws)).arn
        guard let tags = try await Glue.tags(arn, aws) else { return .absent }
        return .present(try found(identity, tree, tags, aws))
    }

    public func update(_ identity: String, from current: Glue.Database, _ aws: AWSClient) async throws {
        let (wanted, before) = (try definition(), try current.definition())
        if wanted != before {
            struct Input: Encodable {
                let catalogId: String?
                let name: String
                let databaseInput: Document
            }
            let path = Glue.CatalogPath(identity, depth: 1)
            let name = path.name
            let now = try PropertyDecoder().decode(DatabaseInput.self, from: await Self.described(identity, aws))
            let whole = wanted.rebased(from: before, onto: try PropertyEncoder().encode(now).tree).setting(["Name"], to: .string(name))
            let input = Input(catalogId: path.catalog, name: name, databaseInput: whole.document)
            try await aws.call(.glue, "UpdateDatabase", input)
        }
        let arn = Self.attributes(identity, at: Location(aws)).arn
        try await Glue.updateTags(arn, from: current.tags, to: tags, aws)
    }

    public static func tag(_ identity: String, _ tags: [String: String], _ aws: AWSClient) async throws {
        try await Glue.tag(attributes(identity, at: Location(aws)).arn, tags, aws)
    }

    public func delete(_ identity: String, _ aws: AWSClient) async throws {
        try await ifPresent { try await aws.call(.glue, "DeleteDatabase", Place(identity)) }
    }

    /// `GetDatabases` gives a hundred databases with each call.
    public static func listCalls(for count: Int) -> Int? {
        max(1, (count + perPage - 1) / perPage) + Glue.tagCalls(for: count)
    }

    public static var readCalls: Int { 2 }

    public static func list(
        _ wanted: [Listed<Glue.Database>], _ aws: AWSClient
    ) async throws -> [String: Sighting<Glue.Database>] {
        struct Input: Encodable {
            let catalogId: String?
            let maxResults = perPage
        }
        struct Page: Decodable { let databaseList: [Document] }
        let trees = try await Glue.inCatalogs(wanted.map(\.identity)) { catalog in
            aws.pages(.glue, "GetDatabases", Input(catalogId: catalog), as: Page.self)
        } items: {
            $0.databaseList
        }
        let location = Location(aws)
        return try await Glue.sightings(trees, wanted, arn: { attributes($0, at: location).arn }, aws) {
            .present(try found($0, $1, $2, aws))
        }
    }
}

// MARK: - Parts

private let perPage = 100

private struct Place: Encodable {
    let catalogId: String?
    let name: String

    init(_ identity: String) {
        let path = Glue.CatalogPath(identity, depth: 1)
        catalogId = path.catalog
        name = path.name
    }
}

extension Glue.Database {
    /// What `CreateDatabase` and `UpdateDatabase` take, without the name.
    private func definition() throws -> JSON { try PropertyEncoder().encode(databaseInput).tree }

    private static func described(_ identity: String, _ aws: AWSClient) async throws -> JSON {
        struct Output: Decodable { let database: Document }
        return JSON(try await aws.call(.glue, "GetDatabase", Place(identity), as: Output.self).database)
    }

    /// A database as AWS described it.
    /// - Parameter tags: `nil` when they were not read.
    private static func found(
        _ identity: String, _ tree: JSON, _ tags: [String: String]?, _ aws: AWSClient
    ) throws -> Found<Glue.Database> {
        var database = Glue.Database(
            catalog: tree["CatalogId"]?.string.map { Text(verbatim: $0) },
            name: tree["Name"]?.string.map { Text(verbatim: $0) },
            tags: tags.map { Ownership.declared($0).mapValues { Text(verbatim: $0) } })
        database.databaseInput = try PropertyDecoder().decode(DatabaseInput.self, from: tree)
        // What is empty may be left out of the answer.
        database.databaseInput.parameters = database.databaseInput.parameters ?? [:]
        database.databaseInput.createTableDefaultPermissions =
            database.databaseInput.createTableDefaultPermissions ?? []
        return Found(
            database, attributes(identity, at: Location(aws)), tags: tags,
            immutableID: Glue.immutableID(tree, "CreateTime"), unread: tags == nil ? ["Tags"] : [])
    }
}
