public import SlipwayDeclaration

extension S3.Bucket {
    /// How objects are encrypted that are written without saying how.
    public struct Encryption: Codable, Hashable, Sendable {
        /// Open, as AWS adds algorithms.
        public struct Algorithm: RawRepresentable, Codable, Hashable, Sendable {
            public let rawValue: String
            public init(rawValue: String) { self.rawValue = rawValue }

            /// With S3's own keys.
            public static let aes256 = Algorithm(rawValue: "AES256")
            /// With a key in KMS.
            public static let kms = Algorithm(rawValue: "aws:kms")
            /// With a key in KMS, in two layers.
            public static let kmsTwice = Algorithm(rawValue: "aws:kms:dsse")
        }

        public struct ByDefault: Codable, Hashable, Sendable {
            public var algorithm: Algorithm
            /// ARN, identifier or alias of a key; `nil` is the account's key for S3.
            public var key: Text?

            public init(_ algorithm: Algorithm, key: Text? = nil) {
                self.algorithm = algorithm
                self.key = key
            }

            private enum CodingKeys: String, CodingKey {
                case algorithm = "SSEAlgorithm"
                case key = "KMSMasterKeyID"
            }
        }

        public struct Rule: Codable, Hashable, Sendable {
            public var serverSideEncryptionByDefault: ByDefault
            /// Whether one data key serves many objects, which makes KMS much cheaper.
            public var bucketKeyEnabled: Bool?

            public init(_ byDefault: ByDefault, bucketKey: Bool? = nil) {
                serverSideEncryptionByDefault = byDefault
                bucketKeyEnabled = bucketKey
            }
        }

        /// One rule.
        public var serverSideEncryptionConfiguration: [Rule]

        public init(rules: [Rule]) { serverSideEncryptionConfiguration = rules }

        /// With S3's own keys, as every new bucket.
        public static let s3 = Encryption(rules: [Rule(ByDefault(.aes256))])

        /// With a key in KMS; without one, with the account's key for S3.
        public static func kms(_ key: Text? = nil, bucketKey: Bool = true) -> Encryption {
            Encryption(rules: [Rule(ByDefault(.kms, key: key), bucketKey: bucketKey)])
        }

        /// AWS answers `false` where nothing was said of bucket keys.
        var canonical: Encryption {
            Encryption(
                rules: serverSideEncryptionConfiguration.map {
                    Rule($0.serverSideEncryptionByDefault, bucketKey: $0.bucketKeyEnabled ?? false)
                })
        }
    }
}
