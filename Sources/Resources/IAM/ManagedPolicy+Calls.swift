public import SlipwayAWS
import SlipwayDeclaration
public import SlipwayProvider

extension IAM.ManagedPolicy {
    public func create(_ new: Creation, _ aws: AWSClient) async throws -> Created<IAM.ManagedPolicy> {
        struct Input: Encodable {
            let policyName: String
            let path: Text?
            let description: Text?
            let policyDocument: String
            let tags: [ResourceTags.Tag]
        }
        let input = Input(
            policyName: new.name, path: path, description: description?.nonEmpty,
            policyDocument: try policyDocument.text(), tags: ResourceTags.Tag.list(new.tags(tags)))
        let policy = try await aws.call(.iam, "CreatePolicy", input, as: PolicyOutput.self).policy
        var made = self
        made.roles = nil
        made.users = nil
        made.groups = nil
        return Created(policy.path + policy.policyName, made, policy.attributes, immutableID: policy.policyId)
    }

    public static func read(
        _ identity: String, _ interest: Interest, _ aws: AWSClient
    ) async throws -> Observation<IAM.ManagedPolicy> {
        let named = PolicyARN(identity, aws)
        guard let policy = try await ifPresent({
            try await aws.call(.iam, "GetPolicy", named, as: PolicyOutput.self).policy
        }) else { return .absent }
        var document: IAM.PolicyDocument = []
        var unread: Set<String> = []
        if interest.includes("PolicyDocument") {
            struct Input: Encodable { let policyArn, versionId: String }
            struct Version: Decodable, Sendable { let document: String }
            struct Output: Decodable, Sendable { let policyVersion: Version }
            let input = Input(policyArn: named.policyArn, versionId: policy.defaultVersionId)
            // Between the two calls another version may have become the one that counts, and this one have gone.
            guard let output = try await ifPresent({
                try await aws.call(.iam, "GetPolicyVersion", input, as: Output.self)
            }) else { return .settling("its version \(policy.defaultVersionId) is gone") }
            document = try IAM.PolicyDocument(encoded: output.policyVersion.document)
        } else {
            unread.insert("PolicyDocument")
        }
        var properties = policy.properties(document)
        if ["Roles", "Users", "Groups"].contains(where: { interest.includes($0) }) {
            guard let found = try await ifPresent({ try await entities(named.policyArn, .permissions, aws) }) else {
                return .absent
            }
            properties.roles = found.roles.map { Text(verbatim: $0) }
            properties.users = found.users.map { Text(verbatim: $0) }
            properties.groups = found.groups.map { Text(verbatim: $0) }
        }
        return .present(
            Found(properties, policy.attributes, tags: policy.allTags, immutableID: policy.policyId, unread: unread))
    }

    public static var readCalls: Int { 3 }

    public func update(_ identity: String, from current: IAM.ManagedPolicy, _ aws: AWSClient) async throws {
        let arn = PolicyARN(identity, aws).policyArn
        if current.policyDocument.canonical() != policyDocument.canonical() { try await putDocument(arn, aws) }
        for entity in Entity.allCases {
            let (old, new) = (entity.names(of: current), entity.names(of: self))
            for name in new where !old.contains(name) { try await Self.send("Attach", entity, name, arn, aws) }
            for name in old where !new.contains(name) {
                try await ifPresent { try await Self.send("Detach", entity, name, arn, aws) }
            }
        }
        let change = TagChange(from: current.tags, to: tags)
        if !change.added.isEmpty { try await Self.tag(identity, change.added, aws) }
        if !change.removed.isEmpty {
            struct Input: Encodable { let policyArn: String, tagKeys: [String] }
            try await aws.call(.iam, "UntagPolicy", Input(policyArn: arn, tagKeys: change.removed))
        }
    }

    public static func tag(_ identity: String, _ tags: [String: String], _ aws: AWSClient) async throws {
        struct Input: Encodable { let policyArn: String, tags: [ResourceTags.Tag] }
        let input = Input(policyArn: PolicyARN(identity, aws).policyArn, tags: ResourceTags.Tag.list(tags))
        try await aws.call(.iam, "TagPolicy", input)
    }

    public func delete(_ identity: String, _ aws: AWSClient) async throws {
        let named = PolicyARN(identity, aws)
        let arn = named.policyArn
        try await ifPresent {
            let attached = try await Self.entities(arn, .permissions, aws)
            let bounded = try await Self.entities(arn, .boundary, aws)
            let foreign = attached.others(than: self) + bounded.all.map { "\($0) (as its boundary)" }
            if detachOnDelete != true, !foreign.isEmpty { throw Self.conflict(identity, foreign) }
            for entity in Entity.allCases {
                for name in attached.names(entity) {
                    try await ifPresent { try await Self.send("Detach", entity, name, arn, aws) }
                }
            }
            try await Self.unbound(bounded, aws)
            for version in try await Self.versions(arn, aws) where !version.isDefaultVersion {
                try await Self.delete(version, arn, aws)
            }
            try await aws.call(.iam, "DeletePolicy", named)
        }
    }

    /// AWS's answer to deleting a policy that others still use, given before anything is taken from them.
    private static func conflict(_ identity: String, _ foreign: [String]) -> AWSError {
        AWSError(
            service: Service.iam.name, operation: "DeletePolicy", code: "DeleteConflict",
            message: "policy \(identity) is used by what is not declared with it: \(foreign.joined(separator: ", ")); "
                + "detach it, or set detachOnDelete",
            kind: .invalid, attempts: 0)
    }
}

// MARK: - Versions

extension IAM.ManagedPolicy {
    private struct Version: Decodable, Sendable {
        let versionId: String
        let isDefaultVersion: Bool
        /// ISO 8601, so that texts sort by time.
        let createDate: String

        /// 12 of `v12`.
        var number: Int { Int(versionId.dropFirst()) ?? 0 }
    }

    /// How many versions AWS keeps.
    ///
    /// Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_managed-versioning.html>
    private static let versionLimit = 5

    /// Makes the document the version that counts; where there is no room for one, the oldest that does not count goes.
    private func putDocument(_ arn: String, _ aws: AWSClient) async throws {
        let versions = try await Self.versions(arn, aws)
        let oldest = versions.filter { !$0.isDefaultVersion }
            .min { ($0.createDate, $0.number) < ($1.createDate, $1.number) }
        if versions.count >= Self.versionLimit, let oldest { try await Self.delete(oldest, arn, aws) }
        struct Input: Encodable { let policyArn, policyDocument: String, setAsDefault = true }
        try await aws.call(
            .iam, "CreatePolicyVersion", Input(policyArn: arn, policyDocument: try policyDocument.text()))
    }

    private static func versions(_ arn: String, _ aws: AWSClient) async throws -> [Version] {
        struct Input: Encodable { let policyArn: String }
        struct Page: Decodable, Sendable { let versions: [Version] }
        return try await aws.pages(.iam, "ListPolicyVersions", Input(policyArn: arn), as: Page.self).all(\.versions)
    }

    private static func delete(_ version: Version, _ arn: String, _ aws: AWSClient) async throws {
        struct Input: Encodable { let policyArn, versionId: String }
        let input = Input(policyArn: arn, versionId: version.versionId)
        try await ifPresent { try await aws.call(.iam, "DeletePolicyVersion", input) }
    }
}

// MARK: - Whom it is attached to

extension IAM.ManagedPolicy {
    /// What a policy can be attached to.
    private enum Entity: String, CaseIterable {
        case role = "Role"
        case user = "User"
        case group = "Group"

        func names(of policy: IAM.ManagedPolicy) -> [String] {
            let names =
                switch self {
                case .role: policy.roles
                case .user: policy.users
                case .group: policy.groups
                }
            return (names ?? []).compactMap(\.literal)
        }
    }

    private enum Usage: String, Encodable {
        case permissions = "PermissionsPolicy"
        case boundary = "PermissionsBoundary"
    }

    private struct Entities: Sendable {
        var roles: [String] = []
        var users: [String] = []
        var groups: [String] = []

        func names(_ entity: Entity) -> [String] {
            switch entity {
            case .role: roles
            case .user: users
            case .group: groups
            }
        }

        var all: [String] {
            Entity.allCases.flatMap { entity in names(entity).map { "\(entity.rawValue.lowercased()) \($0)" } }
        }

        func others(than policy: IAM.ManagedPolicy) -> [String] {
            Entity.allCases.flatMap { entity in
                names(entity).filter { !entity.names(of: policy).contains($0) }
                    .map { "\(entity.rawValue.lowercased()) \($0)" }
            }
        }
    }

    /// Who uses the policy, and how.
    private static func entities(_ arn: String, _ usage: Usage, _ aws: AWSClient) async throws -> Entities {
        struct Input: Encodable { let policyArn: String, policyUsageFilter: Usage }
        struct Role: Decodable, Sendable { let roleName: String }
        struct User: Decodable, Sendable { let userName: String }
        struct Group: Decodable, Sendable { let groupName: String }
        struct Page: Decodable, Sendable {
            let policyRoles: [Role]
            let policyUsers: [User]
            let policyGroups: [Group]
        }
        var found = Entities()
        let input = Input(policyArn: arn, policyUsageFilter: usage)
        for try await page in aws.pages(.iam, "ListEntitiesForPolicy", input, as: Page.self) {
            found.roles += page.policyRoles.map(\.roleName)
            found.users += page.policyUsers.map(\.userName)
            found.groups += page.policyGroups.map(\.groupName)
        }
        return found
    }

    /// `AttachRolePolicy` and its five neighbours.
    private static func send(
        _ verb: String, _ entity: Entity, _ name: String, _ arn: String, _ aws: AWSClient
    ) async throws {
        struct Input: Encodable {
            var roleName, userName, groupName: String?
            let policyArn: String
        }
        var input = Input(policyArn: arn)
        switch entity {
        case .role: input.roleName = name
        case .user: input.userName = name
        case .group: input.groupName = name
        }
        try await aws.call(.iam, "\(verb)\(entity.rawValue)Policy", input)
    }

    private static func unbound(_ bounded: Entities, _ aws: AWSClient) async throws {
        struct User: Encodable { let userName: String }
        for name in bounded.roles {
            try await ifPresent { try await aws.call(.iam, "DeleteRolePermissionsBoundary", RoleName(name)) }
        }
        for name in bounded.users {
            try await ifPresent { try await aws.call(.iam, "DeleteUserPermissionsBoundary", User(userName: name)) }
        }
    }
}

// MARK: - Answers

/// The input of operations that are about a policy as a whole.
private struct PolicyARN: Encodable {
    let policyArn: String

    init(_ identity: String, _ aws: AWSClient) {
        let location = Location(aws)
        policyArn = location.arn("iam", "policy\(identity)", scope: .global)
    }
}

private struct PolicyOutput: Decodable, Sendable {
    let policy: PolicyAnswer
}

/// Source: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_Policy.html>
private struct PolicyAnswer: Decodable, Sendable {
    let policyName, policyId, arn, path: String
    let defaultVersionId: String
    /// Not in the answer to `CreatePolicy`.
    let description: Text?
    let tags: [ResourceTags.Tag]

    var attributes: IAM.ManagedPolicy.Attributes {
        IAM.ManagedPolicy.Attributes(name: policyName, arn: arn, policyID: policyId)
    }

    var allTags: [String: String] { Dictionary(tags.map { ($0.key, $0.value) }) { _, last in last } }

    func properties(_ document: IAM.PolicyDocument) -> IAM.ManagedPolicy {
        IAM.ManagedPolicy(
            document, description: description, path: Text(verbatim: path), name: Text(verbatim: policyName),
            tags: Ownership.declared(allTags).mapValues { Text(verbatim: $0) })
    }
}
