internal import FoundationEssentials
public import SlipwayAWS
internal import SlipwayDeclaration
public import SlipwayProvider

extension S3.Object {
    /// A page has a thousand objects.
    public static func listCalls(for count: Int) -> Int? { (count + 999) / 1000 }

    /// Lists the stretch of each bucket in which the wanted keys are. A stretch that turns out to hold many other
    /// objects is given up, and what is left is read one by one.
    ///
    /// Lists say nothing of tags, so objects whose tags were declared are read.
    ///
    /// Source: <https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html>
    public static func list(
        _ wanted: [Listed<S3.Object>], _ aws: AWSClient
    ) async throws -> [String: Sighting<S3.Object>] {
        var seen: [String: Sighting<S3.Object>] = [:]
        var unlisted = wanted.filter { $0.interest.includes("Tags") }
        let listed = wanted.filter { !$0.interest.includes("Tags") }
        for (bucket, items) in Dictionary(grouping: listed, by: { place(of: $0.identity).bucket }) {
            let end = try await ifPresent { try await list(bucket, items.map(\.identity), aws, into: &seen) }
            guard case .some(.some(let reached)) = end else { continue }
            unlisted += items.filter { !precedes($0.identity, reached) && seen[$0.identity] == nil }
        }
        for item in unlisted {
            let observation = try await read(item.identity, item.interest, aws)
            if case .absent = observation { continue }
            seen[item.identity] = .observed(observation)
        }
        return seen
    }

    /// - Returns: The identity from which on the list was given up; `nil` when it came to its end.
    private static func list(
        _ bucket: String, _ identities: [String], _ aws: AWSClient, into seen: inout [String: Sighting<S3.Object>]
    ) async throws -> String? {
        let keys = identities.map { place(of: $0).key }.sorted(by: precedes)
        guard let first = keys.first, let last = keys.last else { return nil }
        let wanted = Set(keys)
        let prefix = commonPrefix(first, last)
        var query: [String: String?] = ["list-type": "2"]
        if !prefix.isEmpty { query["prefix"] = prefix }
        var calls = 0
        let request = RESTRequest("ListObjectsV2", .get, bucket: bucket, query: query)
        for try await page in aws.pages(request, as: Page.self, paging: .continuationToken) {
            calls += 1
            for object in page.contents where wanted.contains(object.key) {
                seen["\(bucket)/\(object.key)"] = .version(version(object.eTag, object.lastModified, object.size))
            }
            guard let reached = page.contents.last?.key, precedes(reached, last) else { return nil }
            // By now reading them one by one would not have been slower.
            if calls > max(2, keys.count) { return "\(bucket)/\(reached)" }
        }
        return nil
    }

    private struct Page: Decodable, Sendable {
        struct Object: Decodable, Sendable {
            var key: String
            var eTag: String
            var lastModified: Date
            var size: Int
        }
        var contents: [Object]
    }

    /// Changes whenever the object is written: HEAD tells the same three things, to the second.
    static func version(_ eTag: String, _ modified: Date, _ size: Int) -> String {
        "\(eTag.filter { $0 != "\"" }) \(Int(modified.timeIntervalSince1970)) \(size)"
    }

    /// Two keys that are first and last of several have the prefix in common that all have.
    private static func commonPrefix(_ one: String, _ other: String) -> String {
        var prefix = ""
        for (left, right) in zip(one, other) {
            guard left == right else { break }
            prefix.append(left)
        }
        return prefix
    }

    /// S3 lists by the bytes of UTF-8.
    private static func precedes(_ one: String, _ other: String) -> Bool {
        one.utf8.lexicographicallyPrecedes(other.utf8)
    }
}
