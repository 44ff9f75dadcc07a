/// The names that AWS allows for a kind.
public struct Naming: Hashable, Sendable {
    /// How many characters a name may have.
    public var limit: Int
    /// Whether capital letters are allowed.
    public var allowsUppercase: Bool
    /// What separates the parts of a name that the engine makes: `-` or `_`.
    public var separator: Character

    public init(limit: Int = 255, allowsUppercase: Bool = true, separator: Character = "-") {
        self.limit = limit
        self.allowsUppercase = allowsUppercase
        self.separator = separator
    }
}
