private import SlipwayHTTP

/// The name of S3's operation, which S3 itself derives from method, query and headers.
///
/// Source: <https://github.com/boto/botocore/blob/develop/botocore/data/s3/2006-03-01/service-2.json>
func s3Operation(_ call: FakeCall) -> String {
    let has = { (name: String) in call.query[name] != nil }
    guard call.bucket != nil else { return "ListBuckets" }
    if call.key == nil { return bucketOperation(call, has) }
    switch call.method {
    case "GET":
        if has("tagging") { return "GetObjectTagging" }
        return has("uploadId") ? "ListParts" : "GetObject"
    case "HEAD": return "HeadObject"
    case "PUT":
        if has("tagging") { return "PutObjectTagging" }
        if has("partNumber") { return "UploadPart" }
        return call.headers["x-amz-copy-source"] == nil ? "PutObject" : "CopyObject"
    case "POST":
        if has("uploads") { return "CreateMultipartUpload" }
        return has("uploadId") ? "CompleteMultipartUpload" : "Unknown"
    case "DELETE":
        if has("tagging") { return "DeleteObjectTagging" }
        return has("uploadId") ? "AbortMultipartUpload" : "DeleteObject"
    default: return "Unknown"
    }
}

private func bucketOperation(_ call: FakeCall, _ has: (String) -> Bool) -> String {
    let verb = ["GET": "Get", "PUT": "Put", "DELETE": "Delete"][call.method] ?? ""
    for (name, part) in bucketParts where has(name) {
        // Lifecycle and notification are read and written under another name than the one they are deleted under.
        if call.method == "DELETE", name == "lifecycle" { return "DeleteBucketLifecycle" }
        return "\(verb)\(part)"
    }
    switch call.method {
    case "HEAD": return "HeadBucket"
    case "PUT": return "CreateBucket"
    case "DELETE": return "DeleteBucket"
    case "POST": return has("delete") ? "DeleteObjects" : "Unknown"
    default:
        if has("versions") { return "ListObjectVersions" }
        if has("uploads") { return "ListMultipartUploads" }
        if has("location") { return "GetBucketLocation" }
        return call.query["list-type"] == "2" ? "ListObjectsV2" : "ListObjects"
    }
}

/// The parts of a bucket that have operations of their own, by query item.
private let bucketParts: KeyValuePairs = [
    "versioning": "BucketVersioning", "encryption": "BucketEncryption", "publicAccessBlock": "PublicAccessBlock",
    "ownershipControls": "BucketOwnershipControls", "policy": "BucketPolicy", "cors": "BucketCors",
    "lifecycle": "BucketLifecycleConfiguration", "logging": "BucketLogging",
    "notification": "BucketNotificationConfiguration", "website": "BucketWebsite", "tagging": "BucketTagging",
    "accelerate": "BucketAccelerateConfiguration", "object-lock": "ObjectLockConfiguration", "acl": "BucketAcl",
]
