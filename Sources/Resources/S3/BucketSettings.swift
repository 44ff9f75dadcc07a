public import SlipwayDeclaration

// The parts of a bucket that are a word or two each.

extension S3.Bucket {
    /// Whether older versions of objects are kept.
    public struct Versioning: Codable, Hashable, Sendable {
        public enum Status: String, Codable, Hashable, Sendable {
            case enabled = "Enabled"
            case suspended = "Suspended"
        }

        public var status: Status

        /// Every write makes a new version.
        public static let enabled = Versioning(status: .enabled)
        /// Versions that exist stay; new writes make none.
        public static let suspended = Versioning(status: .suspended)
    }

    /// What keeps the public out, whatever policies and ACLs say. What is `nil` is off.
    public struct PublicAccessBlock: Codable, Hashable, Sendable {
        public var blockPublicAcls: Bool?
        public var blockPublicPolicy: Bool?
        public var ignorePublicAcls: Bool?
        public var restrictPublicBuckets: Bool?

        public init(
            blockPublicAcls: Bool? = nil, blockPublicPolicy: Bool? = nil, ignorePublicAcls: Bool? = nil,
            restrictPublicBuckets: Bool? = nil
        ) {
            self.blockPublicAcls = blockPublicAcls
            self.blockPublicPolicy = blockPublicPolicy
            self.ignorePublicAcls = ignorePublicAcls
            self.restrictPublicBuckets = restrictPublicBuckets
        }

        /// Everything is blocked, as in every new bucket.
        public static let everything = PublicAccessBlock(
            blockPublicAcls: true, blockPublicPolicy: true, ignorePublicAcls: true, restrictPublicBuckets: true)
        /// Nothing is blocked.
        public static let nothing = PublicAccessBlock(
            blockPublicAcls: false, blockPublicPolicy: false, ignorePublicAcls: false, restrictPublicBuckets: false)

        var canonical: PublicAccessBlock {
            PublicAccessBlock(
                blockPublicAcls: blockPublicAcls ?? false, blockPublicPolicy: blockPublicPolicy ?? false,
                ignorePublicAcls: ignorePublicAcls ?? false, restrictPublicBuckets: restrictPublicBuckets ?? false)
        }
    }

    /// Who owns the objects that others put into the bucket.
    public struct OwnershipControls: Codable, Hashable, Sendable {
        public enum Owner: String, Codable, Hashable, Sendable {
            /// The bucket's owner owns everything, and there are no ACLs. AWS's default.
            case bucketOwnerEnforced = "BucketOwnerEnforced"
            /// The bucket's owner, where the writer agrees by ACL.
            case bucketOwnerPreferred = "BucketOwnerPreferred"
            /// Whoever wrote the object.
            case objectWriter = "ObjectWriter"
        }

        public struct Rule: Codable, Hashable, Sendable {
            public var objectOwnership: Owner
            public init(objectOwnership: Owner) { self.objectOwnership = objectOwnership }
        }

        /// One rule.
        public var rules: [Rule]

        public init(rules: [Rule]) { self.rules = rules }

        public static let bucketOwnerEnforced = OwnershipControls(rules: [Rule(objectOwnership: .bucketOwnerEnforced)])
        public static let bucketOwnerPreferred = OwnershipControls(
            rules: [Rule(objectOwnership: .bucketOwnerPreferred)])
        public static let objectWriter = OwnershipControls(rules: [Rule(objectOwnership: .objectWriter)])
    }

    /// Whether the bucket can be reached through the nearest edge location.
    public struct Acceleration: Codable, Hashable, Sendable {
        public var accelerationStatus: Versioning.Status

        public static let enabled = Acceleration(accelerationStatus: .enabled)
        public static let suspended = Acceleration(accelerationStatus: .suspended)
    }

    /// How long new versions of objects are locked.
    public struct ObjectLock: Codable, Hashable, Sendable {
        public enum Mode: String, Codable, Hashable, Sendable {
            /// Some may be allowed to delete what is locked (`s3:BypassGovernanceRetention`).
            case governance = "GOVERNANCE"
            /// Nobody can, not even the root user.
            case compliance = "COMPLIANCE"
        }

        /// Either days or years.
        public struct Retention: Codable, Hashable, Sendable {
            public var mode: Mode
            public var days: Int?
            public var years: Int?

            public init(mode: Mode, days: Int? = nil, years: Int? = nil) {
                self.mode = mode
                self.days = days
                self.years = years
            }
        }

        public struct Rule: Codable, Hashable, Sendable {
            public var defaultRetention: Retention
            public init(defaultRetention: Retention) { self.defaultRetention = defaultRetention }
        }

        public var rule: Rule?

        public init(rule: Rule? = nil) { self.rule = rule }

        /// Locks each new version for a number of days or years.
        public static func retain(_ mode: Mode, days: Int? = nil, years: Int? = nil) -> ObjectLock {
            ObjectLock(rule: Rule(defaultRetention: Retention(mode: mode, days: days, years: years)))
        }
    }

    /// Where S3 writes who asked for what.
    public struct Logging: Codable, Hashable, Sendable {
        public enum DateSource: String, Codable, Hashable, Sendable {
            case eventTime = "EventTime"
            case deliveryTime = "DeliveryTime"
        }

        /// How the keys of log files are made up: one of the two is given.
        public struct KeyFormat: Codable, Hashable, Sendable {
            public struct Partitioned: Codable, Hashable, Sendable {
                public var partitionDateSource: DateSource?
                public init(partitionDateSource: DateSource?) { self.partitionDateSource = partitionDateSource }
            }
            public struct Simple: Codable, Hashable, Sendable { public init() {} }

            public var partitionedPrefix: Partitioned?
            public var simplePrefix: Simple?

            /// `<prefix><account>/<region>/<bucket>/<year>/<month>/<day>/<time>-<id>`
            public static func partitioned(by source: DateSource) -> KeyFormat {
                KeyFormat(partitionedPrefix: Partitioned(partitionDateSource: source))
            }
            /// `<prefix><time>-<id>`
            public static let simple = KeyFormat(simplePrefix: Simple())
        }

        /// The bucket that the logs go to; its policy allows `logging.s3.amazonaws.com` to write there.
        public var destinationBucketName: Text
        /// What the keys of log files begin with.
        public var logFilePrefix: Text?
        public var targetObjectKeyFormat: KeyFormat?

        public init(to bucket: Text, prefix: Text? = nil, keys: KeyFormat? = nil) {
            destinationBucketName = bucket
            logFilePrefix = prefix
            targetObjectKeyFormat = keys
        }

        var canonical: Logging {
            var logging = self
            logging.logFilePrefix = logFilePrefix ?? ""
            return logging
        }
    }
}
