import FoundationEssentials
import SlipwayAWS
import SlipwayDeclaration
import SlipwayFakeAWS
import SlipwayHTTP
import SlipwayProvider
import SlipwayResources
import Testing

/// What is special about objects. What every kind does is in ``Conformance``.
@Suite struct S3ObjectTests {
    let bench = Workbench(ObjectExample.self)
    var fake: FakeAWS { bench.fake }
    var aws: AWSClient { bench.aws }
    let bucket = "tickit-dev-lake"

    private var operations: [String] { fake.calls.map(\.operation) }

    /// A file of that many bytes, as the engine hands it to a kind.
    private func asset(_ name: String, size: Int, seed: UInt8 = 1) throws -> (content: S3.Object.Content, file: String) {
        let file = FileManager.default.temporaryDirectory.path + "/slipway-\(UUID().uuidString)"
        var bytes = [UInt8](repeating: seed, count: size)
        for index in stride(from: 0, to: size, by: 4096) { bytes[index] = UInt8(truncatingIfNeeded: index >> 12) }
        try Data(bytes).write(to: URL(filePath: file))
        let digest = try PayloadHash.sha256(.bytes(Data(bytes)))
        let tree: JSON = [
            "$asset": .string(name), "$path": .string(file), "$sha256": .string(digest), "$size": .int(size),
        ]
        return (try PropertyDecoder().decode(S3.Object.Content.self, from: tree), file)
    }

    private func object(_ key: Text = "a", _ content: S3.Object.Content, _ change: (inout S3.Object) -> Void = { _ in })
        -> S3.Object
    {
        var object = S3.Object(bucket: Text(verbatim: bucket), key: key, content)
        change(&object)
        return object
    }

    private func stored(_ key: String = "a") -> FakeS3.Version? {
        fake.withServices { $0.s3.buckets[bucket]?.objects[key]?.first }
    }

    // MARK: Files

    @Test(arguments: [0, 1, 100_000])
    func `a file is uploaded in one call and compared by its digest`(_ size: Int) async throws {
        let (content, file) = try asset("etl/load.py", size: size)
        defer { _ = try? FileManager.default.removeItem(atPath: file) }
        let declared = object("a", content)
        let created = try await declared.create(bench.creation, aws)
        #expect(operations == ["PutObject"])
        let found = try await bench.read(created.identity)
        #expect(Comparison.differences(try Comparison(declared), try Comparison(found.properties)) == [])
        #expect(created.attributes == found.attributes)
        #expect(found.attributes.uri == "s3://tickit-dev-lake/a")
    }

    @Test func `a file that was changed after it was read is refused`() async throws {
        let (content, file) = try asset("etl/load.py", size: 10)
        defer { _ = try? FileManager.default.removeItem(atPath: file) }
        try Data("0123456789".utf8).write(to: URL(filePath: file))
        let error = await #expect(throws: AWSError.self) { try await object("a", content).create(bench.creation, aws) }
        #expect(error?.code == "BadDigest")
        #expect(stored() == nil)
    }

    @Test func `a large file is uploaded in parts, and reads back as declared`() async throws {
        let (content, file) = try asset("data/big", size: (40 << 20) + 7)
        defer { _ = try? FileManager.default.removeItem(atPath: file) }
        let declared = object("a", content) { $0.contentType = "text/csv" }
        let created = try await declared.create(bench.creation, aws)
        #expect(operations.filter { $0 == "UploadPart" }.count == 3)
        #expect(operations.first == "CreateMultipartUpload")
        #expect(operations.last { $0 != "HeadObject" } == "CompleteMultipartUpload")
        #expect(stored()?.body.count == (40 << 20) + 7)
        let found = try await bench.read(created.identity)
        #expect(Comparison.differences(try Comparison(declared), try Comparison(found.properties)) == [])
        #expect(created.attributes == found.attributes)
        #expect(found.attributes.eTag.hasSuffix("-3"))
    }

    @Test(arguments: ["UploadPart", "CompleteMultipartUpload"])
    func `an upload that fails is given up`(_ operation: String) async throws {
        let (content, file) = try asset("data/big", size: 17 << 20)
        defer { _ = try? FileManager.default.removeItem(atPath: file) }
        fake.fail("s3", operation, code: "InternalError", status: 500)
        await #expect(throws: AWSError.self) { try await object("a", content).create(bench.creation, aws) }
        #expect(fake.withServices { $0.s3.buckets[bucket]?.uploads.isEmpty } == true)
        #expect(stored() == nil)
    }

    @Test func `a large file that was changed after it was read is not uploaded`() async throws {
        let (content, file) = try asset("data/big", size: 17 << 20)
        defer { _ = try? FileManager.default.removeItem(atPath: file) }
        try Data(repeating: 9, count: 17 << 20).write(to: URL(filePath: file))
        let error = await #expect(throws: (any Error).self) { try await object("a", content).create(bench.creation, aws) }
        #expect(error.map { "\($0)" }?.hasSuffix("the asset 'data/big' has changed since it was read") == true)
        #expect(operations == [])
    }

    @Test func `a file that the engine did not find is an error that names it`() async throws {
        let error = await #expect(throws: (any Error).self) {
            try await object("a", .asset("etl/load.py")).create(bench.creation, aws)
        }
        #expect(error.map { "\($0)" } == "the object cannot be uploaded: the asset 'etl/load.py' has not been found")
    }

    @Test func `a bucket that is not known yet is waited for`() async throws {
        fake.fail("s3", "PutObject", code: "NoSuchBucket", status: 404)
        let error = await #expect(throws: AWSError.self) { try await object("a", "x").create(bench.creation, aws) }
        #expect(error?.kind == .propagating)
    }

    // MARK: Changes

    @Test func `what is not content is changed without uploading it again`() async throws {
        let before = object("a", "text") { $0.tags = ["a": "1"] }
        _ = try await before.create(bench.creation, aws)
        fake.forgetCalls()
        let after = object("a", "text") {
            $0.cacheControl = "no-store"
            $0.tags = ["a": "1"]
        }
        try await after.update("\(bucket)/a", from: before, aws)
        #expect(operations == ["HeadObject", "CopyObject"])
        let found = try await bench.read("\(bucket)/a")
        #expect(Comparison.differences(try Comparison(after), try Comparison(found.properties)) == [])
        #expect(found.tags.flatMap { Ownership(tags: $0) } == bench.ownership)
    }

    @Test func `tags are changed by a call of their own`() async throws {
        let before = object("a", "text")
        _ = try await before.create(bench.creation, aws)
        fake.forgetCalls()
        let tagged = object("a", "text") { $0.tags = ["a": "1"] }
        try await tagged.update("\(bucket)/a", from: before, aws)
        try await before.update("\(bucket)/a", from: tagged, aws)
        #expect(operations == ["PutObjectTagging", "DeleteObjectTagging"])
    }

    @Test func `new content keeps the ownership`() async throws {
        _ = try await object("a", "one").create(bench.creation, aws)
        try await object("a", "two").update("\(bucket)/a", from: object("a", "one"), aws)
        let found = try await bench.read("\(bucket)/a")
        #expect(found.tags.flatMap { Ownership(tags: $0) } == bench.ownership)
        #expect(stored()?.body == Data("two".utf8))
    }

    @Test func `content that somebody else wrote is a difference`() async throws {
        let declared = object("a", "ours")
        _ = try await declared.create(bench.creation, aws)
        // With and without the metadata, by a tool that sends no checksum.
        for headers in [["x-amz-meta-other": "1"], [:]] {
            try await aws.rest(
                RESTRequest(
                    "PutObject", .put, bucket: bucket, key: "a", headers: headers, body: .bytes(Data("theirs".utf8))))
            let found = try await bench.read("\(bucket)/a")
            #expect(Comparison.differences(try Comparison(declared), try Comparison(found.properties)).contains("Content"))
        }
    }

    @Test func `a digest that S3 computed goes before the one that is claimed`() async throws {
        let declared = object("a", "ours")
        _ = try await declared.create(bench.creation, aws)
        let other = object("a", "theirs")
        _ = try await other.create(bench.creation, aws)
        fake.withServices { services in
            let claimed = declared.foreseen("x/a", at: bench.location).values["Sha256"]?.string
            services.s3.buckets[bucket]?.objects["a"]?[0].headers["x-amz-meta-slipway-sha256"] = claimed
        }
        let found = try await bench.read("\(bucket)/a")
        #expect(Comparison.differences(try Comparison(declared), try Comparison(found.properties)) == ["Content"])
    }

    // MARK: Listing

    private func listed(_ keys: [String], _ interest: Interest = .only(["Content"])) -> [Listed<S3.Object>] {
        keys.map { Listed("\(bucket)/\($0)", interest) }
    }

    private func put(_ keys: some Sequence<String>) {
        fake.withServices { services in
            for key in keys {
                services.s3.buckets[bucket]?.objects[key] = [FakeS3.Version(key: key)]
            }
        }
    }

    @Test func `many objects are listed in one call`() async throws {
        let keys = (0..<200).map { "code/\($0).py" }
        put(keys)
        put(["other/a", "z"])
        let seen = try await S3.Object.list(listed(keys + ["code/gone.py"]), aws)
        #expect(operations == ["ListObjectsV2"])
        #expect(Set(seen.keys) == Set(keys.map { "\(bucket)/\($0)" }))
        #expect(S3.Object.listCalls(for: 200) == 1)
        #expect(S3.Object.listCalls(for: 1001) == 2)
    }

    @Test func `a list goes on over pages`() async throws {
        let keys = (0..<50).map { "code/\($0).py" }
        put(keys)
        fake.withServices { $0.s3.pageSize = 10 }
        let seen = try await S3.Object.list(listed(keys), aws)
        #expect(seen.count == 50)
        #expect(operations.count == 5)
    }

    @Test func `a list of a crowded bucket is given up, and the rest is read`() async throws {
        put((0..<500).map { "m\($0)" })
        put(["a", "z"])
        fake.withServices { $0.s3.pageSize = 10 }
        let seen = try await S3.Object.list(listed(["a", "b", "z"]), aws)
        #expect(Set(seen.keys) == ["\(bucket)/a", "\(bucket)/z"])
        #expect(operations.filter { $0 == "ListObjectsV2" }.count == 4)
        #expect(operations.filter { $0 == "HeadObject" }.count == 1)
    }

    @Test func `objects of a bucket that is gone are absent`() async throws {
        fake.withServices { $0.s3.buckets = [:] }
        #expect(try await S3.Object.list(listed(["a"]), aws).isEmpty)
    }

    // MARK: Pure functions

    @Test func `a key can be made of the content's digest`() throws {
        let script = S3.Object(in: "lake", prefix: "scripts/", .asset("etl/load.py"))
        #expect(script.key.spelling == "scripts/${sha256 of etl/load.py}/load.py")
        #expect(script.identity("unused")?.spelling == "lake/scripts/${sha256 of etl/load.py}/load.py")
    }

    @Test func `content is the same wherever it comes from`() throws {
        let (content, file) = try asset("a", size: 3, seed: 0)
        defer { _ = try? FileManager.default.removeItem(atPath: file) }
        #expect(object("a", content).canonical() == object("a", "\0\0\0").canonical())
        #expect(object("a", content).canonical() != object("a", "\0\0").canonical())
        #expect(object("a", .asset("a")).canonical() == object("a", .asset("a")))
    }

    @Test func `a key in KMS is the same by its ARN and by its identifier`() {
        func encrypted(_ key: Text) -> S3.Object { object("a", "x") { $0.serverSideEncryption = .kms(key) } }
        let identifier: Text = "1234abcd-12ab-34cd-56ef-1234567890ab"
        let arn: Text = "arn:aws:kms:eu-west-1:123456789012:key/\(identifier)"
        #expect(encrypted(arn).canonical() == encrypted(identifier).canonical())
    }

    @Test(arguments: [
        (S3.Object(bucket: "UPPER", key: "a", ""), "Bucket"),
        (S3.Object(bucket: "lake", key: "", ""), "Key"),
        (S3.Object(bucket: "lake", key: "a", "", metadata: ["slipway-x": "1"]), "Metadata"),
        (S3.Object(bucket: "lake", key: "a", "", metadata: ["x": "ü"]), "Metadata"),
        (S3.Object(bucket: "lake", key: "a", "", encryption: .kms("alias/lake")), "ServerSideEncryption"),
        (S3.Object(bucket: "lake", key: "a", "", encryption: .init(algorithm: .aes256, key: "k")), "ServerSideEncryption"),
    ])
    func `what S3 would refuse is reported where it stands`(_ object: S3.Object, _ property: String) {
        #expect(object.check().map(\.property) == [property])
    }
}
