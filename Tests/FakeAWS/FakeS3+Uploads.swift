package import FoundationEssentials
internal import SlipwayAWS
internal import SlipwayDeclaration
internal import SlipwayHTTP

extension FakeS3 {
    /// A multipart upload that has neither been completed nor aborted.
    package struct Upload: Sendable {
        package var key: String
        /// What the object will keep.
        var headers: [String: String]
        var tags: [String: String]
        /// By number.
        package var parts: [Int: Part] = [:]
    }

    /// A part of an upload.
    package struct Part: Sendable {
        package var body: Data
        /// With quotes.
        package var eTag: String
        /// Base64.
        var sha256: String?
    }

    /// Source: <https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html>
    func upload(_ key: String, _ call: FakeCall, _ bucket: inout Bucket) throws(Refused) -> FakeAnswer {
        if call.operation == "CreateMultipartUpload" {
            let id = FakeCall.identifier(call.serial, length: 40)
            bucket.uploads[id] = Upload(
                key: key, headers: Self.kept(call.headers, bucket), tags: Self.tags(call))
            let result: KeyValuePairs = ["Bucket": call.bucket ?? "", "Key": key, "UploadId": id]
            return .xml(XMLElement("InitiateMultipartUploadResult", result))
        }
        guard let id = call.query["uploadId"], let upload = bucket.uploads[id], upload.key == key else {
            throw Refused("NoSuchUpload", "The specified multipart upload does not exist", status: 404)
        }
        switch call.operation {
        case "UploadPart":
            guard let number = call.query["partNumber"].flatMap({ Int($0) }), (1...10_000).contains(number) else {
                throw Refused("InvalidArgument", "Part number must be an integer between 1 and 10000", status: 400)
            }
            let part = Part(
                body: call.body, eTag: Checksums.eTag(call.body), sha256: call.headers["x-amz-checksum-sha256"])
            bucket.uploads[id]?.parts[number] = part
            var headers: HTTPHeaders = ["ETag": part.eTag]
            headers["x-amz-checksum-sha256"] = part.sha256
            return FakeAnswer(headers: headers, content: .tree([:]))
        case "AbortMultipartUpload":
            bucket.uploads[id] = nil
            return FakeAnswer(status: 204, content: .tree([:]))
        case "CompleteMultipartUpload": return try complete(id, upload, call, &bucket)
        default: return .unknown(call)
        }
    }

    private func complete(
        _ id: String, _ upload: Upload, _ call: FakeCall, _ bucket: inout Bucket
    ) throws(Refused) -> FakeAnswer {
        let listed = try xml(call).all("Part")
        if listed.isEmpty { throw .malformed }
        let numbers = listed.compactMap { $0.text("PartNumber").flatMap { Int($0) } }
        if zip(numbers, numbers.dropFirst()).contains(where: { $0 >= $1 }) {
            throw Refused("InvalidPartOrder", "The list of parts was not in ascending order", status: 400)
        }
        var version = Version(id: "", modified: call.date)
        var digests = Data()
        var eTags: [String] = []
        for (number, element) in zip(numbers, listed) {
            guard let part = upload.parts[number], element.text("ETag") == part.eTag,
                element.text("ChecksumSHA256") == part.sha256
            else { throw Refused("InvalidPart", "One or more of the specified parts could not be found", status: 400) }
            if number != numbers.last, part.body.count < 5 << 20 {
                throw Refused("EntityTooSmall", "Your proposed upload is smaller than the minimum allowed size", status: 400)
            }
            version.body.append(part.body)
            eTags.append(part.eTag)
            if let digest = part.sha256.flatMap({ Data(base64Encoded: $0) }) { digests.append(digest) }
        }
        version.eTag = Checksums.eTag(parts: eTags)
        version.headers = upload.headers
        version.tags = upload.tags
        if !digests.isEmpty { version.sha256 = "\(Checksums.sha256(digests))-\(eTags.count)" }
        bucket.uploads[id] = nil
        var answer = stored(version, upload.key, call, &bucket)
        answer.headers["ETag"] = nil
        let result: KeyValuePairs = ["Bucket": call.bucket ?? "", "Key": upload.key, "ETag": version.eTag]
        answer.content = .bytes(XMLWriter.data(XMLElement("CompleteMultipartUploadResult", result)))
        return answer
    }
}
