public import SlipwayDeclaration

extension Glue.Table {
    /// What an update replaces.
    ///
    /// Source: <https://docs.aws.amazon.com/glue/latest/webapi/API_TableInput.html>
    public struct TableInput: Codable, Hashable, Sendable {
        /// 1 to 2048 characters.
        public var description: Text?
        public var owner: Text?
        /// Days.
        public var retention: Int?
        public var storageDescriptor: StorageDescriptor?
        /// Columns whose values are in the names of folders.
        public var partitionKeys: [Column]?
        /// Of a view. Athena wants `/* Presto View: … */` with the view in base 64.
        public var viewOriginalText: Text?
        public var viewExpandedText: Text?
        /// Such as `EXTERNAL_TABLE`, `VIRTUAL_VIEW`, `GOVERNED`.
        public var tableType: Text?
        /// What is not declared here is left as it is.
        public var parameters: [String: Text]?
        /// The table that this one is a link to.
        @CreateOnly public var targetTable: TableIdentifier?
        /// Of a view that several engines can read.
        public var viewDefinition: ViewDefinition?

        public init(
            description: Text? = nil, owner: Text? = nil, retention: Int? = nil, storage: StorageDescriptor? = nil,
            partitionKeys: [Column]? = nil, viewOriginalText: Text? = nil, viewExpandedText: Text? = nil,
            tableType: Text? = nil, parameters: [String: Text]? = nil, target: TableIdentifier? = nil,
            view: ViewDefinition? = nil
        ) {
            self.description = description
            self.owner = owner
            self.retention = retention
            storageDescriptor = storage
            self.partitionKeys = partitionKeys
            self.viewOriginalText = viewOriginalText
            self.viewExpandedText = viewExpandedText
            self.tableType = tableType
            self.parameters = parameters
            targetTable = target
            viewDefinition = view
        }
    }

    public struct Column: Codable, Hashable, Sendable {
        public var name: Text
        /// Hive's, such as `int`, `string`, `decimal(8,2)`, `array<string>`.
        public var type: Text?
        /// At most 255 characters.
        public var comment: Text?
        public var parameters: [String: Text]?

        public init(_ name: Text, _ type: Text? = nil, comment: Text? = nil, parameters: [String: Text]? = nil) {
            self.name = name
            self.type = type
            self.comment = comment
            self.parameters = parameters
        }
    }

    /// A table somewhere else.
    public struct TableIdentifier: Codable, Hashable, Sendable {
        public var catalogId: Text?
        public var databaseName: Text?
        public var name: Text?
        public var region: Text?

        public init(catalog: Text? = nil, database: Text, name: Text, region: Text? = nil) {
            catalogId = catalog
            databaseName = database
            self.name = name
            self.region = region
        }
    }

    /// A view that several engines can read.
    ///
    /// Source: <https://docs.aws.amazon.com/glue/latest/webapi/API_ViewDefinitionInput.html>
    public struct ViewDefinition: Codable, Hashable, Sendable {
        /// Whether engines may not push operations into the view that would show more than it does.
        public var isProtected: Bool?
        /// ARN of the role with which the view is read.
        public var definer: Text?
        public var representations: [Representation]?
        /// ARNs of the tables that it reads.
        public var subObjects: [Text]?

        /// The view in the words of one engine.
        public struct Representation: Codable, Hashable, Sendable {
            /// `ATHENA`, `REDSHIFT` or `SPARK`.
            public var dialect: Text?
            public var dialectVersion: Text?
            public var viewOriginalText: Text?
            public var viewExpandedText: Text?
            /// Name of the connection that it is checked through.
            public var validationConnection: Text?

            public init(
                dialect: Text, version: Text? = nil, originalText: Text? = nil, expandedText: Text? = nil,
                validationConnection: Text? = nil
            ) {
                self.dialect = dialect
                dialectVersion = version
                viewOriginalText = originalText
                viewExpandedText = expandedText
                self.validationConnection = validationConnection
            }
        }

        public init(
            representations: [Representation], isProtected: Bool? = nil, definer: Text? = nil,
            subObjects: [Text]? = nil
        ) {
            self.representations = representations
            self.isProtected = isProtected
            self.definer = definer
            self.subObjects = subObjects
        }
    }
}
