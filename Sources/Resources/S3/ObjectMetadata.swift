internal import FoundationEssentials
internal import SlipwayAWS
internal import SlipwayDeclaration
internal import SlipwayProvider

/// What is sent and kept beside an object's bytes.
enum ObjectMetadata {
    /// Where our SHA-256 of the content is kept, in hexadecimal.
    static let digest = "slipway-sha256"
    /// Where it is kept whose the object is.
    static let owner = "slipway-owner"

    /// `<lineage>/<generation>/<nonce>/<address>`
    static func text(_ ownership: Ownership) -> String {
        "\(ownership.lineage)/\(ownership.generation)/\(ownership.nonce)/\(ownership.address)"
    }

    static func ownership(_ metadata: [String: String]) -> Ownership? {
        let parts = (metadata[owner] ?? "").split(separator: "/", maxSplits: 3)
        guard parts.count == 4, let generation = Int(parts[1]) else { return nil }
        return Ownership(
            lineage: String(parts[0]), address: Address(String(parts[3])), generation: generation,
            nonce: String(parts[2]))
    }

    /// The headers that say everything about an object but its content.
    static func headers(_ object: S3.Object, owner: String?) -> [String: String] {
        var headers: [String: String] = [:]
        headers["Content-Type"] = object.contentType?.literal
        headers["Content-Encoding"] = object.contentEncoding?.literal
        headers["Cache-Control"] = object.cacheControl?.literal
        headers["x-amz-storage-class"] = object.storageClass?.rawValue
        headers["x-amz-server-side-encryption"] = object.serverSideEncryption?.algorithm.rawValue
        headers["x-amz-server-side-encryption-aws-kms-key-id"] = object.serverSideEncryption?.key?.literal
        for (name, value) in object.metadata ?? [:] { headers["x-amz-meta-\(name.lowercased())"] = value.literal }
        headers["x-amz-meta-\(digest)"] = object.content.digest
        headers["x-amz-meta-\(Self.owner)"] = owner
        let tags = (object.tags ?? [:]).compactMapValues(\.literal).sorted { $0.key < $1.key }
        if !tags.isEmpty { headers["x-amz-tagging"] = PercentEncoding.query(tags.map { ($0.key, $0.value) }) }
        return headers
    }
}

/// What HEAD tells of an object.
struct ObjectHead: Decodable, Sendable, WireShaped {
    /// With quotes.
    var eTag: String
    var size: Int
    var lastModified: Date
    var contentType: String?
    var contentEncoding: String?
    var cacheControl: String?
    var storageClass: String?
    var encryption: String?
    var encryptionKey: String?
    var versionID: String?
    /// Base64; of parts' digests, with `-<parts>`, where the object was uploaded in parts.
    var sha256: String?
    var taggingCount: Int?
    var metadata: [String: String]

    static let shape: Shape = [
        "ETag": .header("ETag"), "Size": .header("Content-Length"), "LastModified": .header("Last-Modified"),
        "ContentType": .header("Content-Type"), "ContentEncoding": .header("Content-Encoding"),
        "CacheControl": .header("Cache-Control"), "StorageClass": .header("x-amz-storage-class"),
        "Encryption": .header("x-amz-server-side-encryption"),
        "EncryptionKey": .header("x-amz-server-side-encryption-aws-kms-key-id"),
        "VersionID": .header("x-amz-version-id"), "Sha256": .header("x-amz-checksum-sha256"),
        "TaggingCount": .header("x-amz-tagging-count"), "Metadata": .headers(prefix: "x-amz-meta-"),
    ]

    /// - Returns: `nil` when there is no such object.
    static func read(_ identity: String, _ aws: AWSClient) async throws -> ObjectHead? {
        let (bucket, key) = S3.Object.place(of: identity)
        let request = RESTRequest(
            "HeadObject", .head, bucket: bucket, key: key, headers: ["x-amz-checksum-mode": "ENABLED"])
        return try await ifPresent { try await aws.rest(request, as: ObjectHead.self) }
    }

    /// The SHA-256 of the content in hexadecimal. What S3 computed goes before what was claimed; where there is neither,
    /// the ETag, which no digest equals.
    var digest: String {
        sha256.flatMap { Digest(base64: $0)?.hexadecimal } ?? metadata[ObjectMetadata.digest] ?? "ETag \(eTag)"
    }

    /// Changes with every write.
    var version: String { S3.Object.version(eTag, lastModified, size) }

    /// The declared properties of the object, without its tags.
    func object(at identity: String) -> S3.Object {
        let (bucket, key) = S3.Object.place(of: identity)
        func text(_ string: String?) -> Text? { string.map { Text(verbatim: $0) } }
        let declared = metadata.filter { !$0.key.hasPrefix("slipway-") }
        var object = S3.Object(
            bucket: Text(verbatim: bucket), key: Text(verbatim: key), .digest(digest), contentType: text(contentType),
            contentEncoding: text(contentEncoding), cacheControl: text(cacheControl),
            metadata: declared.mapValues { Text(verbatim: $0) },
            // The usual class is not told.
            storageClass: S3.StorageClass(rawValue: storageClass ?? "STANDARD"))
        object.serverSideEncryption = encryption.map {
            S3.Object.Encryption(algorithm: .init(rawValue: $0), key: text(encryptionKey))
        }
        return object
    }

    func attributes(_ identity: String, sha256: String) -> S3.Object.Attributes {
        StoredObject(eTag: eTag, versionID: versionID).attributes(identity, sha256: sha256)
    }
}

/// What S3 answers when it has stored an object.
struct StoredObject: Hashable, Sendable {
    /// With quotes.
    var eTag: String
    var versionID: String?

    func attributes(_ identity: String, sha256: String) -> S3.Object.Attributes {
        S3.Object.Attributes(
            key: S3.Object.place(of: identity).key, uri: "s3://\(identity)", eTag: eTag.filter { $0 != "\"" },
            versionID: versionID, sha256: sha256)
    }
}
