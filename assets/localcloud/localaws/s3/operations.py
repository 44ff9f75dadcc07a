"""Which operation an S3 request is, and those that are handled.

The emulator takes a request whose sub-resource it does not know for the plain one (PutBucketInventoryConfiguration
would make a bucket and say 200), so what is not listed here is refused before it gets there.
"""

from __future__ import annotations

BUCKET: dict[str, dict[str, str]] = {
    "": {"GET": "ListObjects", "PUT": "CreateBucket", "DELETE": "DeleteBucket", "HEAD": "HeadBucket"},
    "accelerate": {"GET": "GetBucketAccelerateConfiguration", "PUT": "PutBucketAccelerateConfiguration"},
    "acl": {"GET": "GetBucketAcl", "PUT": "PutBucketAcl"},
    "cors": {"GET": "GetBucketCors", "PUT": "PutBucketCors", "DELETE": "DeleteBucketCors"},
    "delete": {"POST": "DeleteObjects"},
    "encryption": {"GET": "GetBucketEncryption", "PUT": "PutBucketEncryption", "DELETE": "DeleteBucketEncryption"},
    "lifecycle": {
        "GET": "GetBucketLifecycleConfiguration",
        "PUT": "PutBucketLifecycleConfiguration",
        "DELETE": "DeleteBucketLifecycle",
    },
    "list-type": {"GET": "ListObjectsV2"},
    "location": {"GET": "GetBucketLocation"},
    "logging": {"GET": "GetBucketLogging", "PUT": "PutBucketLogging"},
    "notification": {"GET": "GetBucketNotificationConfiguration", "PUT": "PutBucketNotificationConfiguration"},
    "object-lock": {"GET": "GetObjectLockConfiguration", "PUT": "PutObjectLockConfiguration"},
    "ownershipControls": {
        "GET": "GetBucketOwnershipControls",
        "PUT": "PutBucketOwnershipControls",
        "DELETE": "DeleteBucketOwnershipControls",
    },
    "policy": {"GET": "GetBucketPolicy", "PUT": "PutBucketPolicy", "DELETE": "DeleteBucketPolicy"},
    "publicAccessBlock": {
        "GET": "GetPublicAccessBlock",
        "PUT": "PutPublicAccessBlock",
        "DELETE": "DeletePublicAccessBlock",
    },
    "tagging": {"GET": "GetBucketTagging", "PUT": "PutBucketTagging", "DELETE": "DeleteBucketTagging"},
    "uploads": {"GET": "ListMultipartUploads"},
    "versioning": {"GET": "GetBucketVersioning", "PUT": "PutBucketVersioning"},
    "versions": {"GET": "ListObjectVersions"},
    "website": {"GET": "GetBucketWebsite", "PUT": "PutBucketWebsite", "DELETE": "DeleteBucketWebsite"},
}
"""Operations on a bucket, by sub-resource and method."""

OBJECT: dict[str, dict[str, str]] = {
    "": {"GET": "GetObject", "PUT": "PutObject", "DELETE": "DeleteObject", "HEAD": "HeadObject"},
    "acl": {"GET": "GetObjectAcl", "PUT": "PutObjectAcl"},
    "attributes": {"GET": "GetObjectAttributes"},
    "legal-hold": {"GET": "GetObjectLegalHold", "PUT": "PutObjectLegalHold"},
    "retention": {"GET": "GetObjectRetention", "PUT": "PutObjectRetention"},
    "tagging": {"GET": "GetObjectTagging", "PUT": "PutObjectTagging", "DELETE": "DeleteObjectTagging"},
    "uploads": {"POST": "CreateMultipartUpload"},
    "uploadId": {
        "GET": "ListParts",
        "PUT": "UploadPart",
        "POST": "CompleteMultipartUpload",
        "DELETE": "AbortMultipartUpload",
    },
}
"""Operations on an object."""

COPIES = {"PutObject": "CopyObject", "UploadPart": "UploadPartCopy"}
"""What an operation is when it names a source to copy."""

_OTHERS = {
    "abac", "analytics", "annotation", "intelligent-tiering", "inventory", "metadataAnnotationTable", "metrics",
    "metadataConfiguration", "metadataInventoryTable", "metadataJournalTable", "metadataTable", "policyStatus",
    "renameObject", "replication", "requestPayment", "restore", "select", "session", "torrent",
}  # fmt: skip
"""Sub-resources of S3 that nothing here handles."""


def operation(method: str, path: str, headers: dict[str, str], query: dict[str, list[str]]) -> str | None:
    """The operation of a request, or None for one that is not handled. `path` begins with the bucket."""
    bucket, _, key = path.lstrip("/").partition("/")
    if not bucket:
        return "ListBuckets" if method == "GET" else None
    if _OTHERS & set(query):
        return None
    table = OBJECT if key else BUCKET
    kinds = [name for name in table if name and name in query]
    found = table[kinds[0] if kinds else ""].get(method)
    if found in COPIES and "x-amz-copy-source" in headers:
        return COPIES[found]
    return found


def handled() -> set[str]:
    """Every operation that is handled."""
    listed = {name for table in (BUCKET, OBJECT) for methods in table.values() for name in methods.values()}
    return listed | set(COPIES.values()) | {"ListBuckets"}
