public import SlipwayDeclaration

extension Glue.Crawler {
    public struct Schedule: Codable, Hashable, Sendable {
        /// `cron(15 12 * * ? *)`, in UTC.
        ///
        /// Source: <https://docs.aws.amazon.com/glue/latest/dg/monitor-data-warehouse-schedule.html>
        public var scheduleExpression: Text
        public init(scheduleExpression: Text) { self.scheduleExpression = scheduleExpression }
    }

    /// What becomes of tables whose data has changed or is gone.
    public struct SchemaChangePolicy: Codable, Hashable, Sendable {
        public var updateBehavior: UpdateBehavior?
        public var deleteBehavior: DeleteBehavior?

        public init(update: UpdateBehavior? = nil, delete: DeleteBehavior? = nil) {
            updateBehavior = update
            deleteBehavior = delete
        }

        /// Nothing changes in the catalogue but what is new; a crawler of new folders alone must have it.
        public static let log = SchemaChangePolicy(update: .log, delete: .log)
        /// AWS's own: tables follow their data, and those without data are marked as deprecated.
        static let usual = SchemaChangePolicy(update: .updateInDatabase, delete: .deprecateInDatabase)
    }

    public struct UpdateBehavior: RawRepresentable, Codable, Hashable, Sendable {
        public var rawValue: String
        public init(rawValue: String) { self.rawValue = rawValue }
        public static let log = UpdateBehavior(rawValue: "LOG")
        public static let updateInDatabase = UpdateBehavior(rawValue: "UPDATE_IN_DATABASE")
    }

    public struct DeleteBehavior: RawRepresentable, Codable, Hashable, Sendable {
        public var rawValue: String
        public init(rawValue: String) { self.rawValue = rawValue }
        public static let log = DeleteBehavior(rawValue: "LOG")
        public static let deleteFromDatabase = DeleteBehavior(rawValue: "DELETE_FROM_DATABASE")
        public static let deprecateInDatabase = DeleteBehavior(rawValue: "DEPRECATE_IN_DATABASE")
    }

    /// Which data a crawl looks at again.
    public struct RecrawlPolicy: Codable, Hashable, Sendable {
        public var recrawlBehavior: Behavior

        public struct Behavior: RawRepresentable, Codable, Hashable, Sendable {
            public var rawValue: String
            public init(rawValue: String) { self.rawValue = rawValue }
        }

        public init(_ behavior: Behavior) { recrawlBehavior = behavior }

        /// AWS's own.
        public static let everything = RecrawlPolicy(Behavior(rawValue: "CRAWL_EVERYTHING"))
        /// Only folders that were added since the last crawl.
        public static let newFoldersOnly = RecrawlPolicy(Behavior(rawValue: "CRAWL_NEW_FOLDERS_ONLY"))
        /// Only what events in a queue tell of.
        public static let events = RecrawlPolicy(Behavior(rawValue: "CRAWL_EVENT_MODE"))
    }

    /// Whether the crawler notes where data comes from. CloudFormation has none, AWS has.
    public struct LineageConfiguration: Codable, Hashable, Sendable {
        /// `ENABLE` or `DISABLE`, which is AWS's own.
        public var crawlerLineageSettings: Text
        public init(crawlerLineageSettings: Text) { self.crawlerLineageSettings = crawlerLineageSettings }

        public static let enabled = LineageConfiguration(crawlerLineageSettings: "ENABLE")
        public static let disabled = LineageConfiguration(crawlerLineageSettings: "DISABLE")
    }

    /// Whether the crawler reads data as Lake Formation allows it to.
    public struct LakeFormationConfiguration: Codable, Hashable, Sendable {
        public var useLakeFormationCredentials: Bool?
        /// The account whose data it is; 12 digits.
        public var accountId: Text?

        public init(useLakeFormationCredentials: Bool? = nil, account: Text? = nil) {
            self.useLakeFormationCredentials = useLakeFormationCredentials
            accountId = account
        }
    }
}
