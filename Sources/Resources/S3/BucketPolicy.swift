internal import FoundationEssentials
internal import SlipwayAWS
internal import SlipwayDeclaration

/// The policy is JSON, and AWS's log delivery adds statements to it.
extension IAM.PolicyDocument: BucketPart {
    static func read(_ bucket: String, _ aws: AWSClient) async throws -> IAM.PolicyDocument? {
        let request = RESTRequest("GetBucketPolicy", .get, bucket: bucket, query: ["policy": nil])
        return try await ifConfigured {
            let answer = try await aws.rest(request)
            return try IAM.PolicyDocument(encoded: String(decoding: answer.body, as: UTF8.self))
        }
    }

    /// The statements of log delivery are kept: logs would stop without them.
    func put(_ bucket: String, _ aws: AWSClient) async throws {
        var document = self
        let sids = Set(statements.compactMap(\.sid))
        let there = try await Self.read(bucket, aws)?.statements ?? []
        document.statements += there.filter { $0.isOfLogDelivery && !sids.contains($0.sid ?? "") }
        let text = try document.text()
        try await aws.rest(
            RESTRequest(
                "PutBucketPolicy", .put, bucket: bucket, query: ["policy": nil],
                headers: ["Content-MD5": PayloadHash.md5(Data(text.utf8))],
                body: .bytes(Data(text.utf8), type: "application/json")))
    }

    static func reset(_ bucket: String, _ aws: AWSClient) async throws {
        let there = try await read(bucket, aws)?.statements ?? []
        if there.contains(where: \.isOfLogDelivery) {
            try await IAM.PolicyDocument([]).put(bucket, aws)
        } else {
            try await aws.rest(RESTRequest("DeleteBucketPolicy", .delete, bucket: bucket, query: ["policy": nil]))
        }
    }

    /// The policy without what AWS's log delivery adds; `nil` when nothing else is in it.
    ///
    /// Source: <https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-infrastructure-S3.html>
    var withoutLogDelivery: IAM.PolicyDocument? {
        guard statements.contains(where: \.isOfLogDelivery) else { return self }
        var document = self
        document.statements.removeAll(where: \.isOfLogDelivery)
        return document.statements.isEmpty ? nil : document
    }
}

extension IAM.Statement {
    /// Whether AWS's log delivery has added the statement.
    fileprivate var isOfLogDelivery: Bool { sid?.literal?.hasPrefix("AWSLogDelivery") ?? false }
}
