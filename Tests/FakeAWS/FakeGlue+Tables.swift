package import SlipwayDeclaration

extension FakeGlue {
    package struct Table: Sendable {
        /// As `GetTable` gives it, defaults among it.
        package var definition: JSON
        /// What it was before, the oldest first.
        package var archive: [JSON] = []

        package init(definition: JSON) { self.definition = definition }
    }

    /// Carries out what is about tables; `nil` when it is about something else.
    mutating func carryOutTable(_ call: FakeCall) throws -> JSON? {
        switch call.operation {
        case "CreateTable": try createTable(call)
        case "UpdateTable": try updateTable(call)
        case "GetTable": ["Table": try table(call).definition]
        case "GetTables": try getTables(call)
        case "DeleteTable": try deleteTable(call)
        default: nil
        }
    }

    /// The key of a table: that of its database, and its name.
    static func tableKey(_ name: String?, of database: String?, in catalog: String?) -> String {
        "\(databaseKey(database, in: catalog))/\((name ?? "").lowercased())"
    }

    /// Changes a table as a crawler would.
    package mutating func rewrite(_ key: String, _ change: (JSON) -> JSON) {
        guard var table = tables[key] else { return }
        let version = (table.definition["VersionId"]?.string).flatMap { Int($0) } ?? 0
        table.archive.append(table.definition)
        table.definition = change(table.definition).setting(["VersionId"], to: .string(String(version + 1)))
        tables[key] = table
    }

    private func table(_ call: FakeCall) throws -> Table {
        let name = call["Name"] ?? call.input["TableInput"]?["Name"]?.string
        guard let table = tables[Self.tableKey(name, of: call["DatabaseName"], in: call["CatalogId"])] else {
            throw Refused("EntityNotFoundException", "Entity Not Found")
        }
        return table
    }

    private mutating func createTable(_ call: FakeCall) throws -> JSON {
        let database = try database(call["DatabaseName"], in: call["CatalogId"])
        let input = call.input["TableInput"] ?? [:]
        let name = (input["Name"]?.string ?? "").lowercased()
        if name.isEmpty { throw Refused("InvalidInputException", "Table name must be set") }
        let key = Self.tableKey(name, of: call["DatabaseName"], in: call["CatalogId"])
        if tables[key] != nil { throw Refused("AlreadyExistsException", "Table already exists.") }
        var members = Self.filled(input)
        if let iceberg = call.input["OpenTableFormatInput"]?["IcebergInput"]?["CreateIcebergTableInput"] {
            let location = iceberg["Location"]?.string ?? ""
            members = members.setting(["Parameters", "table_type"], to: "ICEBERG")
                .setting(["Parameters", "metadata_location"], to: .string("\(location)metadata/00000.metadata.json"))
        }
        tables[key] = Table(
            definition: members.setting(["Name"], to: .string(name))
                .setting(["DatabaseName"], to: database.definition["Name"])
                .setting(["CatalogId"], to: database.definition["CatalogId"])
                .setting(["CreateTime"], to: .int(call.date)).setting(["UpdateTime"], to: .int(call.date))
                .setting(["VersionId"], to: "0"))
        return [:]
    }

    /// Replaces everything that can be replaced, and keeps what was.
    private mutating func updateTable(_ call: FakeCall) throws -> JSON {
        let old = try table(call).definition
        let version = old["VersionId"]?.string ?? "0"
        if let wanted = call["VersionId"], wanted != version {
            throw Refused(
                "ConcurrentModificationException", "Update table failed due to concurrent modifications.")
        }
        let input = call.input["TableInput"] ?? [:]
        guard input["Name"]?.string?.lowercased() == old["Name"]?.string else {
            throw Refused("InvalidInputException", "Table cannot be renamed")
        }
        if input["ViewDefinition"] != nil, old["ViewDefinition"] != input["ViewDefinition"], call["ViewUpdateAction"] == nil {
            throw Refused("InvalidInputException", "ViewUpdateAction must be set")
        }
        var members = Self.filled(input)
        for member in ["Name", "DatabaseName", "CatalogId", "CreateTime"] {
            members = members.setting([member], to: old[member])
        }
        let key = Self.tableKey(old["Name"]?.string, of: call["DatabaseName"], in: call["CatalogId"])
        rewrite(key) { _ in members.setting(["UpdateTime"], to: .int(call.date)).setting(["VersionId"], to: .string(version)) }
        return [:]
    }

    /// An expression is names, separated by bars.
    private func getTables(_ call: FakeCall) throws -> JSON {
        let database = try database(call["DatabaseName"], in: call["CatalogId"]).definition
        let names = call["Expression"].map { Set($0.split(separator: "|").map(String.init)) }
        let found = tables.sorted { $0.key < $1.key }.map(\.value.definition).filter { table in
            table["DatabaseName"] == database["Name"] && table["CatalogId"] == database["CatalogId"]
                && names?.contains(table["Name"]?.string ?? "") ?? true
        }
        return page(call, found, "TableList", limit: 100)
    }

    private mutating func deleteTable(_ call: FakeCall) throws -> JSON {
        _ = try table(call)
        tables[Self.tableKey(call["Name"], of: call["DatabaseName"], in: call["CatalogId"])] = nil
        return [:]
    }

    /// A description with what AWS makes of what was left out.
    private static func filled(_ input: JSON) -> JSON {
        var table = input
        if table["Retention"] == nil { table = table.setting(["Retention"], to: 0) }
        if table["PartitionKeys"] == nil { table = table.setting(["PartitionKeys"], to: []) }
        if let storage = table["StorageDescriptor"]?.object {
            let usual: [String: JSON] = [
                "Compressed": false, "NumberOfBuckets": 0, "SortColumns": [], "StoredAsSubDirectories": false,
            ]
            table = table.setting(["StorageDescriptor"], to: .object(usual.merging(storage) { $1 }))
        }
        return table
    }
}
