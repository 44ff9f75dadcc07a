/// A bucket and a key, or the beginning of keys.
struct S3Place: Hashable, Sendable {
    let bucket: String
    /// Empty for the whole bucket.
    let key: String

    init(bucket: String, key: String) {
        self.bucket = bucket
        self.key = key
    }

    /// - Returns: `nil` for what is not of the form `s3://bucket/key`.
    init?(_ uri: String) {
        guard uri.hasPrefix("s3://") else { return nil }
        let rest = uri.dropFirst("s3://".count)
        let bucket = rest.prefix { $0 != "/" }
        guard !bucket.isEmpty else { return nil }
        self.bucket = String(bucket)
        key = String(rest.dropFirst(bucket.count + 1))
    }

    /// `s3://bucket/key`
    var uri: String { "s3://\(bucket)/\(key)" }

    /// The ARN of the object, as policies name it.
    var arn: String { "arn:aws:s3:::\(bucket)/\(key)" }
}
