import SlipwayDeclaration

/// Elastic Compute Cloud: security groups, and the networks that they are in.
///
/// Source of codes and words: <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html>
package struct FakeEC2: Sendable {
    /// Groups by id.
    package var groups: [String: Group] = [:]
    /// Networks by id. An account has one in each region.
    package var vpcs: [String: VPC] = [
        "vpc-0default": VPC(isDefault: true, subnets: ["subnet-0c", "subnet-0a", "subnet-0b"])
    ]
    /// Ids of groups that network interfaces are in.
    package var used: Set<String> = []
    /// How many deletes of groups are still refused, as interfaces that were just given back are still there.
    package var lingeringInterfaces = 0
    /// How many rules a group may have in each direction.
    package var ruleQuota = 60

    package struct VPC: Sendable {
        package var isDefault: Bool
        package var subnets: [String]

        package init(isDefault: Bool, subnets: [String] = []) {
            self.isDefault = isDefault
            self.subnets = subnets
        }
    }

    package struct Group: Sendable {
        package var id: String
        package var name: String
        package var description: String
        package var vpc: String
        package var ingress: [Rule] = []
        package var egress: [Rule] = []
        package var tags: [String: String] = [:]

        package init(id: String, name: String, description: String, vpc: String) {
            self.id = id
            self.name = name
            self.description = description
            self.vpc = vpc
        }
    }

    package struct Rule: Sendable, Hashable {
        package var ipProtocol: String
        package var from: String?
        package var to: String?
        /// The list of a permission that it belongs to, such as `IpRanges`.
        package var list: String
        /// A range, or an id.
        package var peer: String
        package var description: String?

        package init(
            ipProtocol: String, from: String? = nil, to: String? = nil, list: String, peer: String,
            description: String? = nil
        ) {
            self.ipProtocol = ipProtocol
            self.from = from
            self.to = to
            self.list = list
            self.peer = peer
            self.description = description
        }

        package static let everything = Rule(ipProtocol: "-1", list: "IpRanges", peer: "0.0.0.0/0")

        func isSame(as other: Rule) -> Bool {
            var (left, right) = (self, other)
            left.description = nil
            right.description = nil
            return left == right
        }
    }

    /// Carries a call out.
    package mutating func handle(_ call: FakeCall) -> FakeAnswer {
        do {
            return .ok(try carryOut(call))
        } catch let refusal as Refused {
            return refusal.answer
        } catch {
            return .error("InternalError", "\(error)", status: 500)
        }
    }

    private mutating func carryOut(_ call: FakeCall) throws -> JSON {
        switch call.operation {
        case "CreateSecurityGroup": return try createGroup(call)
        case "DescribeSecurityGroups": return describeGroups(call)
        case "DeleteSecurityGroup": return try deleteGroup(call)
        case "AuthorizeSecurityGroupIngress": return try changeRules(call, \.ingress, authorize)
        case "AuthorizeSecurityGroupEgress": return try changeRules(call, \.egress, authorize)
        case "RevokeSecurityGroupIngress": return try changeRules(call, \.ingress, revoke)
        case "RevokeSecurityGroupEgress": return try changeRules(call, \.egress, revoke)
        case "UpdateSecurityGroupRuleDescriptionsIngress": return try changeRules(call, \.ingress, describe)
        case "UpdateSecurityGroupRuleDescriptionsEgress": return try changeRules(call, \.egress, describe)
        case "CreateTags", "DeleteTags": return try changeTags(call)
        case "DescribeVpcs":
            let isDefault = filter(call)["is-default"]
            let found = vpcs.filter { isDefault?.contains(String($0.value.isDefault)) ?? true }
            return [
                "vpcSet": .array(
                    found.sorted { $0.key < $1.key }.map {
                        ["vpcId": .string($0.key), "isDefault": .bool($0.value.isDefault), "state": "available"]
                    })
            ]
        case "DescribeSubnets":
            let wanted = filter(call)["vpc-id"]
            let found = vpcs.filter { wanted?.contains($0.key) ?? true }
            return [
                "subnetSet": .array(
                    found.flatMap { id, vpc in
                        vpc.subnets.map { ["subnetId": .string($0), "vpcId": .string(id), "state": "available"] }
                    })
            ]
        default: throw Refused(answer: .unknown(call))
        }
    }

    private func filter(_ call: FakeCall) -> [String: [String]] {
        var values: [String: [String]] = [:]
        for filter in call.input["Filter"]?.array ?? [] {
            values[filter["Name"]?.string ?? ""] = (filter["Value"]?.array ?? []).compactMap(\.string)
        }
        return values
    }
}

// MARK: - Groups

extension FakeEC2 {
    private mutating func createGroup(_ call: FakeCall) throws -> JSON {
        let name = call["GroupName"] ?? ""
        let vpc = try call["VpcId"] ?? vpcs.first { $0.value.isDefault }?.key ?? {
            throw Refused("VPCIdNotSpecified", "No default VPC for this user")
        }()
        guard vpcs[vpc] != nil else {
            throw Refused("InvalidVpcID.NotFound", "The vpc ID '\(vpc)' does not exist")
        }
        guard let description = call["GroupDescription"], !description.isEmpty else {
            throw Refused("MissingParameter", "The request must contain the parameter GroupDescription")
        }
        guard !groups.values.contains(where: { $0.name == name && $0.vpc == vpc }) else {
            throw Refused(
                "InvalidGroup.Duplicate", "The security group '\(name)' already exists for VPC '\(vpc)'")
        }
        let id = "sg-" + FakeCall.identifier(call.serial, length: 17).lowercased()
        var group = Group(id: id, name: name, description: description, vpc: vpc)
        group.egress = [.everything]
        for specification in call.input["TagSpecification"]?.array ?? []
        where specification["ResourceType"]?.string == "security-group" {
            for tag in specification["Tag"]?.array ?? [] { group.tags[tag["Key"]?.string ?? ""] = tag["Value"]?.string }
        }
        groups[id] = group
        return ["groupId": .string(id)]
    }

    private func describeGroups(_ call: FakeCall) -> JSON {
        let filter = filter(call)
        let found = groups.values.filter { group in
            filter.allSatisfy { name, values in
                switch name {
                case "group-id": values.contains(group.id)
                case "group-name": values.contains(group.name)
                case "vpc-id": values.contains(group.vpc)
                default: name.hasPrefix("tag:") && values.contains(group.tags[String(name.dropFirst(4))] ?? "")
                }
            }
        }
        return [
            "securityGroupInfo": .array(
                found.sorted { $0.id < $1.id }.map { group in
                    [
                        "groupId": .string(group.id), "groupName": .string(group.name),
                        "groupDescription": .string(group.description), "vpcId": .string(group.vpc),
                        "ownerId": .string(FakeAWS.account),
                        "ipPermissions": .array(call.shuffled(permissions(group.ingress))),
                        "ipPermissionsEgress": .array(call.shuffled(permissions(group.egress))),
                        "tagSet": .array(
                            group.tags.sorted { $0.key < $1.key }.map {
                                ["key": .string($0.key), "value": .string($0.value)]
                            }),
                    ]
                })
        ]
    }

    /// Rules for the same ports of the same protocol are one permission, as AWS gives them back.
    private func permissions(_ rules: [Rule]) -> [JSON] {
        let byPorts = Dictionary(grouping: rules) { [$0.ipProtocol, $0.from ?? "", $0.to ?? ""] }
        return byPorts.sorted { $0.key.joined() < $1.key.joined() }.map { ports, rules in
            var members: [String: JSON] = ["ipProtocol": .string(ports[0])]
            if !ports[1].isEmpty { members["fromPort"] = .string(ports[1]) }
            if !ports[2].isEmpty { members["toPort"] = .string(ports[2]) }
            for (list, (name, member)) in Self.lists {
                members[name] = .array(
                    rules.filter { $0.list == list }.map { rule in
                        var peer: [String: JSON] = [member.lowercasedFirst: .string(rule.peer)]
                        if list == "Groups" { peer["userId"] = .string(FakeAWS.account) }
                        if let text = rule.description { peer["description"] = .string(text) }
                        return .object(peer)
                    })
            }
            return .object(members)
        }
    }

    private mutating func deleteGroup(_ call: FakeCall) throws -> JSON {
        let group = try group(call["GroupId"] ?? "")
        let isReferred = groups.values.contains { other in
            other.id != group.id && (other.ingress + other.egress).contains { $0.peer == group.id }
        }
        if lingeringInterfaces > 0 || used.contains(group.id) || isReferred {
            lingeringInterfaces = max(0, lingeringInterfaces - 1)
            throw Refused("DependencyViolation", "resource \(group.id) has a dependent object")
        }
        groups[group.id] = nil
        return ["return": true]
    }

    private mutating func changeTags(_ call: FakeCall) throws -> JSON {
        for id in (call.input["ResourceId"]?.array ?? []).compactMap(\.string) {
            var group = try group(id)
            for tag in call.input["Tag"]?.array ?? [] {
                group.tags[tag["Key"]?.string ?? ""] = call.operation == "CreateTags" ? tag["Value"]?.string ?? "" : nil
            }
            if group.tags.count > 50 { throw Refused("TagLimitExceeded", "a resource has at most 50 tags") }
            groups[id] = group
        }
        return ["return": true]
    }

    private func group(_ id: String) throws -> Group {
        guard let group = groups[id] else {
            throw Refused("InvalidGroup.NotFound", "The security group '\(id)' does not exist")
        }
        return group
    }
}

// MARK: - Rules

extension FakeEC2 {
    /// By the name of a permission's list in a request: its name in an answer, and the member that names the peer.
    private static let lists = [
        "IpRanges": ("ipRanges", "CidrIp"), "Ipv6Ranges": ("ipv6Ranges", "CidrIpv6"),
        "PrefixListIds": ("prefixListIds", "PrefixListId"), "Groups": ("groups", "GroupId"),
    ]

    private mutating func changeRules(
        _ call: FakeCall, _ direction: WritableKeyPath<Group, [Rule]>, _ change: ([Rule], Rule) throws -> [Rule]
    ) throws -> JSON {
        var group = try group(call["GroupId"] ?? "")
        for permission in call.input["IpPermissions"]?.array ?? [] {
            for (list, (_, member)) in Self.lists {
                for peer in permission[list]?.array ?? [] {
                    let rule = Rule(
                        ipProtocol: permission["IpProtocol"]?.string ?? "", from: permission["FromPort"]?.string,
                        to: permission["ToPort"]?.string, list: list, peer: peer[member]?.string ?? "",
                        description: peer["Description"]?.string)
                    group[keyPath: direction] = try change(group[keyPath: direction], rule)
                }
            }
        }
        groups[group.id] = group
        return ["return": true]
    }

    private func authorize(_ rules: [Rule], _ new: Rule) throws -> [Rule] {
        if rules.contains(where: { $0.isSame(as: new) }) {
            throw Refused("InvalidPermission.Duplicate", "the specified rule \"peer: \(new.peer)\" already exists")
        }
        if new.list == "Groups" { _ = try group(new.peer) }
        if ["tcp", "udp", "icmp"].contains(new.ipProtocol), new.from == nil {
            throw Refused("MissingParameter", "The request must contain the parameter fromPort")
        }
        if rules.count >= ruleQuota {
            throw Refused("RulesPerSecurityGroupLimitExceeded", "The maximum number of rules has been reached.")
        }
        return rules + [new]
    }

    private func revoke(_ rules: [Rule], _ old: Rule) throws -> [Rule] {
        guard let index = rules.firstIndex(where: { $0.isSame(as: old) }) else {
            throw Refused("InvalidPermission.NotFound", "The specified rule does not exist in this security group.")
        }
        var rules = rules
        rules.remove(at: index)
        return rules
    }

    private func describe(_ rules: [Rule], _ rule: Rule) throws -> [Rule] {
        try revoke(rules, rule) + [rule]
    }
}

extension String {
    fileprivate var lowercasedFirst: String { prefix(1).lowercased() + dropFirst() }
}
