internal import FoundationEssentials
package import SlipwayAWS
internal import SlipwayDeclaration
internal import SlipwayHTTP

/// Simple Storage Service.
package struct FakeS3: Sendable {
    /// By name.
    package var buckets: [String: Bucket] = [:]
    /// Names of buckets that other accounts have.
    package var taken: Set<String> = []
    /// How many keys a page of a list has, where the caller does not ask for fewer. AWS: 1000.
    package var pageSize = 1000

    /// Makes a bucket as AWS makes it, if it is not there.
    package mutating func addBucket(_ name: String, region: String = "eu-west-1") {
        if buckets[name] == nil { buckets[name] = Self.newBucket(region: region, created: 0) }
    }

    /// Nothing exists.
    package init() {}

    /// A bucket of the account's.
    package struct Bucket: Sendable {
        package var region: String
        /// Seconds since 1970.
        package var created: Int
        /// The parts that have operations of their own, by the name that follows the verb, such as `BucketVersioning`.
        package var parts: [String: XMLElement] = [:]
        /// The policy, as it was sent.
        package var policy: String?
        /// Versions by key, the newest first. A key without any is not here.
        package var objects: [String: [Version]] = [:]
        /// Multipart uploads by their identifiers.
        package var uploads: [String: Upload] = [:]

        /// `Enabled`, `Suspended`, or `nil` when it was never set.
        package var versioning: String? { parts["BucketVersioning"]?.child("Status")?.text }

        /// Tags by key.
        package var tags: [String: String] {
            let found = parts["BucketTagging"]?.child("TagSet")?.children ?? []
            return Dictionary(found.map { ($0.child("Key")?.text ?? "", $0.child("Value")?.text ?? "") }) { $1 }
        }
    }

    /// A request that S3 does not carry out.
    struct Refused: Error {
        let answer: FakeAnswer

        init(_ code: String, _ message: String, status: Int, _ members: [String: String] = [:]) {
            answer = .error(code, message, status: status, members)
        }
    }

    /// Carries a call out.
    package mutating func handle(_ call: FakeCall) -> FakeAnswer {
        do throws(Refused) {
            try Checksums.verify(call)
            return try carryOut(call)
        } catch {
            return error.answer
        }
    }

    private mutating func carryOut(_ call: FakeCall) throws(Refused) -> FakeAnswer {
        guard let name = call.bucket else { return listBuckets(call) }
        if call.operation == "CreateBucket" { return try createBucket(name, call) }
        var bucket = try find(name, call)
        if call.operation == "DeleteBucket" {
            if !bucket.objects.isEmpty {
                throw Refused(
                    "BucketNotEmpty", "The bucket you tried to delete is not empty", status: 409, ["BucketName": name])
            }
            buckets[name] = nil
            return FakeAnswer(status: 204, content: .tree([:]))
        }
        if call.operation == "HeadBucket" {
            return FakeAnswer(headers: ["x-amz-bucket-region": bucket.region], content: .tree([:]))
        }
        let answer = try call.key == nil ? inBucket(call, &bucket) : onObject(call, &bucket)
        buckets[name] = bucket
        return answer
    }

    /// - Throws: what S3 says when the bucket is not there, somebody else's, or in another region.
    private func find(_ name: String, _ call: FakeCall) throws(Refused) -> Bucket {
        if taken.contains(name) { throw Refused("AccessDenied", "Access Denied", status: 403) }
        guard let bucket = buckets[name] else {
            throw Refused("NoSuchBucket", "The specified bucket does not exist", status: 404, ["BucketName": name])
        }
        if bucket.region != call.region {
            var redirect = Refused(
                "PermanentRedirect", "The bucket must be addressed using the specified endpoint", status: 301
            ).answer
            redirect.headers["x-amz-bucket-region"] = bucket.region
            throw Refused(redirect)
        }
        return bucket
    }

    private func inBucket(_ call: FakeCall, _ bucket: inout Bucket) throws(Refused) -> FakeAnswer {
        switch call.operation {
        case "ListObjectsV2": listObjects(call, bucket)
        case "ListObjectVersions": listVersions(call, bucket)
        case "ListMultipartUploads": listUploads(call, bucket)
        case "DeleteObjects": try deleteObjects(call, &bucket)
        default: try part(call, &bucket)
        }
    }

    /// Source: <https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html>; for what us-east-1 does,
    /// <https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html#ErrorCodeList> (BucketAlreadyOwnedByYou)
    private mutating func createBucket(_ name: String, _ call: FakeCall) throws(Refused) -> FakeAnswer {
        guard isValid(name) else { throw Refused("InvalidBucketName", "The bucket is not valid", status: 400) }
        if taken.contains(name) {
            throw Refused("BucketAlreadyExists", "The requested bucket name is not available", status: 409)
        }
        let created = FakeAnswer(headers: ["Location": "/\(name)"], content: .tree([:]))
        if buckets[name] != nil {
            // The oldest region says yes to an owner who asks again, and changes nothing.
            if call.region == "us-east-1" { return created }
            throw Refused(
                "BucketAlreadyOwnedByYou", "Your previous request to create the named bucket succeeded", status: 409,
                ["BucketName": name])
        }
        let configuration = call.body.isEmpty ? nil : try xml(call)
        let constraint = configuration?.child("LocationConstraint")?.text
        if call.region == "us-east-1" ? constraint != nil : constraint != call.region {
            throw Refused(
                "IllegalLocationConstraintException",
                "The \(constraint ?? "unspecified") location constraint is incompatible with this endpoint", status: 400)
        }
        var bucket = Self.newBucket(region: call.region, created: call.date)
        if let owner = call.headers["x-amz-object-ownership"] {
            bucket.parts["BucketOwnershipControls"] = Self.ownership(owner)
        }
        if let tags = configuration?.child("Tags")?.children, !tags.isEmpty {
            let set = XMLElement("TagSet", children: tags)
            try Self.checkTags(set)
            bucket.parts["BucketTagging"] = XMLElement("Tagging", children: [set])
        }
        if call.headers["x-amz-bucket-object-lock-enabled"] == "true" {
            let enabled = XMLElement("ObjectLockEnabled", text: "Enabled")
            bucket.parts["ObjectLockConfiguration"] = XMLElement("ObjectLockConfiguration", children: [enabled])
            bucket.parts["BucketVersioning"] = Self.versioning("Enabled")
        }
        buckets[name] = bucket
        return created
    }

    /// Source: <https://docs.aws.amazon.com/AmazonS3/latest/userguide/create-bucket-overview.html> (since April 2023)
    private static func newBucket(region: String, created: Int) -> Bucket {
        let parts = [
            "BucketEncryption": defaultEncryption, "PublicAccessBlock": blockAll,
            "BucketOwnershipControls": ownership("BucketOwnerEnforced"),
        ]
        return Bucket(region: region, created: created, parts: parts)
    }

    /// Source: <https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html>
    private func isValid(_ name: String) -> Bool {
        (3...63).contains(name.utf8.count)
            && name.utf8.allSatisfy { byte in
                (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
                    || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || byte == UInt8(ascii: "-")
                    || byte == UInt8(ascii: ".")
            } && name.first?.isPunctuation == false && name.last?.isPunctuation == false
    }

    private func listBuckets(_ call: FakeCall) -> FakeAnswer {
        let all = buckets.sorted { $0.key < $1.key }.map { name, bucket in
            XMLElement(
                "Bucket",
                children: [
                    XMLElement("Name", text: name),
                    XMLElement("CreationDate", text: Self.iso(bucket.created)),
                    XMLElement("BucketRegion", text: bucket.region),
                ])
        }
        return .xml(XMLElement("ListAllMyBucketsResult", children: [XMLElement("Buckets", children: all)]))
    }

    static func iso(_ seconds: Int) -> String {
        Timestamp.text(Date(timeIntervalSince1970: Double(seconds)), .iso8601)
    }

    func xml(_ call: FakeCall) throws(Refused) -> XMLElement {
        do throws(XMLParser.Failure) {
            return try XMLParser.parse(call.body)
        } catch {
            throw .malformed
        }
    }
}

extension FakeS3.Refused {
    init(_ answer: FakeAnswer) { self.answer = answer }

    static let malformed = FakeS3.Refused(
        "MalformedXML", "The XML you provided was not well-formed or did not validate against our published schema",
        status: 400)

    static func invalid(_ message: String) -> FakeS3.Refused { FakeS3.Refused("InvalidRequest", message, status: 400) }
}

extension FakeAnswer {
    /// Success with a body of XML.
    static func xml(_ element: XMLElement, headers: HTTPHeaders = [:]) -> FakeAnswer {
        FakeAnswer(headers: headers, content: .bytes(XMLWriter.data(element)))
    }
}

extension XMLElement {
    /// An element with one child for each name and text.
    init(_ name: String, _ children: KeyValuePairs<String, String>) {
        self.init(name, children: children.map { XMLElement($0.key, text: $0.value) })
    }

    /// The text of a child.
    func text(_ name: String) -> String? { child(name)?.text }

    /// The children with a name.
    func all(_ name: String) -> [XMLElement] { children.filter { $0.name == name } }
}
