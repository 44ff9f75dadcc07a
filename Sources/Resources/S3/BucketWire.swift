internal import SlipwayAWS
internal import SlipwayDeclaration

// How the simple parts of a bucket are written for S3. Where CloudFormation has the same names, the declared type itself
// is sent.
// Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_Types_Amazon_Simple_Storage_Service.html

extension S3.Bucket.Versioning: XMLBucketPart {
    static let operations = PartOperations(
        name: "BucketVersioning", query: "versioning", root: "VersioningConfiguration")

    struct Wire: Codable, Sendable { var status: Status? }

    /// A bucket in which versioning was never set answers nothing.
    init?(_ wire: Wire) {
        guard let status = wire.status else { return nil }
        self.init(status: status)
    }

    var wire: Wire { Wire(status: status) }

    /// Versioning that was once enabled can only be suspended.
    static func reset(_ bucket: String, _ aws: AWSClient) async throws { try await suspended.put(bucket, aws) }
}

extension S3.Bucket.Acceleration: XMLBucketPart {
    static let operations = PartOperations(
        name: "BucketAccelerateConfiguration", query: "accelerate", root: "AccelerateConfiguration")

    struct Wire: Codable, Sendable { var status: S3.Bucket.Versioning.Status? }

    init?(_ wire: Wire) {
        guard let status = wire.status else { return nil }
        self.init(accelerationStatus: status)
    }

    var wire: Wire { Wire(status: accelerationStatus) }

    static func reset(_ bucket: String, _ aws: AWSClient) async throws { try await suspended.put(bucket, aws) }

    /// Where acceleration does not exist, there is none.
    static func read(_ bucket: String, _ aws: AWSClient) async throws -> S3.Bucket.Acceleration? {
        do {
            return Self(try await aws.rest(operations.get(bucket), as: Wire.self))
        } catch where ["MethodNotAllowed", "UnsupportedArgument"].contains(error.code) {
            return nil
        }
    }
}

extension S3.Bucket.PublicAccessBlock: XMLBucketPart {
    static let operations = PartOperations(
        name: "PublicAccessBlock", query: "publicAccessBlock", root: "PublicAccessBlockConfiguration",
        delete: "DeletePublicAccessBlock")

    init?(_ wire: S3.Bucket.PublicAccessBlock) { self = wire }
    var wire: S3.Bucket.PublicAccessBlock { self }
}

extension S3.Bucket.OwnershipControls: XMLBucketPart {
    static let operations = PartOperations(
        name: "BucketOwnershipControls", query: "ownershipControls", root: "OwnershipControls",
        delete: "DeleteBucketOwnershipControls")

    struct Wire: Codable, Sendable, WireShaped {
        var rule: [Rule]
        static let shape: Shape = ["Rule": .flattened()]
    }

    init?(_ wire: Wire) { self.init(rules: wire.rule) }
    var wire: Wire { Wire(rule: rules) }
}

extension S3.Bucket.Encryption: XMLBucketPart {
    static let operations = PartOperations(
        name: "BucketEncryption", query: "encryption", root: "ServerSideEncryptionConfiguration",
        delete: "DeleteBucketEncryption")

    struct Wire: Codable, Sendable, WireShaped {
        struct Rule: Codable, Sendable {
            var applyServerSideEncryptionByDefault: ByDefault?
            var bucketKeyEnabled: Bool?
        }

        var rule: [Rule]
        static let shape: Shape = ["Rule": .flattened()]
    }

    init?(_ wire: Wire) {
        let rules = wire.rule.compactMap { rule in
            rule.applyServerSideEncryptionByDefault.map { Rule($0, bucketKey: rule.bucketKeyEnabled) }
        }
        self.init(rules: rules)
    }

    var wire: Wire {
        let rules = serverSideEncryptionConfiguration.map {
            Wire.Rule(
                applyServerSideEncryptionByDefault: $0.serverSideEncryptionByDefault,
                bucketKeyEnabled: $0.bucketKeyEnabled)
        }
        return Wire(rule: rules)
    }
}

extension S3.Bucket.Logging: XMLBucketPart {
    static let operations = PartOperations(name: "BucketLogging", query: "logging", root: "BucketLoggingStatus")

    struct Wire: Codable, Sendable {
        struct Enabled: Codable, Sendable {
            var targetBucket: Text
            var targetPrefix: Text
            var targetObjectKeyFormat: KeyFormat?
        }

        var loggingEnabled: Enabled?
    }

    init?(_ wire: Wire) {
        guard let enabled = wire.loggingEnabled else { return nil }
        self.init(to: enabled.targetBucket, prefix: enabled.targetPrefix, keys: enabled.targetObjectKeyFormat)
    }

    var wire: Wire {
        Wire(
            loggingEnabled: Wire.Enabled(
                targetBucket: destinationBucketName, targetPrefix: logFilePrefix ?? "",
                targetObjectKeyFormat: targetObjectKeyFormat))
    }
}

extension S3.Bucket.CORS: XMLBucketPart {
    static let operations = PartOperations(
        name: "BucketCors", query: "cors", root: "CORSConfiguration", delete: "DeleteBucketCors")

    struct Wire: Codable, Sendable, WireShaped {
        struct Rule: Codable, Sendable, WireShaped {
            var id: String?
            var allowedHeader: [String]
            var allowedMethod: [Method]
            var allowedOrigin: [Text]
            var exposeHeader: [String]
            var maxAgeSeconds: Int?

            enum CodingKeys: String, CodingKey {
                case id = "ID"
                case allowedHeader, allowedMethod, allowedOrigin, exposeHeader, maxAgeSeconds
            }

            static let shape: Shape = [
                "AllowedHeader": .flattened(), "AllowedMethod": .flattened(), "AllowedOrigin": .flattened(),
                "ExposeHeader": .flattened(),
            ]
        }

        var rules: [Rule]
        enum CodingKeys: String, CodingKey { case rules = "CORSRule" }
        static let shape: Shape = ["CORSRule": .flattened()]
    }

    init?(_ wire: Wire) {
        self.init(
            rules: wire.rules.map {
                Rule(
                    $0.allowedMethod, from: $0.allowedOrigin, headers: $0.allowedHeader, exposing: $0.exposeHeader,
                    maxAge: $0.maxAgeSeconds, id: $0.id)
            })
        self = canonical
    }

    var wire: Wire {
        Wire(
            rules: corsRules.map {
                Wire.Rule(
                    id: $0.id, allowedHeader: $0.allowedHeaders ?? [], allowedMethod: $0.allowedMethods,
                    allowedOrigin: $0.allowedOrigins, exposeHeader: $0.exposedHeaders ?? [], maxAgeSeconds: $0.maxAge)
            })
    }
}
