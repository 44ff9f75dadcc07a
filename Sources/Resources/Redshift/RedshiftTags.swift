import SlipwayAWS
import SlipwayDeclaration
import SlipwayProvider

extension Redshift {
    /// The tags of whatever has an ARN.
    ///
    /// Source: <https://docs.aws.amazon.com/redshift/latest/APIReference/API_CreateTags.html>
    enum Tags {
        static func add(_ tags: [String: String], to arn: String, _ aws: AWSClient) async throws {
            struct Input: Encodable, Sendable, WireShaped {
                let resourceName: String
                let tags: [ResourceTags.Tag]
                static let shape: Shape = ["Tags": .items("Tag")]
            }
            try await aws.call(.redshift, "CreateTags", Input(resourceName: arn, tags: ResourceTags.Tag.list(tags)))
        }

        static func change(_ change: TagChange, of arn: String, _ aws: AWSClient) async throws {
            struct Input: Encodable, Sendable, WireShaped {
                let resourceName: String
                let tagKeys: [String]
                static let shape: Shape = ["TagKeys": .items("TagKey")]
            }
            if !change.added.isEmpty { try await add(change.added, to: arn, aws) }
            if change.removed.isEmpty { return }
            try await aws.call(.redshift, "DeleteTags", Input(resourceName: arn, tagKeys: change.removed))
        }

        /// Tags as an answer has them, by key.
        static func byKey(_ tags: [ResourceTags.Tag]?) -> [String: String] {
            Dictionary((tags ?? []).map { ($0.key, $0.value) }) { _, last in last }
        }

        /// What of the tags an author may have declared.
        static func declared(_ tags: [String: String]) -> [String: Text] {
            Ownership.declared(tags).mapValues { Text(verbatim: $0) }
        }
    }

    /// The ARN of something in the region of the client: `arn:aws:redshift:<region>:<account>:<resource>`.
    static func arn(_ resource: String, _ aws: AWSClient) -> String {
        Location(aws).arn("redshift", resource)
    }

    /// How many items one page of a list has at most.
    ///
    /// Source: <https://docs.aws.amazon.com/redshift/latest/APIReference/API_DescribeClusters.html>
    static let itemsPerPage = 100
}
