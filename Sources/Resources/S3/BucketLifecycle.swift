public import SlipwayDeclaration

extension S3.Bucket {
    /// When objects move to cheaper storage, and when they go.
    public struct Lifecycle: Codable, Hashable, Sendable, ExpressibleByArrayLiteral {
        /// Which objects are too small to move.
        public enum MinimumSize: String, Codable, Hashable, Sendable {
            /// Those under 128 KiB, whatever the class. AWS's default since September 2024.
            case all128K = "all_storage_classes_128K"
            /// It depends on the class.
            case variesByStorageClass = "varies_by_storage_class"
        }

        /// At most 1000.
        @Unordered public var rules: [LifecycleRule]
        public var transitionDefaultMinimumObjectSize: MinimumSize?

        public init(rules: [LifecycleRule], minimumSize: MinimumSize? = nil) {
            self.rules = rules
            transitionDefaultMinimumObjectSize = minimumSize
        }

        public init(arrayLiteral rules: LifecycleRule...) { self.init(rules: rules) }

        var canonical: Lifecycle {
            Lifecycle(
                rules: rules.map(\.canonical).sorted { ($0.id?.spelling ?? "") < ($1.id?.spelling ?? "") },
                minimumSize: transitionDefaultMinimumObjectSize ?? .all128K)
        }
    }

    /// What happens to the objects that it is about, and when.
    public struct LifecycleRule: Codable, Hashable, Sendable {
        public enum Status: String, Codable, Hashable, Sendable {
            case enabled = "Enabled"
            case disabled = "Disabled"
        }

        public struct TagFilter: Codable, Hashable, Sendable {
            public var key: Text
            public var value: Text
            public init(_ key: Text, _ value: Text) {
                self.key = key
                self.value = value
            }
        }

        /// A move to another storage class, after days or on a date.
        public struct Transition: Codable, Hashable, Sendable {
            public var storageClass: S3.StorageClass
            public var transitionInDays: Int?
            /// Midnight UTC, such as `2027-01-01T00:00:00Z`.
            public var transitionDate: String?

            public init(to storageClass: S3.StorageClass, days: Int? = nil, date: String? = nil) {
                self.storageClass = storageClass
                transitionInDays = days
                transitionDate = date
            }
        }

        /// A move of versions that are no longer current.
        public struct NoncurrentTransition: Codable, Hashable, Sendable {
            public var storageClass: S3.StorageClass
            /// Days since the version is no longer current.
            public var transitionInDays: Int
            /// How many such versions stay where they are.
            public var newerNoncurrentVersions: Int?

            public init(to storageClass: S3.StorageClass, days: Int, keeping versions: Int? = nil) {
                self.storageClass = storageClass
                transitionInDays = days
                newerNoncurrentVersions = versions
            }
        }

        /// The end of versions that are no longer current.
        public struct NoncurrentExpiration: Codable, Hashable, Sendable {
            /// Days since the version is no longer current.
            public var noncurrentDays: Int
            /// How many such versions are kept.
            public var newerNoncurrentVersions: Int?

            public init(days: Int, keeping versions: Int? = nil) {
                noncurrentDays = days
                newerNoncurrentVersions = versions
            }
        }

        public struct AbortUploads: Codable, Hashable, Sendable {
            public var daysAfterInitiation: Int
            public init(days: Int) { daysAfterInitiation = days }
        }

        /// At most 255 characters; `nil` makes one of the rule's content.
        public var id: Text?
        public var status: Status = .enabled
        /// What the keys begin with; `nil` for all.
        public var prefix: Text?
        public var tagFilters: [TagFilter]?
        /// In bytes.
        public var objectSizeGreaterThan: Int?
        /// In bytes.
        public var objectSizeLessThan: Int?
        public var expirationInDays: Int?
        /// Midnight UTC, such as `2027-01-01T00:00:00Z`.
        public var expirationDate: String?
        /// Whether delete markers go that no version is behind.
        public var expiredObjectDeleteMarker: Bool?
        public var transitions: [Transition]?
        public var noncurrentVersionExpiration: NoncurrentExpiration?
        public var noncurrentVersionTransitions: [NoncurrentTransition]?
        public var abortIncompleteMultipartUpload: AbortUploads?

        /// A rule about all objects, that does nothing yet.
        public init(_ id: Text? = nil, prefix: Text? = nil, status: Status = .enabled) {
            self.id = id
            self.prefix = prefix
            self.status = status
        }

        /// Deletes objects some days after they were made.
        public static func expire(after days: Int, prefix: Text? = nil) -> LifecycleRule {
            var rule = LifecycleRule(prefix: prefix)
            rule.expirationInDays = days
            return rule
        }

        /// Moves objects to another storage class some days after they were made.
        public static func move(to storageClass: S3.StorageClass, after days: Int, prefix: Text? = nil) -> LifecycleRule {
            var rule = LifecycleRule(prefix: prefix)
            rule.transitions = [Transition(to: storageClass, days: days)]
            return rule
        }

        /// Deletes versions some days after they were replaced.
        public static func expireVersions(
            after days: Int, keeping versions: Int? = nil, prefix: Text? = nil
        ) -> LifecycleRule {
            var rule = LifecycleRule(prefix: prefix)
            rule.noncurrentVersionExpiration = NoncurrentExpiration(days: days, keeping: versions)
            return rule
        }

        /// Gives up uploads that were never finished.
        public static func abortUploads(after days: Int, prefix: Text? = nil) -> LifecycleRule {
            var rule = LifecycleRule(prefix: prefix)
            rule.abortIncompleteMultipartUpload = AbortUploads(days: days)
            return rule
        }
    }
}

extension S3.Bucket.LifecycleRule {
    /// AWS makes up an identifier where there is none, another one each time. One that is made of the content stays.
    var canonical: S3.Bucket.LifecycleRule {
        var rule = self
        if prefix?.literal == "" { rule.prefix = nil }
        if tagFilters?.isEmpty == true { rule.tagFilters = nil }
        if transitions?.isEmpty == true { rule.transitions = nil }
        if noncurrentVersionTransitions?.isEmpty == true { rule.noncurrentVersionTransitions = nil }
        if expiredObjectDeleteMarker == false { rule.expiredObjectDeleteMarker = nil }
        rule.tagFilters?.sort { $0.key.spelling < $1.key.spelling }
        rule.transitions?.sort { $0.order < $1.order }
        rule.noncurrentVersionTransitions?.sort { $0.transitionInDays < $1.transitionInDays }
        if rule.id == nil || rule.id?.literal == "" {
            rule.id = nil
            let content = (try? PropertyEncoder().encode(rule).tree.text) ?? ""
            rule.id = Text(verbatim: "slipway-\(Digest.sha256(content).hexadecimal.prefix(16))")
        }
        return rule
    }

    /// Whether the rule does anything.
    var hasAction: Bool {
        expirationInDays != nil || expirationDate != nil || expiredObjectDeleteMarker == true
            || transitions?.isEmpty == false || noncurrentVersionExpiration != nil
            || noncurrentVersionTransitions?.isEmpty == false || abortIncompleteMultipartUpload != nil
    }
}

extension S3.Bucket.LifecycleRule.Transition {
    fileprivate var order: String {
        let days = transitionInDays.map(String.init) ?? ""
        return String(repeating: "0", count: max(0, 9 - days.count)) + days + (transitionDate ?? "")
    }
}

extension S3 {
    /// Where S3 keeps an object. Open, as AWS adds classes.
    ///
    /// Source: <https://docs.aws.amazon.com/AmazonS3/latest/userguide/storage-class-intro.html>
    public struct StorageClass: RawRepresentable, Codable, Hashable, Sendable {
        public let rawValue: String
        public init(rawValue: String) { self.rawValue = rawValue }

        public static let standard = StorageClass(rawValue: "STANDARD")
        public static let standardIA = StorageClass(rawValue: "STANDARD_IA")
        public static let oneZoneIA = StorageClass(rawValue: "ONEZONE_IA")
        public static let intelligentTiering = StorageClass(rawValue: "INTELLIGENT_TIERING")
        public static let glacierInstant = StorageClass(rawValue: "GLACIER_IR")
        public static let glacier = StorageClass(rawValue: "GLACIER")
        public static let deepArchive = StorageClass(rawValue: "DEEP_ARCHIVE")
    }
}
