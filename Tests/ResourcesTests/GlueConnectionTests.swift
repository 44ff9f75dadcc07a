import SlipwayAWS
import SlipwayDeclaration
import SlipwayFakeAWS
import SlipwayProvider
import SlipwayResources
import Testing

struct GlueConnectionTests {
    private let trial = Trial()

    private static let url: Text = "jdbc:postgresql://tickit:5432/tickit"

    /// A connection whose secrets have values, as they have in an apply.
    private static func known(_ connection: Glue.Connection) throws -> Glue.Connection {
        let values: [Secret.Source: String] = [.environment("PASSWORD"): "hunter2", .environment("TOKEN"): "token"]
        return try PropertyDecoder(secrets: values).decode(
            Glue.Connection.self, from: PropertyEncoder().encode(connection).tree)
    }

    private static func withPassword(_ change: (inout Glue.Connection) -> Void = { _ in }) throws -> Glue.Connection {
        var connection = Glue.Connection(.jdbc(url), username: "tickit", password: .environment("PASSWORD"))
        change(&connection)
        return try known(connection)
    }

    private func properties(_ name: String = "tickit") -> JSON? {
        trial.fake.withServices { $0.glue.connections[name]?.definition["ConnectionProperties"] }
    }

    // MARK: Pure

    @Test func `what cannot be changed has no operation that changes it`() throws {
        let connection = Glue.Connection(.network, catalog: "c", name: "n")
        #expect(try createOnly(connection) == ["CatalogId", "ConnectionInput.Name"])
    }

    @Test func `name and ARN are known before the connection exists`() {
        let connection = Glue.Connection(.network, catalog: "210987654321", name: "Tickit")
        let identity = connection.identity("x")?.literal ?? ""
        #expect(identity == "210987654321/Tickit")
        let values = connection.foreseen(identity, at: Trial.location).values
        #expect(values == ["Name": "Tickit", "Arn": "arn:aws:glue:us-east-1:210987654321:connection/Tickit"])
    }

    static let mistakes: [(Glue.Connection, [String])] = [
        (.init(.jdbc(url), secret: "s", description: ""), ["ConnectionInput.Description"]),
        (.init(.jdbc(url), secret: "s", name: ""), ["ConnectionInput.Name"]),
        (.init(.init("JDBC"), secret: "s"), ["ConnectionInput.ConnectionProperties.JDBC_CONNECTION_URL"]),
        (.init(.init("KAFKA")), ["ConnectionInput.ConnectionProperties.KAFKA_BOOTSTRAP_SERVERS"]),
        (.init(.network), ["ConnectionInput.PhysicalConnectionRequirements"]),
        (.init(.jdbc(url), username: "u"), ["ConnectionInput.SecretProperties.PASSWORD"]),
        (.init(.jdbc(url), password: .environment("P")), ["ConnectionInput.ConnectionProperties.USERNAME"]),
        (.init(.jdbc(url), secret: "s", username: "u", password: .environment("P")), ["ConnectionInput.ConnectionProperties.SECRET_ID"]),
        (
            .init(.kafka("k"), properties: ["KAFKA_CLIENT_KEY_PASSWORD": "x"]),
            ["ConnectionInput.ConnectionProperties.KAFKA_CLIENT_KEY_PASSWORD"]
        ),
        (
            .init(.mongoDB("m"), network: .init(securityGroups: Array(repeating: "sg", count: 51))),
            ["ConnectionInput.PhysicalConnectionRequirements.SecurityGroupIdList"]
        ),
    ]

    @Test(arguments: mistakes)
    func `mistakes are found before AWS is asked`(connection: Glue.Connection, properties: [String]) {
        #expect(connection.check().map(\.property) == properties)
    }

    // MARK: Secrets

    @Test func `a password is sent, and nowhere else`() async throws {
        let connection = try Self.withPassword()
        let tree = try PropertyEncoder().encode(connection)
        #expect(tree.marks[["ConnectionInput", "SecretProperties"]] == [.writeOnly])
        #expect(!tree.tree.text.contains("hunter2"))
        try await trial.make("tickit", connection)
        #expect(properties()?["PASSWORD"] == "hunter2")
        #expect(properties()?["USERNAME"] == "tickit")
        let found = try await trial.look("tickit", Glue.Connection.self).properties
        #expect(found.connectionInput.connectionProperties?["PASSWORD"] == nil)
        #expect(found.connectionInput.connectionProperties?["USERNAME"] == "tickit")
        #expect(trial.fake.calls.last { $0.operation == "GetConnection" }?.input["HidePassword"] == true)
    }

    @Test func `what AWS tells of passwords all the same is told to nobody`() async throws {
        try await trial.make("tickit", Self.withPassword())
        trial.fake.withServices { $0.glue.encryptsPasswords = true }
        let found = try await trial.look("tickit", Glue.Connection.self).properties
        #expect(found.connectionInput.connectionProperties?.keys.sorted() == ["JDBC_CONNECTION_URL", "USERNAME"])
    }

    @Test func `secrets of applications are sent, and nowhere else`() async throws {
        let connection = try Self.known(
            Glue.Connection(
                .init("SALESFORCE", ["INSTANCE_URL": "https://example.com"]),
                authentication: .init(
                    "OAUTH2",
                    oAuth2: .init(
                        code: .init(.environment("TOKEN"), redirectURI: "https://example.com/back"),
                        credentials: .init(clientSecret: .environment("PASSWORD"), refreshToken: .environment("TOKEN"))),
                    basic: .init(username: "tickit", password: .environment("PASSWORD")),
                    custom: ["key": .environment("TOKEN")])))
        try await trial.make("app", connection)
        let sent = trial.fake.calls.first?.input["ConnectionInput"]?["AuthenticationConfiguration"]
        #expect(
            sent == [
                "AuthenticationType": "OAUTH2",
                "OAuth2Properties": [
                    "AuthorizationCodeProperties": [
                        "AuthorizationCode": "token", "RedirectUri": "https://example.com/back",
                    ],
                    "OAuth2Credentials": ["UserManagedClientApplicationClientSecret": "hunter2", "RefreshToken": "token"],
                ],
                "BasicAuthenticationCredentials": ["Username": "tickit", "Password": "hunter2"],
                "CustomAuthenticationCredentials": ["key": "token"],
            ])
        let found = try await trial.look("app", Glue.Connection.self).properties
        #expect(found.connectionInput.authenticationConfiguration?.authenticationType == "OAUTH2")
        #expect(!(try PropertyEncoder().encode(found).tree.text.contains("$secret")))
    }

    /// Source: `UpdateConnection` overwrites the whole input.
    @Test func `an update of something else keeps a declared password`() async throws {
        let connection = try Self.withPassword()
        try await trial.make("tickit", connection)
        let changed = try Self.withPassword { $0.connectionInput.description = "TICKIT" }
        let operations = try await trial.operations { try await changed.update("tickit", from: connection, trial.aws) }
        #expect(operations == ["GetConnection", "UpdateConnection"])
        #expect(properties()?["PASSWORD"] == "hunter2")
    }

    @Test func `an update of something else keeps a password that somebody else set`() async throws {
        try await trial.make("tickit", Self.withPassword())
        let current = try await trial.look("tickit", Glue.Connection.self).properties
        var desired = current
        desired.connectionInput.description = "TICKIT"
        try await desired.update("tickit", from: current, trial.aws)
        #expect(properties()?["PASSWORD"] == "hunter2")
        #expect(try await trial.look("tickit", Glue.Connection.self).properties.connectionInput.description == "TICKIT")
    }

    @Test func `a password that AWS gives back encrypted alone stops the update, unless it is declared`() async throws {
        try await trial.make("tickit", Self.withPassword())
        trial.fake.withServices { $0.glue.encryptsPasswords = true }
        let current = try await trial.look("tickit", Glue.Connection.self).properties
        var desired = current
        desired.connectionInput.description = "TICKIT"
        let error = await #expect(throws: AWSError.self) { try await desired.update("tickit", from: current, trial.aws) }
        #expect(error?.kind == .invalid)
        #expect(properties()?["PASSWORD"] == "hunter2")
        let declared = try Self.withPassword { $0.connectionInput.description = "TICKIT" }
        try await declared.update("tickit", from: Self.withPassword(), trial.aws)
        #expect(properties()?["PASSWORD"] == "hunter2")
        #expect(properties()?["ENCRYPTED_PASSWORD"] == nil)
    }

    @Test func `a password whose value is not at hand is never sent as none`() async throws {
        let connection = try Self.withPassword()
        try await trial.make("tickit", connection)
        var unknown = Glue.Connection(.jdbc(Self.url), username: "tickit", password: .environment("PASSWORD"))
        unknown.connectionInput.description = "TICKIT"
        let error = await #expect(throws: AWSError.self) { try await unknown.update("tickit", from: connection, trial.aws) }
        #expect(error?.kind == .invalid)
        #expect(trial.fake.operations.last == "glue GetConnection")
        #expect(properties()?["PASSWORD"] == "hunter2")
    }

    @Test func `a password can be exchanged for a secret`() async throws {
        let connection = try Self.withPassword()
        try await trial.make("tickit", connection)
        let other = Glue.Connection(.jdbc(Self.url), secret: "tickit")
        try await other.update("tickit", from: connection, trial.aws)
        #expect(properties() == ["JDBC_CONNECTION_URL": "jdbc:postgresql://tickit:5432/tickit", "SECRET_ID": "tickit"])
    }

    // MARK: Life

    @Test func `a create is one call, tags and all`() async throws {
        let connection = Glue.Connection(.jdbc(Self.url), secret: "tickit")
        let operations = try await trial.operations { try await trial.make("tickit", connection) }
        #expect(operations == ["CreateConnection"])
        let found = try await trial.look("tickit", Glue.Connection.self)
        #expect(found.tags.flatMap(Ownership.init) == Trial.ownership)
        #expect(found.immutableID != nil)
    }

    @Test(arguments: ["READY", "FAILED"])
    func `credentials that AWS tries settle`(status: String) async throws {
        trial.fake.withServices { $0.glue.validation = (1, status) }
        var connection = Glue.Connection(.jdbc(Self.url), secret: "tickit", validatesCredentials: true)
        connection.connectionInput.validateForComputeEnvironments = ["SPARK"]
        try await trial.make("tickit", connection)
        guard case .settling("IN_PROGRESS") = try await Glue.Connection.read("tickit", .all, trial.aws) else {
            Issue.record("it does not settle")
            return
        }
        switch try await Glue.Connection.read("tickit", .all, trial.aws) {
        case .present: #expect(status == "READY")
        case .failed(let reason): #expect(status == "FAILED" && reason == "made to fail by a test")
        case let other: Issue.record("it is \(other)")
        }
    }

    @Test func `connections of several catalogues are listed`() async throws {
        for number in 0..<150 { try await trial.make("c-\(number)", Glue.Connection(.network, network: .init(subnet: "s"))) }
        try await trial.make("c-0", Glue.Connection(.network, network: .init(subnet: "s"), catalog: "210987654321"))
        trial.fake.forgetCalls()
        let names = (0..<150).map { "c-\($0)" } + ["210987654321/c-0", "gone"]
        let found = try await Glue.Connection.list(names.map { Listed($0, .only(["ConnectionInput"])) }, trial.aws)
        #expect(Set(found.keys) == Set(names.dropLast()))
        #expect(trial.fake.calls.map(\.operation) == ["GetConnections", "GetConnections", "GetConnections"])
        #expect(trial.fake.calls.allSatisfy { $0.input["HidePassword"] == true })
    }
}
