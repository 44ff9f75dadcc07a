public import SlipwayDeclaration

extension IAM {
    /// When a statement applies: a test of one key of the request.
    ///
    /// Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html>
    public struct Condition: Hashable, Sendable {
        /// Such as `StringEquals` or `ForAllValues:StringLike`.
        public var `operator`: String
        /// Such as `aws:SourceAccount`.
        public var key: String
        /// One of them must match.
        public var values: [Text]

        public init(_ operator: String, _ key: String, _ values: [Text]) {
            self.operator = `operator`
            self.key = key
            self.values = values
        }

        public static func stringEquals(_ key: String, _ values: Text...) -> Condition {
            Condition("StringEquals", key, values)
        }
        public static func stringNotEquals(_ key: String, _ values: Text...) -> Condition {
            Condition("StringNotEquals", key, values)
        }
        public static func stringLike(_ key: String, _ values: Text...) -> Condition {
            Condition("StringLike", key, values)
        }
        public static func arnEquals(_ key: String, _ values: Text...) -> Condition {
            Condition("ArnEquals", key, values)
        }
        public static func arnLike(_ key: String, _ values: Text...) -> Condition { Condition("ArnLike", key, values) }
        public static func ipAddress(_ key: String, _ ranges: Text...) -> Condition {
            Condition("IpAddress", key, ranges)
        }
        public static func bool(_ key: String, _ value: Bool) -> Condition {
            Condition("Bool", key, [Text(verbatim: String(value))])
        }
        /// Whether the request has the key at all.
        public static func null(_ key: String, _ value: Bool) -> Condition {
            Condition("Null", key, [Text(verbatim: String(value))])
        }

        static func tree(_ conditions: [Condition]) -> [String: [String: [Text]]] {
            var tree: [String: [String: [Text]]] = [:]
            for condition in conditions {
                tree[condition.operator, default: [:]][condition.key, default: []] += condition.values
            }
            return tree
        }
    }
}
