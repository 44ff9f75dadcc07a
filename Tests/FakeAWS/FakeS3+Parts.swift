internal import FoundationEssentials
internal import SlipwayAWS
internal import SlipwayDeclaration
internal import SlipwayHTTP

/// The parts of a bucket that are read, written and deleted each on its own.
extension FakeS3 {
    static func versioning(_ status: String) -> XMLElement { XMLElement("VersioningConfiguration", ["Status": status]) }

    static func ownership(_ value: String) -> XMLElement {
        XMLElement("OwnershipControls", children: [XMLElement("Rule", ["ObjectOwnership": value])])
    }

    static let defaultEncryption = XMLElement(
        "ServerSideEncryptionConfiguration",
        children: [
            XMLElement(
                "Rule",
                children: [
                    XMLElement("ApplyServerSideEncryptionByDefault", ["SSEAlgorithm": "AES256"]),
                    XMLElement("BucketKeyEnabled", text: "false"),
                ])
        ])

    static let blockAll = XMLElement(
        "PublicAccessBlockConfiguration",
        [
            "BlockPublicAcls": "true", "IgnorePublicAcls": "true", "BlockPublicPolicy": "true",
            "RestrictPublicBuckets": "true",
        ])

    func part(_ call: FakeCall, _ bucket: inout Bucket) throws(Refused) -> FakeAnswer {
        for (verb, act) in [("Get", get), ("Put", put), ("Delete", delete)] where call.operation.hasPrefix(verb) {
            let name = String(call.operation.dropFirst(verb.count))
            if Self.emptyParts[name] != nil || Self.absentCodes[name] != nil || name == "BucketPolicy" {
                return try act(name, call, &bucket)
            }
        }
        if call.operation == "DeleteBucketLifecycle" { return try delete("BucketLifecycleConfiguration", call, &bucket) }
        return .unknown(call)
    }

    /// The codes of parts that are an error to read while they are not set.
    ///
    /// Source: <https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html#ErrorCodeList>
    private static let absentCodes = [
        "BucketCors": "NoSuchCORSConfiguration", "BucketWebsite": "NoSuchWebsiteConfiguration",
        "BucketLifecycleConfiguration": "NoSuchLifecycleConfiguration", "BucketTagging": "NoSuchTagSet",
        "BucketEncryption": "ServerSideEncryptionConfigurationNotFoundError",
        "PublicAccessBlock": "NoSuchPublicAccessBlockConfiguration",
        "BucketOwnershipControls": "OwnershipControlsNotFoundError",
        "ObjectLockConfiguration": "ObjectLockConfigurationNotFoundError",
    ]

    /// What parts that are never absent read as while they are not set.
    private static let emptyParts = [
        "BucketVersioning": XMLElement("VersioningConfiguration"), "BucketLogging": XMLElement("BucketLoggingStatus"),
        "BucketNotificationConfiguration": XMLElement("NotificationConfiguration"),
        "BucketAccelerateConfiguration": XMLElement("AccelerateConfiguration"),
    ]

    private func get(_ name: String, _ call: FakeCall, _ bucket: inout Bucket) throws(Refused) -> FakeAnswer {
        if name == "BucketPolicy" {
            guard let policy = bucket.policy else {
                throw Refused("NoSuchBucketPolicy", "The bucket policy does not exist", status: 404)
            }
            return FakeAnswer(headers: ["Content-Type": "application/json"], content: .bytes(Data(policy.utf8)))
        }
        guard var part = bucket.parts[name] ?? Self.emptyParts[name] else {
            throw Refused(Self.absentCodes[name] ?? "NoSuchConfiguration", "The configuration does not exist", status: 404)
        }
        var headers: HTTPHeaders = [:]
        if name == "BucketLifecycleConfiguration" {
            headers["x-amz-transition-default-minimum-object-size"] =
                part.text("minimum") ?? "all_storage_classes_128K"
            part.children.removeAll { $0.name == "minimum" }
        }
        if ["BucketLifecycleConfiguration", "BucketNotificationConfiguration"].contains(name) {
            part.children = call.shuffled(part.children)
        }
        if name == "BucketTagging", let tags = part.children.first {
            part.children = [XMLElement("TagSet", children: call.shuffled(tags.children))]
        }
        return .xml(part, headers: headers)
    }

    private func delete(_ name: String, _ call: FakeCall, _ bucket: inout Bucket) throws(Refused) -> FakeAnswer {
        switch name {
        case "BucketPolicy": bucket.policy = nil
        case "BucketEncryption": bucket.parts[name] = Self.defaultEncryption
        case "PublicAccessBlock", "BucketOwnershipControls", "BucketCors", "BucketWebsite", "BucketTagging",
            "BucketLifecycleConfiguration":
            bucket.parts[name] = nil
        default: throw Refused("MethodNotAllowed", "The specified method is not allowed", status: 405)
        }
        return FakeAnswer(status: 204, content: .tree([:]))
    }

    private func put(_ name: String, _ call: FakeCall, _ bucket: inout Bucket) throws(Refused) -> FakeAnswer {
        if name == "BucketPolicy" {
            try putPolicy(call, &bucket)
            return FakeAnswer(status: 204, content: .tree([:]))
        }
        var part = try xml(call)
        guard part.name == Self.rootNames[name] ?? Self.emptyParts[name]?.name else { throw .malformed }
        var headers: HTTPHeaders = [:]
        switch name {
        case "BucketVersioning":
            guard let status = part.text("Status"), ["Enabled", "Suspended"].contains(status) else { throw .malformed }
            if status == "Suspended", bucket.parts["ObjectLockConfiguration"] != nil {
                throw Refused("InvalidBucketState", "An Object Lock configuration is present", status: 409)
            }
        case "BucketEncryption": part = try Self.completed(encryption: part)
        case "PublicAccessBlock":
            part.children = Self.blockAll.children.map { XMLElement($0.name, text: part.text($0.name) ?? "false") }
        case "BucketTagging":
            guard let set = part.child("TagSet") else { throw .malformed }
            try Self.checkTags(set, having: bucket.tags)
        case "BucketLifecycleConfiguration":
            let size = call.headers["x-amz-transition-default-minimum-object-size"] ?? "all_storage_classes_128K"
            part = try Self.completed(lifecycle: part, call)
            part.children.append(XMLElement("minimum", text: size))
            headers["x-amz-transition-default-minimum-object-size"] = size
        case "BucketNotificationConfiguration":
            for index in part.children.indices where part.children[index].name != "EventBridgeConfiguration" {
                Self.identify(&part.children[index], "Id", call, index)
                Self.capitaliseFilter(&part.children[index])
            }
        case "BucketCors":
            if part.all("CORSRule").contains(where: { $0.child("AllowedOrigin") == nil }) { throw .malformed }
        case "BucketAccelerateConfiguration":
            if call.bucket?.contains(".") == true {
                throw .invalid("S3 Transfer Acceleration is not supported for buckets with periods (.) in their names")
            }
        case "ObjectLockConfiguration":
            if bucket.versioning != "Enabled" {
                throw Refused("InvalidBucketState", "Versioning must be 'Enabled' on the bucket", status: 409)
            }
        default: break
        }
        bucket.parts[name] = part
        return FakeAnswer(headers: headers, content: .tree([:]))
    }

    private static let rootNames = [
        "BucketCors": "CORSConfiguration", "BucketWebsite": "WebsiteConfiguration", "BucketTagging": "Tagging",
        "BucketLifecycleConfiguration": "LifecycleConfiguration",
        "BucketEncryption": "ServerSideEncryptionConfiguration",
        "PublicAccessBlock": "PublicAccessBlockConfiguration", "BucketOwnershipControls": "OwnershipControls",
        "ObjectLockConfiguration": "ObjectLockConfiguration",
    ]

    /// - Parameter old: The tags that are there: AWS's own among them may be sent along, and not be made.
    static func checkTags(_ set: XMLElement, having old: [String: String] = [:]) throws(Refused) {
        let keys = set.children.filter { old[$0.text("Key") ?? ""] != $0.text("Value") }.map { $0.text("Key") ?? "" }
        if Set(keys).count != keys.count {
            throw Refused("InvalidTag", "Cannot provide multiple Tags with the same key", status: 400)
        }
        if keys.contains(where: { $0.isEmpty || $0.hasPrefix("aws:") }) {
            throw Refused("InvalidTag", "The TagKey you have provided is invalid", status: 400)
        }
        if keys.count > 50 { throw Refused("BadRequest", "Bucket tag count cannot be greater than 50", status: 400) }
    }

    private static func completed(encryption part: XMLElement) throws(Refused) -> XMLElement {
        var part = part
        guard part.children.first?.child("ApplyServerSideEncryptionByDefault") != nil else { throw .malformed }
        let byDefault = part.children[0].child("ApplyServerSideEncryptionByDefault")
        if byDefault?.text("SSEAlgorithm") == "AES256", byDefault?.child("KMSMasterKeyID") != nil {
            throw Refused(
                "InvalidArgument", "a KMSMasterKeyID is not applicable if the default sse algorithm is not aws:kms",
                status: 400)
        }
        if part.children[0].child("BucketKeyEnabled") == nil {
            part.children[0].children.append(XMLElement("BucketKeyEnabled", text: "false"))
        }
        return part
    }

    private static func completed(lifecycle part: XMLElement, _ call: FakeCall) throws(Refused) -> XMLElement {
        var part = part
        let actions = [
            "Expiration", "Transition", "NoncurrentVersionExpiration", "NoncurrentVersionTransition",
            "AbortIncompleteMultipartUpload",
        ]
        guard !part.children.isEmpty else { throw .malformed }
        for index in part.children.indices {
            let rule = part.children[index]
            guard rule.text("Status") != nil, rule.child("Filter") != nil || rule.child("Prefix") != nil else {
                throw .malformed
            }
            if !rule.children.contains(where: { actions.contains($0.name) }) {
                throw .invalid("At least one action needs to be specified in a rule")
            }
            identify(&part.children[index], "ID", call, index)
            // A filter without conditions comes back as one on the empty prefix.
            for filter in part.children[index].children.indices
            where part.children[index].children[filter] == XMLElement("Filter") {
                part.children[index].children[filter] = XMLElement("Filter", ["Prefix": ""])
            }
        }
        let identifiers = part.children.compactMap { $0.text("ID") }
        if Set(identifiers).count != identifiers.count {
            throw Refused("InvalidArgument", "Rule ID must be unique. Found same ID for more than one rule", status: 400)
        }
        return part
    }

    /// Gives an element the identifier that AWS makes up where there is none.
    private static func identify(_ element: inout XMLElement, _ name: String, _ call: FakeCall, _ index: Int) {
        if element.text(name)?.isEmpty ?? true {
            element.children.removeAll { $0.name == name }
            element.children.append(
                XMLElement(name, text: FakeCall.identifier(call.serial * 100 + index, length: 32)))
        }
    }

    /// What was sent as `prefix` comes back as `Prefix`.
    private static func capitaliseFilter(_ element: inout XMLElement) {
        if element.name == "FilterRule" {
            for index in element.children.indices where element.children[index].name == "Name" {
                element.children[index].text = element.children[index].text.lowercased() == "prefix" ? "Prefix" : "Suffix"
            }
        }
        for index in element.children.indices { capitaliseFilter(&element.children[index]) }
    }

    private func putPolicy(_ call: FakeCall, _ bucket: inout Bucket) throws(Refused) {
        let text = String(decoding: call.body, as: UTF8.self)
        guard let tree = try? JSON(parsing: call.body), let statements = tree["Statement"] else {
            throw Refused("MalformedPolicy", "Policies must be valid JSON and the first byte must be '{'", status: 400)
        }
        let list = statements.array ?? [statements]
        if list.contains(where: { $0["Resource"] == nil && $0["NotResource"] == nil }) {
            throw Refused("MalformedPolicy", "Missing required field Resource", status: 400)
        }
        if bucket.parts["PublicAccessBlock"]?.text("BlockPublicPolicy") == "true", list.contains(where: isPublic) {
            throw Refused("AccessDenied", "public policies are blocked by the BlockPublicPolicy setting", status: 403)
        }
        bucket.policy = text
    }

    private func isPublic(_ statement: JSON) -> Bool {
        let principal = statement["Principal"]
        let isAnyone = principal == "*" || principal?["AWS"] == "*" || principal?["AWS"] == ["*"]
        return statement["Effect"] == "Allow" && isAnyone && statement["Condition"] == nil
    }
}
