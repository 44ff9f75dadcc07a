public import SlipwayAWS
public import SlipwayDeclaration
public import SlipwayProvider

extension IAM {
    /// Looks up the names of the roles below a path, sorted.
    ///
    /// ```swift
    /// extension Parameter where Value == [String] {
    ///     static let readers = Parameter("readers", lookup: IAM.RoleNames(pathPrefix: "/analysts/"), help: "…")
    /// }
    /// ```
    public struct RoleNames: AWSLookup {
        /// Begins and ends with `/`.
        public let pathPrefix: String

        public init(pathPrefix: String = "/") { self.pathPrefix = pathPrefix }

        public var summary: String { "the names of the roles below \(pathPrefix)" }
        public var permissions: Set<String> { ["iam:ListRoles"] }

        public func answer(_ aws: AWSClient) async throws -> [String] {
            struct Input: Encodable { let pathPrefix: String, maxItems = 1000 }
            struct Named: Decodable { let roleName: String }
            struct Page: Decodable { let roles: [Named] }
            return try await aws.pages(.iam, "ListRoles", Input(pathPrefix: pathPrefix), as: Page.self)
                .all(\.roles).map(\.roleName).sorted()
        }
    }
}
