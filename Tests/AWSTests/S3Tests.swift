import Foundation
import SlipwayHTTP
import Testing

@testable import SlipwayAWS

@Suite struct S3Tests {
    private static let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

    private func withFile(_ size: Int, _ body: (String) async throws -> Void) async throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
        try Data(repeating: 65, count: size).write(to: URL(fileURLWithPath: path))
        defer { try? FileManager.default.removeItem(atPath: path) }
        try await body(path)
    }

    @Test func `a part of a bucket is XML, with a checksum`() async throws {
        let transport = StubTransport(.ok())
        try await KindCalls.setVersioning(client(transport), "lake", "Enabled")
        let request = try #require(transport.requests.first)
        #expect(request.method == "PUT")
        #expect(request.url == "https://lake.s3.eu-west-1.amazonaws.com/?versioning")
        #expect(request.headers["Content-MD5"] == PayloadHash.md5(Data(transport.body().utf8)))
        #expect(request.headers["X-Amz-Content-SHA256"]?.count == 64)
        #expect(
            transport.body() == #"<VersioningConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/">"#
                + "<Status>Enabled</Status></VersioningConfiguration>")
    }

    @Test func `members of an input may belong into headers and the query`() async throws {
        struct Create: Encodable, Sendable, WireShaped {
            var locationConstraint: String? = nil
            var objectLock: Bool? = true
            var mark: String? = "m n"
            static let shape: Shape = [
                "ObjectLock": .header("x-amz-bucket-object-lock-enabled"), "Mark": .query("mark"),
            ]
        }
        let transport = StubTransport(.ok(), .ok())
        for region in [nil, "eu-west-1"] {
            try await client(transport).rest(
                RESTRequest(
                    "CreateBucket", .put, bucket: "lake",
                    body: .xml(root: "CreateBucketConfiguration", Create(locationConstraint: region))))
        }
        #expect(transport.requests.first?.headers["x-amz-bucket-object-lock-enabled"] == "true")
        #expect(transport.requests.first?.url == "https://lake.s3.eu-west-1.amazonaws.com/?mark=m%20n")
        let namespace = #"xmlns="http://s3.amazonaws.com/doc/2006-03-01/""#
        #expect(transport.body(0) == "<CreateBucketConfiguration \(namespace)></CreateBucketConfiguration>")
        #expect(transport.body(1).contains(">eu-west-1</LocationConstraint></CreateBucketConfiguration>"))
    }

    @Test func `flattened lists are read, and what is not set is not found`() async throws {
        let body = """
            <CORSConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><CORSRule><AllowedOrigin>*</AllowedOrigin>
            <AllowedMethod>GET</AllowedMethod><AllowedMethod>PUT</AllowedMethod></CORSRule></CORSConfiguration>
            """
        let transport = StubTransport(.ok(body), .status(404, "<Error><Code>NoSuchCORSConfiguration</Code></Error>"))
        let rules = KindCalls.CORS(rules: [.init(allowedOrigins: ["*"], allowedMethods: ["GET", "PUT"])])
        #expect(try await KindCalls.cors(client(transport), "lake") == rules)
        #expect(try await KindCalls.cors(client(transport), "lake") == nil)
    }

    @Test func `an object's path is signed as it is sent`() async throws {
        let transport = StubTransport(.ok("x"), .ok("x"))
        let request = RESTRequest("GetObject", .get, bucket: "lake", key: "a//b/../ä c+d")
        #expect(try await client(transport).rest(request).body == Data("x".utf8))
        #expect(transport.requests.first?.url == "https://lake.s3.eu-west-1.amazonaws.com/a//b/../%C3%A4%20c%2Bd")
        _ = try await client(transport, endpoints: ["S3": "http://localhost:9000"]).rest(request)
        #expect(transport.requests.last?.url == "http://localhost:9000/lake/a//b/../%C3%A4%20c%2Bd")
        #expect(transport.requests.last?.headers["Host"] == "localhost:9000")
        #expect(transport.requests.last?.headers["X-Amz-Content-SHA256"] == Self.empty)
    }

    @Test func `a bucket stands alone in the path of an endpoint of one's own`() async throws {
        let transport = StubTransport(.ok())
        let aws = client(transport, endpoints: ["": "http://localhost:9000"])
        try await aws.rest(RESTRequest("CreateBucket", .put, bucket: "lake"))
        #expect(transport.requests.first?.url == "http://localhost:9000/lake")
    }

    @Test func `a small file is hashed, a large one is trusted to TLS`() async throws {
        try await withFile(10) { path in
            let transport = StubTransport(.ok("", headers: ["ETag": "\"e\"", "x-amz-version-id": "v"]))
            let stored = try await KindCalls.put(client(transport), path, "lake", "k")
            #expect(stored.eTag == "\"e\"" && stored.versionId == "v")
            let request = try #require(transport.requests.first)
            #expect(
                request.headers["X-Amz-Content-SHA256"] == "1d65bf29403e4fb1767522a107c827b8884d16640cf0e3b18c4c1dd107e0d49d"
            )
            #expect(request.headers["x-amz-meta-origin"] == "slipway")
            #expect(request.body == .file(path: path, offset: 0, length: 10))
            #expect(request.mayBeSentTwice)
        }
        try await withFile(2 << 20) { path in
            let transport = StubTransport(.ok("", headers: ["ETag": "e"]), .ok("", headers: ["ETag": "e"]))
            _ = try await KindCalls.put(client(transport), path, "lake", "k")
            #expect(transport.requests.first?.headers["X-Amz-Content-SHA256"] == "UNSIGNED-PAYLOAD")
            _ = try await KindCalls.put(client(transport, endpoints: ["": "http://localhost:9000"]), path, "lake", "k")
            #expect(transport.requests.last?.headers["X-Amz-Content-SHA256"]?.count == 64)
        }
    }

    @Test func `a file that is not there is no matter of AWS`() async {
        let transport = StubTransport()
        let error = await #expect(throws: AWSError.self) { try await KindCalls.put(client(transport), "/nowhere", "b", "k") }
        #expect(error?.kind == .invalid)
        #expect(error?.message == "the request cannot be made: /nowhere: No such file or directory")
        #expect(transport.requests.isEmpty)
    }

    @Test func `an upload in parts`() async throws {
        try await withFile(25) { path in
            let transport = StubTransport(
                .ok("<InitiateMultipartUploadResult><UploadId>u/1</UploadId></InitiateMultipartUploadResult>"),
                .ok(headers: ["ETag": "\"1\""]), .ok(headers: ["ETag": "\"2\""]), .ok(headers: ["ETag": "\"3\""]),
                .ok("<CompleteMultipartUploadResult><ETag>e</ETag></CompleteMultipartUploadResult>"))
            try await KindCalls.putInParts(client(transport), path, size: 25, partSize: 10, "lake", "k")
            #expect(
                transport.requests.map { String($0.url.drop { $0 != "?" }) } == [
                    "?uploads", "?partNumber=1&uploadId=u%2F1", "?partNumber=2&uploadId=u%2F1",
                    "?partNumber=3&uploadId=u%2F1",
                    "?uploadId=u%2F1",
                ])
            #expect(transport.requests[3].body == .file(path: path, offset: 20, length: 5))
            #expect(transport.body(4).contains("<Part><PartNumber>2</PartNumber><ETag>&quot;2&quot;</ETag></Part>"))
        }
    }

    @Test func `an error under a status of success is an error`() async throws {
        let hidden = StubTransport.Answer.ok(
            "<?xml version=\"1.0\"?>\n<Error><Code>InternalError</Code><Message>Sorry</Message></Error>")
        let error = await #expect(throws: AWSError.self) {
            try await client(StubTransport(hidden)).rest(
                RESTRequest("CompleteMultipartUpload", .post, bucket: "b", key: "k", query: ["uploadId": "u"]))
        }
        #expect(error?.code == "InternalError" && error?.kind == .transient && error?.mayHaveHappened == true)
    }

    @Test func `an object that looks like an error is an object`() async throws {
        let response = try await client(StubTransport(.ok("<Error/>"))).rest(
            RESTRequest("GetObject", .get, bucket: "b", key: "k"))
        #expect(response.body == Data("<Error/>".utf8))
    }

    @Test func `versions come in pages with two markers`() async throws {
        func page(_ rest: String) -> StubTransport.Answer { .ok("<ListVersionsResult>\(rest)</ListVersionsResult>") }
        let one = "<Key>a</Key><VersionId>1</VersionId><IsLatest>true</IsLatest><Size>3</Size>"
        let transport = StubTransport(
            page(
                "<Version>\(one)</Version><IsTruncated>true</IsTruncated><NextKeyMarker>a b</NextKeyMarker>"
                    + "<NextVersionIdMarker>1</NextVersionIdMarker>"),
            page("<IsTruncated>false</IsTruncated><NextKeyMarker></NextKeyMarker><DeleteMarker>\(one)</DeleteMarker>"))
        #expect(try await KindCalls.versions(client(transport), "lake").count == 2)
        #expect(
            transport.requests.last?.url
                == "https://lake.s3.eu-west-1.amazonaws.com/?key-marker=a%20b&version-id-marker=1&versions")
    }

    @Test func `buckets are listed without one`() async throws {
        let body = """
            <ListAllMyBucketsResult><Owner><ID>x</ID></Owner><Buckets><Bucket><Name>a</Name></Bucket></Buckets>
            </ListAllMyBucketsResult>
            """
        let transport = StubTransport(.ok(body))
        #expect(try await KindCalls.buckets(client(transport)) == ["a"])
        #expect(transport.requests.first?.url == "https://s3.eu-west-1.amazonaws.com/")
    }

    @Test func `HEAD has its answer in headers, and its errors in the status`() async throws {
        let transport = StubTransport(.ok(headers: ["x-amz-bucket-region": "eu-west-1"]), .status(404), .status(403))
        #expect(try await KindCalls.region(client(transport), of: "b") == "eu-west-1")
        #expect(try await KindCalls.region(client(transport), of: "b") == nil)
        let error = await #expect(throws: AWSError.self) { try await KindCalls.region(client(transport), of: "b") }
        #expect(error?.kind == .denied && error?.code == "Forbidden")
    }

    @Test func `a slow S3 is asked again`() async throws {
        let transport = StubTransport(.status(503, "<Error><Code>SlowDown</Code></Error>"), .ok())
        try await client(transport).rest(RESTRequest("CreateBucket", .put, bucket: "b"))
        #expect(transport.requests.count == 2)
    }

    @Test func `an answer can be stored in a file`() async throws {
        let transport = StubTransport(.ok())
        _ = try await client(transport).rest(RESTRequest("GetObject", .get, bucket: "b", key: "k", savedTo: "/tmp/x"))
        #expect(transport.requests.first?.responseBody == .file(path: "/tmp/x"))
    }
}
