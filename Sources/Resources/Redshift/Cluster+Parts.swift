public import SlipwayDeclaration

extension Redshift.Cluster {
    /// What becomes of a cluster's data when the cluster is deleted.
    public struct FinalSnapshot: Codable, Hashable, Sendable {
        /// The data is lost.
        public var isSkipped: Bool
        /// What the snapshot's name begins with; the time of the deletion follows, so that what is made and deleted
        /// again gets a snapshot of its own.
        public var prefix: Text?
        /// Days for which it is kept; for ever when it is left out.
        public var retentionPeriod: Int?

        /// No snapshot is taken: the data is lost.
        public static var skip: FinalSnapshot { FinalSnapshot(isSkipped: true) }
        /// A snapshot is taken.
        /// - Parameters:
        ///   - prefix: Letters, digits and single hyphens, beginning with a letter; the time of the deletion follows.
        ///   - retentionPeriod: Days for which it is kept; for ever when it is left out.
        public static func named(_ prefix: Text, retentionPeriod: Int? = nil) -> FinalSnapshot {
            FinalSnapshot(isSkipped: false, prefix: prefix, retentionPeriod: retentionPeriod)
        }
    }

    /// The copies of snapshots in another region.
    public struct SnapshotCopy: Hashable, Sendable {
        public var region: Text
        /// Name of the grant by which the other region's key encrypts them.
        public var grant: Text?
        /// Days for which copies of automated snapshots are kept.
        public var retention: Int?

        public static func to(_ region: Text, grant: Text? = nil, retention: Int? = nil) -> SnapshotCopy {
            SnapshotCopy(region: region, grant: grant, retention: retention)
        }
    }

    /// Where the audit log goes.
    ///
    /// Source: <https://docs.aws.amazon.com/redshift/latest/APIReference/API_EnableLogging.html>
    public struct LoggingProperties: Codable, Hashable, Sendable {
        /// `s3` (AWS's own) or `cloudwatch`.
        public var logDestinationType: Text?
        /// The bucket must let AWS write: its policy names `redshift.amazonaws.com`.
        public var bucketName: Text?
        public var s3KeyPrefix: Text?
        /// For CloudWatch: `connectionlog`, `userlog` and `useractivitylog`.
        @Unordered public var logExports: [Text]?

        public init(
            logDestinationType: Text? = nil, bucketName: Text? = nil, s3KeyPrefix: Text? = nil,
            logExports: [Text]? = nil
        ) {
            self.logDestinationType = logDestinationType
            self.bucketName = bucketName
            self.s3KeyPrefix = s3KeyPrefix
            self.logExports = logExports
        }

        public static func s3(_ bucket: Text, prefix: Text? = nil) -> LoggingProperties {
            LoggingProperties(bucketName: bucket, s3KeyPrefix: prefix)
        }

        public static func cloudWatch(_ exports: [Text]) -> LoggingProperties {
            LoggingProperties(logDestinationType: "cloudwatch", logExports: exports)
        }

        var isToCloudWatch: Bool { logDestinationType == "cloudwatch" }

        func canonical() -> LoggingProperties {
            var logging = self
            if logDestinationType == "s3" { logging.logDestinationType = nil }
            logging.s3KeyPrefix = s3KeyPrefix.flatMap { $0 == "" ? nil : $0 }
            if logExports?.isEmpty == true { logging.logExports = nil }
            return logging
        }
    }
}
