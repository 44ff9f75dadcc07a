public import SlipwayDeclaration
public import SlipwayProvider

extension Glue {
    /// A crawler: it looks at data and describes it in tables of the catalogue.
    ///
    /// ```swift
    /// Glue.Crawler(role: etl.arn, database: catalog.name, s3: ["s3://\(lake.name)/raw/users/"])
    /// ```
    ///
    /// AWS changes no crawler while it crawls: an update waits for the crawl to end. Deleting one stops its crawl.
    ///
    /// Source: <https://docs.aws.amazon.com/glue/latest/webapi/API_CreateCrawler.html>,
    /// <https://docs.aws.amazon.com/glue/latest/webapi/API_UpdateCrawler.html>
    public struct Crawler: ResourceKind {
        public static let type = "AWS::Glue::Crawler"

        /// 1 to 255 characters; one is made from the address when it is left out.
        @CreateOnly public var name: Text?
        /// ARN or name of the role that it crawls as. Glue must be allowed to assume it.
        public var role: Text
        /// What it looks at. What is not declared is taken away.
        @Whole public var targets: Targets
        /// The database that its tables go to; not needed where the targets are tables.
        public var databaseName: Text?
        /// When it crawls by itself.
        public var schedule: Schedule?
        /// At most 2048 characters.
        public var description: Text?
        /// Names of classifiers of one's own, in the order in which they are tried before AWS's.
        public var classifiers: [Text]?
        /// What the names of its tables begin with; at most 128 characters.
        public var tablePrefix: Text?
        /// What becomes of tables whose data has changed or is gone.
        public var schemaChangePolicy: SchemaChangePolicy?
        /// Which data a crawl looks at again.
        public var recrawlPolicy: RecrawlPolicy?
        public var lineageConfiguration: LineageConfiguration?
        public var lakeFormationConfiguration: LakeFormationConfiguration?
        /// How tables and partitions are made; what AWS adds to it is no difference. Its `Version` may be left out.
        ///
        /// Source: <https://docs.aws.amazon.com/glue/latest/dg/crawler-configuration.html>
        public var configuration: JSON?
        /// Name of a security configuration.
        public var crawlerSecurityConfiguration: Text?
        /// The catalogue that its tables go to; the account's own when it is left out.
        public var catalogId: Text?
        public var tags: [String: Text]?

        public struct Attributes: Codable, Hashable, Sendable {
            public let name: String
            /// `arn:aws:glue:<region>:<account>:crawler/<name>`
            public let arn: String
        }

        /// - Parameters:
        ///   - database: Name of the database that its tables go to.
        ///   - targets: What it looks at.
        ///   - schedule: `cron(15 12 * * ? *)`, in UTC.
        ///   - configuration: How tables and partitions are made.
        public init(
            role: Text, database: Text? = nil, targets: Targets, schedule: Text? = nil,
            classifiers: [Text]? = nil, tablePrefix: Text? = nil, schemaChangePolicy: SchemaChangePolicy? = nil,
            recrawl: RecrawlPolicy? = nil, lineage: LineageConfiguration? = nil,
            lakeFormation: LakeFormationConfiguration? = nil, configuration: JSON? = nil,
            securityConfiguration: Text? = nil, description: Text? = nil, catalog: Text? = nil, name: Text? = nil,
            tags: [String: Text]? = nil
        ) {
            self.name = name
            self.role = role
            self.targets = targets
            databaseName = database
            self.schedule = schedule.map { Schedule(scheduleExpression: $0) }
            self.description = description
            self.classifiers = classifiers
            self.tablePrefix = tablePrefix
            self.schemaChangePolicy = schemaChangePolicy
            recrawlPolicy = recrawl
            lineageConfiguration = lineage
            lakeFormationConfiguration = lakeFormation
            self.configuration = configuration
            crawlerSecurityConfiguration = securityConfiguration
            catalogId = catalog
            self.tags = tags
        }

        /// A crawler of folders in S3.
        /// - Parameters:
        ///   - s3: What it looks at, such as `s3://lake/raw/users/`.
        ///   - exclusions: Patterns of what it passes over in all of them, such as `**.tmp`.
        public init(
            role: Text, database: Text, s3: [Text], exclusions: [Text]? = nil, schedule: Text? = nil,
            classifiers: [Text]? = nil, tablePrefix: Text? = nil, schemaChangePolicy: SchemaChangePolicy? = nil,
            recrawl: RecrawlPolicy? = nil, configuration: JSON? = nil, securityConfiguration: Text? = nil,
            description: Text? = nil, name: Text? = nil, tags: [String: Text]? = nil
        ) {
            self.init(
                role: role, database: database,
                targets: Targets(s3: s3.map { S3Target($0, exclusions: exclusions) }), schedule: schedule,
                classifiers: classifiers, tablePrefix: tablePrefix, schemaChangePolicy: schemaChangePolicy,
                recrawl: recrawl, configuration: configuration, securityConfiguration: securityConfiguration,
                description: description, name: name, tags: tags)
        }

        public static let identification = Identification.named
        public static let naming = Naming(limit: 255)
        /// A change to its schedule takes a moment. A crawl that is in the way may take longer.
        public static let patience = Patience(every: .seconds(1), upTo: .seconds(900))
        public static let permissions = Permissions(
            create: ["glue:CreateCrawler", "glue:TagResource", "iam:PassRole"],
            read: ["glue:GetCrawler", "glue:GetTags"],
            update: ["glue:UpdateCrawler", "glue:TagResource", "glue:UntagResource", "iam:PassRole"],
            delete: ["glue:DeleteCrawler", "glue:StopCrawler"],
            list: ["glue:BatchGetCrawlers", "glue:GetTags", "tag:GetResources"])
        // An update keeps what it is not given. What else is no longer declared is sent as what it is without it.
        public static let removals: [String: Removal] = ["DatabaseName": .never, "CatalogId": .never]

        public var fixedName: Text? { name }

        public func foreseen(_ identity: String, at location: Location) -> Foreseen<Attributes> {
            Foreseen {
                $0[\.name] = identity
                $0[\.arn] = location.arn("glue", "crawler/\(identity)")
            }
        }

        public func canonical() -> Crawler {
            var crawler = self
            crawler.role = Glue.roleName(role)
            crawler.targets = targets.canonical()
            // Glue keeps the names of databases in lower case.
            crawler.databaseName = databaseName?.lowercased()
            crawler.schedule = schedule?.scheduleExpression.nonEmpty.map { Schedule(scheduleExpression: $0) }
            crawler.description = description?.nonEmpty
            crawler.classifiers = classifiers?.isEmpty == true ? nil : classifiers
            crawler.tablePrefix = tablePrefix?.nonEmpty
            crawler.crawlerSecurityConfiguration = crawlerSecurityConfiguration?.nonEmpty
            crawler.lakeFormationConfiguration?.accountId = lakeFormationConfiguration?.accountId?.nonEmpty
            // There is one version; a configuration that says nothing else says nothing.
            crawler.configuration = configuration.flatMap {
                let rest = $0.setting(["Version"], to: nil)
                return rest == [:] ? nil : rest
            }
            return crawler
        }
    }
}
