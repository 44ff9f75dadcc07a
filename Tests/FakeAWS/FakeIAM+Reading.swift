private import FoundationEssentials
private import SlipwayAWS
import SlipwayDeclaration

extension FakeIAM {
    mutating func createRole(_ call: FakeCall) throws -> JSON {
        let name = call["RoleName"] ?? ""
        if roles[name] != nil {
            throw Refused("EntityAlreadyExists", "Role with name \(name) already exists.", 409)
        }
        if roles.count >= roleQuota {
            throw Refused("LimitExceeded", "Cannot exceed quota for RolesPerAccount: \(roleQuota)", 409)
        }
        var role = Role(
            name: name, id: "AROA" + FakeCall.identifier(call.serial, length: 17), path: call["Path"] ?? "/",
            created: call.date, trust: try trust(call["AssumeRolePolicyDocument"] ?? ""),
            description: call["Description"], tags: try newTags(call))
        role.session = call["MaxSessionDuration"].flatMap { Int($0) } ?? 3600
        role.boundary = try call["PermissionsBoundary"].map(existingPolicy)
        role.unknownARNs = unknownARNs
        roles[name] = role
        return ["Role": .object(described(role))]
    }

    mutating func getRole(_ call: FakeCall) throws -> JSON {
        let role = try role(call)
        var members = described(role)
        if role.unknownARNs > 0 {
            members["Arn"] = .string(role.id)
            roles[role.name]?.unknownARNs -= 1
        }
        return ["Role": .object(members)]
    }

    func getRolePolicy(_ call: FakeCall) throws -> JSON {
        let role = try role(call)
        let name = call["PolicyName"] ?? ""
        guard let document = role.inline[name] else {
            throw Refused("NoSuchEntity", "The role policy with name \(name) cannot be found.", 404)
        }
        return [
            "RoleName": .string(role.name), "PolicyName": .string(name),
            "PolicyDocument": .string(PercentEncoding.encode(document)),
        ]
    }

    /// Without tags and boundary, as AWS lists roles.
    func listRoles(_ call: FakeCall) -> JSON {
        let prefix = call["PathPrefix"] ?? "/"
        let found = roles.values.filter { $0.path.hasPrefix(prefix) }.sorted { $0.name < $1.name }
        let items: [JSON] = found.map { role in
            var members = described(role)
            members["Tags"] = nil
            members["PermissionsBoundary"] = nil
            return .object(members)
        }
        return page(call, items, "Roles")
    }

    /// Without description and session length, as AWS gives details.
    func accountDetails(_ call: FakeCall) -> JSON {
        let filter = call.input["Filter"]?.array ?? ["Role"]
        let items: [JSON] = roles.values.sorted { $0.name < $1.name }.map { role in
            var members = described(role)
            members["Description"] = nil
            members["MaxSessionDuration"] = nil
            members["RolePolicyList"] = .array(
                role.inline.sorted { $0.key < $1.key }.map {
                    ["PolicyName": .string($0.key), "PolicyDocument": .string(PercentEncoding.encode($0.value))]
                })
            members["AttachedManagedPolicies"] = .array(role.attached.map(attachment))
            members["InstanceProfileList"] = .array(role.profiles.map { ["InstanceProfileName": .string($0)] })
            return .object(members)
        }
        return page(call, filter.contains("Role") ? items : [], "RoleDetailList")
    }

    private func described(_ role: Role) -> [String: JSON] {
        var members: [String: JSON] = [
            "RoleName": .string(role.name), "RoleId": .string(role.id), "Path": .string(role.path),
            "Arn": .string(role.arn), "MaxSessionDuration": .int(role.session),
            "CreateDate": .string(Timestamp.text(Date(timeIntervalSince1970: Double(role.created)), .iso8601)),
            "AssumeRolePolicyDocument": .string(PercentEncoding.encode(role.trust)),
        ]
        if let description = role.description { members["Description"] = .string(description) }
        if let boundary = role.boundary {
            members["PermissionsBoundary"] = [
                "PermissionsBoundaryType": "PermissionsBoundaryPolicy", "PermissionsBoundaryArn": .string(boundary),
            ]
        }
        if !role.tags.isEmpty { members["Tags"] = .array(tags(role)) }
        return members
    }

    func tags(_ role: Role) -> [JSON] {
        role.tags.sorted { $0.key < $1.key }.map { ["Key": .string($0.key), "Value": .string($0.value)] }
    }

    func attachment(_ arn: String) -> JSON {
        ["PolicyName": .string(arn.split(separator: "/").last.map { String($0) } ?? ""), "PolicyArn": .string(arn)]
    }

    /// One page of a list, as much of it as is asked for; the marker is the index of the next item.
    func page(_ call: FakeCall, _ items: [JSON], _ member: String) -> JSON {
        let start = call["Marker"].flatMap { Int($0) } ?? 0
        let size = min(pageSize, call["MaxItems"].flatMap { Int($0) } ?? 100)
        let end = min(items.count, start + size)
        var output: [String: JSON] = [
            member: .array(call.shuffled(Array(items[min(start, end)..<end]))), "IsTruncated": .bool(end < items.count),
        ]
        if end < items.count { output["Marker"] = .string(String(end)) }
        return .object(output)
    }
}
