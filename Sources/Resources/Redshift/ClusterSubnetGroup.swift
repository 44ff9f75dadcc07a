public import SlipwayAWS
public import SlipwayDeclaration
public import SlipwayProvider

extension Redshift {
    /// The subnets that clusters may be placed in.
    ///
    /// Source: <https://docs.aws.amazon.com/redshift/latest/APIReference/API_CreateClusterSubnetGroup.html>
    public struct ClusterSubnetGroup: ResourceKind {
        public static let type = "AWS::Redshift::ClusterSubnetGroup"

        /// 1 to 255 letters, digits, `-`, `_`, `.` and blanks, kept in lower case and not `default`; one is made from
        /// the address when it is left out.
        @CreateOnly public var clusterSubnetGroupName: Text?
        /// AWS wants one.
        public var description: Text
        /// 1 to 20 ids, all in one VPC.
        @Unordered public var subnetIds: [Text]
        public var tags: [String: Text]?

        public struct Attributes: Codable, Hashable, Sendable {
            public let name: String
            /// `arn:aws:redshift:<region>:<account>:subnetgroup:<name>`
            public let arn: String
            /// Of all the subnets.
            public let vpcId: String
        }

        public init(
            subnets: [Text], description: Text = "Where clusters are placed", name: Text? = nil,
            tags: [String: Text]? = nil
        ) {
            clusterSubnetGroupName = name
            self.description = description
            subnetIds = subnets
            self.tags = tags
        }

        public static let identification = Identification.named
        public static let naming = Naming(limit: 255, allowsUppercase: false)
        public static let patience = Patience.none
        /// The service looks at the network with the permissions of whoever calls.
        ///
        /// Source: <https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonredshift.html>
        public static let permissions = Permissions(
            create: ["redshift:CreateClusterSubnetGroup", "redshift:CreateTags"],
            read: ["redshift:DescribeClusterSubnetGroups"],
            update: ["redshift:ModifyClusterSubnetGroup", "redshift:CreateTags", "redshift:DeleteTags"],
            delete: ["redshift:DeleteClusterSubnetGroup"],
            list: ["redshift:DescribeClusterSubnetGroups"])

        public var fixedName: Text? { clusterSubnetGroupName?.lowercased() }

        public func foreseen(_ identity: String, at location: Location) -> Foreseen<Attributes> {
            Foreseen {
                $0[\.name] = identity
                $0[\.arn] = location.arn("redshift", "subnetgroup:\(identity)")
            }
        }

        public func canonical() -> ClusterSubnetGroup {
            var group = self
            group.clusterSubnetGroupName = clusterSubnetGroupName?.lowercased()
            return group
        }

        /// Whether AWS takes a name.
        ///
        /// Source: <https://docs.aws.amazon.com/redshift/latest/APIReference/API_CreateClusterSubnetGroup.html>
        private static func isName(_ name: String) -> Bool {
            (1...255).contains(name.count)
                && name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-_. ".contains($0)) }
        }

        public func check() -> [Problem] {
            var found: [Problem] = []
            if let name = clusterSubnetGroupName?.literal {
                if !Self.isName(name) {
                    found.append(
                        Problem("ClusterSubnetGroupName", "a group's name has 1 to 255 letters, digits and '-_. '"))
                }
                if name.lowercased() == "default" {
                    found.append(Problem("ClusterSubnetGroupName", "AWS keeps the name 'default' for itself"))
                }
            }
            if subnetIds.isEmpty || subnetIds.count > 20 {
                found.append(Problem("SubnetIds", "a group has 1 to 20 subnets, not \(subnetIds.count)"))
            }
            if Set(subnetIds).count < subnetIds.count {
                found.append(Problem("SubnetIds", "a subnet is named twice"))
            }
            if description.literal?.isEmpty == true { found.append(Problem("Description", "AWS wants a description")) }
            return found
        }
    }
}

extension Redshift.ClusterSubnetGroup {
    public func create(_ new: Creation, _ aws: AWSClient) async throws -> Created<Redshift.ClusterSubnetGroup> {
        struct Input: Encodable, Sendable, WireShaped {
            let clusterSubnetGroupName: String
            let description: Text
            let subnetIds: [Text]
            let tags: [ResourceTags.Tag]
            static let shape: Shape = ["SubnetIds": .items("SubnetIdentifier"), "Tags": .items("Tag")]
        }
        struct Output: Decodable { let clusterSubnetGroup: Description }
        let input = Input(
            clusterSubnetGroupName: new.name, description: description, subnetIds: subnetIds,
            tags: ResourceTags.Tag.list(new.tags(tags)))
        let output = try await aws.call(.redshift, "CreateClusterSubnetGroup", input, as: Output.self)
        return Created(new.name, self, output.clusterSubnetGroup.attributes(aws))
    }

    public static func read(
        _ identity: String, _ interest: Interest, _ aws: AWSClient
    ) async throws -> Observation<Redshift.ClusterSubnetGroup> {
        struct Input: Encodable { let clusterSubnetGroupName: String }
        let input = Input(clusterSubnetGroupName: identity)
        let page = try await ifPresent {
            try await aws.call(.redshift, "DescribeClusterSubnetGroups", input, as: Description.Page.self)
        }
        guard let group = page?.clusterSubnetGroups.first else { return .absent }
        return .present(group.found(aws))
    }

    public func update(_ identity: String, from current: Self, _ aws: AWSClient) async throws {
        if description != current.description || Set(subnetIds) != Set(current.subnetIds) {
            struct Input: Encodable, Sendable, WireShaped {
                let clusterSubnetGroupName: String
                let description: Text
                let subnetIds: [Text]
                static let shape: Shape = ["SubnetIds": .items("SubnetIdentifier")]
            }
            let input = Input(clusterSubnetGroupName: identity, description: description, subnetIds: subnetIds)
            try await aws.call(.redshift, "ModifyClusterSubnetGroup", input)
        }
        try await Redshift.Tags.change(TagChange(from: current.tags, to: tags), of: Self.arn(identity, aws), aws)
    }

    public static func tag(_ identity: String, _ tags: [String: String], _ aws: AWSClient) async throws {
        try await Redshift.Tags.add(tags, to: arn(identity, aws), aws)
    }

    public func delete(_ identity: String, _ aws: AWSClient) async throws {
        struct Input: Encodable { let clusterSubnetGroupName: String }
        let input = Input(clusterSubnetGroupName: identity)
        try await ifPresent { try await aws.call(.redshift, "DeleteClusterSubnetGroup", input) }
    }

    public static func listCalls(for count: Int) -> Int? {
        max(1, (count + Redshift.itemsPerPage - 1) / Redshift.itemsPerPage)
    }

    public static func list(
        _ wanted: [Listed<Redshift.ClusterSubnetGroup>], _ aws: AWSClient
    ) async throws -> [String: Sighting<Redshift.ClusterSubnetGroup>] {
        let names = Set(wanted.map(\.identity))
        let pages = aws.pages(.redshift, "DescribeClusterSubnetGroups", as: Description.Page.self)
        let groups = try await pages.all(\.clusterSubnetGroups).filter { names.contains($0.clusterSubnetGroupName) }
        return Dictionary(groups.map { ($0.clusterSubnetGroupName, .observed(.present($0.found(aws)))) }) { $1 }
    }

    private static func arn(_ name: String, _ aws: AWSClient) -> String { Redshift.arn("subnetgroup:\(name)", aws) }

    /// A group as AWS describes it.
    ///
    /// Source: <https://docs.aws.amazon.com/redshift/latest/APIReference/API_ClusterSubnetGroup.html>
    private struct Description: Decodable {
        struct Page: Decodable { let clusterSubnetGroups: [Description] }
        struct Subnet: Decodable { let subnetIdentifier: String }

        let clusterSubnetGroupName: String
        let description: String
        let vpcId: String
        let subnets: [Subnet]
        let tags: [ResourceTags.Tag]?

        func attributes(_ aws: AWSClient) -> Attributes {
            Attributes(
                name: clusterSubnetGroupName, arn: Redshift.ClusterSubnetGroup.arn(clusterSubnetGroupName, aws),
                vpcId: vpcId)
        }

        func found(_ aws: AWSClient) -> Found<Redshift.ClusterSubnetGroup> {
            let all = Redshift.Tags.byKey(tags)
            let group = Redshift.ClusterSubnetGroup(
                subnets: subnets.map { Text(verbatim: $0.subnetIdentifier) },
                description: Text(verbatim: description), name: Text(verbatim: clusterSubnetGroupName),
                tags: Redshift.Tags.declared(all))
            return Found(group, attributes(aws), tags: all)
        }
    }
}
