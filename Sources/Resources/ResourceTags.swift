import SlipwayAWS

/// The tags of many resources of a region, whatever they are.
enum ResourceTags {
    /// How many ARNs one call takes.
    ///
    /// Source: <https://docs.aws.amazon.com/resourcegroupstagging/latest/APIReference/API_GetResources.html>
    static let perCall = 100

    /// A tag as most services have it.
    struct Tag: Codable {
        let key, value: String

        static func list(_ tags: [String: String]) -> [Tag] {
            tags.sorted { $0.key < $1.key }.map { Tag(key: $0.key, value: $0.value) }
        }
    }

    /// Asks for tags by ARN. A resource without tags is not in the answer, and one that was made or tagged a moment ago
    /// may not be there yet.
    static func all(of arns: [String], _ aws: AWSClient) async throws -> [String: [String: String]] {
        struct Input: Encodable { let resourceARNList: [String] }
        struct Mapping: Decodable {
            let resourceARN: String
            let tags: [Tag]
        }
        struct Page: Decodable { let resourceTagMappingList: [Mapping] }
        var found: [String: [String: String]] = [:]
        for chunk in arns.chunks(of: perCall) {
            let pages = aws.pages(.tagging, "GetResources", Input(resourceARNList: chunk), as: Page.self)
            for mapping in try await pages.all(\.resourceTagMappingList) {
                found[mapping.resourceARN] = Dictionary(mapping.tags.map { ($0.key, $0.value) }) { _, last in last }
            }
        }
        return found
    }
}

extension Array {
    /// The elements in order, in pieces of at most `size`.
    func chunks(of size: Int) -> [[Element]] {
        stride(from: 0, to: count, by: size).map { Array(self[$0..<Swift.min($0 + size, count)]) }
    }
}
