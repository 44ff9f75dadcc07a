public import SlipwayDeclaration

extension Glue.Crawler {
    /// What a crawler looks at.
    ///
    /// Source: <https://docs.aws.amazon.com/glue/latest/webapi/API_CrawlerTargets.html>
    public struct Targets: Codable, Hashable, Sendable {
        public var s3Targets: [S3Target]?
        public var jdbcTargets: [JdbcTarget]?
        public var mongoDBTargets: [MongoDBTarget]?
        public var dynamoDBTargets: [DynamoDBTarget]?
        public var catalogTargets: [CatalogTarget]?
        public var deltaTargets: [DeltaTarget]?
        public var icebergTargets: [IcebergTarget]?
        public var hudiTargets: [HudiTarget]?

        /// - Parameter catalog: Tables that are there already; no others go with them.
        public init(
            s3: [S3Target]? = nil, jdbc: [JdbcTarget]? = nil, mongoDB: [MongoDBTarget]? = nil,
            dynamoDB: [DynamoDBTarget]? = nil, catalog: [CatalogTarget]? = nil, delta: [DeltaTarget]? = nil,
            iceberg: [IcebergTarget]? = nil, hudi: [HudiTarget]? = nil
        ) {
            s3Targets = s3
            jdbcTargets = jdbc
            mongoDBTargets = mongoDB
            dynamoDBTargets = dynamoDB
            catalogTargets = catalog
            deltaTargets = delta
            icebergTargets = iceberg
            hudiTargets = hudi
        }

        /// AWS answers with a list for each kind of target, and with exclusions for each target: empty ones are none.
        func canonical() -> Targets {
            func some<Target>(_ list: [Target]?) -> [Target]? { list?.isEmpty == true ? nil : list }
            func excluding<Target>(
                _ list: [Target]?, _ exclusions: WritableKeyPath<Target, [Text]?>
            ) -> [Target]? {
                some(list)?.map { target in
                    var target = target
                    target[keyPath: exclusions] = some(target[keyPath: exclusions])
                    return target
                }
            }
            return Targets(
                s3: excluding(s3Targets, \.exclusions), jdbc: excluding(jdbcTargets, \.exclusions),
                mongoDB: some(mongoDBTargets), dynamoDB: some(dynamoDBTargets), catalog: some(catalogTargets),
                delta: some(deltaTargets), iceberg: excluding(icebergTargets, \.exclusions),
                hudi: excluding(hudiTargets, \.exclusions))
        }
    }

    /// A folder in S3.
    public struct S3Target: Codable, Hashable, Sendable {
        /// Such as `s3://lake/raw/users/`.
        public var path: Text
        /// Patterns of what is passed over, such as `**.tmp`.
        ///
        /// Source: <https://docs.aws.amazon.com/glue/latest/dg/define-crawler.html#crawler-data-stores-exclude>
        public var exclusions: [Text]?
        /// Name of a connection to the network that S3 is reached through.
        public var connectionName: Text?
        /// How many files of each lowest folder are looked at: 1 to 249, all when it is left out.
        public var sampleSize: Int?
        /// ARN of a queue that tells of changes.
        public var eventQueueArn: Text?
        /// ARN of a queue for what could not be read from the first.
        public var dlqEventQueueArn: Text?

        public init(
            _ path: Text, exclusions: [Text]? = nil, connection: Text? = nil, sampleSize: Int? = nil,
            eventQueue: Text? = nil, deadLetterQueue: Text? = nil
        ) {
            self.path = path
            self.exclusions = exclusions
            connectionName = connection
            self.sampleSize = sampleSize
            eventQueueArn = eventQueue
            dlqEventQueueArn = deadLetterQueue
        }
    }

    /// Tables of a database that a connection leads to.
    public struct JdbcTarget: Codable, Hashable, Sendable {
        public var connectionName: Text
        /// Such as `tickit/public/%`.
        public var path: Text
        public var exclusions: [Text]?
        /// `COMMENTS` and `RAWTYPES`.
        public var enableAdditionalMetadata: [Text]?

        public init(
            connection: Text, path: Text, exclusions: [Text]? = nil, additionalMetadata: [Text]? = nil
        ) {
            connectionName = connection
            self.path = path
            self.exclusions = exclusions
            enableAdditionalMetadata = additionalMetadata
        }
    }

    /// Collections of MongoDB or DocumentDB.
    public struct MongoDBTarget: Codable, Hashable, Sendable {
        public var connectionName: Text
        /// Such as `tickit/users`.
        public var path: Text
        /// Whether all documents are looked at. CloudFormation has it not, AWS has.
        public var scanAll: Bool?

        public init(connection: Text, path: Text, scanAll: Bool? = nil) {
            connectionName = connection
            self.path = path
            self.scanAll = scanAll
        }
    }

    /// A table of DynamoDB.
    public struct DynamoDBTarget: Codable, Hashable, Sendable {
        /// The table's name.
        public var path: Text
        /// Whether all rows are looked at. AWS's own is yes.
        public var scanAll: Bool?
        /// What part of the table's read capacity a crawl may use: 0.1 to 1.5.
        public var scanRate: Double?

        public init(table: Text, scanAll: Bool? = nil, scanRate: Double? = nil) {
            path = table
            self.scanAll = scanAll
            self.scanRate = scanRate
        }
    }

    /// Tables that are in the catalogue already.
    public struct CatalogTarget: Codable, Hashable, Sendable {
        public var databaseName: Text
        public var tables: [Text]
        public var connectionName: Text?
        public var eventQueueArn: Text?
        public var dlqEventQueueArn: Text?

        public init(
            database: Text, tables: [Text], connection: Text? = nil, eventQueue: Text? = nil,
            deadLetterQueue: Text? = nil
        ) {
            databaseName = database
            self.tables = tables
            connectionName = connection
            eventQueueArn = eventQueue
            dlqEventQueueArn = deadLetterQueue
        }
    }

    /// Tables of Delta Lake.
    public struct DeltaTarget: Codable, Hashable, Sendable {
        /// Folders in S3.
        public var deltaTables: [Text]
        public var connectionName: Text?
        /// Whether manifests are written, for engines that cannot read Delta Lake.
        public var writeManifest: Bool?
        /// Whether tables are made for engines that can.
        public var createNativeDeltaTable: Bool?

        public init(
            _ tables: [Text], connection: Text? = nil, writesManifest: Bool? = nil, createsNativeTable: Bool? = nil
        ) {
            deltaTables = tables
            connectionName = connection
            writeManifest = writesManifest
            createNativeDeltaTable = createsNativeTable
        }
    }

    /// Tables of Iceberg.
    public struct IcebergTarget: Codable, Hashable, Sendable {
        /// Folders in S3.
        public var paths: [Text]
        public var connectionName: Text?
        public var exclusions: [Text]?
        /// How deep below the paths tables may be: 1 to 20.
        public var maximumTraversalDepth: Int?

        public init(
            _ paths: [Text], connection: Text? = nil, exclusions: [Text]? = nil, maximumTraversalDepth: Int? = nil
        ) {
            self.paths = paths
            connectionName = connection
            self.exclusions = exclusions
            self.maximumTraversalDepth = maximumTraversalDepth
        }
    }

    /// Tables of Hudi.
    public struct HudiTarget: Codable, Hashable, Sendable {
        /// Folders in S3.
        public var paths: [Text]
        public var connectionName: Text?
        public var exclusions: [Text]?
        /// How deep below the paths tables may be: 1 to 20.
        public var maximumTraversalDepth: Int?

        public init(
            _ paths: [Text], connection: Text? = nil, exclusions: [Text]? = nil, maximumTraversalDepth: Int? = nil
        ) {
            self.paths = paths
            connectionName = connection
            self.exclusions = exclusions
            self.maximumTraversalDepth = maximumTraversalDepth
        }
    }
}
