public import SlipwayDeclaration

extension Glue.Table {
    /// The format of a table that AWS makes the first metadata of.
    public struct OpenTableFormatInput: Codable, Hashable, Sendable {
        public var icebergInput: IcebergInput?
        public init(icebergInput: IcebergInput? = nil) { self.icebergInput = icebergInput }
    }

    /// A table of Iceberg.
    ///
    /// Source: <https://docs.aws.amazon.com/glue/latest/webapi/API_IcebergInput.html>
    public struct IcebergInput: Codable, Hashable, Sendable {
        /// There is only `CREATE`.
        public var metadataOperation: Text
        /// Of the format; 2 when it is left out.
        public var version: Text?
        /// The API calls it `CreateIcebergTableInput`.
        public var icebergTableInput: IcebergTableInput?

        public init(version: Text? = nil, table: IcebergTableInput? = nil) {
            metadataOperation = "CREATE"
            self.version = version
            icebergTableInput = table
        }
    }

    /// What the first metadata of a table say.
    public struct IcebergTableInput: Codable, Hashable, Sendable {
        /// The folder, such as `s3://lake/ice/users/`.
        public var location: Text
        public var schema: Schema
        public var partitionSpec: PartitionSpec?
        public var writeOrder: SortOrder?
        public var properties: [String: Text]?

        public init(
            location: Text, schema: Schema, partitionSpec: PartitionSpec? = nil, writeOrder: SortOrder? = nil,
            properties: [String: Text]? = nil
        ) {
            self.location = location
            self.schema = schema
            self.partitionSpec = partitionSpec
            self.writeOrder = writeOrder
            self.properties = properties
        }

        public struct Schema: Codable, Hashable, Sendable {
            public var schemaId: Int?
            /// Ids of the fields that tell rows apart.
            public var identifierFieldIds: [Int]?
            /// There is only `struct`.
            public var type: Text?
            public var fields: [Field]

            public init(_ fields: [Field], identifierFieldIDs: [Int]? = nil, id: Int? = nil) {
                schemaId = id
                identifierFieldIds = identifierFieldIDs
                self.fields = fields
            }
        }

        public struct Field: Codable, Hashable, Sendable {
            public var id: Int
            public var name: Text
            /// `"long"`, or an object for what has parts.
            public var type: JSON
            public var required: Bool
            public var doc: Text?

            public init(_ id: Int, _ name: Text, _ type: JSON, required: Bool = false, doc: Text? = nil) {
                self.id = id
                self.name = name
                self.type = type
                self.required = required
                self.doc = doc
            }
        }

        public struct PartitionSpec: Codable, Hashable, Sendable {
            public var fields: [Field]
            public var specId: Int?

            public struct Field: Codable, Hashable, Sendable {
                /// Id of the field of the schema.
                public var sourceId: Int
                /// Such as `identity`, `day`, `bucket[16]`.
                public var transform: Text
                public var name: Text
                public var fieldId: Int?

                public init(_ source: Int, _ transform: Text, name: Text, id: Int? = nil) {
                    sourceId = source
                    self.transform = transform
                    self.name = name
                    fieldId = id
                }
            }

            public init(_ fields: [Field], id: Int? = nil) {
                self.fields = fields
                specId = id
            }
        }

        public struct SortOrder: Codable, Hashable, Sendable {
            public var orderId: Int
            public var fields: [Field]

            public struct Field: Codable, Hashable, Sendable {
                /// Id of the field of the schema.
                public var sourceId: Int
                public var transform: Text
                /// `asc` or `desc`.
                public var direction: Text
                /// `nulls-first` or `nulls-last`.
                public var nullOrder: Text

                public init(
                    _ source: Int, transform: Text = "identity", direction: Text = "asc",
                    nullOrder: Text = "nulls-first"
                ) {
                    sourceId = source
                    self.transform = transform
                    self.direction = direction
                    self.nullOrder = nullOrder
                }
            }

            public init(_ fields: [Field], id: Int = 1) {
                orderId = id
                self.fields = fields
            }
        }
    }
}
