internal import SlipwayAWS

extension AnyBucketPart {
    /// Two properties that are one part for S3.
    static let objectLock = AnyBucketPart(
        ["ObjectLockEnabled", "ObjectLockConfiguration"],
        read: { bucket, aws in
            let found = try await ifConfigured { try await aws.rest(operations.get(bucket), as: Wire.self) }
            return { noted in
                noted.objectLockEnabled = found?.objectLockEnabled == "Enabled"
                noted.objectLock = found?.rule.map { S3.Bucket.ObjectLock(rule: $0) }
            }
        },
        update: { bucket, desired, current, aws in
            // What is enabled stays so, and is no longer declared then.
            let isNew = desired.objectLockEnabled == true && current.objectLockEnabled != true
            if !isNew, desired.objectLock == current.objectLock { return }
            let wire = Wire(objectLockEnabled: "Enabled", rule: desired.objectLock?.rule)
            try await aws.rest(operations.put(bucket, wire))
        })

    private static let operations = PartOperations(
        name: "ObjectLockConfiguration", query: "object-lock", root: "ObjectLockConfiguration")

    private struct Wire: Codable, Sendable {
        var objectLockEnabled: String?
        var rule: S3.Bucket.ObjectLock.Rule?
    }
}
