internal import FoundationEssentials
internal import SlipwayAWS
internal import SlipwayDeclaration

extension S3.Object {
    /// Bytes; what is larger is uploaded in parts.
    private static let largestPut = 16 << 20

    /// Writes the object.
    ///
    /// S3 checks what it receives against the digest: a file that was changed since it was read is refused.
    func store(owner: String?, _ aws: AWSClient) async throws -> StoredObject {
        let target = try place
        var headers = ObjectMetadata.headers(self, owner: owner)
        let body: RESTRequest.Body
        switch content {
        case .text(let text):
            guard let literal = text.literal else { throw UnsendableObject("its text is not known yet") }
            body = .bytes(Data(literal.utf8), type: content.usualType)
            headers["x-amz-checksum-sha256"] = Digest.sha256(literal).base64
        case .asset(let asset):
            guard let file = asset.file, let digest = asset.sha256.flatMap(Digest.init(hexadecimal:)) else {
                throw UnsendableObject("the asset '\(asset.path)' has not been found")
            }
            let size = try asset.size ?? FileBytes(file).size
            if size > S3.Object.largestPut {
                // Each part is checked on its own, so the whole is checked here.
                guard try FileBytes(file).sha256(0, size) == digest else {
                    throw UnsendableObject("the asset '\(asset.path)' has changed since it was read")
                }
                return try await upload(file, size, headers, aws)
            }
            body = .file(file, length: Int64(size))
            headers["Content-Type"] = headers["Content-Type"] ?? content.usualType
            headers["x-amz-checksum-sha256"] = digest.base64
        case .digest:
            throw UnsendableObject("only the digest of its content is known")
        }
        let request = RESTRequest(
            "PutObject", .put, bucket: target.bucket, key: target.key, headers: headers, body: body)
        return StoredObject(try await aws.rest(request))
    }

    private var place: (bucket: String, key: String) {
        get throws {
            guard let bucket = bucket.literal, let key = key.literal else {
                throw UnsendableObject("its bucket or key is not known yet")
            }
            return (bucket, key)
        }
    }

    /// Uploads a file in parts, four at a time. An upload that fails is given up, so that it costs nothing.
    ///
    /// Source: <https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html>
    private func upload(
        _ file: String, _ size: Int, _ given: [String: String], _ aws: AWSClient
    ) async throws -> StoredObject {
        let (bucket, key) = try place
        var headers = given
        headers["Content-Type"] = headers["Content-Type"] ?? content.usualType
        headers["x-amz-checksum-algorithm"] = "SHA256"
        let begun = try await aws.rest(
            RESTRequest(
                "CreateMultipartUpload", .post, bucket: bucket, key: key, query: ["uploads": nil], headers: headers),
            as: Upload.self)
        do {
            let parts = try await sendParts(of: file, size, begun.uploadId, aws)
            let request = RESTRequest(
                "CompleteMultipartUpload", .post, bucket: bucket, key: key, query: ["uploadId": begun.uploadId],
                body: .xml(root: "CompleteMultipartUpload", Parts(part: parts)))
            let (response, result) = (try await aws.rest(request), parts)
            return StoredObject(eTag: try await eTag(response, result, aws), versionID: response[header: "x-amz-version-id"])
        } catch {
            // Giving up must be possible in a task that was cancelled too, hence a task of its own. Should it fail, the
            // first error is still the one that matters, and the bucket's lifecycle ends the upload.
            await Task { _ = try? await S3.abort(begun.uploadId, bucket, key, aws) }.value
            throw error
        }
    }

    private func eTag(_ response: RESTResponse, _ parts: [Part], _ aws: AWSClient) async throws -> String {
        if let eTag = response[header: "ETag"] { return eTag }
        let (bucket, key) = try place
        return try await ObjectHead.read("\(bucket)/\(key)", aws)?.eTag ?? ""
    }

    private func sendParts(
        of file: String, _ size: Int, _ upload: String, _ aws: AWSClient
    ) async throws -> [Part] {
        let (bucket, key) = try place
        let bytes = try FileBytes(file)
        // There are at most 10,000 parts.
        let length = max(S3.Object.largestPut, (size + 9_999) / 10_000)
        let count = (size + length - 1) / length
        return try await withThrowingTaskGroup(of: Part.self) { group in
            var parts: [Part] = []
            for number in 1...count {
                if number > 4, let part = try await group.next() { parts.append(part) }
                group.addTask {
                    let offset = (number - 1) * length
                    let part = min(length, size - offset)
                    let checksum = try bytes.sha256(offset, part).base64
                    let request = RESTRequest(
                        "UploadPart", .put, bucket: bucket, key: key,
                        query: ["partNumber": String(number), "uploadId": upload],
                        headers: ["x-amz-checksum-sha256": checksum],
                        body: .file(file, offset: Int64(offset), length: Int64(part)))
                    let eTag = try await aws.rest(request)[header: "ETag"] ?? ""
                    return Part(partNumber: number, eTag: eTag, checksumSHA256: checksum)
                }
            }
            for try await part in group { parts.append(part) }
            return parts.sorted { $0.partNumber < $1.partNumber }
        }
    }

    private struct Upload: Decodable, Sendable { var uploadId: String }

    private struct Part: Encodable, Sendable {
        var partNumber: Int
        var eTag: String
        var checksumSHA256: String
    }

    private struct Parts: Encodable, Sendable, WireShaped {
        var part: [Part]
        static let shape: Shape = ["Part": .flattened()]
    }
}

extension S3.Object.Content {
    /// What is said of content of which nothing was declared.
    var usualType: String {
        if case .text = self { "text/plain; charset=utf-8" } else { "application/octet-stream" }
    }
}

extension StoredObject {
    init(_ response: RESTResponse) {
        self.init(eTag: response[header: "ETag"] ?? "", versionID: response[header: "x-amz-version-id"])
    }
}

/// Why an object cannot be uploaded.
struct UnsendableObject: Error, Hashable, Sendable, CustomStringConvertible {
    let reason: String
    init(_ reason: String) { self.reason = reason }
    var description: String { "the object cannot be uploaded: \(reason)" }
}
