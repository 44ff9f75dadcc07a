private import FoundationEssentials
private import SlipwayAWS
import SlipwayDeclaration

extension FakeIAM {
    /// A policy of the account's own.
    package struct ManagedPolicy: Sendable {
        package var name: String
        package var id: String
        package var path: String
        package var description: String?
        package var tags: [String: String] = [:]
        /// The oldest first.
        package var versions: [Version]
        package var current: String
        var count = 1

        package struct Version: Sendable {
            package var id: String
            package var document: String
            package var created: Int
        }

        package var arn: String { "arn:aws:iam::\(FakeAWS.account):policy\(path)\(name)" }
        package var document: String { versions.first { $0.id == current }?.document ?? "" }
    }

    /// A user or group, as far as policies are attached to it.
    package struct Principal: Sendable {
        package var attached: [String] = []
        package var boundary: String?

        package init() {}
    }

    /// Whether an operation is about a managed policy, or about what users and groups have of one.
    func isAboutPolicies(_ operation: String) -> Bool {
        [
            "CreatePolicy", "GetPolicy", "GetPolicyVersion", "ListPolicyVersions", "CreatePolicyVersion",
            "DeletePolicyVersion", "DeletePolicy", "ListEntitiesForPolicy", "TagPolicy", "UntagPolicy",
            "AttachUserPolicy", "DetachUserPolicy", "AttachGroupPolicy", "DetachGroupPolicy",
            "DeleteUserPermissionsBoundary",
        ].contains(operation)
    }

    mutating func policyCall(_ call: FakeCall) throws -> JSON {
        switch call.operation {
        case "CreatePolicy": return try createPolicy(call)
        case "AttachUserPolicy", "DetachUserPolicy": return try attach(call, call["UserName"] ?? "", \.users)
        case "AttachGroupPolicy", "DetachGroupPolicy": return try attach(call, call["GroupName"] ?? "", \.groups)
        case "DeleteUserPermissionsBoundary":
            users[call["UserName"] ?? ""]?.boundary = nil
            return [:]
        default: break
        }
        let arn = call["PolicyArn"] ?? ""
        guard var policy = managed[arn] else {
            throw Refused("NoSuchEntity", "Policy \(arn) was not found.", 404)
        }
        switch call.operation {
        case "GetPolicy":
            var members = described(policy)
            if let description = policy.description { members["Description"] = .string(description) }
            return ["Policy": .object(members)]
        case "GetPolicyVersion":
            let version = try version(policy, call)
            var members = described(version, of: policy)
            members["Document"] = .string(PercentEncoding.encode(version.document))
            return ["PolicyVersion": .object(members)]
        case "ListPolicyVersions":
            return page(call, policy.versions.map { .object(described($0, of: policy)) }, "Versions")
        case "ListEntitiesForPolicy": return entities(call, arn)
        case "DeletePolicy":
            try deletePolicy(policy)
            managed[arn] = nil
            return [:]
        case "CreatePolicyVersion":
            let document = call["PolicyDocument"] ?? ""
            _ = try self.policy(document)
            if policy.versions.count >= 5 {
                throw Refused(
                    "LimitExceeded",
                    "A managed policy can have up to 5 versions. Before you create a new version, you must delete an existing version.",
                    409)
            }
            policy.count += 1
            let version = ManagedPolicy.Version(id: "v\(policy.count)", document: document, created: call.date)
            policy.versions.append(version)
            if call["SetAsDefault"] == "true" { policy.current = version.id }
            managed[arn] = policy
            return ["PolicyVersion": .object(described(version, of: policy))]
        case "DeletePolicyVersion":
            let version = try version(policy, call)
            if version.id == policy.current {
                throw Refused("DeleteConflict", "Cannot delete the default version of a policy.", 409)
            }
            policy.versions.removeAll { $0.id == version.id }
        case "TagPolicy": policy.tags.merge(try newTags(call)) { $1 }
        case "UntagPolicy": for key in call.input["TagKeys"]?.array ?? [] { policy.tags[key.string ?? ""] = nil }
        default: throw Refused(answer: .unknown(call))
        }
        managed[arn] = policy
        return [:]
    }

    private mutating func createPolicy(_ call: FakeCall) throws -> JSON {
        let document = call["PolicyDocument"] ?? ""
        _ = try policy(document)
        if document.filter({ !$0.isWhitespace }).count > 6144 {
            throw Refused("LimitExceeded", "Cannot exceed quota for PolicySize: 6144", 409)
        }
        let name = call["PolicyName"] ?? ""
        if managed.values.contains(where: { $0.name.lowercased() == name.lowercased() }) {
            throw Refused("EntityAlreadyExists", "A policy called \(name) already exists. Duplicate names are not allowed.", 409)
        }
        let first = ManagedPolicy.Version(id: "v1", document: document, created: call.date)
        let policy = ManagedPolicy(
            name: name, id: "ANPA" + FakeCall.identifier(call.serial, length: 17), path: call["Path"] ?? "/",
            description: call["Description"], tags: try newTags(call), versions: [first], current: "v1")
        managed[policy.arn] = policy
        return ["Policy": .object(described(policy))]
    }

    private func deletePolicy(_ policy: ManagedPolicy) throws {
        func conflict(_ words: String) -> Refused { Refused("DeleteConflict", words, 409) }
        let users = Array(self.users.values) + Array(groups.values)
        let isAttached = roles.values.contains { $0.attached.contains(policy.arn) || $0.boundary == policy.arn }
            || users.contains { $0.attached.contains(policy.arn) || $0.boundary == policy.arn }
        if isAttached { throw conflict("Cannot delete a policy attached to entities.") }
        if policy.versions.count > 1 {
            throw conflict("This policy has more than one version. Before you delete a policy, you must delete the policy's versions.")
        }
    }

    private mutating func attach(
        _ call: FakeCall, _ name: String, _ principals: WritableKeyPath<FakeIAM, [String: Principal]>
    ) throws -> JSON {
        guard var principal = self[keyPath: principals][name] else {
            throw Refused("NoSuchEntity", "The user or group with name \(name) cannot be found.", 404)
        }
        let arn = call["PolicyArn"] ?? ""
        if call.operation.hasPrefix("Attach") {
            _ = try existingPolicy(arn)
            if !principal.attached.contains(arn) { principal.attached.append(arn) }
        } else {
            guard principal.attached.contains(arn) else {
                throw Refused("NoSuchEntity", "Policy \(arn) was not found.", 404)
            }
            principal.attached.removeAll { $0 == arn }
        }
        self[keyPath: principals][name] = principal
        return [:]
    }

    private func entities(_ call: FakeCall, _ arn: String) -> JSON {
        let usage = call["PolicyUsageFilter"]
        func uses(_ attached: [String], _ boundary: String?) -> Bool {
            (usage != "PermissionsBoundary" && attached.contains(arn)) || (usage != "PermissionsPolicy" && boundary == arn)
        }
        func names(_ found: [String], _ member: String) -> JSON {
            .array(call.shuffled(found.sorted().map { [member: .string($0)] }))
        }
        return [
            "PolicyRoles": names(roles.values.filter { uses($0.attached, $0.boundary) }.map(\.name), "RoleName"),
            "PolicyUsers": names(users.filter { uses($0.value.attached, $0.value.boundary) }.map(\.key), "UserName"),
            "PolicyGroups": names(groups.filter { uses($0.value.attached, nil) }.map(\.key), "GroupName"),
            "IsTruncated": false,
        ]
    }

    private func version(_ policy: ManagedPolicy, _ call: FakeCall) throws -> ManagedPolicy.Version {
        let id = call["VersionId"] ?? ""
        guard let version = policy.versions.first(where: { $0.id == id }) else {
            throw Refused("NoSuchEntity", "Policy \(policy.arn) version \(id) does not exist.", 404)
        }
        return version
    }

    private func described(_ version: ManagedPolicy.Version, of policy: ManagedPolicy) -> [String: JSON] {
        [
            "VersionId": .string(version.id), "IsDefaultVersion": .bool(version.id == policy.current),
            "CreateDate": .string(Timestamp.text(Date(timeIntervalSince1970: Double(version.created)), .iso8601)),
        ]
    }

    /// Without the description, as the answer to a create is.
    private func described(_ policy: ManagedPolicy) -> [String: JSON] {
        [
            "PolicyName": .string(policy.name), "PolicyId": .string(policy.id), "Arn": .string(policy.arn),
            "Path": .string(policy.path), "DefaultVersionId": .string(policy.current),
            "Tags": .array(
                policy.tags.sorted { $0.key < $1.key }.map { ["Key": .string($0.key), "Value": .string($0.value)] }),
        ]
    }
}
