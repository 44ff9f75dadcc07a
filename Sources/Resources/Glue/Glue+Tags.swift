import SlipwayAWS
import SlipwayDeclaration
import SlipwayProvider

extension Glue {
    /// The tags of one resource; `nil` when it does not exist.
    static func tags(_ arn: String, _ aws: AWSClient) async throws -> [String: String]? {
        struct Input: Encodable { let resourceArn: String }
        struct Output: Decodable { let tags: [String: String] }
        return try await ifPresent {
            try await aws.call(.glue, "GetTags", Input(resourceArn: arn), as: Output.self).tags
        }
    }

    /// Puts tags on a resource beside those it has.
    static func tag(_ arn: String, _ tags: [String: String], _ aws: AWSClient) async throws {
        struct Input: Encodable { let resourceArn: String, tagsToAdd: [String: String] }
        try await aws.call(.glue, "TagResource", Input(resourceArn: arn, tagsToAdd: tags))
    }

    /// Changes tags, with one call for those that are new or different and one for those to go.
    static func updateTags(
        _ arn: String, from current: [String: Text]?, to desired: [String: Text]?, _ aws: AWSClient
    ) async throws {
        let change = TagChange(from: current, to: desired)
        if !change.added.isEmpty { try await tag(arn, change.added, aws) }
        if !change.removed.isEmpty {
            struct Input: Encodable { let resourceArn: String, tagsToRemove: [String] }
            try await aws.call(.glue, "UntagResource", Input(resourceArn: arn, tagsToRemove: change.removed))
        }
    }

    /// What a list says of resources whose tags are kept apart.
    ///
    /// - Parameters:
    ///   - trees: What AWS described, by identity.
    ///   - describe: What that means; tags are `nil` where nobody wants them.
    static func sightings<Kind: ResourceKind>(
        _ trees: [String: JSON], _ wanted: [Listed<Kind>], arn: (String) -> String, _ aws: AWSClient,
        describe: (String, JSON, [String: String]?) throws -> Observation<Kind>
    ) async throws -> [String: Sighting<Kind>] {
        let tagged = wanted.filter { $0.interest.includes("Tags") && trees[$0.identity] != nil }.map(\.identity)
        let known = tagged.isEmpty ? [:] : try await ResourceTags.all(of: tagged.map(arn), aws)
        let wantsTags = Set(tagged)
        var sightings: [String: Sighting<Kind>] = [:]
        for (identity, tree) in trees {
            var found: [String: String]?
            if wantsTags.contains(identity) {
                found = known[arn(identity)]
                // What lists tags has not seen the resource yet: it was made a moment ago, or has none.
                if found == nil { found = try await tags(arn(identity), aws) ?? [:] }
            }
            sightings[identity] = .observed(try describe(identity, tree, found))
        }
        return sightings
    }

    /// How many calls it takes to list tags.
    static func tagCalls(for count: Int) -> Int {
        max(1, (count + ResourceTags.perCall - 1) / ResourceTags.perCall)
    }

    /// Another resource under the same name was made at another time; Glue has no better id.
    static func immutableID(_ tree: JSON, _ member: String) -> String? {
        switch tree[member] {
        case .double(let seconds): "created:\(seconds)"
        case .int(let seconds): "created:\(Double(seconds))"
        default: nil
        }
    }
}
