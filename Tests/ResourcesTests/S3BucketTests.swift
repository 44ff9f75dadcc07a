import SlipwayAWS
import SlipwayDeclaration
import SlipwayFakeAWS
import SlipwayProvider
import SlipwayResources
import Testing

/// What is special about buckets. What every kind does is in ``Conformance``.
@Suite struct S3BucketTests {
    let bench = Workbench(BucketExample.self)
    var fake: FakeAWS { bench.fake }
    var aws: AWSClient { bench.aws }
    let name = BucketExample.name

    private func creation(region: String, nonce: String = "22222222222222222222222222222222") -> Creation {
        Creation(
            name: name, location: Location(account: FakeAWS.account, region: region),
            ownership: Ownership(
                lineage: "11111111111111111111111111111111", address: "lake", generation: 1, nonce: nonce),
            token: "33333333333333333333333333333333")
    }

    /// The operations that changed something.
    private var changes: [String] { fake.calls.filter { !$0.isRead }.map(\.operation) }

    private func nonce() async throws -> String? {
        guard case .present(let found) = try await S3.Bucket.read(name, .only([]), aws) else { return nil }
        return found.tags.flatMap { Ownership(tags: $0) }?.nonce
    }

    // MARK: Creating

    @Test func `the region is named, but for the oldest`() async throws {
        for (region, isNamed) in [("eu-west-1", true), ("us-east-1", false)] {
            let fake = FakeAWS()
            _ = try await S3.Bucket().create(creation(region: region), fake.client(region: region))
            let body = String(decoding: fake.calls[0].body, as: UTF8.self)
            #expect(body.contains("<LocationConstraint>\(region)</LocationConstraint>") == isNamed)
            #expect(fake.withServices { $0.s3.buckets[name]?.region } == region)
        }
    }

    @Test func `the oldest region says yes again, and the nonce tells that it was not ours`() async throws {
        let fake = FakeAWS()
        let aws = fake.client(region: "us-east-1")
        _ = try await S3.Bucket().create(creation(region: "us-east-1"), aws)
        _ = try await S3.Bucket().create(creation(region: "us-east-1", nonce: "44444444444444444444444444444444"), aws)
        guard case .present(let found) = try await S3.Bucket.read(name, .only([]), aws) else {
            Issue.record("the bucket is not there")
            return
        }
        #expect(found.tags.flatMap { Ownership(tags: $0) }?.nonce == "22222222222222222222222222222222")
    }

    @Test func `elsewhere a bucket that we have already is an error`() async throws {
        _ = try await S3.Bucket().create(creation(region: "eu-west-1"), aws)
        let error = await #expect(throws: AWSError.self) {
            try await S3.Bucket().create(creation(region: "eu-west-1"), aws)
        }
        #expect(error?.code == "BucketAlreadyOwnedByYou")
        #expect(error?.kind == .alreadyExists)
    }

    @Test func `a name that another account has is taken, and its bucket denied`() async throws {
        fake.withServices { _ = $0.s3.taken.insert(name) }
        let create = await #expect(throws: AWSError.self) {
            try await S3.Bucket().create(creation(region: "eu-west-1"), aws)
        }
        #expect(create?.code == "BucketAlreadyExists")
        let read = await #expect(throws: AWSError.self) { try await S3.Bucket.read(name, .all, aws) }
        #expect(read?.kind == .denied)
    }

    // MARK: Reading

    @Test func `only parts that are of interest are read`() async throws {
        fake.withServices { $0.s3.addBucket(name) }
        _ = try await S3.Bucket.read(name, .only(["VersioningConfiguration", "BucketName"]), aws)
        #expect(fake.calls.map(\.operation) == ["HeadBucket", "GetBucketTagging", "GetBucketVersioning"])
    }

    @Test func `parts that a place does not have are absent`() async throws {
        fake.withServices { $0.s3.addBucket(name) }
        fake.fail("s3", "GetBucketAccelerateConfiguration", code: "MethodNotAllowed", status: 405)
        fake.fail("s3", "GetBucketWebsite", code: "NotImplemented", status: 501)
        let found = try await bench.read(name)
        #expect(found.properties.acceleration == nil)
        #expect(found.properties.website == nil)
    }

    @Test func `a bucket that not all of S3 knows yet is settling`() async throws {
        fake.withServices { $0.s3.addBucket(name) }
        fake.fail("s3", "GetBucketVersioning", code: "NoSuchBucket", status: 404)
        guard case .settling = try await S3.Bucket.read(name, .all, aws) else {
            Issue.record("it is not settling")
            return
        }
    }

    @Test func `a part that cannot be written yet is tried again`() async throws {
        fake.withServices { $0.s3.addBucket(name) }
        fake.fail("s3", "PutBucketVersioning", code: "NoSuchBucket", status: 404)
        let error = await #expect(throws: AWSError.self) {
            try await S3.Bucket(versioning: .enabled).update(name, from: S3.Bucket(), aws)
        }
        #expect(error?.kind == .propagating)
    }

    @Test func `a bucket in an eventually consistent S3 comes about`() async throws {
        fake.lag("s3", calls: 3, writes: true)
        let desired = S3.Bucket(versioning: .enabled, tags: ["team": "data"])
        let created = try await desired.create(bench.creation, aws)
        for _ in 0..<20 {
            do {
                try await desired.update(name, from: created.properties, aws)
                break
            } catch let error as AWSError where error.kind == .propagating { continue }
        }
        fake.lag("s3", calls: 0)
        #expect(try await bench.read(name).properties.versioning == .enabled)
    }

    @Test func `several events of one target are as many declared ones`() async throws {
        fake.withServices { $0.s3.addBucket(name) }
        let arn: Text = "arn:aws:sqs:eu-west-1:123456789012:queue"
        let desired = S3.Bucket(
            notifications: .to([.queue(arn, on: "s3:ObjectCreated:*"), .queue(arn, on: "s3:ObjectRemoved:*")]))
        try await desired.update(name, from: S3.Bucket(), aws)
        let found = try await bench.read(name).properties
        #expect(Comparison.differences(try Comparison(desired), try Comparison(found)) == [])
        #expect(found.notifications?.queueConfigurations?.count == 2)
    }

    // MARK: Updating

    @Test func `what keeps the public out comes before the policy`() async throws {
        fake.withServices { $0.s3.addBucket(name) }
        let anyone = IAM.PolicyDocument(
            json: #"{"Statement": {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "*"}}"#)
        let open = S3.Bucket(publicAccessBlock: .nothing, ownership: .bucketOwnerPreferred, policy: anyone)
        try await open.update(name, from: S3.Bucket(), aws)
        #expect(changes == ["PutPublicAccessBlock", "PutBucketOwnershipControls", "PutBucketPolicy"])
    }

    @Test func `AWS's statements of log delivery are no difference and are kept`() async throws {
        fake.withServices { $0.s3.addBucket(name) }
        let ours = S3.Bucket(policy: BucketExample.policy("s3:GetObject"))
        try await ours.update(name, from: S3.Bucket(), aws)
        let delivery = """
            {"Sid": "AWSLogDeliveryWrite1", "Effect": "Allow", "Principal": {"Service": "delivery.logs.amazonaws.com"}, \
            "Action": "s3:PutObject", "Resource": "arn:aws:s3:::x/*"}
            """
        fake.withServices { services in
            let policy = services.s3.buckets[name]?.policy ?? ""
            guard let place = policy.firstRange(of: "\"Statement\":[") else { return }
            services.s3.buckets[name]?.policy =
                policy[..<place.upperBound] + delivery + "," + policy[place.upperBound...]
        }
        let found = try await bench.read(name).properties
        #expect(found.policy?.statements.count == 2)
        #expect(Comparison.differences(try Comparison(ours), try Comparison(found)) == [])

        var changed = ours
        changed.policy = BucketExample.policy("s3:PutObject")
        try await changed.update(name, from: found, aws)
        #expect(fake.withServices { $0.s3.buckets[name]?.policy }?.contains("AWSLogDeliveryWrite1") == true)

        try await S3.Bucket().update(name, from: changed, aws)
        let left = fake.withServices { $0.s3.buckets[name]?.policy }
        #expect(left?.contains("AWSLogDeliveryWrite1") == true)
        #expect(left?.contains("Team") == false)
    }

    @Test func `tags of AWS's own and of ownership survive a change of the declared ones`() async throws {
        _ = try await S3.Bucket(tags: ["a": "1"]).create(bench.creation, aws)
        fake.withServices { services in
            let set = services.s3.buckets[name]?.parts["BucketTagging"]?.children.first?.children ?? []
            let own = XMLElement("Tag", children: [.init("Key", text: "aws:x"), .init("Value", text: "y")])
            services.s3.buckets[name]?.parts["BucketTagging"]?.children[0].children = set + [own]
        }
        try await S3.Bucket(tags: ["b": "2"]).update(name, from: S3.Bucket(tags: ["a": "1"]), aws)
        let tags = fake.withServices { $0.s3.buckets[name]?.tags } ?? [:]
        #expect(tags["a"] == nil)
        #expect(tags["b"] == "2")
        #expect(tags["aws:x"] == "y")
        #expect(try await nonce() == bench.ownership.nonce)
    }

    @Test func `a bucket that is taken over is tagged beside what it has`() async throws {
        fake.withServices { $0.s3.addBucket(name) }
        try await S3.Bucket(tags: ["team": "data"]).update(name, from: S3.Bucket(), aws)
        try await S3.Bucket.tag(name, bench.ownership.tags, aws)
        let found = try await bench.read(name)
        #expect(found.properties.tags == ["team": "data"])
        #expect(found.tags.flatMap { Ownership(tags: $0) } == bench.ownership)
    }

    // MARK: Object lock

    @Test func `object lock is switched on by the create, and versioning with it`() async throws {
        let desired = S3.Bucket(objectLockEnabled: true, objectLock: .retain(.governance, days: 1))
        let created = try await desired.create(bench.creation, aws)
        #expect(created.properties.versioning == .enabled)
        try await bench.change(name, from: created.properties, to: desired)
        let found = try await bench.read(name).properties
        #expect(Comparison.differences(try Comparison(desired), try Comparison(found)) == [])
    }

    @Test func `object lock is switched on later after versioning, and never off`() async throws {
        fake.withServices { $0.s3.addBucket(name) }
        let desired = S3.Bucket(versioning: .enabled, objectLockEnabled: true)
        try await desired.update(name, from: S3.Bucket(objectLockEnabled: false), aws)
        #expect(changes == ["PutBucketVersioning", "PutObjectLockConfiguration"])
        #expect(S3.Bucket(objectLockEnabled: false).replaces(desired).count == 1)
        #expect(desired.replaces(S3.Bucket(objectLockEnabled: false)).isEmpty)
        #expect(S3.Bucket.removals["ObjectLockEnabled"] == .never)
    }

    @Test func `a retention that is no longer declared ends for new versions`() async throws {
        let locked = S3.Bucket(objectLockEnabled: true, objectLock: .retain(.compliance, years: 1))
        let created = try await locked.create(bench.creation, aws)
        try await bench.change(name, from: created.properties, to: locked)
        try await S3.Bucket(objectLockEnabled: true).update(name, from: locked, aws)
        let found = try await bench.read(name).properties
        #expect(found.objectLock == nil)
        #expect(found.objectLockEnabled == true)
    }

    // MARK: Deleting

    private func fill(versions: Int) async throws {
        fake.withServices { $0.s3.addBucket(name) }
        try await S3.Bucket(versioning: .enabled).update(name, from: S3.Bucket(), aws)
        for number in 0..<versions {
            let object = S3.Object(bucket: Text(verbatim: name), key: "a\(number % 3)", "content \(number)")
            _ = try await object.create(bench.creation, aws)
            if number % 2 == 0 { try await object.delete("\(name)/a\(number % 3)", aws) }
        }
        for key in ["u1", "u2", "u3"] {
            try await aws.rest(
                RESTRequest("CreateMultipartUpload", .post, bucket: name, key: key, query: ["uploads": nil]))
        }
    }

    @Test func `a bucket that is not empty is not deleted`() async throws {
        try await fill(versions: 1)
        let error = await #expect(throws: AWSError.self) { try await S3.Bucket().delete(name, aws) }
        #expect(error?.code == "BucketNotEmpty")
    }

    @Test(arguments: [1, 2, 1000])
    func `versions, delete markers and uploads are deleted page by page`(_ page: Int) async throws {
        try await fill(versions: 7)
        fake.withServices { $0.s3.pageSize = page }
        fake.forgetCalls()
        try await S3.Bucket(emptyOnDelete: true).delete(name, aws)
        #expect(try await bench.isAbsent(name))
        #expect(changes.filter { $0 == "AbortMultipartUpload" }.count == 3)
        // Seven versions and four markers.
        #expect(changes.filter { $0 == "DeleteObjects" }.count == (11 + page - 1) / page)
    }

    @Test func `an empty bucket is deleted without an empty list of objects`() async throws {
        fake.withServices { $0.s3.addBucket(name) }
        try await S3.Bucket(emptyOnDelete: true).delete(name, aws)
        #expect(changes == ["DeleteBucket"])
    }

    @Test func `an object that is locked is named`() async throws {
        try await fill(versions: 3)
        fake.withServices { $0.s3.buckets[name]?.objects["a1"]?[0].isLocked = true }
        let error = await #expect(throws: AWSError.self) { try await S3.Bucket(emptyOnDelete: true).delete(name, aws) }
        #expect(error?.kind == .denied)
        #expect(error?.message.hasPrefix("a1: ") == true)
    }

    // MARK: Pure functions

    @Test func `a lifecycle rule without a name gets one of its content`() throws {
        let one = S3.Bucket(lifecycle: [.expire(after: 1), .abortUploads(after: 2)]).canonical()
        let other = S3.Bucket(lifecycle: [.abortUploads(after: 2), .expire(after: 1)]).canonical()
        #expect(one == other)
        #expect(one.lifecycle?.rules.allSatisfy { $0.id?.literal?.hasPrefix("slipway-") == true } == true)
        #expect(S3.Bucket(lifecycle: [.expire(after: 2)]).canonical() != S3.Bucket(lifecycle: [.expire(after: 1)]).canonical())
    }

    @Test func `attributes follow from the name and the partition`() {
        let china = Location(partition: "aws-cn", account: FakeAWS.account, region: "cn-north-1")
        #expect(
            S3.Bucket().foreseen("lake", at: china).values == [
                "Name": "lake", "Arn": "arn:aws-cn:s3:::lake", "DomainName": "lake.s3.amazonaws.com.cn",
                "RegionalDomainName": "lake.s3.cn-north-1.amazonaws.com.cn",
            ])
    }

    @Test(arguments: [
        ("ab", false), ("abc", true), ("a.b-c1", true), ("Abc", false), ("a_b", false), ("-ab", false), ("ab-", false),
        ("a..b", false), ("10.0.0.1", false), ("10.0.0.x1", true), ("xn--ab", false), ("ab-s3alias", false),
        (String(repeating: "a", count: 63), true), (String(repeating: "a", count: 64), false),
    ])
    func `names that S3 refuses are reported`(_ name: String, _ isAllowed: Bool) {
        #expect(S3.Bucket(name: Text(verbatim: name)).check().isEmpty == isAllowed)
    }

    @Test(arguments: [
        (S3.Bucket(encryption: .init(rules: [.init(.init(.aes256, key: "k"))])), "BucketEncryption"),
        (S3.Bucket(encryption: .init(rules: [])), "BucketEncryption"),
        (S3.Bucket(lifecycle: [.init("idle")]), "LifecycleConfiguration.Rules[0]"),
        (S3.Bucket(lifecycle: []), "LifecycleConfiguration.Rules"),
        (S3.Bucket(versioning: .suspended, objectLockEnabled: true), "ObjectLockEnabled"),
        (S3.Bucket(objectLock: .retain(.governance, days: 1)), "ObjectLockConfiguration"),
        (S3.Bucket(objectLockEnabled: true, objectLock: .retain(.governance)), "ObjectLockConfiguration"),
        (S3.Bucket(policy: [.allow("s3:GetObject", on: "*")]), "BucketPolicy.Statement[0]"),
        (S3.Bucket(name: "a.b.c", acceleration: .enabled), "AccelerateConfiguration"),
        (S3.Bucket(cors: [.init([], from: ["*"])]), "CorsConfiguration.CorsRules[0]"),
    ])
    func `what S3 would refuse is reported where it stands`(_ bucket: S3.Bucket, _ property: String) {
        #expect(bucket.check().map(\.property) == [property])
    }
}
