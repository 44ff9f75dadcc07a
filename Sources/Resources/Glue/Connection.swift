public import SlipwayDeclaration
public import SlipwayProvider

extension Glue {
    /// A connection: where a database, a queue or a network is, and how to be let in.
    ///
    /// ```swift
    /// Glue.Connection(
    ///     .jdbc("jdbc:redshift://\(warehouse.address):5439/tickit"), secret: login.arn,
    ///     network: .init(subnet: subnet, securityGroups: [group.id]))
    /// ```
    ///
    /// A secret in Secrets Manager is better than a password here: AWS gives a password to whoever may read the
    /// connection.
    ///
    /// An update overwrites the whole connection. What is not declared, a password among it, is sent along.
    ///
    /// Source: <https://docs.aws.amazon.com/glue/latest/webapi/API_CreateConnection.html>,
    /// <https://docs.aws.amazon.com/glue/latest/webapi/API_UpdateConnection.html>
    public struct Connection: ResourceKind {
        public static let type = "AWS::Glue::Connection"

        /// The catalogue that it is in; the account's own when it is left out.
        @CreateOnly public var catalogId: Text?
        public var connectionInput: ConnectionInput
        /// CloudFormation has none, AWS has.
        public var tags: [String: Text]?

        public struct Attributes: Codable, Hashable, Sendable {
            public let name: String
            /// `arn:aws:glue:<region>:<account>:connection/<name>`
            public let arn: String
        }

        /// - Parameters:
        ///   - target: What it leads to.
        ///   - secret: ARN or name of a secret in Secrets Manager with `username` and `password`.
        ///   - username: With `password`, instead of a secret.
        ///   - network: The network that it goes through.
        ///   - properties: More of the connection's properties, such as `JDBC_ENFORCE_SSL`.
        ///   - secretProperties: Properties that nobody may see, such as `KAFKA_CLIENT_KEY_PASSWORD`.
        ///   - authentication: For connections to applications, instead of secret and password.
        ///   - catalog: The catalogue that it is in, when not the account's own.
        public init(
            _ target: Target, secret: Text? = nil, username: Text? = nil, password: Secret? = nil,
            network: PhysicalConnectionRequirements? = nil, properties: [String: Text]? = nil,
            secretProperties: [String: Secret]? = nil, sparkProperties: [String: Text]? = nil,
            athenaProperties: [String: Text]? = nil, pythonProperties: [String: Text]? = nil,
            authentication: AuthenticationConfiguration? = nil, validatesCredentials: Bool? = nil,
            validatesFor environments: [Text]? = nil, matchCriteria: [Text]? = nil, description: Text? = nil,
            catalog: Text? = nil, name: Text? = nil, tags: [String: Text]? = nil
        ) {
            var all = target.properties.merging(properties ?? [:]) { $1 }
            if let secret { all["SECRET_ID"] = secret }
            if let username { all["USERNAME"] = username }
            var secrets = secretProperties ?? [:]
            if let password { secrets["PASSWORD"] = password }
            catalogId = catalog
            connectionInput = ConnectionInput(
                name: name, type: target.type, description: description, matchCriteria: matchCriteria,
                properties: all, secretProperties: secrets.isEmpty ? nil : secrets, sparkProperties: sparkProperties,
                athenaProperties: athenaProperties, pythonProperties: pythonProperties, network: network,
                authentication: authentication, validatesCredentials: validatesCredentials, validatesFor: environments)
            self.tags = tags
        }

        public static let identification = Identification.named
        public static let naming = Naming(limit: 255)
        /// Where AWS tries the credentials, that takes a while.
        public static let patience = Patience(every: .seconds(1), upTo: .seconds(300))
        public static let permissions = Permissions(
            create: ["glue:CreateConnection", "glue:TagResource"],
            read: ["glue:GetConnection", "glue:GetTags"],
            update: ["glue:GetConnection", "glue:UpdateConnection", "glue:TagResource", "glue:UntagResource"],
            delete: ["glue:DeleteConnection"],
            list: ["glue:GetConnections", "glue:GetTags", "tag:GetResources"])

        public var fixedName: Text? { connectionInput.name }

        public func identity(_ name: String) -> Text? {
            CatalogPath.identity(catalogId, fixedName ?? Text(verbatim: name))
        }

        public func foreseen(_ identity: String, at location: Location) -> Foreseen<Attributes> {
            let attributes = Self.attributes(identity, at: location)
            return Foreseen {
                $0[\.name] = attributes.name
                $0[\.arn] = attributes.arn
            }
        }

        static func attributes(_ identity: String, at location: Location) -> Attributes {
            let path = CatalogPath(identity, depth: 1)
            return Attributes(name: path.name, arn: path.arn("connection", at: location))
        }
    }
}
