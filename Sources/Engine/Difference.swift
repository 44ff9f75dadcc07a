package import SlipwayDeclaration
package import SlipwayProvider

/// One property that is not as it should be.
package struct Change: Hashable, Sendable, Codable {
    package enum Effect: String, Hashable, Sendable, Codable {
        /// The property is set to another value.
        case set
        /// The property is no longer declared, and is reset.
        case reset
        /// The property is no longer declared, but AWS has no way to clear it: it stays.
        case stays
    }

    /// Names that lead to the property.
    package var path: [String]
    /// What AWS has; `nil` when it has nothing.
    package var before: JSON?
    /// What is declared; `nil` for a reset. It may mention values that are not known yet.
    package var after: JSON?
    package var effect: Effect
    /// The change needs a new resource.
    package var replaces: Bool
    /// Why, where that depends on the values.
    package var reason: String?
    /// Somebody else changed the property since the last apply.
    package var isOutside = false

    package init(
        path: [String], before: JSON?, after: JSON?, effect: Effect = .set, replaces: Bool = false,
        reason: String? = nil
    ) {
        self.path = path
        self.before = before
        self.after = after
        self.effect = effect
        self.replaces = replaces
        self.reason = reason
    }
}

/// What is to be compared: all in canonical form.
package struct Comparison: Sendable {
    /// What is declared now, references filled in as far as they are known.
    package var desired: EncodedProperties
    /// What AWS has.
    package var observed: JSON
    /// What the last apply declared.
    package var previous: EncodedProperties?
    package var removals: [String: Removal]
    /// Stored names or paths that are not compared.
    package var ignored: [String]
    /// Properties that the observation says nothing of.
    package var unread: Set<String>

    package init(
        desired: EncodedProperties, observed: JSON, previous: EncodedProperties? = nil,
        removals: [String: Removal] = [:], ignored: [String] = [], unread: Set<String> = []
    ) {
        self.desired = desired
        self.observed = observed
        self.previous = previous
        self.removals = removals
        self.ignored = ignored
        self.unread = unread
    }

    /// What AWS has, completed by what cannot be seen there: for write-only and unread properties, what was sent last.
    package var current: JSON {
        var tree = observed
        var hidden = unread.map { [$0] }
        hidden += marks.filter { $0.value.contains(.writeOnly) && !$0.key.contains("*") }.map(\.key)
        for path in hidden {
            let sent = previous?.tree[path: path]
            // Inside a part that is not there, there is nothing to hide.
            guard path.count == 1 || tree[path: path.dropLast()] != nil else { continue }
            tree = tree.setting(path, to: sent)
        }
        return tree
    }

    /// The marks of the declared properties and of those declared before.
    package var marks: [PropertyPath: Set<Mark>] {
        desired.marks.merging(previous?.marks ?? [:]) { $0.union($1) }
    }
}

/// How AWS differs from what is declared, and what it should become.
package struct Difference: Hashable, Sendable {
    /// Sorted by path.
    package var changes: [Change]
    /// What the update is to bring about: what AWS has, overlaid with what is declared, resets carried out.
    package var target: JSON

    /// Whether nothing needs to be sent.
    package var isEmpty: Bool { changes.allSatisfy { $0.effect == .stays } }

    /// The target in the words of the declaration.
    ///
    /// The canonical form is for comparing, and can say less than was declared (a digest for a content). A property that
    /// is to be changed and whose canonical form is another than its declared one is sent as it was declared.
    package func target(declared: JSON, canonical: JSON) -> JSON {
        var tree = target
        for name in Set(changes.filter { $0.effect == .set }.compactMap(\.path.first)) {
            if let value = declared[name], value != canonical[name] { tree = tree.setting([name], to: value) }
        }
        return tree
    }

    /// A property that is `nil` in `desired` is left to AWS and is no difference, unless the last apply had set it:
    /// then it is reset, as the kind's removals say.
    package init(_ comparison: Comparison) {
        var finder = Finder(comparison)
        let current = comparison.current
        target = finder.overlay(comparison.desired.tree, on: current, at: [])
        if let previous = comparison.previous {
            finder.reset(previous.tree, unlessIn: comparison.desired.tree, current: current, at: [], &target)
        }
        changes = finder.changes.sorted { $0.path.lexicographicallyPrecedes($1.path) }
    }
}

private struct Finder {
    let marks: [PropertyPath: Set<Mark>]
    let removals: [String: Removal]
    let ignored: [[String]]
    var changes: [Change] = []

    init(_ comparison: Comparison) {
        marks = comparison.desired.marks.merging(comparison.previous?.marks ?? [:]) { $0.union($1) }
        removals = comparison.removals
        ignored = comparison.ignored.map { $0.split(separator: ".").map(String.init) }
    }

    /// Returns `current` with what is declared laid over it, and notes what differs.
    mutating func overlay(_ desired: JSON, on current: JSON?, at path: [String]) -> JSON {
        if !path.isEmpty, ignored.contains(path) { return current ?? desired }
        guard case .object(let members) = desired, !isAtom(members) else {
            if !satisfies(desired, current, at: path) { note(path, before: current, after: desired) }
            return satisfies(desired, current, at: path) ? current ?? desired : desired
        }
        var result = current?.object ?? [:]
        if current?.object == nil, !path.isEmpty {
            // A whole part is new: one change reads better than one for each of its members.
            note(path, before: current, after: desired)
            return desired
        }
        for (name, value) in members { result[name] = overlay(value, on: current?[name], at: path + [name]) }
        if marks[path]?.contains(.whole) ?? false {
            for (name, value) in current?.object ?? [:] where members[name] == nil && !ignored.contains(path + [name]) {
                note(path + [name], before: value, after: nil, effect: .reset)
                result[name] = nil
            }
        }
        return .object(result)
    }

    /// Notes what was declared before and is no more, and takes it out of `target`.
    mutating func reset(
        _ previous: JSON, unlessIn desired: JSON?, current: JSON?, at path: [String], _ target: inout JSON
    ) {
        guard case .object(let members) = previous, !isAtom(members) else { return }
        for (name, old) in members {
            let here = path + [name]
            guard let now = current?[name], !ignored.contains(here) else { continue }
            // Of what is declared as a whole, everything else is reset already.
            if desired != nil, marks[path]?.contains(.whole) ?? false, desired?[name] == nil { continue }
            if let still = desired?[name] {
                reset(old, unlessIn: still, current: now, at: here, &target)
                continue
            }
            switch removals[here[0]] ?? .omitted {
            case .sentinel(let sentinel) where path.isEmpty:
                if now == sentinel { continue }
                target = target.setting(here, to: sentinel)
                note(here, before: now, after: nil, effect: .reset)
            case .never:
                note(here, before: now, after: nil, effect: .stays)
            case .replacement:
                note(here, before: now, after: nil, effect: .reset)
                changes[changes.count - 1].replaces = true
            case .omitted, .sentinel:
                target = target.setting(here, to: nil)
                note(here, before: now, after: nil, effect: .reset)
            }
        }
    }

    private mutating func note(_ path: [String], before: JSON?, after: JSON?, effect: Change.Effect = .set) {
        let createOnly = path.indices.contains { marks[Array(path[...$0])]?.contains(.createOnly) ?? false }
            || marks.contains { $0.value.contains(.createOnly) && $0.key.starts(with: path) && after?.object != nil }
        changes.append(Change(path: path, before: before, after: after, effect: effect, replaces: createOnly))
    }

    /// Whether AWS's value is what is declared; members of objects that are not declared are left to AWS.
    private func satisfies(_ desired: JSON, _ current: JSON?, at path: [String]) -> Bool {
        guard let current else { return false }
        switch (desired, current) {
        case (.object(let wanted), .object(let have)):
            if isAtom(wanted) { return desired == current }
            return wanted.allSatisfy { name, value in satisfies(value, have[name], at: path + [name]) }
        case (.array(let wanted), .array(let have)):
            guard wanted.count == have.count else { return false }
            let inner = path + ["*"]
            guard marks[path]?.contains(.unordered) ?? false else {
                return zip(wanted, have).allSatisfy { satisfies($0, $1, at: inner) }
            }
            var left = have
            for value in wanted {
                guard let index = left.firstIndex(where: { satisfies(value, $0, at: inner) }) else { return false }
                left.remove(at: index)
            }
            return true
        case (.int(let left), .double(let right)), (.double(let right), .int(let left)): return Double(left) == right
        default: return desired == current
        }
    }

    /// Whether an object is one value: an unknown text, an asset, a secret.
    private func isAtom(_ members: [String: JSON]) -> Bool {
        members.count <= 4 && members.keys.contains { $0.hasPrefix("$") }
    }
}
