import Testing

@testable import SlipwayAWS

@Suite struct EndpointTests {
    static let services: [(folder: String, service: Service)] = [
        ("s3", .s3), ("iam", .iam), ("sts", .sts), ("glue", .glue), ("logs", .logs), ("redshift", .redshift),
        ("redshift-data", .redshiftData), ("rds", .rds), ("athena", .athena), ("secretsmanager", .secretsManager),
        ("kms", .kms), ("cloudcontrol", .cloudControl), ("resourcegroupstaggingapi", .tagging),
        ("ec2", .ec2),
    ]

    struct Case: Sendable, CustomTestStringConvertible {
        let service: Service
        let content: Document
        var params: Document { content["params"] ?? .structure([:]) }
        var testDescription: String { "\(service.name): \(content["documentation"]?.text ?? "")" }

        /// Why we do not answer this question; `nil` where we do.
        var isOutOfScope: String? {
            if params["UseGlobalEndpoint"]?.isTrue == true || params["Region"]?.text == "aws-global" {
                return "the global endpoints that S3 and STS had before regional ones"
            }
            guard service.name == "s3" else { return nil }
            let bucket = params["Bucket"]?.text ?? ""
            if bucket.hasPrefix("arn:") { return "ARNs of access points, Outposts and Object Lambda" }
            if bucket.contains("--") || bucket.hasSuffix("-s3alias") { return "S3 Express and aliases of access points" }
            if params["UseS3ExpressControlEndpoint"]?.isTrue == true { return "S3 Express" }
            if params["Accelerate"]?.isTrue == true { return "S3 Transfer Acceleration" }
            if params["UseObjectLambdaEndpoint"]?.isTrue == true { return "S3 Object Lambda" }
            if params["Region"]?.text == "snow" { return "Snowball" }
            return nil
        }
    }

    static let cases: [Case] = {
        guard SharedData.isThere else { return [] }
        return services.flatMap { folder, service -> [Case] in
            let document = try? SharedData.json("endpoints/\(folder)/endpoint-tests-1.json")
            return (document?["testCases"]?.items ?? []).map { Case(service: service, content: $0) }
        }
    }()

    @Test(
        .enabled(if: SharedData.isThere, "needs ../shared/data/aws/endpoints"),
        arguments: cases.filter { $0.isOutOfScope == nil })
    func `a service is where AWS's own rules say`(one: Case) throws {
        var question = Endpoint.Question(service: one.service, region: one.params["Region"]?.text)
        question.useFIPS = one.params["UseFIPS"]?.isTrue == true
        question.useDualStack = one.params["UseDualStack"]?.isTrue == true
        question.custom = one.params["Endpoint"]?.text
        question.bucket = one.params["Bucket"]?.text
        question.pathStyle = one.params["ForcePathStyle"]?.isTrue == true
        guard let expected = one.content["expect"]?["endpoint"] else {
            #expect(throws: EndpointProblem.self) { try Endpoint(question) }
            return
        }
        let endpoint = try Endpoint(question)
        // Our path begins with the bucket, as the bucket is a part of the signed path; AWS's rules put it last.
        #expect(endpoint.url == expected["url"]?.text)
        if let region = expected["properties"]?["authSchemes"]?.items.first?["signingRegion"]?.text {
            #expect(endpoint.signingRegion == region)
        }
    }

    @Test(.enabled(if: SharedData.isThere, "needs ../shared/data/aws/endpoints"))
    func `what is out of scope is known, and how much it is`() {
        let counts = Dictionary(Self.cases.compactMap(\.isOutOfScope).map { ($0, 1) }, uniquingKeysWith: +)
        #expect(
            counts == [
                "the global endpoints that S3 and STS had before regional ones": 98,
                "ARNs of access points, Outposts and Object Lambda": 89,
                "S3 Express and aliases of access points": 123, "S3 Express": 5,
                "S3 Transfer Acceleration": 15, "S3 Object Lambda": 8, "Snowball": 4,
            ])
        #expect(Self.cases.filter { $0.isOutOfScope == nil }.count > 500)
    }

    @Test(arguments: [
        ("eu-west-1", "https://glue.eu-west-1.amazonaws.com", "aws"),
        ("cn-north-1", "https://glue.cn-north-1.amazonaws.com.cn", "aws-cn"),
        ("us-gov-west-1", "https://glue.us-gov-west-1.amazonaws.com", "aws-us-gov"),
        ("us-iso-east-1", "https://glue.us-iso-east-1.c2s.ic.gov", "aws-iso"),
        ("xx-new-9", "https://glue.xx-new-9.amazonaws.com", "aws"),
    ])
    func `a region has its partition's names`(region: String, url: String, partition: String) throws {
        #expect(try Endpoint(Endpoint.Question(service: .glue, region: region)).url == url)
        #expect(Partition.of(region: region).id == partition)
    }

    @Test func `IAM is one for a partition, and signed for its home region`() throws {
        let endpoint = try Endpoint(Endpoint.Question(service: .iam, region: "eu-west-1"))
        #expect(endpoint.url == "https://iam.amazonaws.com")
        #expect(endpoint.signingRegion == "us-east-1")
    }

    @Test func `IAM behind an endpoint of one's own is signed for its home region too`() throws {
        var question = Endpoint.Question(service: .iam, region: "eu-west-1")
        question.custom = "http://localhost:4566"
        let endpoint = try Endpoint(question)
        #expect(endpoint.url == "http://localhost:4566")
        #expect(endpoint.signingRegion == "us-east-1")
        #expect(!endpoint.isAWS)
    }

    @Test(arguments: [
        ("plain-bucket", "https://plain-bucket.s3.eu-west-1.amazonaws.com"),
        ("with.dots", "https://s3.eu-west-1.amazonaws.com/with.dots"),
        ("Upper", "https://s3.eu-west-1.amazonaws.com/Upper"),
        ("a b", "https://s3.eu-west-1.amazonaws.com/a%20b"),
    ])
    func `a bucket is a part of the host where a certificate covers it`(bucket: String, url: String) throws {
        var question = Endpoint.Question(service: .s3, region: "eu-west-1")
        question.bucket = bucket
        #expect(try Endpoint(question).url == url)
    }

    @Test(arguments: ["localhost:4566", "ftp://x", "http://", "http://a?b", "http://user@host"])
    func `what is no URL of an endpoint is refused`(url: String) {
        var question = Endpoint.Question(service: .glue, region: "eu-west-1")
        question.custom = url
        #expect(throws: EndpointProblem(reason: "`\(url)` is not the URL of an endpoint")) { try Endpoint(question) }
    }
}
