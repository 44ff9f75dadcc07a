public import SlipwayDeclaration
public import SlipwayProvider

extension Glue {
    /// A database of the catalogue: tables under one name.
    ///
    /// ```swift
    /// let catalog = stack.add("catalog", Glue.Database())
    /// ```
    ///
    /// Deleting it deletes all its tables, also those that crawlers and jobs made: AWS does so by itself, over some time,
    /// and asks nobody. The data that they describe stays.
    ///
    /// An update replaces the whole description. What others put there meanwhile, such as parameters, is sent along.
    ///
    /// Source: <https://docs.aws.amazon.com/glue/latest/webapi/API_CreateDatabase.html>,
    /// <https://docs.aws.amazon.com/glue/latest/webapi/API_DeleteDatabase.html>
    public struct Database: ResourceKind {
        public static let type = "AWS::Glue::Database"

        /// The catalogue that it is in; the account's own when it is left out.
        @CreateOnly public var catalogId: Text?
        /// 1 to 255 characters, in lower case; one is made from the address when it is left out.
        @CreateOnly public var databaseName: Text?
        public var databaseInput: DatabaseInput
        /// CloudFormation has none, AWS has.
        public var tags: [String: Text]?

        /// What an update replaces.
        public struct DatabaseInput: Codable, Hashable, Sendable {
            /// 1 to 2048 characters.
            public var description: Text?
            /// Where tables are kept that say nothing else, such as `s3://lake/raw/`.
            public var locationUri: Text?
            /// What is not declared here is left as it is.
            public var parameters: [String: Text]?
            /// Who may do what with tables that are made; all that IAM allows when it is left out. Empty for Lake
            /// Formation alone to decide.
            @Unordered public var createTableDefaultPermissions: [PrincipalPrivileges]?
            /// The database that this one is a link to.
            @CreateOnly public var targetDatabase: DatabaseIdentifier?
            /// The database outside of AWS Glue that this one stands for.
            @CreateOnly public var federatedDatabase: FederatedDatabase?

            public init(
                description: Text? = nil, locationURI: Text? = nil, parameters: [String: Text]? = nil,
                createTableDefaultPermissions: [PrincipalPrivileges]? = nil, target: DatabaseIdentifier? = nil,
                federated: FederatedDatabase? = nil
            ) {
                self.description = description
                locationUri = locationURI
                self.parameters = parameters
                self.createTableDefaultPermissions = createTableDefaultPermissions
                targetDatabase = target
                federatedDatabase = federated
            }
        }

        /// What somebody may do.
        public struct PrincipalPrivileges: Codable, Hashable, Sendable {
            public var principal: Principal
            /// `ALL`, `SELECT`, `ALTER`, `DROP`, `DELETE`, `INSERT`, `CREATE_DATABASE`, `CREATE_TABLE` or
            /// `DATA_LOCATION_ACCESS`.
            @Unordered public var permissions: [Text]

            public struct Principal: Codable, Hashable, Sendable {
                /// An ARN, or `IAM_ALLOWED_PRINCIPALS`.
                public var dataLakePrincipalIdentifier: Text
            }

            public init(_ permissions: [Text], to principal: Text) {
                self.principal = Principal(dataLakePrincipalIdentifier: principal)
                self.permissions = permissions
            }
        }

        /// A database somewhere else.
        public struct DatabaseIdentifier: Codable, Hashable, Sendable {
            public var catalogId: Text?
            public var databaseName: Text?
            public var region: Text?

            public init(catalog: Text? = nil, database: Text, region: Text? = nil) {
                catalogId = catalog
                databaseName = database
                self.region = region
            }
        }

        /// A database outside of AWS Glue.
        public struct FederatedDatabase: Codable, Hashable, Sendable {
            public var identifier: Text?
            /// Name of the connection that leads there.
            public var connectionName: Text?
            public var connectionType: Text?

            public init(identifier: Text? = nil, connection: Text? = nil, connectionType: Text? = nil) {
                self.identifier = identifier
                connectionName = connection
                self.connectionType = connectionType
            }
        }

        public struct Attributes: Codable, Hashable, Sendable {
            public let name: String
            /// `arn:aws:glue:<region>:<account>:database/<name>`
            public let arn: String
        }

        /// - Parameters:
        ///   - location: Where tables are kept that say nothing else.
        ///   - target: The database that this one is a link to.
        ///   - catalog: The catalogue that it is in, when not the account's own.
        public init(
            description: Text? = nil, location: Text? = nil, parameters: [String: Text]? = nil,
            createTableDefaultPermissions: [PrincipalPrivileges]? = nil, target: DatabaseIdentifier? = nil,
            federated: FederatedDatabase? = nil, catalog: Text? = nil, name: Text? = nil, tags: [String: Text]? = nil
        ) {
            catalogId = catalog
            databaseName = name
            databaseInput = DatabaseInput(
                description: description, locationURI: location, parameters: parameters,
                createTableDefaultPermissions: createTableDefaultPermissions, target: target, federated: federated)
            self.tags = tags
        }

        public static let identification = Identification.named
        // Query engines want quotes around a name that has a hyphen.
        public static let naming = Naming(limit: 255, allowsUppercase: false, separator: "_")
        public static let patience = Patience.none
        public static let permissions = Permissions(
            create: ["glue:CreateDatabase", "glue:TagResource"],
            read: ["glue:GetDatabase", "glue:GetTags"],
            update: ["glue:GetDatabase", "glue:UpdateDatabase", "glue:TagResource", "glue:UntagResource"],
            delete: ["glue:DeleteDatabase"],
            list: ["glue:GetDatabases", "glue:GetTags", "tag:GetResources"])

        /// Glue keeps names in lower case, whatever it is sent.
        public var fixedName: Text? { databaseName?.lowercased() }

        public func identity(_ name: String) -> Text? {
            CatalogPath.identity(catalogId, fixedName ?? Text(verbatim: name).lowercased())
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
            return Attributes(name: path.name, arn: path.arn("database", at: location))
        }

        public func canonical() -> Database {
            var database = self
            database.databaseName = fixedName
            return database
        }

        // Source: https://docs.aws.amazon.com/glue/latest/webapi/API_DatabaseInput.html
        public func check() -> [Problem] {
            var found: [Problem] = []
            func length(_ property: String, _ text: Text?, _ limit: Int) {
                guard let count = text?.literal?.count, !(1...limit).contains(count) else { return }
                let hint = count == 0 ? "leave it out" : nil
                found.append(Problem(property, "it has \(count) characters, and 1 to \(limit) are allowed", hint: hint))
            }
            length("DatabaseName", databaseName, 255)
            length("CatalogId", catalogId, 255)
            length("DatabaseInput.Description", databaseInput.description, 2048)
            length("DatabaseInput.LocationUri", databaseInput.locationUri, 1024)
            if databaseInput.targetDatabase != nil, databaseInput.federatedDatabase != nil {
                found.append(
                    Problem("DatabaseInput.TargetDatabase", "a database is either a link or federated, and not both"))
            }
            return found
        }
    }
}
