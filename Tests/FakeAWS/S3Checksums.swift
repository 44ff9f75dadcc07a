internal import FoundationEssentials
internal import SlipwayAWS
internal import SlipwayHTTP

/// Checks the digests of bodies, and demands one where S3 does.
enum Checksums {
    /// Source: <https://github.com/boto/botocore/blob/develop/botocore/data/s3/2006-03-01/service-2.json>
    /// (`requestChecksumRequired`)
    private static let required: Set<String> = [
        "DeleteObjects", "PutBucketCors", "PutBucketEncryption", "PutBucketLifecycleConfiguration", "PutBucketLogging",
        "PutBucketOwnershipControls", "PutBucketPolicy", "PutBucketTagging", "PutBucketVersioning", "PutBucketWebsite",
        "PutObjectLockConfiguration", "PutObjectTagging", "PutPublicAccessBlock",
    ]

    static func verify(_ call: FakeCall) throws(FakeS3.Refused) {
        // That of CompleteMultipartUpload is the object's, not the body's.
        if call.operation == "CompleteMultipartUpload" { return }
        let md5 = call.headers["Content-MD5"]
        let names = call.headers.fields.map { $0.name.lowercased() }.filter { $0.hasPrefix("x-amz-checksum-") }
        let isChecked = md5 != nil || names.contains { $0 != "x-amz-checksum-mode" && $0 != "x-amz-checksum-type" }
        if required.contains(call.operation), !isChecked {
            throw .invalid("Missing required header for this request: Content-MD5 OR x-amz-checksum-*")
        }
        if let md5, md5 != PayloadHash.md5(call.body) {
            throw FakeS3.Refused("BadDigest", "The Content-MD5 you specified did not match what we received", status: 400)
        }
        if let sent = call.headers["x-amz-checksum-sha256"], sent != sha256(call.body) {
            throw FakeS3.Refused("BadDigest", "The SHA256 you specified did not match the calculated one", status: 400)
        }
        let signed = call.headers["x-amz-content-sha256"]
        if let signed, signed.count == 64, signed != hexadecimal(sha256(call.body)) {
            throw FakeS3.Refused(
                "XAmzContentSHA256Mismatch", "The provided 'x-amz-content-sha256' does not match what was computed",
                status: 400)
        }
    }

    /// In Base64.
    static func sha256(_ data: Data) -> String {
        guard let hash = try? PayloadHash.sha256(.bytes(data)) else { return "" }
        let digits = Array(hash.utf8)
        let bytes = stride(from: 0, to: digits.count, by: 2).compactMap { index in
            UInt8(String(decoding: digits[index...(index + 1)], as: UTF8.self), radix: 16)
        }
        return Data(bytes).base64EncodedString()
    }

    /// Base64 as hexadecimal.
    static func hexadecimal(_ base64: String) -> String { PayloadHash.hexadecimal(Data(base64Encoded: base64) ?? Data()) }

    /// What S3 calls an object whose content this is, with quotes.
    static func eTag(_ data: Data) -> String { "\"\(hexadecimal(PayloadHash.md5(data)))\"" }

    /// What S3 calls an object that was uploaded in parts, whose tags these are.
    static func eTag(parts: [String]) -> String {
        var digests = Data()
        for part in parts {
            let digits = Array(part.utf8.filter { $0 != UInt8(ascii: "\"") })
            for index in stride(from: 0, to: digits.count - 1, by: 2) {
                digests.append(UInt8(String(decoding: digits[index...(index + 1)], as: UTF8.self), radix: 16) ?? 0)
            }
        }
        return "\"\(hexadecimal(PayloadHash.md5(digests)))-\(parts.count)\""
    }
}
