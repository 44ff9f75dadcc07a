package import SlipwayDeclaration

extension FakeCall {
    /// The parameters of a form as a tree: `Tags.member.1.Key=a` becomes `{"Tags": [{"Key": "a"}]}`.
    ///
    /// Numbers name the items of a list. What the items are called (`member`, or `Tag` in `Tags.Tag.1`) is left out,
    /// except for EC2, whose lists stand beside the other members. Every value is a string, as a form does not tell.
    /// `Action` and `Version` are no parameters.
    package static func tree(_ items: [(String, String)], flattensLists: Bool = false) -> JSON {
        var root = Branch.object([:])
        for (name, value) in items where name != "Action" && name != "Version" {
            var path = name.split(separator: ".").map(String.init)
            for index in path.indices.dropFirst().dropLast().reversed()
            where !flattensLists && Int(path[index + 1]) != nil && Int(path[index]) == nil && Int(path[index - 1]) == nil {
                path.remove(at: index)
            }
            root = root.setting(path[...], to: value)
        }
        return root.json
    }
}

private indirect enum Branch {
    case leaf(String)
    case object([String: Branch])

    func setting(_ path: ArraySlice<String>, to value: String) -> Branch {
        guard let first = path.first else { return .leaf(value) }
        var members: [String: Branch] = [:]
        if case .object(let known) = self { members = known }
        members[first] = (members[first] ?? .object([:])).setting(path.dropFirst(), to: value)
        return .object(members)
    }

    var json: JSON {
        switch self {
        case .leaf(let text): return .string(text)
        case .object(let members):
            let numbered = members.compactMap { member in Int(member.key).map { ($0, member.value) } }
            guard !members.isEmpty, numbered.count == members.count else { return .object(members.mapValues(\.json)) }
            return .array(numbered.sorted { $0.0 < $1.0 }.map(\.1.json))
        }
    }
}
