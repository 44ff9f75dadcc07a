internal import SlipwayAWS

extension S3 {
    /// Deletes everything in a bucket: objects with all their versions, delete markers, and uploads that were not
    /// finished.
    ///
    /// A page of versions is deleted while the next is listed, as both take about as long.
    ///
    /// Source: <https://docs.aws.amazon.com/AmazonS3/latest/userguide/empty-bucket.html>
    /// - Throws: `AWSError` for the first object that S3 does not let go, such as one that is locked.
    static func empty(_ bucket: String, _ aws: AWSClient) async throws {
        let uploads = aws.pages(
            RESTRequest("ListMultipartUploads", .get, bucket: bucket, query: ["uploads": nil]), as: Uploads.self,
            paging: .uploads)
        for try await page in uploads {
            for upload in page.upload { try await abort(upload.uploadId, bucket, upload.key, aws) }
        }
        let versions = aws.pages(
            RESTRequest("ListObjectVersions", .get, bucket: bucket, query: ["versions": nil]), as: Versions.self,
            paging: .objectVersions)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for try await page in versions {
                let all = page.version + page.deleteMarker
                // An empty list is malformed for S3.
                if all.isEmpty { continue }
                try await group.next()
                group.addTask { try await delete(all, bucket, aws) }
            }
            try await group.waitForAll()
        }
    }

    /// Gives up an upload; that it is gone already is no error.
    static func abort(_ upload: String, _ bucket: String, _ key: String, _ aws: AWSClient) async throws {
        try await ifPresent {
            try await aws.rest(
                RESTRequest("AbortMultipartUpload", .delete, bucket: bucket, key: key, query: ["uploadId": upload]))
        }
    }

    private static func delete(_ versions: [Version], _ bucket: String, _ aws: AWSClient) async throws {
        let request = RESTRequest(
            "DeleteObjects", .post, bucket: bucket, query: ["delete": nil],
            body: .xml(root: "Delete", Deletion(object: versions, quiet: true)))
        let result = try await aws.rest(request, as: Deleted.self, repeatability: .idempotent)
        // The call succeeds even where objects could not be deleted.
        guard let first = result.error.first(where: { $0.code != "NoSuchVersion" }) else { return }
        throw AWSError(
            service: "s3", operation: "DeleteObjects", code: first.code,
            message: "\(first.key): \(first.message)", status: 200, kind: first.code == "AccessDenied" ? .denied : .other)
    }

    private struct Uploads: Decodable, Sendable {
        struct Upload: Decodable, Sendable {
            var key: String
            var uploadId: String
        }
        var upload: [Upload]
    }

    private struct Versions: Decodable, Sendable {
        var version: [Version]
        var deleteMarker: [Version]
    }

    private struct Version: Codable, Sendable {
        var key: String
        var versionId: String
    }

    private struct Deletion: Encodable, Sendable, WireShaped {
        var object: [Version]
        var quiet: Bool
        static let shape: Shape = ["Object": .flattened()]
    }

    private struct Deleted: Decodable, Sendable {
        struct Failure: Decodable, Sendable {
            var key: String
            var code: String
            var message: String
        }
        var error: [Failure]
    }
}
