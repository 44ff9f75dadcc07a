import SlipwayDeclaration

/// The Resource Groups Tagging API: the tags of the other services' resources.
package struct FakeTagging: Sendable {
    /// ARNs that it has not seen yet, as their resources were made a moment ago.
    package var unseen: Set<String> = []
    /// How many items a page has at most.
    package var pageSize = 100

    /// Carries a call out.
    /// - Parameter tags: All tags of the region, by ARN.
    func handle(_ call: FakeCall, _ tags: [String: [String: String]]) -> FakeAnswer {
        guard call.operation == "GetResources" else { return .unknown(call) }
        let arns = call.input["ResourceARNList"]?.array?.compactMap(\.string)
        if let arns, !(1...100).contains(arns.count) {
            return .error("InvalidParameterException", "ResourceARNList has 1 to 100 items")
        }
        let filters = call.input["TagFilters"]?.array ?? []
        let found = tags.filter { arn, tags in
            guard !tags.isEmpty, !unseen.contains(arn), arns?.contains(arn) ?? true else { return false }
            return filters.allSatisfy { filter in
                let values = (filter["Values"]?.array ?? []).compactMap(\.string)
                guard let value = tags[filter["Key"]?.string ?? ""] else { return false }
                return values.isEmpty || values.contains(value)
            }
        }
        let items: [JSON] = found.sorted { $0.key < $1.key }.map { arn, tags in
            [
                "ResourceARN": .string(arn),
                "Tags": .array(
                    tags.sorted { $0.key < $1.key }.map { ["Key": .string($0.key), "Value": .string($0.value)] }),
            ]
        }
        let start = call["PaginationToken"].flatMap { Int($0) } ?? 0
        let end = min(items.count, start + pageSize)
        return .ok([
            "ResourceTagMappingList": .array(Array(items[min(start, end)..<end])),
            "PaginationToken": end < items.count ? .string(String(end)) : "",
        ])
    }
}

extension FakeServices {
    /// The tags of what is in a region, by ARN.
    func tags(in region: String) -> [String: [String: String]] {
        var tags = glue.tags
        for group in logs.groups.values { tags[group.arn] = group.tags }
        for (name, bucket) in s3.buckets where bucket.region == region { tags["arn:aws:s3:::\(name)"] = bucket.tags }
        return tags.filter { $0.key.contains(":\(region):") || $0.key.hasPrefix("arn:aws:s3:::") }
    }
}
