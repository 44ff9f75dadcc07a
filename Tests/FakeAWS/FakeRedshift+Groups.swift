import SlipwayDeclaration

extension FakeRedshift {
    // MARK: Subnet groups

    mutating func createSubnetGroup(_ call: FakeCall) throws -> JSON {
        let name = (call["ClusterSubnetGroupName"] ?? "").lowercased()
        if subnetGroups[name] != nil {
            throw Refused("ClusterSubnetGroupAlreadyExists", "Cluster subnet group '\(name)' already exists.")
        }
        let group = SubnetGroup(
            description: call["Description"] ?? "", subnets: try subnets(call), tags: try newTags(call))
        subnetGroups[name] = group
        return ["ClusterSubnetGroup": described(name, group)]
    }

    func describeSubnetGroups(_ call: FakeCall) throws -> JSON {
        if let name = call["ClusterSubnetGroupName"] {
            return ["ClusterSubnetGroups": [described(name, try subnetGroup(name))]]
        }
        let items = subnetGroups.sorted { $0.key < $1.key }.map { described($0.key, $0.value) }
        return page(call, items, "ClusterSubnetGroups")
    }

    mutating func changeSubnetGroup(_ call: FakeCall) throws -> JSON {
        let name = call["ClusterSubnetGroupName"] ?? ""
        var group = try subnetGroup(name)
        if call.operation == "DeleteClusterSubnetGroup" {
            if let user = clusters.first(where: { $0.value.members["ClusterSubnetGroupName"] == .string(name) })?.key {
                throw Refused(
                    "InvalidClusterSubnetGroupStateFault",
                    "Cannot delete the subnet group '\(name)' because at least one cluster: \(user) is still using it.")
            }
            subnetGroups[name] = nil
            return [:]
        }
        group.subnets = try subnets(call)
        if let description = call["Description"] { group.description = description }
        subnetGroups[name] = group
        return ["ClusterSubnetGroup": described(name, group)]
    }

    private func subnetGroup(_ name: String) throws -> SubnetGroup {
        guard let group = subnetGroups[name] else {
            throw Refused("ClusterSubnetGroupNotFoundFault", "Cluster subnet group '\(name)' not found.")
        }
        return group
    }

    private func subnets(_ call: FakeCall) throws -> [String] {
        let subnets = texts(call, "SubnetIds")
        guard !subnets.isEmpty, subnets.allSatisfy({ $0.hasPrefix("subnet-") }) else {
            throw Refused("InvalidSubnet", "Some input subnets in :\(subnets) are invalid.")
        }
        return subnets
    }

    private func described(_ name: String, _ group: SubnetGroup) -> JSON {
        [
            "ClusterSubnetGroupName": .string(name), "Description": .string(group.description), "VpcId": "vpc-1",
            "SubnetGroupStatus": "Complete",
            "Subnets": .array(
                group.subnets.sorted().map {
                    [
                        "SubnetIdentifier": .string($0), "SubnetStatus": "Active",
                        "SubnetAvailabilityZone": ["Name": "eu-west-1a"],
                    ]
                }), "Tags": FakeRedshift.tags(group.tags),
        ]
    }

    // MARK: Parameter groups

    /// Parameters, what they are when nobody sets them, and whether they wait for a reboot.
    ///
    /// Source: <https://docs.aws.amazon.com/redshift/latest/mgmt/working-with-parameter-groups.html>
    private static let parameters: [String: (value: String, isStatic: Bool)] = [
        "auto_analyze": ("true", true), "datestyle": ("ISO, MDY", true),
        "enable_case_sensitive_identifier": ("false", true), "enable_user_activity_logging": ("false", true),
        "extra_float_digits": ("0", true), "max_concurrency_scaling_clusters": ("1", true),
        "query_group": ("default", true), "require_ssl": ("true", true), "search_path": ("$user, public", true),
        "statement_timeout": ("0", true), "use_fips_ssl": ("false", true),
        "wlm_json_configuration": (#"[{"auto_wlm":true}]"#, false),
    ]

    mutating func createParameterGroup(_ call: FakeCall) throws -> JSON {
        let name = (call["ParameterGroupName"] ?? "").lowercased()
        if parameterGroups[name] != nil {
            throw Refused("ClusterParameterGroupAlreadyExists", "ParameterGroup \(name) already exists")
        }
        let family = call["ParameterGroupFamily"] ?? ""
        guard ["redshift-1.0", "redshift-2.0"].contains(family) else {
            throw Refused("InvalidParameterValue", "ParameterGroupFamily \(family) is not a valid parameter group family")
        }
        let group = ParameterGroup(family: family, description: call["Description"] ?? "", tags: try newTags(call))
        parameterGroups[name] = group
        return ["ClusterParameterGroup": described(name, group)]
    }

    func describeParameterGroups(_ call: FakeCall) throws -> JSON {
        if let name = call["ParameterGroupName"] {
            return ["ParameterGroups": [described(name, try parameterGroup(name))]]
        }
        let items = parameterGroups.sorted { $0.key < $1.key }.map { described($0.key, $0.value) }
        return page(call, items, "ParameterGroups")
    }

    func describeParameters(_ call: FakeCall) throws -> JSON {
        let group = try parameterGroup(call["ParameterGroupName"] ?? "")
        let items: [JSON] = FakeRedshift.parameters.sorted { $0.key < $1.key }.compactMap { name, parameter in
            let source = group.values[name] == nil ? "engine-default" : "user"
            if let wanted = call["Source"], wanted != source { return nil }
            return [
                "ParameterName": .string(name), "ParameterValue": .string(group.values[name] ?? parameter.value),
                "Source": .string(source), "ApplyType": parameter.isStatic ? "static" : "dynamic",
            ]
        }
        return page(call, items, "Parameters")
    }

    mutating func changeParameterGroup(_ call: FakeCall) throws -> JSON {
        let name = call["ParameterGroupName"] ?? ""
        var group = try parameterGroup(name)
        let users = clusters.filter { $0.value.parameterGroup == name }.keys
        if call.operation == "DeleteClusterParameterGroup" {
            if let user = users.first {
                throw Refused(
                    "InvalidClusterParameterGroupState", "ParameterGroup \(name) is used by the cluster \(user)")
            }
            parameterGroups[name] = nil
            return [:]
        }
        let items = call.input["Parameters"]?.array ?? []
        if items.isEmpty, call["ResetAllParameters"] != "true" {
            throw Refused("InvalidParameterCombination", "Parameters must be named, or all of them reset.")
        }
        if call["ResetAllParameters"] == "true" { group.values = [:] }
        for item in items {
            let parameter = item["ParameterName"]?.string ?? ""
            guard let known = FakeRedshift.parameters[parameter] else {
                throw Refused("InvalidParameterValue", "Could not find parameter with name: \(parameter)")
            }
            group.values[parameter] =
                call.operation == "ResetClusterParameterGroup" ? nil : item["ParameterValue"]?.string ?? ""
            if known.isStatic { for user in users { clusters[user]?.parameterApplyStatus = "pending-reboot" } }
        }
        parameterGroups[name] = group
        return ["ParameterGroupName": .string(name), "ParameterGroupStatus": "Your parameter group has been updated."]
    }

    private func parameterGroup(_ name: String) throws -> ParameterGroup {
        guard let group = parameterGroups[name] else {
            throw Refused("ClusterParameterGroupNotFound", "ParameterGroup not found: \(name)", 404)
        }
        return group
    }

    private func described(_ name: String, _ group: ParameterGroup) -> JSON {
        [
            "ParameterGroupName": .string(name), "ParameterGroupFamily": .string(group.family),
            "Description": .string(group.description), "Tags": FakeRedshift.tags(group.tags),
        ]
    }
}
