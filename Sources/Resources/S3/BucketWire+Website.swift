internal import SlipwayAWS
internal import SlipwayDeclaration

extension S3.Bucket.Website: XMLBucketPart {
    static let operations = PartOperations(
        name: "BucketWebsite", query: "website", root: "WebsiteConfiguration", delete: "DeleteBucketWebsite")

    /// Source: <https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketWebsite.html>
    struct Wire: Codable, Sendable, WireShaped {
        struct Index: Codable, Sendable { var suffix: Text }
        struct Document: Codable, Sendable { var key: Text }
        struct Routing: Codable, Sendable {
            var condition: Condition?
            var redirect: Redirect
        }

        var redirectAllRequestsTo: RedirectAll?
        var indexDocument: Index?
        var errorDocument: Document?
        var routingRules: [Routing]?

        static let shape: Shape = ["RoutingRules": .items("RoutingRule")]
    }

    init?(_ wire: Wire) {
        if let target = wire.redirectAllRequestsTo {
            self.init(redirectingTo: target)
        } else {
            self.init(
                index: wire.indexDocument?.suffix ?? "", error: wire.errorDocument?.key,
                rules: wire.routingRules?.map { Rule($0.redirect, when: $0.condition) })
        }
        self = canonical
    }

    var wire: Wire {
        Wire(
            redirectAllRequestsTo: redirectAllRequestsTo, indexDocument: indexDocument.map { Wire.Index(suffix: $0) },
            errorDocument: errorDocument.map { Wire.Document(key: $0) },
            routingRules: routingRules?.map { Wire.Routing(condition: $0.routingRuleCondition, redirect: $0.redirectRule) })
    }

    /// Some partitions have no web sites.
    static func read(_ bucket: String, _ aws: AWSClient) async throws -> S3.Bucket.Website? {
        do {
            return try await ifConfigured { Self(try await aws.rest(operations.get(bucket), as: Wire.self)) }
        } catch let error as AWSError where error.code == "NotImplemented" {
            return nil
        }
    }
}
