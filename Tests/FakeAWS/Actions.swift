private import SlipwayDeclaration

extension RecordedCall {
    /// The IAM actions that AWS asks for before it carries the call out.
    ///
    /// Source: the service authorization reference of each service; for S3, <https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html>
    package var actions: Set<String> {
        guard service == "s3" else { return plainActions }
        var actions = s3Actions[operation] ?? ["s3:\(operation)"]
        switch operation {
        case "CreateBucket":
            let text = String(decoding: body, as: UTF8.self)
            if text.contains("<Tags>") { actions.insert("s3:TagResource") }
            if headers["x-amz-bucket-object-lock-enabled"] == "true" {
                actions.formUnion(["s3:PutBucketObjectLockConfiguration", "s3:PutBucketVersioning"])
            }
            if headers["x-amz-object-ownership"] != nil { actions.insert("s3:PutBucketOwnershipControls") }
        case "PutObject", "CopyObject", "CreateMultipartUpload":
            if headers["x-amz-tagging"] != nil { actions.insert("s3:PutObjectTagging") }
        case "DeleteObject", "GetObject", "HeadObject":
            if query["versionId"] != nil { actions = Set(actions.map { "\($0)Version" }) }
        case "DeleteObjects":
            if String(decoding: body, as: UTF8.self).contains("<VersionId>") { actions.insert("s3:DeleteObjectVersion") }
        default: break
        }
        return actions
    }
}

/// Operations whose action has another name.
private let s3Actions: [String: Set<String>] = [
    "AbortMultipartUpload": ["s3:AbortMultipartUpload"],
    "CompleteMultipartUpload": ["s3:PutObject"],
    "CopyObject": ["s3:GetObject", "s3:PutObject"],
    "CreateMultipartUpload": ["s3:PutObject"],
    "DeleteBucketCors": ["s3:PutBucketCORS"],
    "DeleteBucketEncryption": ["s3:PutEncryptionConfiguration"],
    "DeleteBucketLifecycle": ["s3:PutLifecycleConfiguration"],
    "DeleteBucketOwnershipControls": ["s3:PutBucketOwnershipControls"],
    "DeleteObjects": ["s3:DeleteObject"],
    "DeletePublicAccessBlock": ["s3:PutBucketPublicAccessBlock"],
    "GetBucketAccelerateConfiguration": ["s3:GetAccelerateConfiguration"],
    "GetBucketCors": ["s3:GetBucketCORS"],
    "GetBucketEncryption": ["s3:GetEncryptionConfiguration"],
    "GetBucketLifecycleConfiguration": ["s3:GetLifecycleConfiguration"],
    "GetBucketNotificationConfiguration": ["s3:GetBucketNotification"],
    "GetObjectLockConfiguration": ["s3:GetBucketObjectLockConfiguration"],
    "GetPublicAccessBlock": ["s3:GetBucketPublicAccessBlock"],
    "HeadBucket": ["s3:ListBucket"],
    "HeadObject": ["s3:GetObject"],
    "ListBuckets": ["s3:ListAllMyBuckets"],
    "ListMultipartUploads": ["s3:ListBucketMultipartUploads"],
    "ListObjectVersions": ["s3:ListBucketVersions"],
    "ListObjectsV2": ["s3:ListBucket"],
    "PutBucketAccelerateConfiguration": ["s3:PutAccelerateConfiguration"],
    "PutBucketCors": ["s3:PutBucketCORS"],
    "PutBucketEncryption": ["s3:PutEncryptionConfiguration"],
    "PutBucketLifecycleConfiguration": ["s3:PutLifecycleConfiguration"],
    "PutBucketNotificationConfiguration": ["s3:PutBucketNotification"],
    "PutObjectLockConfiguration": ["s3:PutBucketObjectLockConfiguration"],
    "PutPublicAccessBlock": ["s3:PutBucketPublicAccessBlock"],
    "UploadPart": ["s3:PutObject"],
]
