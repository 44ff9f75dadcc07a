public import SlipwayDeclaration
public import SlipwayProvider

extension S3 {
    /// A bucket, with the parts that AWS keeps beside it: its policy, lifecycle, notifications and so on.
    ///
    /// ```swift
    /// S3.Bucket(
    ///     versioning: .enabled, encryption: .kms(key.arn),
    ///     lifecycle: [.expire(after: 30, prefix: "tmp/"), .abortUploads(after: 7)])
    /// ```
    ///
    /// A part that is left out stays as AWS makes it: encrypted with S3's own keys, closed to the public, without ACLs.
    ///
    /// Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-s3-bucket.html>
    public struct Bucket: ResourceKind {
        /// 3–63 lower-case letters, digits, hyphens and dots. `nil` lets the engine make a name.
        @CreateOnly public var bucketName: Text?
        public var versioning: Versioning?
        public var encryption: Encryption?
        public var publicAccessBlock: PublicAccessBlock?
        public var ownership: OwnershipControls?
        public var lifecycle: Lifecycle?
        /// Who may do what with the bucket. Statements that AWS's log delivery adds (`AWSLogDelivery…`) are left alone.
        public var policy: IAM.PolicyDocument?
        public var cors: CORS?
        public var logging: Logging?
        public var notifications: Notifications?
        public var website: Website?
        /// Whether versions of objects can be locked. It can be switched on later where versions are kept, and never off.
        public var objectLockEnabled: Bool?
        /// How long new versions are locked.
        public var objectLock: ObjectLock?
        public var acceleration: Acceleration?
        public var tags: [String: Text]?
        /// Whether destroying the bucket destroys all that is in it: objects, their versions, and unfinished uploads.
        /// Otherwise a bucket that is not empty is not destroyed.
        @WriteOnly public var emptyOnDelete: Bool?

        public init(
            name: Text? = nil, versioning: Versioning? = nil, encryption: Encryption? = nil,
            publicAccessBlock: PublicAccessBlock? = nil, ownership: OwnershipControls? = nil,
            lifecycle: Lifecycle? = nil, policy: IAM.PolicyDocument? = nil, cors: CORS? = nil,
            logging: Logging? = nil, notifications: Notifications? = nil, website: Website? = nil,
            objectLockEnabled: Bool? = nil, objectLock: ObjectLock? = nil, acceleration: Acceleration? = nil,
            tags: [String: Text]? = nil, emptyOnDelete: Bool? = nil
        ) {
            self.bucketName = name
            self.versioning = versioning
            self.encryption = encryption
            self.publicAccessBlock = publicAccessBlock
            self.ownership = ownership
            self.lifecycle = lifecycle
            self.policy = policy
            self.cors = cors
            self.logging = logging
            self.notifications = notifications
            self.website = website
            self.objectLockEnabled = objectLockEnabled
            self.objectLock = objectLock
            self.acceleration = acceleration
            self.tags = tags
            self.emptyOnDelete = emptyOnDelete
        }

        private enum CodingKeys: String, CodingKey {
            case bucketName, tags, objectLockEnabled, emptyOnDelete
            case versioning = "VersioningConfiguration"
            case encryption = "BucketEncryption"
            case publicAccessBlock = "PublicAccessBlockConfiguration"
            case ownership = "OwnershipControls"
            case lifecycle = "LifecycleConfiguration"
            case policy = "BucketPolicy"
            case cors = "CorsConfiguration"
            case logging = "LoggingConfiguration"
            case notifications = "NotificationConfiguration"
            case website = "WebsiteConfiguration"
            case objectLock = "ObjectLockConfiguration"
            case acceleration = "AccelerateConfiguration"
        }

        /// What others may refer to.
        public struct Attributes: Codable, Hashable, Sendable {
            public var name: String
            /// `arn:aws:s3:::<name>`
            public var arn: String
            /// `<name>.s3.amazonaws.com`
            public var domainName: String
            /// `<name>.s3.<region>.amazonaws.com`
            public var regionalDomainName: String
        }
    }
}

extension S3.Bucket {
    public static let type = "AWS::S3::Bucket"
    public static let identification = Identification.namedGlobally
    public static let scope = Scope.global
    /// Source: <https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html>
    public static let naming = Naming(limit: 63, allowsUppercase: false)
    /// What S3 says yes to is done; where that is not known yet, reads say so and updates are refused.
    public static let patience = Patience.none
    public static var readCalls: Int { 2 + parts.count }
    public var fixedName: Text? { bucketName }

    /// What AWS makes of a new bucket is what a part that is no longer declared goes back to: deleting the block of
    /// public access or the ownership controls would leave the bucket more open than a new one.
    ///
    /// Source: <https://docs.aws.amazon.com/AmazonS3/latest/userguide/create-bucket-overview.html>; that versioning and
    /// acceleration can only be suspended, <https://docs.aws.amazon.com/AmazonS3/latest/userguide/Versioning.html>,
    /// and object lock not even that, <https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html>.
    public static let removals: [String: Removal] = [
        "VersioningConfiguration": .sentinel(["Status": "Suspended"]),
        "AccelerateConfiguration": .sentinel(["AccelerationStatus": "Suspended"]),
        "PublicAccessBlockConfiguration": .sentinel([
            "BlockPublicAcls": true, "BlockPublicPolicy": true, "IgnorePublicAcls": true, "RestrictPublicBuckets": true,
        ]),
        "OwnershipControls": .sentinel(["Rules": [["ObjectOwnership": "BucketOwnerEnforced"]]]),
        "ObjectLockEnabled": .never,
    ]

    /// Source: <https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html>
    public static let permissions = Permissions(
        create: [
            "s3:CreateBucket", "s3:TagResource", "s3:PutBucketObjectLockConfiguration", "s3:PutBucketVersioning",
        ],
        read: [
            "s3:ListBucket", "s3:GetBucketTagging", "s3:GetBucketVersioning", "s3:GetEncryptionConfiguration",
            "s3:GetBucketPublicAccessBlock", "s3:GetBucketOwnershipControls", "s3:GetLifecycleConfiguration",
            "s3:GetBucketPolicy", "s3:GetBucketCORS", "s3:GetBucketLogging", "s3:GetBucketNotification",
            "s3:GetBucketWebsite", "s3:GetBucketObjectLockConfiguration", "s3:GetAccelerateConfiguration",
        ],
        update: [
            "s3:GetBucketTagging", "s3:PutBucketTagging", "s3:PutBucketVersioning", "s3:PutEncryptionConfiguration",
            "s3:PutBucketPublicAccessBlock", "s3:PutBucketOwnershipControls", "s3:PutLifecycleConfiguration",
            "s3:GetBucketPolicy", "s3:PutBucketPolicy", "s3:DeleteBucketPolicy", "s3:PutBucketCORS",
            "s3:PutBucketLogging", "s3:PutBucketNotification", "s3:PutBucketWebsite", "s3:DeleteBucketWebsite",
            "s3:PutBucketObjectLockConfiguration", "s3:PutAccelerateConfiguration",
        ],
        delete: [
            "s3:DeleteBucket", "s3:ListBucketVersions", "s3:DeleteObject", "s3:DeleteObjectVersion",
            "s3:ListBucketMultipartUploads", "s3:AbortMultipartUpload",
        ])

    public func foreseen(_ identity: String, at location: Location) -> Foreseen<Attributes> {
        let attributes = Attributes(identity, partition: location.partition, region: location.region)
        return Foreseen {
            $0[\.name] = attributes.name
            $0[\.arn] = attributes.arn
            $0[\.domainName] = attributes.domainName
            $0[\.regionalDomainName] = attributes.regionalDomainName
        }
    }

    public func canonical() -> S3.Bucket {
        var bucket = self
        bucket.encryption = encryption?.canonical
        bucket.publicAccessBlock = publicAccessBlock?.canonical
        bucket.lifecycle = lifecycle?.canonical
        bucket.policy = policy?.withoutLogDelivery?.canonical()
        bucket.cors = cors?.canonical
        bucket.logging = logging?.canonical
        bucket.notifications = notifications?.canonical
        bucket.website = website?.canonical
        return bucket
    }

    public func replaces(_ current: S3.Bucket) -> [Problem] {
        guard current.objectLockEnabled == true, objectLockEnabled == false else { return [] }
        return [Problem("ObjectLockEnabled", "object lock cannot be switched off")]
    }
}

extension S3.Bucket.Attributes {
    /// Source: <https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html>; the suffix of China's
    /// regions, <https://docs.aws.amazon.com/general/latest/gr/s3.html>
    init(_ name: String, partition: String, region: String) {
        let suffix = partition == "aws-cn" ? "amazonaws.com.cn" : "amazonaws.com"
        self.name = name
        arn = "arn:\(partition):s3:::\(name)"
        domainName = "\(name).s3.\(suffix)"
        regionalDomainName = "\(name).s3.\(region).\(suffix)"
    }
}
