public import SlipwayDeclaration
public import SlipwayProvider

extension S3 {
    /// One object: a job's script, a configuration file, a small data set.
    ///
    /// ```swift
    /// // The key contains the digest, so a job that is running keeps the script that it was started with.
    /// let script = stack.add("script", S3.Object(in: lake.name, prefix: "scripts/", .asset("tickit/load.py")))
    /// Glue.Job(command: .spark(script: script.uri), …)
    /// ```
    ///
    /// Content is compared by its SHA-256, which is kept in the object's metadata: S3's ETag depends on how the object
    /// was uploaded and encrypted.
    ///
    /// CloudFormation has no such type.
    public struct Object: ResourceKind {
        /// The bucket's name.
        @CreateOnly public var bucket: Text
        /// At most 1024 bytes of UTF-8.
        @CreateOnly public var key: Text
        public var content: Content
        /// Such as `text/csv`; `nil` says nothing about it.
        public var contentType: Text?
        /// Such as `gzip`.
        public var contentEncoding: Text?
        /// Such as `max-age=3600`.
        public var cacheControl: Text?
        /// Names are in lower case.
        public var metadata: [String: Text]?
        public var storageClass: StorageClass?
        /// `nil` encrypts as the bucket says.
        public var serverSideEncryption: Encryption?
        /// At most ten.
        public var tags: [String: Text]?

        public init(
            bucket: Text, key: Text, _ content: Content, contentType: Text? = nil, contentEncoding: Text? = nil,
            cacheControl: Text? = nil, metadata: [String: Text]? = nil, storageClass: StorageClass? = nil,
            encryption: Encryption? = nil, tags: [String: Text]? = nil
        ) {
            self.bucket = bucket
            self.key = key
            self.content = content
            self.contentType = contentType
            self.contentEncoding = contentEncoding
            self.cacheControl = cacheControl
            self.metadata = metadata
            self.storageClass = storageClass
            self.serverSideEncryption = encryption
            self.tags = tags
        }

        /// A file under a key that contains its digest: `<prefix><sha256>/<name>`. When the file changes, the object is
        /// made anew beside the old one.
        public init(
            in bucket: Text, prefix: Text = "", _ asset: Asset, contentType: Text? = nil,
            storageClass: StorageClass? = nil, encryption: Encryption? = nil, tags: [String: Text]? = nil
        ) {
            self.init(
                bucket: bucket, key: "\(prefix)\(asset.digest)/\(asset.name)", .asset(asset), contentType: contentType,
                storageClass: storageClass, encryption: encryption, tags: tags)
        }

        /// How the object is encrypted.
        public struct Encryption: Codable, Hashable, Sendable {
            public var algorithm: Bucket.Encryption.Algorithm
            /// ARN or identifier of a key in KMS.
            public var key: Text?

            public init(algorithm: Bucket.Encryption.Algorithm, key: Text? = nil) {
                self.algorithm = algorithm
                self.key = key
            }

            public static let s3 = Encryption(algorithm: .aes256)
            public static func kms(_ key: Text? = nil) -> Encryption { Encryption(algorithm: .kms, key: key) }
        }

        /// What others may refer to.
        public struct Attributes: Codable, Hashable, Sendable {
            public var key: String
            /// `s3://<bucket>/<key>`
            public var uri: String
            /// Without quotes.
            public var eTag: String
            /// `nil` in a bucket without versions.
            public var versionID: String?
            /// Of the content, in hexadecimal.
            public var sha256: String
        }
    }
}

extension S3.Object {
    public static let type = "Slipway::S3::Object"
    public static let identification = Identification.child
    public static let volatileAttributes: Set<String> = ["ETag", "VersionID", "Sha256"]
    public static let patience = Patience.none
    /// Only its own tags: no list of S3's tells an object's tags, so each object that has some takes two calls of every
    /// plan, and an object may have no more than ten.
    /// Source: <https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-tagging.html>
    public static let inheritsTags = false
    /// HEAD, and tags where they are declared.
    public static let readCalls = 2

    /// Source: <https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html>; without
    /// `s3:ListBucket` an object that is missing looks like one that is forbidden.
    public static let permissions = Permissions(
        create: [
            "s3:PutObject", "s3:PutObjectTagging", "s3:AbortMultipartUpload", "kms:GenerateDataKey", "kms:Decrypt",
        ],
        read: ["s3:GetObject", "s3:GetObjectTagging", "s3:ListBucket", "kms:Decrypt"],
        update: [
            "s3:GetObject", "s3:PutObject", "s3:PutObjectTagging", "s3:DeleteObjectTagging", "s3:AbortMultipartUpload",
            "kms:GenerateDataKey", "kms:Decrypt",
        ],
        delete: ["s3:DeleteObject"], list: ["s3:ListBucket"])

    /// The bucket's name, a slash, and the key.
    public func identity(_ name: String) -> Text? { "\(bucket)/\(key)" }

    public func foreseen(_ identity: String, at location: Location) -> Foreseen<Attributes> {
        let (bucket, key) = S3.Object.place(of: identity)
        return Foreseen {
            $0[\.key] = key
            $0[\.uri] = "s3://\(bucket)/\(key)"
            if let digest = content.digest { $0[\.sha256] = digest }
        }
    }

    public func canonical() -> S3.Object {
        var object = self
        object.content = content.canonical
        object.serverSideEncryption = serverSideEncryption?.canonical
        object.metadata = metadata.flatMap { metadata in
            metadata.isEmpty ? nil : Dictionary(metadata.map { ($0.key.lowercased(), $0.value) }) { _, last in last }
        }
        return object
    }

    public func check() -> [Problem] {
        var found: [Problem] = []
        if let name = bucket.literal, let problem = S3.problem(ofBucketName: name) {
            found.append(Problem("Bucket", problem))
        }
        if let key = key.literal, key.isEmpty || key.utf8.count > 1024 {
            found.append(Problem("Key", "a key has 1 to 1024 bytes"))
        }
        for (name, value) in metadata ?? [:] {
            if name.lowercased().hasPrefix("slipway-") {
                found.append(Problem("Metadata", "'\(name)' begins with 'slipway-', which we use ourselves"))
            }
            // Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingMetadata.html#UserMetadata
            let isPlain = (name + (value.literal ?? "")).utf8.allSatisfy { (0x20..<0x7F).contains($0) }
            if !isPlain { found.append(Problem("Metadata", "'\(name)' has characters other than ASCII's")) }
        }
        if tags?.count ?? 0 > 10 { found.append(Problem("Tags", "an object has at most ten tags")) }
        if serverSideEncryption?.algorithm == .aes256, serverSideEncryption?.key != nil {
            found.append(Problem("ServerSideEncryption", "a key in KMS needs an algorithm of KMS", hint: "use `.kms(key)`"))
        }
        if serverSideEncryption?.key?.literal?.contains("alias/") == true {
            found.append(
                Problem("ServerSideEncryption", "S3 answers with the key and not with its alias", hint: "give the key's ARN"))
        }
        return found
    }

    /// The two halves of an identity. A bucket's name has no slash.
    static func place(of identity: String) -> (bucket: String, key: String) {
        let bucket = identity.prefix { $0 != "/" }
        return (String(bucket), String(identity.dropFirst(bucket.count + 1)))
    }
}

extension S3.Object.Encryption {
    /// AWS answers with a key's ARN where its identifier was given.
    var canonical: S3.Object.Encryption {
        guard let literal = key?.literal, literal.hasPrefix("arn:"), let slash = literal.firstRange(of: ":key/") else {
            return self
        }
        return S3.Object.Encryption(algorithm: algorithm, key: Text(verbatim: String(literal[slash.upperBound...])))
    }
}
