public import SlipwayAWS
import SlipwayDeclaration
public import SlipwayProvider

extension Glue.Table {
    public func create(_ new: Creation, _ aws: AWSClient) async throws -> Created<Glue.Table> {
        struct Input: Encodable {
            let catalogId: Text?
            let databaseName: Text
            let tableInput: Document
            let openTableFormatInput: Document?
        }
        let name = new.name.lowercased()
        let marked = try PropertyEncoder().encode(tableInput).tree.marked(new.ownership.tags)
        var format = try openTableFormatInput.map { try PropertyEncoder().encode($0).tree }
        if let table = format?["IcebergInput"]?["IcebergTableInput"] {
            // The API's name for what CloudFormation calls otherwise.
            format = format?.setting(["IcebergInput", "IcebergTableInput"], to: nil)
                .setting(["IcebergInput", "CreateIcebergTableInput"], to: table)
        }
        let input = Input(
            catalogId: catalogId, databaseName: databaseName,
            tableInput: marked.setting(["Name"], to: .string(name)).document, openTableFormatInput: format?.document)
        try await aws.call(.glue, "CreateTable", input)
        let identity = self.identity(name)?.literal ?? name
        return Created(identity, self, Self.attributes(identity, at: new.location))
    }

    public static func read(
        _ identity: String, _ interest: Interest, _ aws: AWSClient
    ) async throws -> Observation<Glue.Table> {
        guard let tree = try await ifPresent({ try await described(identity, aws) }) else { return .absent }
        return .present(try found(identity, tree, aws))
    }

    public func update(_ identity: String, from current: Glue.Table, _ aws: AWSClient) async throws {
        let wanted = try PropertyEncoder().encode(tableInput).tree
        let before = try PropertyEncoder().encode(current.tableInput).tree
        if wanted == before { return }
        let changesView = tableInput.viewDefinition != current.tableInput.viewDefinition
        try await Self.replace(identity, view: changesView && tableInput.viewDefinition != nil, aws) {
            wanted.rebased(from: before, onto: $0)
        }
    }

    public static func tag(_ identity: String, _ tags: [String: String], _ aws: AWSClient) async throws {
        try await replace(identity, view: false, aws) { $0.marked(tags) }
    }

    public func delete(_ identity: String, _ aws: AWSClient) async throws {
        try await ifPresent { try await aws.call(.glue, "DeleteTable", Place(identity)) }
    }

    /// `GetTables` gives a hundred tables of one database with each call.
    public static func listCalls(for count: Int) -> Int? { max(1, (count + perPage - 1) / perPage) }

    public static func list(
        _ wanted: [Listed<Glue.Table>], _ aws: AWSClient
    ) async throws -> [String: Sighting<Glue.Table>] {
        struct Database: Hashable {
            let catalog: String?
            let name: String
        }
        var sightings: [String: Sighting<Glue.Table>] = [:]
        let paths = wanted.map { ($0.identity, Glue.CatalogPath($0.identity, depth: 2)) }
        let databases = Dictionary(grouping: paths) { Database(catalog: $0.1.catalog, name: $0.1.names.first ?? "") }
        for (database, tables) in databases {
            let byName = Dictionary(tables.map { ($0.1.name, $0.0) }) { first, _ in first }
            for expression in expressions(byName.keys.sorted()) {
                struct Input: Encodable {
                    let catalogId: String?
                    let databaseName: String
                    let expression: String?
                    let maxResults = perPage
                }
                struct Page: Decodable { let tableList: [Document] }
                let input = Input(
                    catalogId: database.catalog, databaseName: database.name, expression: expression)
                let pages = aws.pages(.glue, "GetTables", input, as: Page.self)
                // Without the database, there are none of its tables.
                for tree in try await ifPresent({ try await pages.all(\.tableList) }) ?? [] {
                    let tree = JSON(tree)
                    guard let identity = tree["Name"]?.string.flatMap({ byName[$0] }) else { continue }
                    sightings[identity] = .observed(.present(try found(identity, tree, aws)))
                }
            }
        }
        return sightings
    }
}

// MARK: - Parts

private let perPage = 100

private struct Place: Encodable {
    let catalogId: String?
    let databaseName, name: String

    init(_ identity: String) {
        let path = Glue.CatalogPath(identity, depth: 2)
        catalogId = path.catalog
        databaseName = path.names.first ?? ""
        name = path.name
    }
}

extension Glue.Table {
    private static func described(_ identity: String, _ aws: AWSClient) async throws -> JSON {
        struct Output: Decodable { let table: Document }
        return JSON(try await aws.call(.glue, "GetTable", Place(identity), as: Output.self).table)
    }

    /// Replaces the description by what `change` makes of it, if nobody else changes it at the same time.
    ///
    /// - Throws: An `AWSError` that is busy when somebody else does: the next attempt begins with what they made of it.
    private static func replace(
        _ identity: String, view: Bool, _ aws: AWSClient, change: (JSON) -> JSON
    ) async throws {
        struct Input: Encodable {
            let catalogId: String?
            let databaseName: String
            let tableInput: Document
            let versionId: String?
            let viewUpdateAction: String?
        }
        let place = Place(identity)
        let now = try await described(identity, aws)
        // What others put there that is not declared here goes along, as far as an update takes it.
        let names = Set(TableInput.storedNames.names + ["LastAccessTime", "LastAnalyzedTime", "FederatedTable"])
        var fresh = JSON.object((now.object ?? [:]).filter { names.contains($0.key) })
        if let view = now["ViewDefinition"] {
            let definition = try PropertyDecoder().decode(ViewDefinition.self, from: view)
            fresh = fresh.setting(["ViewDefinition"], to: try PropertyEncoder().encode(definition).tree)
        }
        let input = Input(
            catalogId: place.catalogId, databaseName: place.databaseName,
            tableInput: change(fresh).setting(["Name"], to: .string(place.name)).document,
            versionId: now["VersionId"]?.string, viewUpdateAction: view ? "REPLACE" : nil)
        try await aws.call(.glue, "UpdateTable", input)
    }

    /// A table as AWS described it.
    private static func found(_ identity: String, _ tree: JSON, _ aws: AWSClient) throws -> Found<Glue.Table> {
        let path = Glue.CatalogPath(identity, depth: 2)
        var table = Glue.Table(
            database: Text(verbatim: path.names.first ?? ""),
            input: try PropertyDecoder().decode(TableInput.self, from: tree),
            catalog: (tree["CatalogId"]?.string ?? path.catalog).map { Text(verbatim: $0) },
            name: Text(verbatim: path.name))
        let parameters = (table.tableInput.parameters ?? [:])
        table.tableInput.parameters = parameters.filter { !$0.key.hasPrefix(mark) }
        let marks = parameters.filter { $0.key.hasPrefix(mark) }.compactMapValues(\.literal)
        return Found(
            table, attributes(identity, at: Location(aws)), tags: marks,
            immutableID: Glue.immutableID(tree, "CreateTime"))
    }

    /// Expressions that find tables by their names, of the length that AWS allows; `nil` finds all tables.
    ///
    /// Source: <https://docs.aws.amazon.com/glue/latest/webapi/API_GetTables.html>
    static func expressions(_ names: [String]) -> [String?] {
        // In other names an expression would mean something else than itself.
        let arePlain = names.allSatisfy { $0.utf8.allSatisfy(isPlain) }
        guard arePlain else { return [nil] }
        var expressions: [String] = []
        for name in names {
            if let last = expressions.last, last.utf8.count + name.utf8.count < 2048 {
                expressions[expressions.count - 1] = "\(last)|\(name)"
            } else {
                expressions.append(name)
            }
        }
        return expressions
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"): true
        default: false
        }
    }
}

extension JSON {
    /// A table's description with marks among its parameters.
    fileprivate func marked(_ marks: [String: String]) -> JSON {
        let parameters = (self["Parameters"]?.object ?? [:]).merging(marks.mapValues { .string($0) }) { $1 }
        return setting(["Parameters"], to: .object(parameters))
    }
}
