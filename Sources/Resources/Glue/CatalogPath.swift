import SlipwayDeclaration
import SlipwayProvider

extension Glue {
    /// Where something is in the catalogue: `raw/users` for a table in the account's own, `210987654321/raw/users` in
    /// another one.
    struct CatalogPath: Hashable, Sendable {
        /// `nil` for the account's own.
        let catalog: String?
        /// A database's or a connection's, and for a table its database's and its own.
        let names: [String]

        /// Reads an identity.
        /// - Parameter depth: how many names there are: two for a table, one for all else.
        init(_ identity: String, depth: Int) {
            let parts = identity.split(separator: "/", omittingEmptySubsequences: false).map(Self.unescaped)
            names = parts.suffix(depth).map { $0 }
            catalog = parts.count > depth ? parts[0] : nil
        }

        /// The identity of what is at these names.
        static func identity(_ catalog: Text?, _ names: Text...) -> Text {
            ((catalog.map { [escaped($0)] } ?? []) + names.map(escaped)).joined(separator: "/")
        }

        /// The name of the thing itself.
        var name: String { names.last ?? "" }

        /// The ARN, such as `arn:aws:glue:eu-west-1:123456789012:table/raw/users`.
        ///
        /// Source: <https://docs.aws.amazon.com/glue/latest/dg/glue-specifying-resource-arns.html>
        func arn(_ type: String, at location: Location) -> String {
            let parts = (catalog ?? location.account).split(separator: ":", maxSplits: 1).map(String.init)
            let owner = Location(
                partition: location.partition, account: parts.first ?? location.account, region: location.region)
            return owner.arn("glue", ([type] + parts.dropFirst() + names).joined(separator: "/"))
        }

        // A name may have a slash, and nested catalogues have one.
        private static func escaped(_ text: Text) -> Text {
            guard let literal = text.literal else { return text }
            return Text(verbatim: literal.replacing("%", with: "%25").replacing("/", with: "%2F"))
        }

        private static func unescaped(_ part: Substring) -> String {
            String(part.replacing("%2F", with: "/").replacing("%2f", with: "/").replacing("%25", with: "%"))
        }
    }
}
