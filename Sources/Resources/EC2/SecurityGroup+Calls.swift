public import SlipwayAWS
import SlipwayDeclaration
public import SlipwayProvider

extension EC2.SecurityGroup {
    public func create(_ new: Creation, _ aws: AWSClient) async throws -> Created<EC2.SecurityGroup> {
        struct TagSpecification: Encodable {
            let resourceType = "security-group"
            let tag: [ResourceTags.Tag]
        }
        struct Input: Encodable {
            let groupName: String
            let groupDescription: Text
            let vpcId: Text?
            let tagSpecification: [TagSpecification]
        }
        struct Output: Decodable, Sendable { let groupId: String }
        let input = Input(
            groupName: new.name, groupDescription: groupDescription, vpcId: vpcId,
            tagSpecification: [TagSpecification(tag: ResourceTags.Tag.list(new.tags(tags)))])
        let id = try await aws.call(.ec2, "CreateSecurityGroup", input, as: Output.self).groupId
        var made = self
        made.securityGroupIngress = nil
        made.securityGroupEgress = nil
        let attributes = vpcId?.literal.map { vpc in
            Attributes(
                groupID: id, arn: new.location.arn("ec2", "security-group/\(id)"), name: new.name, vpcID: vpc)
        }
        return Created(id, made, attributes)
    }

    public static func read(
        _ identity: String, _ interest: Interest, _ aws: AWSClient
    ) async throws -> Observation<EC2.SecurityGroup> {
        let found = try await describe("group-id", [identity], aws)
        return found.first { $0.groupId == identity }.map { .present($0.found(aws)) } ?? .absent
    }

    public func update(_ identity: String, from current: EC2.SecurityGroup, _ aws: AWSClient) async throws {
        try await change(
            .ingress, identity, from: (current.securityGroupIngress ?? []).map(\.rule),
            to: (securityGroupIngress ?? []).map(\.rule), aws)
        // A new group lets everything out, and so does one whose egress is no longer declared.
        let everything = [Rule.everythingOut]
        try await change(
            .egress, identity, from: current.securityGroupEgress?.map(\.rule) ?? everything,
            to: securityGroupEgress?.map(\.rule) ?? everything, aws)
        let change = TagChange(from: current.tags, to: tags)
        if !change.added.isEmpty { try await Self.tag(identity, change.added, aws) }
        if !change.removed.isEmpty {
            struct Key: Encodable { let key: String }
            struct Input: Encodable { let resourceId: [String], tag: [Key] }
            try await aws.call(
                .ec2, "DeleteTags", Input(resourceId: [identity], tag: change.removed.map { Key(key: $0) }))
        }
    }

    public static func tag(_ identity: String, _ tags: [String: String], _ aws: AWSClient) async throws {
        struct Input: Encodable { let resourceId: [String], tag: [ResourceTags.Tag] }
        let input = Input(resourceId: [identity], tag: ResourceTags.Tag.list(tags))
        try await aws.call(.ec2, "CreateTags", input, repeatability: .idempotent)
    }

    public func delete(_ identity: String, _ aws: AWSClient) async throws {
        struct Input: Encodable { let groupId: String }
        try await ifPresent { try await aws.call(.ec2, "DeleteSecurityGroup", Input(groupId: identity)) }
    }

    public static func listCalls(for count: Int) -> Int? { max(1, (count + idsPerCall - 1) / idsPerCall) }

    public static func list(
        _ wanted: [Listed<EC2.SecurityGroup>], _ aws: AWSClient
    ) async throws -> [String: Sighting<EC2.SecurityGroup>] {
        var found: [String: Sighting<EC2.SecurityGroup>] = [:]
        for ids in wanted.map(\.identity).chunks(of: idsPerCall) {
            for group in try await describe("group-id", ids, aws) {
                found[group.groupId] = .observed(.present(group.found(aws)))
            }
        }
        return found
    }

    public static func find(_ nonce: String, _ aws: AWSClient) async throws -> String? {
        try await describe("tag:\(Ownership.nonceTag)", [nonce], aws).first?.groupId
    }
}

// MARK: - Rules

extension EC2.SecurityGroup {
    private enum Direction: String {
        case ingress = "Ingress"
        case egress = "Egress"
    }

    /// Brings rules about: what is new before what goes, so that nothing that may pass before and after is cut off.
    private func change(
        _ direction: Direction, _ identity: String, from old: [Rule], to new: [Rule], _ aws: AWSClient
    ) async throws {
        // What is sent is as it was declared: an account of a group has no place in the normal form.
        func byMeaning(_ rules: [Rule]) -> [Rule: Rule] {
            Dictionary(rules.map { ($0.canonical().withoutDescription, $0) }) { _, last in last }
        }
        let (before, after) = (byMeaning(old), byMeaning(new))
        let added = new.filter { before[$0.canonical().withoutDescription] == nil }
        let removed = old.filter { after[$0.canonical().withoutDescription] == nil }
        let described = new.filter { rule in
            before[rule.canonical().withoutDescription].map { $0.canonical() != rule.canonical() } ?? false
        }
        // A group has room for sixty rules, unless AWS was asked for more.
        // Source: https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html
        let revokesFirst = old.count + added.count > 60
        if revokesFirst { try await send("RevokeSecurityGroup", direction, identity, removed, aws) }
        try await send("AuthorizeSecurityGroup", direction, identity, added, aws)
        try await send("UpdateSecurityGroupRuleDescriptions", direction, identity, described, aws)
        if !revokesFirst { try await send("RevokeSecurityGroup", direction, identity, removed, aws) }
    }

    private func send(
        _ operation: String, _ direction: Direction, _ identity: String, _ rules: [Rule], _ aws: AWSClient
    ) async throws {
        guard !rules.isEmpty else { return }
        struct Input: Encodable { let groupId: String, ipPermissions: [IPPermission] }
        let input = Input(groupId: identity, ipPermissions: rules.map { IPPermission($0, of: identity) })
        let name = "\(operation)\(direction.rawValue)"
        let isDone = try await unlessDone { () async throws(AWSError) in
            try await aws.call(.ec2, name, input, repeatability: .idempotent)
        }
        guard !isDone, rules.count > 1 else { return }
        // One of them is as it should be already, and AWS carries out all or none. So it may be when the call is sent
        // for a second time.
        for rule in rules { try await send(operation, direction, identity, [rule], aws) }
    }

    /// Whether a call was carried out; not when a rule that it makes is there, or one that it takes away is not.
    private func unlessDone(_ call: () async throws(AWSError) -> Void) async throws -> Bool {
        do {
            try await call()
            return true
        } catch where ["InvalidPermission.Duplicate", "InvalidPermission.NotFound"].contains(error.code) {
            return false
        }
    }
}

// MARK: - Answers

extension EC2.SecurityGroup {
    /// How many values a filter has at most.
    ///
    /// Source: <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Filter.html>
    private static let idsPerCall = 200

    /// The groups that a filter leaves. Unlike a list of ids, a filter does not mind ids that do not exist.
    private static func describe(
        _ filter: String, _ values: [String], _ aws: AWSClient
    ) async throws -> [Description] {
        let input = EC2.Filter.Input(filter, values)
        struct Page: Decodable, Sendable { let securityGroupInfo: [Description] }
        return try await aws.pages(.ec2, "DescribeSecurityGroups", input, as: Page.self).all(\.securityGroupInfo)
    }

    /// A group as AWS describes it.
    ///
    /// Source: <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_SecurityGroup.html>
    private struct Description: Decodable, Sendable {
        let groupId, groupName: String
        let groupDescription: Text
        /// Missing of a group that is in no VPC, of which there are none any more.
        let vpcId: String?
        let ownerId: String?
        let ipPermissions: [IPPermission]
        let ipPermissionsEgress: [IPPermission]
        let tagSet: [ResourceTags.Tag]

        func found(_ aws: AWSClient) -> Found<EC2.SecurityGroup> {
            let tags = Dictionary(tagSet.map { ($0.key, $0.value) }) { _, last in last }
            let group = EC2.SecurityGroup(
                groupDescription, vpc: vpcId.map { Text(verbatim: $0) },
                ingress: ipPermissions.flatMap { $0.rules(of: groupId) }.map { Ingress($0) },
                egress: ipPermissionsEgress.flatMap { $0.rules(of: groupId) }.map { Egress($0) },
                name: Text(verbatim: groupName), tags: Ownership.declared(tags).mapValues { Text(verbatim: $0) })
            let location = Location(partition: aws.partition, account: ownerId ?? aws.account, region: aws.region)
            let attributes = Attributes(
                groupID: groupId, arn: location.arn("ec2", "security-group/\(groupId)"), name: groupName,
                vpcID: vpcId ?? "")
            return Found(group, attributes, tags: tags)
        }
    }
}
