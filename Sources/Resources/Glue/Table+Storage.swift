public import SlipwayDeclaration

extension Glue.Table {
    /// Where a table's data is and how it is written.
    ///
    /// Source: <https://docs.aws.amazon.com/glue/latest/webapi/API_StorageDescriptor.html>
    public struct StorageDescriptor: Codable, Hashable, Sendable {
        public var columns: [Column]?
        /// Such as `s3://lake/raw/users/`.
        public var location: Text?
        /// Where Delta Lake keeps its own.
        public var additionalLocations: [Text]?
        /// Class that reads.
        public var inputFormat: Text?
        /// Class that writes.
        public var outputFormat: Text?
        public var compressed: Bool?
        public var numberOfBuckets: Int?
        public var serdeInfo: SerdeInfo?
        public var bucketColumns: [Text]?
        public var sortColumns: [Order]?
        public var parameters: [String: Text]?
        public var skewedInfo: SkewedInfo?
        public var storedAsSubDirectories: Bool?
        /// A schema of the registry, instead of columns.
        public var schemaReference: SchemaReference?

        public init(
            columns: [Column]? = nil, location: Text? = nil, additionalLocations: [Text]? = nil,
            inputFormat: Text? = nil, outputFormat: Text? = nil, compressed: Bool? = nil, numberOfBuckets: Int? = nil,
            serde: SerdeInfo? = nil, bucketColumns: [Text]? = nil, sortColumns: [Order]? = nil,
            parameters: [String: Text]? = nil, skewedInfo: SkewedInfo? = nil, storedAsSubDirectories: Bool? = nil,
            schema: SchemaReference? = nil
        ) {
            self.columns = columns
            self.location = location
            self.additionalLocations = additionalLocations
            self.inputFormat = inputFormat
            self.outputFormat = outputFormat
            self.compressed = compressed
            self.numberOfBuckets = numberOfBuckets
            serdeInfo = serde
            self.bucketColumns = bucketColumns
            self.sortColumns = sortColumns
            self.parameters = parameters
            self.skewedInfo = skewedInfo
            self.storedAsSubDirectories = storedAsSubDirectories
            schemaReference = schema
        }
    }

    /// What makes rows of bytes.
    public struct SerdeInfo: Codable, Hashable, Sendable {
        public var name: Text?
        /// Class, such as `org.openx.data.jsonserde.JsonSerDe`.
        public var serializationLibrary: Text?
        public var parameters: [String: Text]?

        public init(_ library: Text? = nil, parameters: [String: Text]? = nil, name: Text? = nil) {
            self.name = name
            serializationLibrary = library
            self.parameters = parameters
        }
    }

    /// A column that rows are sorted by.
    public struct Order: Codable, Hashable, Sendable {
        public var column: Text
        /// 1 for ascending, 0 for descending.
        public var sortOrder: Int

        public init(_ column: Text, ascending: Bool = true) {
            self.column = column
            sortOrder = ascending ? 1 : 0
        }
    }

    /// Values that are very frequent.
    public struct SkewedInfo: Codable, Hashable, Sendable {
        public var skewedColumnNames: [Text]?
        public var skewedColumnValues: [Text]?
        public var skewedColumnValueLocationMaps: [String: Text]?

        public init(names: [Text]? = nil, values: [Text]? = nil, locations: [String: Text]? = nil) {
            skewedColumnNames = names
            skewedColumnValues = values
            skewedColumnValueLocationMaps = locations
        }
    }

    /// A schema of the registry.
    public struct SchemaReference: Codable, Hashable, Sendable {
        public var schemaId: SchemaID?
        public var schemaVersionId: Text?
        public var schemaVersionNumber: Int?

        public struct SchemaID: Codable, Hashable, Sendable {
            public var schemaArn: Text?
            public var schemaName: Text?
            public var registryName: Text?

            public init(arn: Text? = nil, name: Text? = nil, registry: Text? = nil) {
                schemaArn = arn
                schemaName = name
                registryName = registry
            }
        }

        public init(_ schema: SchemaID? = nil, version: Int? = nil, versionID: Text? = nil) {
            schemaId = schema
            schemaVersionId = versionID
            schemaVersionNumber = version
        }
    }

    /// How files are written, in the classes that Athena, Spark and Redshift Spectrum know.
    ///
    /// Source: <https://docs.aws.amazon.com/athena/latest/ug/supported-serdes.html>
    public struct Format: Hashable, Sendable {
        public var input: Text
        public var output: Text
        public var serde: SerdeInfo
        /// Of the table.
        public var parameters: [String: Text]

        public init(input: Text, output: Text, serde: SerdeInfo, parameters: [String: Text] = [:]) {
            self.input = input
            self.output = output
            self.serde = serde
            self.parameters = parameters
        }

        public static let parquet = Format(
            input: "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat",
            output: "org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat",
            serde: SerdeInfo(
                "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe",
                parameters: ["serialization.format": "1"]),
            parameters: ["classification": "parquet"])
        public static let orc = Format(
            input: "org.apache.hadoop.hive.ql.io.orc.OrcInputFormat",
            output: "org.apache.hadoop.hive.ql.io.orc.OrcOutputFormat",
            serde: SerdeInfo("org.apache.hadoop.hive.ql.io.orc.OrcSerde", parameters: ["serialization.format": "1"]),
            parameters: ["classification": "orc"])
        /// An object on each line.
        public static let json = Format(
            input: textInput, output: textOutput, serde: SerdeInfo("org.openx.data.jsonserde.JsonSerDe"),
            parameters: ["classification": "json"])
        /// Lines of fields without quotes.
        public static func csv(delimiter: Text = ",", skippingLines lines: Int? = nil) -> Format {
            var parameters: [String: Text] = ["classification": "csv", "delimiter": delimiter]
            if let lines { parameters["skip.header.line.count"] = "\(lines)" }
            return Format(
                input: textInput, output: textOutput,
                serde: SerdeInfo(
                    "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe",
                    parameters: ["field.delim": delimiter, "serialization.format": delimiter]),
                parameters: parameters)
        }

        private static let textInput: Text = "org.apache.hadoop.mapred.TextInputFormat"
        private static let textOutput: Text = "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat"
    }
}
