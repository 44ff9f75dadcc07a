internal import SlipwayAWS

extension FakeS3 {
    func listObjects(_ call: FakeCall, _ bucket: Bucket) -> FakeAnswer {
        let after = call.query["continuation-token"] ?? call.query["start-after"] ?? ""
        let prefix = call.query["prefix"] ?? ""
        let keys = bucket.objects.filter { $0.key.hasPrefix(prefix) && $0.value.first?.isDeleteMarker == false }.keys
            .filter { Self.precedes(after, $0) }.sorted(by: Self.precedes)
        let page = keys.prefix(limit(call))
        var children = [
            XMLElement("Name", text: call.bucket ?? ""), XMLElement("KeyCount", text: String(page.count)),
            XMLElement("IsTruncated", text: String(page.count < keys.count)),
        ]
        if page.count < keys.count, let last = page.last {
            children.append(XMLElement("NextContinuationToken", text: last))
        }
        for key in page {
            guard let version = bucket.objects[key]?.first else { continue }
            children.append(XMLElement("Contents", children: common(key, version, call)))
        }
        return .xml(XMLElement("ListBucketResult", children: children))
    }

    func listVersions(_ call: FakeCall, _ bucket: Bucket) -> FakeAnswer {
        let prefix = call.query["prefix"] ?? ""
        let all = bucket.objects.filter { $0.key.hasPrefix(prefix) }.sorted { Self.precedes($0.key, $1.key) }
            .flatMap { key, versions in versions.map { (key: key, version: $0) } }
        var rest = all[...]
        if let marker = call.query["key-marker"], !marker.isEmpty {
            rest = rest.drop { !Self.precedes(marker, $0.key) && $0.key != marker }
            if let id = call.query["version-id-marker"], let index = rest.firstIndex(where: { $0.version.id == id }) {
                rest = rest[(index + 1)...]
            } else {
                rest = rest.drop { $0.key == marker }
            }
        }
        let page = rest.prefix(limit(call))
        var children = [XMLElement("IsTruncated", text: String(page.count < rest.count))]
        if page.count < rest.count, let last = page.last {
            children += [
                XMLElement("NextKeyMarker", text: encoded(last.key, call)),
                XMLElement("NextVersionIdMarker", text: last.version.id),
            ]
        }
        for (key, version) in page {
            var element = XMLElement(version.isDeleteMarker ? "DeleteMarker" : "Version")
            element.children = common(key, version, call) + [XMLElement("VersionId", text: version.id)]
            let isLatest = bucket.objects[key]?.first?.id == version.id
            element.children.append(XMLElement("IsLatest", text: String(isLatest)))
            children.append(element)
        }
        return .xml(XMLElement("ListVersionsResult", children: children))
    }

    func listUploads(_ call: FakeCall, _ bucket: Bucket) -> FakeAnswer {
        let sorted = bucket.uploads.sorted { ($0.value.key, $0.key) < ($1.value.key, $1.key) }
        var rest = sorted[...]
        if let marker = call.query["upload-id-marker"], let index = rest.firstIndex(where: { $0.key == marker }) {
            rest = rest[(index + 1)...]
        } else if let marker = call.query["key-marker"], !marker.isEmpty {
            rest = rest.drop { !Self.precedes(marker, $0.value.key) }
        }
        let page = rest.prefix(limit(call, "max-uploads"))
        var children = [XMLElement("IsTruncated", text: String(page.count < rest.count))]
        if page.count < rest.count, let last = page.last {
            children += [
                XMLElement("NextKeyMarker", text: encoded(last.value.key, call)),
                XMLElement("NextUploadIdMarker", text: last.key),
            ]
        }
        for (id, upload) in page {
            children.append(XMLElement("Upload", ["Key": encoded(upload.key, call), "UploadId": id]))
        }
        return .xml(XMLElement("ListMultipartUploadsResult", children: children))
    }

    private func common(_ key: String, _ version: Version, _ call: FakeCall) -> [XMLElement] {
        var elements = [
            XMLElement("Key", text: encoded(key, call)),
            XMLElement("LastModified", text: Self.iso(version.modified)),
        ]
        if !version.isDeleteMarker {
            elements += [
                XMLElement("ETag", text: version.eTag), XMLElement("Size", text: String(version.body.count)),
                XMLElement("StorageClass", text: version.headers["x-amz-storage-class"] ?? "STANDARD"),
            ]
        }
        return elements
    }

    private func limit(_ call: FakeCall, _ name: String = "max-keys") -> Int {
        min(pageSize, call.query[name].flatMap { Int($0) } ?? 1000)
    }

    private func encoded(_ key: String, _ call: FakeCall) -> String {
        call.query["encoding-type"] == "url" ? PercentEncoding.encode(key, keepingSlashes: true) : key
    }

    /// S3 sorts by the bytes of UTF-8.
    private static func precedes(_ one: String, _ other: String) -> Bool {
        one.utf8.lexicographicallyPrecedes(other.utf8)
    }
}
