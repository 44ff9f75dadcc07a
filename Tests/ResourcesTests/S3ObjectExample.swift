import SlipwayDeclaration
import SlipwayFakeAWS
import SlipwayProvider
import SlipwayResources

enum ObjectExample: ConformanceExample {
    static let minimal = S3.Object(bucket: "tickit-dev-lake", key: "etc/a b+c.json", "{}")

    static let full = S3.Object(
        bucket: "tickit-dev-lake", key: "etc/a b+c.json", "{\"debug\": false}", contentType: "application/json",
        contentEncoding: "identity", cacheControl: "no-cache", metadata: ["source": "stack"], storageClass: .standardIA,
        encryption: .kms("arn:aws:kms:eu-west-1:123456789012:key/lake"), tags: ["team": "data & more", "tier": "raw"])

    static let changed = S3.Object(
        bucket: "tickit-dev-lake", key: "etc/a b+c.json", "{\"debug\": true}", contentType: "text/json",
        contentEncoding: "utf-8", cacheControl: "max-age=60", metadata: ["source": "plan", "more": "1"],
        storageClass: .glacierInstant, encryption: .s3, tags: ["team": "platform"])

    static func prepare(_ services: inout FakeServices) { services.s3.addBucket("tickit-dev-lake") }

    static func disappear(_ identity: String, _ services: inout FakeServices) {
        services.s3.buckets["tickit-dev-lake"]?.objects = [:]
    }
}
