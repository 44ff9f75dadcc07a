public import SlipwayDeclaration

/// What AWS's API makes of a property that is no longer declared.
public enum Removal: Hashable, Sendable {
    /// An update without it resets it. What ``ResourceKind/removals`` does not name is so.
    case omitted
    /// It is reset by being set to this value; a property that has it is as good as absent.
    case sentinel(JSON)
    /// It can never be cleared: the plan says so, and leaves it.
    case never
    /// It can be cleared only by making the resource anew.
    case replacement
}
