import SlipwayDeclaration
import SlipwayProvider
import Testing

/// A change of one property of an example, from ``ConformanceExample/full``.
struct Step<Kind: ResourceKind> {
    /// The property, or its path inside a wrapper.
    let name: String
    let desired: Kind
    /// The property's value without it being declared, where it is removed.
    var fresh: JSON?

    /// Every property that an update can change, set to its other value.
    static func changes(from full: Kind, to changed: Kind) throws -> [Step] {
        let encoded = try PropertyEncoder().encode(full)
        let values = Comparison.flat(encoded.tree)
        let others = Comparison.flat(try PropertyEncoder().encode(changed).tree)
        return try values.keys.sorted().compactMap { name in
            let path = Comparison.path(name)
            guard !isFixed(path, encoded.marks) else { return nil }
            guard let value = others[name], value != values[name] else {
                if Kind.removals[name] == .never { return nil }
                Issue.record("`changed` has the same \(name) as `full`")
                return nil
            }
            let desired = try PropertyDecoder().decode(Kind.self, from: encoded.tree.setting(path, to: value))
            return desired.replaces(full).isEmpty ? Step(name: name, desired: desired) : nil
        }
    }

    /// Every optional property that can be taken away alone, taken away as the kind's removals say.
    ///
    /// - Parameter minimal: What AWS makes of the least that can be declared.
    static func removals(from full: Kind, minimal: Comparison) throws -> [Step] {
        let encoded = try PropertyEncoder().encode(full)
        return Comparison.flat(encoded.tree).keys.sorted().compactMap { name in
            let path = Comparison.path(name)
            guard !isFixed(path, encoded.marks) else { return nil }
            var rest = encoded.tree.setting(path, to: nil)
            var expected = minimal.tree[name]
            switch Kind.removals[name] ?? .omitted {
            case .never, .replacement: return nil
            case .omitted: break
            case .sentinel(let value):
                rest = rest.setting(path, to: value)
                expected = value
            }
            // What cannot be left out is not optional; what others need cannot be removed alone.
            guard let desired = try? PropertyDecoder().decode(Kind.self, from: rest), desired.check().isEmpty else {
                return nil
            }
            return Step(name: name, desired: desired, fresh: expected)
        }
    }

    /// Whether a removed property is as if it had never been declared.
    func isReset(_ after: Comparison) -> Bool {
        guard let fresh else { return Comparison.isEmpty(after.tree[name]) }
        let path = Comparison.path(name)
        guard let there = after.tree[name] else { return Comparison.isEmpty(fresh) }
        return Comparison.ordered(there, path, after.marks) == Comparison.ordered(fresh, path, after.marks)
    }

    /// Whether no update changes a property, or nobody can see whether one has.
    private static func isFixed(_ path: PropertyPath, _ marks: [PropertyPath: Set<Mark>]) -> Bool {
        marks[path].map { !$0.isDisjoint(with: [.createOnly, .writeOnly]) } ?? false
    }
}

extension Comparison {
    /// Whether a value says nothing.
    static func isEmpty(_ value: JSON?) -> Bool {
        switch value {
        case nil, .null, .string(""): true
        case .array(let elements): elements.isEmpty
        case .object(let members): members.isEmpty
        default: false
        }
    }
}
