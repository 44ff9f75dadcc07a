// Only what is public: this is what the author of a resource kind in another package can use.
import SlipwayAWS

/// Calls as resource kinds make them.
enum KindCalls {
    struct Tag: Codable, Sendable, Equatable {
        var key: String
        var value: String
    }

    // MARK: Glue (JSON)

    struct CreateJob: Encodable, Sendable {
        struct Command: Encodable, Sendable {
            var name: String
            var scriptLocation: String
        }

        var name: String
        var role: String
        var command: Command
        var timeout: Int?
        var defaultArguments: [String: String]?
    }

    struct CreatedJob: Decodable, Sendable { var name: String }

    /// Creates a job; `nil` where one of this name exists.
    static func createJob(_ aws: AWSClient, _ job: CreateJob) async throws(AWSError) -> String? {
        do throws(AWSError) {
            return try await aws.call(.glue, "CreateJob", job, as: CreatedJob.self).name
        } catch  where error.kind == .alreadyExists {
            return nil
        }
    }

    struct GetTables: Encodable, Sendable { var databaseName: String }
    struct Table: Decodable, Sendable { var name: String }
    struct Tables: Decodable, Sendable { var tableList: [Table] }

    static func tables(_ aws: AWSClient, in database: String) async throws(AWSError) -> [String] {
        try await aws.pages(.glue, "GetTables", GetTables(databaseName: database), as: Tables.self)
            .all(\.tableList).map(\.name)
    }

    // MARK: IAM (query)

    struct CreateRole: Encodable, Sendable {
        var roleName: String
        var assumeRolePolicyDocument: String
        var maxSessionDuration: Int?
        var tags: [Tag]
    }

    struct Role: Decodable, Sendable {
        var roleName: String
        var arn: String
        var tags: [Tag]
    }

    struct OneRole: Decodable, Sendable { var role: Role }
    struct Roles: Decodable, Sendable { var roles: [Role] }

    static func createRole(_ aws: AWSClient, _ role: CreateRole) async throws(AWSError) -> Role {
        try await aws.call(.iam, "CreateRole", role, as: OneRole.self).role
    }

    static func roles(_ aws: AWSClient) async throws(AWSError) -> [String] {
        var names: [String] = []
        for try await page in aws.pages(.iam, "ListRoles", as: Roles.self) { names += page.roles.map(\.roleName) }
        return names
    }

    // MARK: S3 (REST-XML)

    struct Versioning: Codable, Sendable, Equatable { var status: String? }

    static func setVersioning(_ aws: AWSClient, _ bucket: String, _ status: String) async throws(AWSError) {
        try await aws.rest(
            RESTRequest(
                "PutBucketVersioning", .put, bucket: bucket, query: ["versioning": nil],
                body: .xml(root: "VersioningConfiguration", Versioning(status: status))))
    }

    struct CORS: Codable, Sendable, Equatable, WireShaped {
        struct Rule: Codable, Sendable, Equatable, WireShaped {
            var allowedOrigins: [String]
            var allowedMethods: [String]
            static let shape: Shape = [
                "AllowedOrigins": .flattened("AllowedOrigin"), "AllowedMethods": .flattened("AllowedMethod"),
            ]
        }

        var rules: [Rule]
        static let shape: Shape = ["Rules": .flattened("CORSRule")]
    }

    /// The rules of a bucket; `nil` where it has none.
    static func cors(_ aws: AWSClient, _ bucket: String) async throws(AWSError) -> CORS? {
        do throws(AWSError) {
            return try await aws.rest(
                RESTRequest("GetBucketCors", .get, bucket: bucket, query: ["cors": nil]), as: CORS.self)
        } catch  where error.kind == .notFound {
            return nil
        }
    }

    struct Stored: Decodable, Sendable, WireShaped {
        var eTag: String
        var versionId: String?
        static let shape: Shape = ["ETag": .header("ETag"), "VersionId": .header("x-amz-version-id")]
    }

    static func put(_ aws: AWSClient, _ path: String, _ bucket: String, _ key: String) async throws(AWSError) -> Stored {
        try await aws.rest(
            RESTRequest(
                "PutObject", .put, bucket: bucket, key: key, headers: ["x-amz-meta-origin": "slipway"], body: .file(path)),
            as: Stored.self)
    }

    struct Upload: Decodable, Sendable { var uploadId: String }
    struct Part: Encodable, Sendable {
        var partNumber: Int
        var eTag: String
    }

    struct Parts: Encodable, Sendable, WireShaped {
        var part: [Part]
        static let shape: Shape = ["Part": .flattened()]
    }

    static func putInParts(
        _ aws: AWSClient, _ path: String, size: Int64, partSize: Int64, _ bucket: String, _ key: String
    ) async throws(AWSError) {
        let upload = try await aws.rest(
            RESTRequest("CreateMultipartUpload", .post, bucket: bucket, key: key, query: ["uploads": nil]), as: Upload.self)
        var parts: [Part] = []
        for offset in stride(from: 0, to: size, by: Int64.Stride(partSize)) {
            let number = parts.count + 1
            let stored = try await aws.rest(
                RESTRequest(
                    "UploadPart", .put, bucket: bucket, key: key,
                    query: ["partNumber": String(number), "uploadId": upload.uploadId],
                    body: .file(path, offset: offset, length: min(partSize, size - offset))), as: Stored.self)
            parts.append(Part(partNumber: number, eTag: stored.eTag))
        }
        try await aws.rest(
            RESTRequest(
                "CompleteMultipartUpload", .post, bucket: bucket, key: key, query: ["uploadId": upload.uploadId],
                body: .xml(root: "CompleteMultipartUpload", Parts(part: parts))))
    }

    struct Version: Decodable, Sendable, Equatable {
        var key: String
        var versionId: String
        var isLatest: Bool
    }

    struct Versions: Decodable, Sendable {
        var version: [Version]
        var deleteMarker: [Version]
    }

    static func versions(_ aws: AWSClient, _ bucket: String) async throws(AWSError) -> [Version] {
        let request = RESTRequest("ListObjectVersions", .get, bucket: bucket, query: ["versions": nil])
        return try await aws.pages(request, as: Versions.self, paging: .objectVersions).all { $0.version + $0.deleteMarker }
    }

    struct Buckets: Decodable, Sendable, WireShaped {
        struct Bucket: Decodable, Sendable { var name: String }
        var buckets: [Bucket]
        static let shape: Shape = ["Buckets": .items("Bucket")]
    }

    static func buckets(_ aws: AWSClient) async throws(AWSError) -> [String] {
        try await aws.rest(RESTRequest("ListBuckets", .get), as: Buckets.self).buckets.map(\.name)
    }

    /// The region of a bucket; `nil` where there is no such bucket.
    static func region(_ aws: AWSClient, of bucket: String) async throws(AWSError) -> String? {
        do throws(AWSError) {
            return try await aws.rest(RESTRequest("HeadBucket", .head, bucket: bucket))[header: "x-amz-bucket-region"]
        } catch  where error.kind == .notFound {
            return nil
        }
    }
}
