public import SlipwayDeclaration

extension IAM {
    /// Whom a policy of a resource, or a role's trust policy, is about.
    ///
    /// Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html>
    public struct Principal: Hashable, Sendable {
        /// By type: `AWS`, `Service`, `Federated`, `CanonicalUser`.
        package var members: [String: [Text]]

        package init(members: [String: [Text]]) { self.members = members }

        /// Several principals of different types.
        ///
        /// - Parameters:
        ///   - aws: Account ids, ARNs of accounts, roles and users.
        ///   - services: Such as `glue.amazonaws.com`.
        ///   - federated: ARNs of identity providers.
        ///   - canonicalUsers: S3's ids of accounts.
        public init(
            aws: [Text] = [], services: [Text] = [], federated: [Text] = [], canonicalUsers: [Text] = []
        ) {
            members = [
                "AWS": aws, "Service": services, "Federated": federated, "CanonicalUser": canonicalUsers,
            ].filter { !$0.value.isEmpty }
        }

        /// Everybody, whether they have an account or not.
        public static var anyone: Principal { Principal(aws: ["*"]) }
        /// Everybody in an account whom that account allows it.
        public static func account(_ ids: Text...) -> Principal { Principal(aws: ids) }
        /// Roles and users, by ARN.
        public static func arn(_ arns: Text...) -> Principal { Principal(aws: arns) }
        /// Services of AWS, such as `glue.amazonaws.com`.
        public static func service(_ names: Text...) -> Principal { Principal(services: names) }
        /// Identity providers, by ARN.
        public static func federated(_ providers: Text...) -> Principal { Principal(federated: providers) }
        /// Accounts, by the id that S3 has for them.
        public static func canonicalUser(_ ids: Text...) -> Principal { Principal(canonicalUsers: ids) }
    }
}

/// Encodes as an object of lists; `"*"` is read as `{"AWS": ["*"]}`, which means the same.
///
/// Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-anonymous>
extension IAM.Principal: Codable {
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let word = try? container.decode(String.self) {
            members = ["AWS": [Text(verbatim: word)]]
        } else {
            members = try container.decode([String: OneOrMany<Text>].self).mapValues(\.values)
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(members)
    }
}
