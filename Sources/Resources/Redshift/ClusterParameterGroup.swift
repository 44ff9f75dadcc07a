public import SlipwayAWS
public import SlipwayDeclaration
public import SlipwayProvider

extension Redshift {
    /// Settings that clusters share, by name. Those that AWS calls static take effect when a cluster is rebooted.
    ///
    /// Source: <https://docs.aws.amazon.com/redshift/latest/mgmt/working-with-parameter-groups.html>
    public struct ClusterParameterGroup: ResourceKind {
        public static let type = "AWS::Redshift::ClusterParameterGroup"

        /// 1 to 255 letters, digits and hyphens, kept in lower case; the first is a letter. One is made from the
        /// address when it is left out.
        @CreateOnly public var parameterGroupName: Text?
        /// Such as `redshift-2.0`.
        @CreateOnly public var parameterGroupFamily: Text
        /// AWS wants one.
        @CreateOnly public var description: Text
        /// Values by the parameters' names; the others have the family's. CloudFormation has a list here; by name, a
        /// plan shows which parameter changed.
        @Whole public var parameters: [String: Text]?
        public var tags: [String: Text]?

        public struct Attributes: Codable, Hashable, Sendable {
            public let name: String
            /// `arn:aws:redshift:<region>:<account>:parametergroup:<name>`
            public let arn: String
        }

        public init(
            _ parameters: [String: Text]? = nil, family: Text = "redshift-2.0",
            description: Text = "Settings of clusters", name: Text? = nil, tags: [String: Text]? = nil
        ) {
            parameterGroupName = name
            parameterGroupFamily = family
            self.description = description
            self.parameters = parameters
            self.tags = tags
        }

        public static let identification = Identification.named
        public static let naming = Naming(limit: 255, allowsUppercase: false)
        public static let patience = Patience.none
        public static let permissions = Permissions(
            create: ["redshift:CreateClusterParameterGroup", "redshift:CreateTags"],
            read: ["redshift:DescribeClusterParameterGroups", "redshift:DescribeClusterParameters"],
            update: [
                "redshift:ModifyClusterParameterGroup", "redshift:ResetClusterParameterGroup", "redshift:CreateTags",
                "redshift:DeleteTags",
            ],
            delete: ["redshift:DeleteClusterParameterGroup"],
            list: ["redshift:DescribeClusterParameterGroups", "redshift:DescribeClusterParameters"])

        public var fixedName: Text? { parameterGroupName?.lowercased() }

        public func foreseen(_ identity: String, at location: Location) -> Foreseen<Attributes> {
            Foreseen {
                $0[\.name] = identity
                $0[\.arn] = location.arn("redshift", "parametergroup:\(identity)")
            }
        }

        public func canonical() -> ClusterParameterGroup {
            var group = self
            group.parameterGroupName = parameterGroupName?.lowercased()
            // Queues are declared as a JSON document, which AWS may write otherwise.
            if let text = parameters?[Self.queues]?.literal, let tree = try? JSON(parsing: text) {
                group.parameters?[Self.queues] = Text(verbatim: tree.text)
            }
            if parameters?.isEmpty == true { group.parameters = nil }
            return group
        }

        public func check() -> [Problem] {
            var found: [Problem] = []
            if let name = parameterGroupName?.literal {
                let isName = name.first?.isLetter == true && name.last != "-" && !name.contains("--")
                if !isName || !name.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") })
                    || name.count > 255
                {
                    found.append(
                        Problem(
                            "ParameterGroupName",
                            "a group's name has 1 to 255 letters, digits and single hyphens, and begins with a letter"))
                }
            }
            if description.literal?.isEmpty == true { found.append(Problem("Description", "AWS wants a description")) }
            if let text = parameters?[Self.queues]?.literal, (try? JSON(parsing: text)) == nil {
                found.append(Problem("Parameters.\(Self.queues)", "it is no JSON"))
            }
            return found
        }

        private static let queues = "wlm_json_configuration"
    }
}

extension Redshift.ClusterParameterGroup {
    public func create(_ new: Creation, _ aws: AWSClient) async throws -> Created<Redshift.ClusterParameterGroup> {
        struct Input: Encodable, Sendable, WireShaped {
            let parameterGroupName: String
            let parameterGroupFamily, description: Text
            let tags: [ResourceTags.Tag]
            static let shape: Shape = ["Tags": .items("Tag")]
        }
        let input = Input(
            parameterGroupName: new.name, parameterGroupFamily: parameterGroupFamily, description: description,
            tags: ResourceTags.Tag.list(new.tags(tags)))
        try await aws.call(.redshift, "CreateClusterParameterGroup", input)
        var made = self
        made.parameters = nil
        return Created(new.name, made, Self.attributes(new.name, aws))
    }

    public static func read(
        _ identity: String, _ interest: Interest, _ aws: AWSClient
    ) async throws -> Observation<Redshift.ClusterParameterGroup> {
        let named = GroupName(parameterGroupName: identity)
        let page = try await ifPresent {
            try await aws.call(.redshift, "DescribeClusterParameterGroups", named, as: Description.Page.self)
        }
        guard let group = page?.parameterGroups.first else { return .absent }
        return try await observation(group, interest, aws)
    }

    public func update(_ identity: String, from current: Self, _ aws: AWSClient) async throws {
        let (new, old) = (canonical().parameters ?? [:], current.canonical().parameters ?? [:])
        let removed = old.keys.filter { new[$0] == nil }.sorted()
        for names in removed.chunks(of: Self.parametersPerCall) {
            let items = names.map { ParameterChange.Item(parameterName: $0, parameterValue: nil) }
            let input = ParameterChange(parameterGroupName: identity, parameters: items)
            try await aws.call(.redshift, "ResetClusterParameterGroup", input)
        }
        let set = new.filter { old[$0.key] != $0.value }.keys.sorted()
        for names in set.chunks(of: Self.parametersPerCall) {
            let items = names.map { ParameterChange.Item(parameterName: $0, parameterValue: new[$0]) }
            let input = ParameterChange(parameterGroupName: identity, parameters: items)
            try await aws.call(.redshift, "ModifyClusterParameterGroup", input)
        }
        try await Redshift.Tags.change(TagChange(from: current.tags, to: tags), of: Self.arn(identity, aws), aws)
    }

    public static func tag(_ identity: String, _ tags: [String: String], _ aws: AWSClient) async throws {
        try await Redshift.Tags.add(tags, to: arn(identity, aws), aws)
    }

    public func delete(_ identity: String, _ aws: AWSClient) async throws {
        let input = GroupName(parameterGroupName: identity)
        try await ifPresent { try await aws.call(.redshift, "DeleteClusterParameterGroup", input) }
    }

    public static var readCalls: Int { 2 }

    /// The groups come in pages; the parameters of each are a call of their own.
    public static func listCalls(for count: Int) -> Int? {
        max(1, (count + Redshift.itemsPerPage - 1) / Redshift.itemsPerPage) + count
    }

    public static func list(
        _ wanted: [Listed<Redshift.ClusterParameterGroup>], _ aws: AWSClient
    ) async throws -> [String: Sighting<Redshift.ClusterParameterGroup>] {
        let interests = Dictionary(wanted.map { ($0.identity, $0.interest) }) { $1 }
        var sightings: [String: Sighting<Redshift.ClusterParameterGroup>] = [:]
        for try await page in aws.pages(.redshift, "DescribeClusterParameterGroups", as: Description.Page.self) {
            for group in page.parameterGroups {
                guard let interest = interests[group.parameterGroupName] else { continue }
                sightings[group.parameterGroupName] = .observed(try await observation(group, interest, aws))
            }
        }
        return sightings
    }
}

// MARK: - Parts

private struct GroupName: Encodable {
    let parameterGroupName: String
}

private struct ParameterChange: Encodable, Sendable, WireShaped {
    struct Item: Encodable, Sendable {
        let parameterName: String
        let parameterValue: Text?
    }

    let parameterGroupName: String
    let parameters: [Item]
    static let shape: Shape = ["Parameters": .items("Parameter")]
}

/// A group as AWS describes it.
///
/// Source: <https://docs.aws.amazon.com/redshift/latest/APIReference/API_ClusterParameterGroup.html>
private struct Description: Decodable {
    struct Page: Decodable { let parameterGroups: [Description] }

    let parameterGroupName: String
    let parameterGroupFamily: String
    let description: String
    let tags: [ResourceTags.Tag]?
}

extension Redshift.ClusterParameterGroup {
    /// A family has fewer parameters than this; it keeps a request small all the same.
    private static let parametersPerCall = 20

    private static func arn(_ name: String, _ aws: AWSClient) -> String { Redshift.arn("parametergroup:\(name)", aws) }

    private static func attributes(_ name: String, _ aws: AWSClient) -> Attributes {
        Attributes(name: name, arn: arn(name, aws))
    }

    private static func observation(
        _ group: Description, _ interest: Interest, _ aws: AWSClient
    ) async throws -> Observation<Redshift.ClusterParameterGroup> {
        let name = group.parameterGroupName
        let all = Redshift.Tags.byKey(group.tags)
        var properties = Redshift.ClusterParameterGroup(
            family: Text(verbatim: group.parameterGroupFamily), description: Text(verbatim: group.description),
            name: Text(verbatim: name), tags: Redshift.Tags.declared(all))
        guard interest.includes("Parameters") else {
            return .present(Found(properties, attributes(name, aws), tags: all, unread: ["Parameters"]))
        }
        guard let parameters = try await ifPresent({ try await parameters(name, aws) }) else { return .absent }
        properties.parameters = parameters
        return .present(Found(properties, attributes(name, aws), tags: all))
    }

    /// The parameters that somebody set.
    private static func parameters(_ name: String, _ aws: AWSClient) async throws -> [String: Text] {
        struct Input: Encodable {
            let parameterGroupName: String
            let source = "user"
        }
        struct Parameter: Decodable {
            let parameterName: String
            let parameterValue: String?
        }
        struct Page: Decodable { let parameters: [Parameter] }
        let pages = aws.pages(
            .redshift, "DescribeClusterParameters", Input(parameterGroupName: name), as: Page.self)
        let found = try await pages.all(\.parameters)
        return Dictionary(found.map { ($0.parameterName, Text(verbatim: $0.parameterValue ?? "")) }) { $1 }
    }
}
