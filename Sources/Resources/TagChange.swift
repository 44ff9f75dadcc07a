import SlipwayDeclaration

/// What must be done so that a resource has other tags.
struct TagChange: Hashable, Sendable {
    /// Tags that are new or have another value.
    let added: [String: String]
    /// Names of tags that are no longer there, sorted.
    let removed: [String]

    init(from current: [String: Text]?, to desired: [String: Text]?) {
        let current = (current ?? [:]).compactMapValues(\.literal)
        let desired = (desired ?? [:]).compactMapValues(\.literal)
        added = desired.filter { current[$0.key] != $0.value }
        removed = current.keys.filter { desired[$0] == nil }.sorted()
    }
}
