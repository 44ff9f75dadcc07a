package import FoundationEssentials
internal import SlipwayAWS
internal import SlipwayDeclaration
internal import SlipwayHTTP

extension FakeS3 {
    /// One version of an object, or a delete marker.
    package struct Version: Sendable {
        /// `null` in a bucket without versions.
        package var id: String
        package var isDeleteMarker = false
        package var body = Data()
        /// With quotes.
        package var eTag = ""
        /// Seconds since 1970.
        package var modified: Int
        /// What reads give back: type, encoding, metadata, storage class. Names are in lower case.
        package var headers: [String: String] = [:]
        package var tags: [String: String] = [:]
        /// Base64, with `-<parts>` when it was uploaded in parts; `nil` when it was stored without.
        package var sha256: String?
        /// Kept by an object lock: it cannot be deleted.
        package var isLocked = false

        /// A version whose content is its key.
        package init(key: String) {
            self.init(id: "null", modified: 0)
            body = Data(key.utf8)
            eTag = Checksums.eTag(body)
        }

        init(id: String, isDeleteMarker: Bool = false, modified: Int) {
            self.id = id
            self.isDeleteMarker = isDeleteMarker
            self.modified = modified
        }
    }

    func onObject(_ call: FakeCall, _ bucket: inout Bucket) throws(Refused) -> FakeAnswer {
        let key = call.key ?? ""
        switch call.operation {
        case "PutObject": return try putObject(key, call, &bucket)
        case "CopyObject": return try copyObject(key, call, &bucket)
        case "HeadObject", "GetObject": return read(try version(key, call, bucket), call)
        case "DeleteObject": return try deleteObject(key, call, &bucket)
        case "GetObjectTagging":
            let tags = try version(key, call, bucket).tags.sorted { $0.key < $1.key }
            let elements = call.shuffled(tags).map { XMLElement("Tag", ["Key": $0.key, "Value": $0.value]) }
            return .xml(XMLElement("Tagging", children: [XMLElement("TagSet", children: elements)]))
        case "PutObjectTagging":
            guard let set = try xml(call).child("TagSet") else { throw .malformed }
            try Self.checkTags(set)
            if set.children.count > 10 { throw Refused("BadRequest", "Object tags cannot be greater than 10", status: 400) }
            let tags = set.children.map { ($0.text("Key") ?? "", $0.text("Value") ?? "") }
            try changeNewest(key, call, &bucket) { $0.tags = Dictionary(tags) { $1 } }
            return FakeAnswer(content: .tree([:]))
        case "DeleteObjectTagging":
            try changeNewest(key, call, &bucket) { $0.tags = [:] }
            return FakeAnswer(status: 204, content: .tree([:]))
        default: return try upload(key, call, &bucket)
        }
    }

    private func changeNewest(
        _ key: String, _ call: FakeCall, _ bucket: inout Bucket, _ change: (inout Version) -> Void
    ) throws(Refused) {
        let found = try version(key, call, bucket)
        guard let index = bucket.objects[key]?.firstIndex(where: { $0.id == found.id }) else { return }
        bucket.objects[key]?[index].modify(change)
    }

    private func version(_ key: String, _ call: FakeCall, _ bucket: Bucket) throws(Refused) -> Version {
        let versions = bucket.objects[key] ?? []
        if let id = call.query["versionId"] {
            guard let found = versions.first(where: { $0.id == id }) else {
                throw Refused("NoSuchVersion", "The specified version does not exist", status: 404, ["Key": key])
            }
            return found
        }
        guard let newest = versions.first, !newest.isDeleteMarker else {
            throw Refused("NoSuchKey", "The specified key does not exist.", status: 404, ["Key": key])
        }
        return newest
    }

    private func read(_ version: Version, _ call: FakeCall) -> FakeAnswer {
        var headers = headers(of: version)
        headers["ETag"] = version.eTag
        headers["Content-Length"] = String(version.body.count)
        headers["Last-Modified"] = Timestamp.text(Date(timeIntervalSince1970: Double(version.modified)), .httpDate)
        if call.headers["x-amz-checksum-mode"] == "ENABLED", let sha256 = version.sha256 {
            headers["x-amz-checksum-sha256"] = sha256
            headers["x-amz-checksum-type"] = sha256.contains("-") ? "COMPOSITE" : "FULL_OBJECT"
        }
        if !version.tags.isEmpty { headers["x-amz-tagging-count"] = String(version.tags.count) }
        return FakeAnswer(headers: headers, content: .bytes(version.body))
    }

    private func headers(of version: Version) -> HTTPHeaders {
        var headers: HTTPHeaders = [:]
        for (name, value) in version.headers.sorted(by: { $0.key < $1.key }) { headers[name] = value }
        // The usual storage class is not told.
        if headers["x-amz-storage-class"] == "STANDARD" { headers["x-amz-storage-class"] = nil }
        if version.id != "null" { headers["x-amz-version-id"] = version.id }
        return headers
    }

    private func putObject(_ key: String, _ call: FakeCall, _ bucket: inout Bucket) throws(Refused) -> FakeAnswer {
        try checkConditions(key, call, bucket)
        var version = Version(id: "", modified: call.date)
        version.body = call.body
        version.eTag = Checksums.eTag(call.body)
        version.headers = Self.kept(call.headers, bucket)
        version.tags = Self.tags(call)
        version.sha256 = call.headers["x-amz-checksum-sha256"]
        return stored(version, key, call, &bucket)
    }

    /// Puts a version in its place; the answer tells its tag, version and encryption.
    func stored(_ new: Version, _ key: String, _ call: FakeCall, _ bucket: inout Bucket) -> FakeAnswer {
        var version = new
        version.id = bucket.versioning == "Enabled" ? FakeCall.identifier(call.serial, length: 32) : "null"
        if version.id == "null" { bucket.objects[key]?.removeAll { $0.id == "null" } }
        bucket.objects[key, default: []].insert(version, at: 0)
        var headers: HTTPHeaders = ["ETag": version.eTag]
        if version.id != "null" { headers["x-amz-version-id"] = version.id }
        if let sha256 = version.sha256 { headers["x-amz-checksum-sha256"] = sha256 }
        for name in version.headers.keys.sorted() where name.hasPrefix("x-amz-server-side-encryption") {
            headers[name] = version.headers[name]
        }
        return FakeAnswer(headers: headers, content: .tree([:]))
    }

    private func checkConditions(_ key: String, _ call: FakeCall, _ bucket: Bucket) throws(Refused) {
        let newest = bucket.objects[key]?.first { !$0.isDeleteMarker }
        let matches = call.headers["If-Match"].map { $0 == newest?.eTag } ?? true
        if (call.headers["If-None-Match"] == "*" && newest != nil) || !matches {
            throw Refused("PreconditionFailed", "At least one of the pre-conditions you specified did not hold", status: 412)
        }
    }

    /// The headers of a request that an object keeps.
    static func kept(_ headers: HTTPHeaders, _ bucket: Bucket) -> [String: String] {
        let names: Set<String> = [
            "content-type", "cache-control", "content-encoding", "content-disposition", "content-language", "expires",
            "x-amz-storage-class", "x-amz-server-side-encryption", "x-amz-server-side-encryption-aws-kms-key-id",
            "x-amz-server-side-encryption-bucket-key-enabled", "x-amz-website-redirect-location",
        ]
        var kept: [String: String] = [:]
        for field in headers.fields {
            let name = field.name.lowercased()
            if names.contains(name) || name.hasPrefix("x-amz-meta-") { kept[name] = field.value }
        }
        if kept["content-type"] == nil { kept["content-type"] = "binary/octet-stream" }
        if kept["x-amz-server-side-encryption"] == nil {
            let rule = bucket.parts["BucketEncryption"]?.children.first?.child("ApplyServerSideEncryptionByDefault")
            kept["x-amz-server-side-encryption"] = rule?.text("SSEAlgorithm") ?? "AES256"
            kept["x-amz-server-side-encryption-aws-kms-key-id"] = rule?.text("KMSMasterKeyID")
        }
        return kept
    }

    static func tags(_ call: FakeCall) -> [String: String] {
        let pairs = FakeCall.pairs(call.headers["x-amz-tagging"] ?? "", plusIsSpace: true)
        return Dictionary(pairs) { $1 }
    }

    private func copyObject(_ key: String, _ call: FakeCall, _ bucket: inout Bucket) throws(Refused) -> FakeAnswer {
        let source = FakeCall.decoded((call.headers["x-amz-copy-source"] ?? "")[...], plusIsSpace: false)
        let path = source.hasPrefix("/") ? source.dropFirst() : source[...]
        let name = path.prefix { $0 != "/" }
        let from = String(path.dropFirst(name.count + 1))
        guard let found = name == call.bucket ?? "" ? bucket : buckets[String(name)],
            var version = found.objects[from]?.first, !version.isDeleteMarker
        else { throw Refused("NoSuchKey", "The specified key does not exist.", status: 404, ["Key": from]) }
        let replaces = call.headers["x-amz-metadata-directive"] == "REPLACE"
        if from == key, name == call.bucket ?? "", !replaces, call.headers["x-amz-storage-class"] == nil {
            throw .invalid("This copy request is illegal because it is trying to copy an object to itself")
        }
        if let match = call.headers["x-amz-copy-source-if-match"], match != version.eTag {
            throw Refused("PreconditionFailed", "At least one of the pre-conditions you specified did not hold", status: 412)
        }
        let kept = Self.kept(call.headers, bucket)
        if replaces {
            version.headers = kept
        } else {
            // Neither storage class nor encryption is copied.
            for name in ["x-amz-storage-class", "x-amz-server-side-encryption"] { version.headers[name] = kept[name] }
        }
        if call.headers["x-amz-tagging-directive"] == "REPLACE" { version.tags = Self.tags(call) }
        if call.headers["x-amz-checksum-algorithm"] == "SHA256" { version.sha256 = Checksums.sha256(version.body) }
        version.eTag = Checksums.eTag(version.body)
        version.modified = call.date
        var answer = stored(version, key, call, &bucket)
        let result = XMLElement("CopyObjectResult", ["ETag": version.eTag, "LastModified": Self.iso(call.date)])
        answer.content = .bytes(XMLWriter.data(result))
        return answer
    }

    private func deleteObject(_ key: String, _ call: FakeCall, _ bucket: inout Bucket) throws(Refused) -> FakeAnswer {
        guard let marker = Self.remove(key, call.query["versionId"], call, &bucket) else {
            throw Refused("AccessDenied", "Access Denied because object protected by object lock.", status: 403)
        }
        var answer = FakeAnswer(status: 204, content: .tree([:]))
        if marker { answer.headers["x-amz-delete-marker"] = "true" }
        return answer
    }

    func deleteObjects(_ call: FakeCall, _ bucket: inout Bucket) throws(Refused) -> FakeAnswer {
        let request = try xml(call)
        let objects = request.all("Object")
        guard request.name == "Delete", (1...1000).contains(objects.count) else { throw .malformed }
        var results: [XMLElement] = []
        for object in objects {
            let key = object.text("Key") ?? ""
            var result = XMLElement("Deleted", ["Key": key])
            if let id = object.text("VersionId") { result.children.append(XMLElement("VersionId", text: id)) }
            if Self.remove(key, object.text("VersionId"), call, &bucket) == nil {
                result.name = "Error"
                result.children += [
                    XMLElement("Code", text: "AccessDenied"),
                    XMLElement("Message", text: "Access Denied because object protected by object lock."),
                ]
            }
            if result.name == "Error" || request.text("Quiet") != "true" { results.append(result) }
        }
        return .xml(XMLElement("DeleteResult", children: results))
    }

    /// Deletes an object or one version of it.
    /// - Returns: whether that left a delete marker; `nil` when a lock forbids it.
    private static func remove(_ key: String, _ id: String?, _ call: FakeCall, _ bucket: inout Bucket) -> Bool? {
        if let id {
            guard let index = bucket.objects[key]?.firstIndex(where: { $0.id == id }) else { return false }
            if bucket.objects[key]?[index].isLocked == true { return nil }
            bucket.objects[key]?.remove(at: index)
        } else if bucket.versioning == nil {
            bucket.objects[key] = nil
        } else {
            var marker = Version(id: "null", isDeleteMarker: true, modified: call.date)
            if bucket.versioning == "Enabled" {
                marker.id = FakeCall.identifier(call.serial, length: 32)
            } else {
                bucket.objects[key]?.removeAll { $0.id == "null" }
            }
            bucket.objects[key, default: []].insert(marker, at: 0)
            return true
        }
        if bucket.objects[key]?.isEmpty ?? false { bucket.objects[key] = nil }
        return false
    }
}

extension FakeS3.Version {
    mutating func modify(_ change: (inout FakeS3.Version) -> Void) { change(&self) }
}
