package import SlipwayDeclaration

extension JSON {
    /// Makes the changes that lead from `base` to this tree in another one, which others may have changed meanwhile.
    ///
    /// For operations that replace everything: what nobody here wanted to change is sent back as it is now. Objects are
    /// compared member by member; any other value is one.
    package func rebased(from base: JSON?, onto fresh: JSON?) -> JSON {
        guard case .object(let wanted) = self, case .object(var result)? = fresh, let before = base?.object else {
            return self == base ? fresh ?? self : self
        }
        for name in before.keys where wanted[name] == nil { result[name] = nil }
        for (name, value) in wanted where value != before[name] {
            result[name] = value.rebased(from: before[name], onto: result[name])
        }
        return .object(result)
    }
}
