import SlipwayAWS
import SlipwayDeclaration

extension Glue {
    /// Looks things up by lists, one for each catalogue. No more pages are asked for than it takes to find them.
    ///
    /// - Parameters:
    ///   - pages: The pages of a catalogue; `nil` is the account's own.
    ///   - items: What is on a page.
    /// - Returns: What AWS described, by identity.
    static func inCatalogs<Page: Decodable & Sendable>(
        _ identities: [String], pages: (String?) -> Pages<Page>, items: (Page) -> [Document]
    ) async throws -> [String: JSON] {
        var trees: [String: JSON] = [:]
        for (catalog, identities) in Dictionary(grouping: identities, by: { CatalogPath($0, depth: 1).catalog }) {
            let byName = Dictionary(identities.map { (CatalogPath($0, depth: 1).name, $0) }) { first, _ in first }
            var missing = byName.count
            for try await page in pages(catalog) {
                for tree in items(page).map({ JSON($0) }) {
                    guard let identity = tree["Name"]?.string.flatMap({ byName[$0] }) else { continue }
                    trees[identity] = tree
                    missing -= 1
                }
                if missing == 0 { break }
            }
        }
        return trees
    }
}
