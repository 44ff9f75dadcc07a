package import SlipwayDeclaration

extension FakeGlue {
    package struct Database: Sendable {
        /// As `GetDatabase` gives it, defaults among it.
        package var definition: JSON
        package var arn: String

        package init(definition: JSON, arn: String) {
            self.definition = definition
            self.arn = arn
        }
    }

    /// Carries out what is about databases; `nil` when it is about something else.
    mutating func carryOutCatalog(_ call: FakeCall) throws -> JSON? {
        switch call.operation {
        case "CreateDatabase": try createDatabase(call)
        case "UpdateDatabase": try updateDatabase(call)
        case "GetDatabase": ["Database": try database(call["Name"], in: call["CatalogId"]).definition]
        case "GetDatabases": getDatabases(call)
        case "DeleteDatabase": try deleteDatabase(call)
        default: nil
        }
    }

    /// The key of a database. Glue keeps names in lower case, and finds them in any.
    static func databaseKey(_ name: String?, in catalog: String?) -> String {
        let name = (name ?? "").lowercased()
        guard let catalog, catalog != FakeAWS.account else { return name }
        return "\(catalog)/\(name)"
    }

    func database(_ name: String?, in catalog: String?) throws -> Database {
        guard let database = databases[Self.databaseKey(name, in: catalog)] else {
            throw Refused("EntityNotFoundException", "Database \(name ?? "") not found.")
        }
        return database
    }

    private mutating func createDatabase(_ call: FakeCall) throws -> JSON {
        let catalog = call["CatalogId"] ?? FakeAWS.account
        let input = call.input["DatabaseInput"] ?? [:]
        let name = input["Name"]?.string?.lowercased() ?? ""
        let key = Self.databaseKey(name, in: catalog)
        if name.isEmpty || name.count > 255 { throw Refused("InvalidInputException", "Database name must be 1 to 255 long") }
        if databases[key] != nil { throw Refused("AlreadyExistsException", "Database already exists.") }
        if let location = input["LocationUri"]?.string, location.isEmpty {
            throw Refused("InvalidInputException", "LocationUri must not be empty")
        }
        let parts = catalog.split(separator: ":", maxSplits: 1)
        let path = (parts.dropFirst() + [name[...]]).joined(separator: "/")
        let arn = "arn:aws:glue:\(call.region):\(parts.first ?? ""):database/\(path)"
        databases[key] = Database(definition: Self.described(input, name, catalog, created: call.date), arn: arn)
        tags[arn] = (call.input["Tags"]?.object ?? [:]).compactMapValues(\.string)
        return [:]
    }

    /// Replaces everything that can be replaced.
    private mutating func updateDatabase(_ call: FakeCall) throws -> JSON {
        let catalog = call["CatalogId"]
        var database = try database(call["Name"], in: catalog)
        let input = call.input["DatabaseInput"] ?? [:]
        let name = database.definition["Name"]?.string ?? ""
        guard input["Name"]?.string?.lowercased() == name else {
            throw Refused("InvalidInputException", "Database cannot be renamed")
        }
        let created = database.definition["CreateTime"]?.int ?? 0
        database.definition = Self.described(input, name, catalog ?? FakeAWS.account, created: created)
        databases[Self.databaseKey(name, in: catalog)] = database
        return [:]
    }

    /// Source of the default permissions: <https://docs.aws.amazon.com/lake-formation/latest/dg/change-settings.html>
    private static func described(_ input: JSON, _ name: String, _ catalog: String, created: Int) -> JSON {
        var members = input.object ?? [:]
        members["Name"] = .string(name)
        members["CatalogId"] = .string(catalog)
        members["CreateTime"] = .int(created)
        if members["CreateTableDefaultPermissions"] == nil {
            members["CreateTableDefaultPermissions"] = [
                ["Principal": ["DataLakePrincipalIdentifier": "IAM_ALLOWED_PRINCIPALS"], "Permissions": ["ALL"]]
            ]
        }
        return .object(members)
    }

    private func getDatabases(_ call: FakeCall) -> JSON {
        let catalog = call["CatalogId"] ?? FakeAWS.account
        let found = databases.sorted { $0.key < $1.key }.map(\.value.definition).filter {
            $0["CatalogId"]?.string == catalog
        }
        return page(call, found, "DatabaseList", limit: 100)
    }

    private mutating func deleteDatabase(_ call: FakeCall) throws -> JSON {
        let database = try database(call["Name"], in: call["CatalogId"])
        let key = Self.databaseKey(call["Name"], in: call["CatalogId"])
        databases[key] = nil
        // Its tables go with it, whoever made them.
        tables = tables.filter { !$0.key.hasPrefix("\(key)/") }
        tags[database.arn] = nil
        return [:]
    }
}
