import SlipwayDeclaration
import SlipwayFakeAWS
import SlipwayProvider
import SlipwayResources

enum GlueConnectionExample: ConformanceExample {
    static let minimal = Glue.Connection(.jdbc("jdbc:postgresql://tickit:5432/tickit"), secret: "tickit")

    static let full = Glue.Connection(
        .jdbc("jdbc:postgresql://tickit:5432/tickit"),
        secret: "arn:aws:secretsmanager:eu-west-1:123456789012:secret:tickit-AbCdEf",
        network: .init(subnet: "subnet-1", securityGroups: ["sg-1", "sg-2"], availabilityZone: "eu-west-1a"),
        properties: ["JDBC_ENFORCE_SSL": "true"], sparkProperties: ["fetchsize": "1000", "numPartitions": "4"],
        athenaProperties: ["spill_bucket": "lake"], pythonProperties: ["timeout": "10"],
        authentication: .init(
            "OAUTH2", secret: "arn:aws:secretsmanager:eu-west-1:123456789012:secret:app-AbCdEf",
            key: "arn:aws:kms:eu-west-1:123456789012:key/app",
            oAuth2: .init(
                grantType: "CLIENT_CREDENTIALS",
                application: .init(userManagedClientID: "tickit", awsManagedReference: "app"),
                tokenURL: "https://example.com/token", tokenURLParameters: ["audience": "tickit"])),
        matchCriteria: ["tickit"], description: "TICKIT's source", catalog: "123456789012", name: "tickit",
        tags: ["team": "data", "tier": "raw"])

    static let changed: Glue.Connection = {
        var connection = full
        connection.connectionInput.connectionType = "MONGODB"
        connection.connectionInput.description = "TICKIT's other source"
        connection.connectionInput.matchCriteria = ["tickit", "other"]
        connection.connectionInput.connectionProperties = [
            "JDBC_CONNECTION_URL": "jdbc:postgresql://other:5432/tickit", "SECRET_ID": "other",
            "CONNECTION_URL": "mongodb://other:27017/tickit",
        ]
        connection.connectionInput.sparkProperties = ["fetchsize": "2000"]
        connection.connectionInput.athenaProperties = ["spill_bucket": "pond"]
        connection.connectionInput.pythonProperties = ["timeout": "20"]
        connection.connectionInput.physicalConnectionRequirements = .init(subnet: "subnet-2", securityGroups: ["sg-2"])
        connection.connectionInput.authenticationConfiguration = .init("BASIC", secret: "other")
        connection.tags = ["team": "platform"]
        return connection
    }()

    static let wrapped = Glue.Connection.ConnectionInput.storedNames.names.map { "ConnectionInput.\($0)" }

    static let uncovered = [
        "ConnectionInput.SecretProperties": "secrets have values only in an apply; GlueConnectionTests cover it",
        "ConnectionInput.ValidateCredentials": "what AWS finds out takes a while; GlueConnectionTests cover it",
        "ConnectionInput.ValidateForComputeEnvironments": "goes with the one before; GlueConnectionTests cover it",
    ]

    static func disappear(_ identity: String, _ services: inout FakeServices) {
        services.glue.connections["tickit"] = nil
    }
}
