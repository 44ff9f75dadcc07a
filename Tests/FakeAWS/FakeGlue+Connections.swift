package import SlipwayDeclaration

extension FakeGlue {
    package struct Connection: Sendable {
        /// As it was sent, passwords and all, with what AWS adds.
        package var definition: JSON
        package var arn: String
        /// What trying its credentials will come to, and after how many looks.
        var next: (looks: Int, status: String)?
    }

    /// Carries out what is about connections; `nil` when it is about something else.
    mutating func carryOutConnection(_ call: FakeCall) throws -> JSON? {
        switch call.operation {
        case "CreateConnection": try createConnection(call)
        case "UpdateConnection": try updateConnection(call)
        case "GetConnection": try getConnection(call)
        case "GetConnections": getConnections(call)
        case "DeleteConnection": try deleteConnection(call)
        default: nil
        }
    }

    private static func key(_ name: String?, in catalog: String?) -> String {
        guard let catalog, catalog != FakeAWS.account else { return name ?? "" }
        return "\(catalog)/\(name ?? "")"
    }

    private func connection(_ name: String?, in catalog: String?) throws -> Connection {
        guard let connection = connections[Self.key(name, in: catalog)] else {
            throw Refused("EntityNotFoundException", "Connection \(name ?? "") not found.")
        }
        return connection
    }

    private mutating func createConnection(_ call: FakeCall) throws -> JSON {
        let input = call.input["ConnectionInput"] ?? [:]
        let name = input["Name"]?.string ?? ""
        let key = Self.key(name, in: call["CatalogId"])
        if connections[key] != nil { throw Refused("AlreadyExistsException", "Connection already exists.") }
        let account = (call["CatalogId"] ?? FakeAWS.account).prefix(12)
        let arn = "arn:aws:glue:\(call.region):\(account):connection/\(name)"
        connections[key] = Connection(definition: [:], arn: arn)
        do { try set(key, input, created: call.date, now: call.date) } catch {
            connections[key] = nil
            throw error
        }
        tags[arn] = (call.input["Tags"]?.object ?? [:]).compactMapValues(\.string)
        return ["CreateConnectionStatus": connections[key]?.definition["Status"] ?? "READY"]
    }

    /// Overwrites everything, the password too.
    private mutating func updateConnection(_ call: FakeCall) throws -> JSON {
        let old = try connection(call["Name"], in: call["CatalogId"]).definition
        let input = call.input["ConnectionInput"] ?? [:]
        guard input["Name"] == old["Name"] else { throw Refused("InvalidInputException", "Connection cannot be renamed") }
        let key = Self.key(call["Name"], in: call["CatalogId"])
        try set(key, input, created: old["CreationTime"]?.int ?? 0, now: call.date)
        return [:]
    }

    private mutating func set(_ key: String, _ input: JSON, created: Int, now: Int) throws {
        func refused(_ message: String) -> Refused { Refused("InvalidInputException", message) }
        let properties = input["ConnectionProperties"]?.object ?? [:]
        if input["ConnectionType"]?.string == "JDBC" {
            if properties["JDBC_CONNECTION_URL"] == nil { throw refused("JDBC_CONNECTION_URL must be set") }
            if properties["SECRET_ID"] == nil, properties["USERNAME"] == nil || properties["PASSWORD"] == nil {
                throw refused("USERNAME and PASSWORD, or SECRET_ID, must be set")
            }
        }
        if properties.keys.contains(where: { $0.hasPrefix("ENCRYPTED_") }) {
            throw refused("Encrypted properties cannot be set")
        }
        var members = input.object ?? [:]
        members["CreationTime"] = .int(created)
        members["LastUpdatedTime"] = .int(now)
        let isTried = members.removeValue(forKey: "ValidateCredentials") == true
        members["ValidateForComputeEnvironments"] = nil
        members["Status"] = isTried ? "IN_PROGRESS" : "READY"
        connections[key]?.definition = .object(members)
        connections[key]?.next = isTried ? validation : nil
    }

    private mutating func getConnection(_ call: FakeCall) throws -> JSON {
        let key = Self.key(call["Name"], in: call["CatalogId"])
        var connection = try connection(call["Name"], in: call["CatalogId"])
        if let next = connection.next {
            if next.looks > 0 {
                connection.next = (next.looks - 1, next.status)
            } else {
                connection.next = nil
                connection.definition = connection.definition.setting(["Status"], to: .string(next.status))
                if next.status == "FAILED" {
                    connection.definition = connection.definition.setting(["StatusReason"], to: "made to fail by a test")
                }
            }
            connections[key] = connection
        }
        return ["Connection": shown(connection, hidden: call.input["HidePassword"] == true)]
    }

    private func getConnections(_ call: FakeCall) -> JSON {
        let prefix = Self.key("", in: call["CatalogId"])
        let found = connections.sorted { $0.key < $1.key }.filter {
            prefix.isEmpty ? !$0.key.contains("/") : $0.key.hasPrefix(prefix)
        }
        let hidden = call.input["HidePassword"] == true
        return page(call, found.map { shown($0.value, hidden: hidden) }, "ConnectionList", limit: 1000)
    }

    private mutating func deleteConnection(_ call: FakeCall) throws -> JSON {
        let connection = try connection(call["ConnectionName"], in: call["CatalogId"])
        connections[Self.key(call["ConnectionName"], in: call["CatalogId"])] = nil
        tags[connection.arn] = nil
        return [:]
    }

    /// A connection as AWS gives it back: what is secret is left out, hidden or encrypted.
    private func shown(_ connection: Connection, hidden: Bool) -> JSON {
        var properties = connection.definition["ConnectionProperties"]?.object ?? [:]
        if let password = properties.removeValue(forKey: "PASSWORD") {
            if encryptsPasswords {
                properties["ENCRYPTED_PASSWORD"] = .string("AQICAH" + String((password.string ?? "").reversed()))
            } else if !hidden {
                properties["PASSWORD"] = password
            }
        }
        var shown = connection.definition.setting(["ConnectionProperties"], to: .object(properties))
        for member in ["BasicAuthenticationCredentials", "CustomAuthenticationCredentials"] {
            if shown["AuthenticationConfiguration"] != nil {
                shown = shown.setting(["AuthenticationConfiguration", member], to: nil)
            }
        }
        if shown["AuthenticationConfiguration"]?["OAuth2Properties"] != nil {
            for member in ["OAuth2Credentials", "AuthorizationCodeProperties"] {
                shown = shown.setting(["AuthenticationConfiguration", "OAuth2Properties", member], to: nil)
            }
        }
        return shown
    }
}
