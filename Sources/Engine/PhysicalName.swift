package import SlipwayDeclaration
package import SlipwayProvider

/// The name that a resource gets in AWS when its author fixes none.
package enum PhysicalName {
    /// Made of stack, environment and address; of the region where names are shared by all regions; of a digest of
    /// the account where they are shared by all accounts; and of the generation where a replacement stands beside what
    /// it replaces. The same input always gives the same name.
    ///
    /// ```
    /// tickit-dev-load              lake-prod-ingest-orders-us-east-1-9f86d0      lake-prod-etl-us-east-1-2
    /// ```
    package static func make(
        stack: String, environment: String, address: Address, generation: Int, location: Location, kind: AnyKind
    ) -> String {
        var parts = [stack, environment] + address.segments.map(String.init)
        if kind.scope == .global { parts.append(location.region) }
        if kind.identification == .namedGlobally { parts.append(String(digest(location.account).prefix(6))) }
        let separator = String(kind.naming.separator)
        var name = parts.joined(separator: separator)
        if !kind.naming.allowsUppercase { name = name.lowercased() }
        if separator == "-" && !kind.naming.allowsUppercase { name = String(name.map { $0 == "_" ? "-" : $0 }) }
        if separator == "_" { name = String(name.map { $0 == "-" ? "_" : $0 }) }
        let suffix = generation > 1 ? "\(separator)\(generation)" : ""
        if name.count + suffix.count > kind.naming.limit {
            // Cut names would collide; eight digits of the whole keep them apart.
            let mark = separator + digest(name).prefix(8)
            name = name.prefix(kind.naming.limit - suffix.count - mark.count) + mark
        }
        return name + suffix
    }

    private static func digest(_ text: String) -> String { Digest.sha256(text) }
}
