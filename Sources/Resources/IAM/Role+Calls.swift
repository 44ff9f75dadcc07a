public import SlipwayAWS
import SlipwayDeclaration
public import SlipwayProvider

extension IAM.Role {
    public func create(_ new: Creation, _ aws: AWSClient) async throws -> Created<IAM.Role> {
        struct Input: Encodable {
            let roleName: String
            let path: Text?
            let assumeRolePolicyDocument: String
            let description: Text?
            let maxSessionDuration: Int?
            let permissionsBoundary: Text?
            let tags: [ResourceTags.Tag]
        }
        let input = Input(
            roleName: new.name, path: path, assumeRolePolicyDocument: try assumeRolePolicyDocument.text(),
            description: description?.nonEmpty, maxSessionDuration: maxSessionDuration,
            permissionsBoundary: permissionsBoundary, tags: ResourceTags.Tag.list(new.tags(tags)))
        let role = try await aws.call(.iam, "CreateRole", input, as: RoleOutput.self).role
        var made = self
        made.policies = nil
        made.managedPolicyArns = nil
        return Created(role.roleName, made, role.attributes, immutableID: role.roleId)
    }

    public static func read(
        _ identity: String, _ interest: Interest, _ aws: AWSClient
    ) async throws -> Observation<IAM.Role> {
        let named = RoleName(identity)
        guard let role = try await ifPresent({ try await aws.call(.iam, "GetRole", named, as: RoleOutput.self).role })
        else { return .absent }
        var properties = try role.properties()
        properties.maxSessionDuration = role.maxSessionDuration
        properties.description = role.description
        // The role may be gone by now; it is absent then, whichever call says so.
        if interest.includes("Policies") {
            guard let policies = try await inlinePolicies(identity, aws) else { return .absent }
            properties.policies = policies
        }
        if interest.includes("ManagedPolicyArns") {
            guard let attached = try await ifPresent({ try await attachedPolicies(identity, aws) }) else {
                return .absent
            }
            properties.managedPolicyArns = attached.map { Text(verbatim: $0) }
        }
        return role.observation(properties)
    }

    public func update(_ identity: String, from current: IAM.Role, _ aws: AWSClient) async throws {
        let (old, new) = (current.canonical(), canonical())
        if old.permissionsBoundary != new.permissionsBoundary {
            try await putBoundary(identity, aws)
        }
        if old.assumeRolePolicyDocument != new.assumeRolePolicyDocument {
            struct Input: Encodable { let roleName, policyDocument: String }
            let input = Input(roleName: identity, policyDocument: try assumeRolePolicyDocument.text())
            try await aws.call(.iam, "UpdateAssumeRolePolicy", input)
        }
        if old.description != new.description || (old.maxSessionDuration ?? 3600) != (new.maxSessionDuration ?? 3600) {
            // What is left out is kept, so what is to go is sent as what it is without it.
            struct Input: Encodable { let roleName: String, description: Text, maxSessionDuration: Int }
            let input = Input(
                roleName: identity, description: new.description ?? "",
                maxSessionDuration: new.maxSessionDuration ?? 3600)
            try await aws.call(.iam, "UpdateRole", input)
        }
        try await updatePolicies(identity, from: old.policies ?? [:], to: new.policies ?? [:], aws)
        try await updateAttachments(identity, from: old.managedPolicyArns ?? [], to: new.managedPolicyArns ?? [], aws)
        let change = TagChange(from: current.tags, to: tags)
        if !change.added.isEmpty { try await Self.tag(identity, change.added, aws) }
        if !change.removed.isEmpty {
            struct Input: Encodable { let roleName: String, tagKeys: [String] }
            try await aws.call(.iam, "UntagRole", Input(roleName: identity, tagKeys: change.removed))
        }
    }

    public static func tag(_ identity: String, _ tags: [String: String], _ aws: AWSClient) async throws {
        struct Input: Encodable { let roleName: String, tags: [ResourceTags.Tag] }
        try await aws.call(.iam, "TagRole", Input(roleName: identity, tags: ResourceTags.Tag.list(tags)))
    }

    public func delete(_ identity: String, _ aws: AWSClient) async throws {
        let ours = Set((managedPolicyArns ?? []).compactMap(\.literal))
        try await ifPresent {
            let attached = try await Self.attachedPolicies(identity, aws)
            let profiles = try await Self.instanceProfiles(identity, aws)
            let foreign = attached.filter { !ours.contains($0) } + profiles.map { "instance profile \($0)" }
            if detachOnDelete != true, !foreign.isEmpty { throw Self.conflict(identity, foreign) }
            for profile in profiles {
                struct Input: Encodable { let roleName, instanceProfileName: String }
                let input = Input(roleName: identity, instanceProfileName: profile)
                try await ifPresent { try await aws.call(.iam, "RemoveRoleFromInstanceProfile", input) }
            }
            for arn in attached { try await Self.detach(arn, identity, aws) }
            for name in try await Self.policyNames(identity, aws) { try await Self.deletePolicy(name, identity, aws) }
            try await aws.call(.iam, "DeleteRole", RoleName(identity))
        }
    }

    /// AWS's answer to deleting a role that others still use, given before anything is taken from the role.
    private static func conflict(_ identity: String, _ foreign: [String]) -> AWSError {
        AWSError(
            service: Service.iam.name, operation: "DeleteRole", code: "DeleteConflict",
            message: "role \(identity) is used by what is not declared with it: \(foreign.joined(separator: ", ")); "
                + "detach it, or set detachOnDelete",
            kind: .invalid, attempts: 0)
    }
}

// MARK: - Parts

extension IAM.Role {
    private func putBoundary(_ identity: String, _ aws: AWSClient) async throws {
        if let permissionsBoundary {
            struct Input: Encodable { let roleName: String, permissionsBoundary: Text }
            let input = Input(roleName: identity, permissionsBoundary: permissionsBoundary)
            try await aws.call(.iam, "PutRolePermissionsBoundary", input)
        } else {
            try await ifPresent {
                try await aws.call(.iam, "DeleteRolePermissionsBoundary", RoleName(identity))
            }
        }
    }

    private func updatePolicies(
        _ identity: String, from old: [String: IAM.PolicyDocument], to new: [String: IAM.PolicyDocument],
        _ aws: AWSClient
    ) async throws {
        struct Input: Encodable { let roleName, policyName, policyDocument: String }
        for (name, document) in new.sorted(by: { $0.key < $1.key }) where old[name] != document {
            let declared = policies?[name] ?? document
            let input = Input(roleName: identity, policyName: name, policyDocument: try declared.text())
            try await aws.call(.iam, "PutRolePolicy", input)
        }
        for name in old.keys.sorted() where new[name] == nil { try await Self.deletePolicy(name, identity, aws) }
    }

    private func updateAttachments(
        _ identity: String, from old: [Text], to new: [Text], _ aws: AWSClient
    ) async throws {
        let detached = old.filter { !new.contains($0) }.compactMap(\.literal)
        // A role has room for ten policies. As long as there is room, it keeps what it may do while they change.
        // Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
        let detachesFirst = Set(old).union(new).count > 10
        if detachesFirst { for arn in detached { try await Self.detach(arn, identity, aws) } }
        for arn in new where !old.contains(arn) {
            struct Input: Encodable { let roleName: String, policyArn: Text }
            try await aws.call(.iam, "AttachRolePolicy", Input(roleName: identity, policyArn: arn))
        }
        if !detachesFirst { for arn in detached { try await Self.detach(arn, identity, aws) } }
    }

    private static func deletePolicy(_ name: String, _ identity: String, _ aws: AWSClient) async throws {
        struct Input: Encodable { let roleName, policyName: String }
        let input = Input(roleName: identity, policyName: name)
        try await ifPresent { try await aws.call(.iam, "DeleteRolePolicy", input) }
    }

    private static func detach(_ arn: String, _ identity: String, _ aws: AWSClient) async throws {
        struct Input: Encodable { let roleName, policyArn: String }
        let input = Input(roleName: identity, policyArn: arn)
        try await ifPresent { try await aws.call(.iam, "DetachRolePolicy", input) }
    }

    private static func policyNames(_ identity: String, _ aws: AWSClient) async throws -> [String] {
        struct Page: Decodable { let policyNames: [String] }
        return try await aws.pages(.iam, "ListRolePolicies", RoleName(identity), as: Page.self).all(\.policyNames)
    }

    private static func attachedPolicies(_ identity: String, _ aws: AWSClient) async throws -> [String] {
        struct Page: Decodable { let attachedPolicies: [AttachedPolicy] }
        return try await aws.pages(.iam, "ListAttachedRolePolicies", RoleName(identity), as: Page.self)
            .all(\.attachedPolicies).map(\.policyArn)
    }

    private static func instanceProfiles(_ identity: String, _ aws: AWSClient) async throws -> [String] {
        struct Profile: Decodable { let instanceProfileName: String }
        struct Page: Decodable { let instanceProfiles: [Profile] }
        return try await aws.pages(.iam, "ListInstanceProfilesForRole", RoleName(identity), as: Page.self)
            .all(\.instanceProfiles).map(\.instanceProfileName)
    }

    /// The policies inside of a role; `nil` when there is no role.
    private static func inlinePolicies(
        _ identity: String, _ aws: AWSClient
    ) async throws -> [String: IAM.PolicyDocument]? {
        struct Input: Encodable { let roleName, policyName: String }
        guard let names = try await ifPresent({ try await policyNames(identity, aws) }) else { return nil }
        var policies: [String: IAM.PolicyDocument] = [:]
        for name in names {
            let input = Input(roleName: identity, policyName: name)
            let found = try await ifPresent { try await aws.call(.iam, "GetRolePolicy", input, as: PolicyDetail.self) }
            policies[name] = try found.map { try IAM.PolicyDocument(encoded: $0.policyDocument) }
        }
        return policies
    }
}
