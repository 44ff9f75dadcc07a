public import SlipwayAWS
import SlipwayDeclaration
public import SlipwayProvider

extension Glue.Connection {
    public func create(_ new: Creation, _ aws: AWSClient) async throws -> Created<Glue.Connection> {
        struct Input: Encodable {
            let catalogId: Text?
            let connectionInput: Document
            let tags: [String: String]
        }
        let definition = try revealed(PropertyEncoder().encode(connectionInput).tree)
            .setting(["Name"], to: .string(new.name))
        let input = Input(catalogId: catalogId, connectionInput: definition.document, tags: new.tags(tags))
        try await aws.call(.glue, "CreateConnection", input)
        let identity = Glue.CatalogPath.identity(catalogId, Text(verbatim: new.name)).literal ?? new.name
        return Created(identity, self, Self.attributes(identity, at: new.location))
    }

    public static func read(
        _ identity: String, _ interest: Interest, _ aws: AWSClient
    ) async throws -> Observation<Glue.Connection> {
        guard let tree = try await ifPresent({ try await described(identity, hidden: true, aws) }) else { return .absent }
        guard interest.includes("Tags") else { return try observation(identity, tree, nil, aws) }
        let arn = attributes(identity, at: Location(aws)).arn
        guard let tags = try await Glue.tags(arn, aws) else { return .absent }
        return try observation(identity, tree, tags, aws)
    }

    public func update(_ identity: String, from current: Glue.Connection, _ aws: AWSClient) async throws {
        if connectionInput != current.connectionInput {
            struct Input: Encodable {
                let catalogId: String?
                let name: String
                let connectionInput: Document
            }
            let path = Glue.CatalogPath(identity, depth: 1)
            let now = try await Self.described(identity, hidden: false, aws)
            let whole = try revealed(whole(from: current, onto: now)).setting(["Name"], to: .string(path.name))
            let input = Input(catalogId: path.catalog, name: path.name, connectionInput: whole.document)
            try await aws.call(.glue, "UpdateConnection", input)
        }
        let arn = Self.attributes(identity, at: Location(aws)).arn
        try await Glue.updateTags(arn, from: current.tags, to: tags, aws)
    }

    public static func tag(_ identity: String, _ tags: [String: String], _ aws: AWSClient) async throws {
        try await Glue.tag(attributes(identity, at: Location(aws)).arn, tags, aws)
    }

    public func delete(_ identity: String, _ aws: AWSClient) async throws {
        struct Input: Encodable {
            let catalogId: String?
            let connectionName: String
        }
        let path = Glue.CatalogPath(identity, depth: 1)
        let input = Input(catalogId: path.catalog, connectionName: path.name)
        try await ifPresent { try await aws.call(.glue, "DeleteConnection", input) }
    }

    public static func listCalls(for count: Int) -> Int? {
        max(1, (count + perPage - 1) / perPage) + Glue.tagCalls(for: count)
    }

    public static var readCalls: Int { 2 }

    public static func list(
        _ wanted: [Listed<Glue.Connection>], _ aws: AWSClient
    ) async throws -> [String: Sighting<Glue.Connection>] {
        struct Input: Encodable {
            let catalogId: String?
            let hidePassword = true
            let maxResults = perPage
        }
        struct Page: Decodable { let connectionList: [Document] }
        let trees = try await Glue.inCatalogs(wanted.map(\.identity)) { catalog in
            aws.pages(.glue, "GetConnections", Input(catalogId: catalog), as: Page.self)
        } items: {
            $0.connectionList
        }
        let location = Location(aws)
        return try await Glue.sightings(trees, wanted, arn: { attributes($0, at: location).arn }, aws) {
            try observation($0, $1, $2, aws)
        }
    }
}

// MARK: - Parts

private let perPage = 100

extension Glue.Connection {
    /// - Parameter hidden: Whether AWS keeps the password to itself.
    private static func described(_ identity: String, hidden: Bool, _ aws: AWSClient) async throws -> JSON {
        struct Input: Encodable {
            let catalogId: String?
            let name: String
            let hidePassword: Bool
        }
        struct Output: Decodable { let connection: Document }
        let path = Glue.CatalogPath(identity, depth: 1)
        let input = Input(catalogId: path.catalog, name: path.name, hidePassword: hidden)
        return JSON(try await aws.call(.glue, "GetConnection", input, as: Output.self).connection)
    }

    /// What an update overwrites the connection with: what it is now, with what is to be changed.
    ///
    /// - Parameter now: The connection with its passwords.
    private func whole(from current: Glue.Connection, onto now: JSON) throws -> JSON {
        let fresh = try PropertyEncoder().encode(PropertyDecoder().decode(ConnectionInput.self, from: now)).tree
        let wanted = try PropertyEncoder().encode(connectionInput).tree
        var whole = wanted.rebased(from: try PropertyEncoder().encode(current.connectionInput).tree, onto: fresh)
        let secrets = connectionInput.secretProperties ?? [:]
        for (name, _) in current.connectionInput.secretProperties ?? [:] where secrets[name] == nil {
            whole = whole.setting(["ConnectionProperties", name], to: nil)
                .setting(["ConnectionProperties", "ENCRYPTED_\(name)"], to: nil)
        }
        for name in secrets.keys {
            // What AWS has is replaced, also where it encrypts what it gives back.
            whole = whole.setting(["ConnectionProperties", "ENCRYPTED_\(name)"], to: nil)
        }
        if let name = whole["ConnectionProperties"]?.object?.keys.first(where: { $0.hasPrefix("ENCRYPTED_") }) {
            throw AWSError(
                service: Service.glue.name, operation: "UpdateConnection",
                message: "AWS gives \(name.dropFirst("ENCRYPTED_".count)) back encrypted alone, and would forget it; "
                    + "declare it, or keep it in a secret of Secrets Manager",
                kind: .invalid, attempts: 0)
        }
        return whole.setting(["SecretProperties"], to: wanted["SecretProperties"])
    }

    /// A connection as AWS described it.
    /// - Parameter tags: `nil` when they were not read.
    private static func observation(
        _ identity: String, _ tree: JSON, _ tags: [String: String]?, _ aws: AWSClient
    ) throws -> Observation<Glue.Connection> {
        switch tree["Status"] {
        case "IN_PROGRESS": return .settling("IN_PROGRESS")
        case "FAILED": return .failed(tree["StatusReason"]?.string ?? "AWS says that it FAILED, and not why")
        default: break
        }
        var connection = Glue.Connection(
            Target(""), tags: tags.map { Ownership.declared($0).mapValues { Text(verbatim: $0) } })
        connection.connectionInput = try PropertyDecoder().decode(ConnectionInput.self, from: tree)
        // Whatever AWS tells of passwords is told to nobody.
        connection.connectionInput.connectionProperties =
            (connection.connectionInput.connectionProperties ?? [:]).filter { !isSecret($0.key) }
        connection.catalogId = Glue.CatalogPath(identity, depth: 1).catalog.map { Text(verbatim: $0) }
        return .present(
            Found(
                connection, attributes(identity, at: Location(aws)), tags: tags,
                immutableID: Glue.immutableID(tree, "CreationTime"), unread: tags == nil ? ["Tags"] : []))
    }
}
