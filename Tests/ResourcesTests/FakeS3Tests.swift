import FoundationEssentials
import SlipwayAWS
import SlipwayFakeAWS
import Testing

/// That the fake S3 refuses what S3 refuses.
@Suite struct FakeS3Tests {
    let fake = FakeAWS()

    init() { fake.withServices { $0.s3.addBucket("lake") } }

    private func refusal(_ request: RESTRequest, region: String = "eu-west-1") async -> AWSError? {
        await #expect(throws: AWSError.self) { try await fake.client(region: region).rest(request) }
    }

    @Test func `a bucket is only found in its region`() async throws {
        let error = await refusal(RESTRequest("HeadBucket", .head, bucket: "lake"), region: "us-east-1")
        #expect(error?.status == 301)
    }

    @Test func `an empty list of objects to delete is malformed`() async throws {
        struct Deletion: Encodable { var quiet = true }
        let error = await refusal(
            RESTRequest(
                "DeleteObjects", .post, bucket: "lake", query: ["delete": nil], body: .xml(root: "Delete", Deletion())))
        #expect(error?.code == "MalformedXML")
    }

    @Test func `a body that needs a digest is refused without one`() async throws {
        let body = RESTRequest.Body.bytes(Data("{}".utf8))
        let request = RESTRequest("PutBucketPolicy", .put, bucket: "lake", query: ["policy": nil], body: body)
        #expect(await refusal(request)?.code == "InvalidRequest")
    }

    @Test func `a digest that does not fit is refused`() async throws {
        let digest = Data(repeating: 0, count: 32).base64EncodedString()
        let request = RESTRequest(
            "PutObject", .put, bucket: "lake", key: "a", headers: ["x-amz-checksum-sha256": digest],
            body: .bytes(Data("a".utf8)))
        #expect(await refusal(request)?.code == "BadDigest")
    }

    @Test func `a public policy is refused while public policies are blocked`() async throws {
        let text = #"{"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}]}"#
        let request = RESTRequest(
            "PutBucketPolicy", .put, bucket: "lake", query: ["policy": nil],
            headers: ["Content-MD5": PayloadHash.md5(Data(text.utf8))], body: .bytes(Data(text.utf8)))
        #expect(await refusal(request)?.kind == .denied)
    }

    @Test(arguments: ["cors", "lifecycle", "policy", "website", "tagging", "object-lock"])
    func `a part that is not set is not found`(_ query: String) async throws {
        let error = await refusal(RESTRequest("GetBucketPart", .get, bucket: "lake", query: [query: nil]))
        #expect(error?.kind == .notFound)
        #expect(error?.code != "NoSuchBucket")
    }

    @Test func `a lagging service sees what was before`() async throws {
        fake.lag("s3", calls: 2)
        let aws = fake.client()
        try await aws.rest(RESTRequest("PutObject", .put, bucket: "lake", key: "a", body: .bytes(Data("a".utf8))))
        for _ in 0..<2 {
            #expect(await refusal(RESTRequest("HeadObject", .head, bucket: "lake", key: "a"))?.kind == .notFound)
        }
        try await aws.rest(RESTRequest("HeadObject", .head, bucket: "lake", key: "a"))
    }
}
