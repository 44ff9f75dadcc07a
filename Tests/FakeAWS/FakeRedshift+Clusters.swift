private import FoundationEssentials
private import SlipwayAWS
import SlipwayDeclaration

extension FakeRedshift {
    func cluster(_ call: FakeCall) throws -> Cluster {
        let name = call["ClusterIdentifier"] ?? ""
        guard let cluster = clusters[name] else {
            throw Refused("ClusterNotFound", "Cluster \(name) not found.", 404)
        }
        return cluster
    }

    mutating func createCluster(_ call: FakeCall) throws -> JSON {
        let name = (call["ClusterIdentifier"] ?? "").lowercased()
        if clusters[name] != nil { throw Refused("ClusterAlreadyExists", "Cluster already exists") }
        if (call["ManageMasterPassword"] == "true") == (call["MasterUserPassword"] != nil) {
            throw Refused(
                "InvalidParameterCombination", "Specify either ManageMasterPassword or MasterUserPassword, not both")
        }
        try checkSize(call)
        let group = call["ClusterSubnetGroupName"] ?? "default"
        if group != "default", subnetGroups[group] == nil {
            throw Refused("ClusterSubnetGroupNotFoundFault", "Cluster subnet group \(group) not found.")
        }
        let uuid = "00000000-0000-4000-8000-\(FakeCall.identifier(call.serial, length: 12))"
        let created = Timestamp.text(Date(timeIntervalSince1970: Double(call.date)), .iso8601)
        var cluster = Cluster(members: [
            "ClusterIdentifier": .string(name), "ClusterCreateTime": .string(created),
            "ClusterNamespaceArn": .string(FakeRedshift.arn(call, "namespace:\(uuid)")), "VpcId": "vpc-1",
            "ClusterSubnetGroupName": .string(group), "NumberOfNodes": "1", "AutomatedSnapshotRetentionPeriod": "1",
            "ManualSnapshotRetentionPeriod": "-1", "ClusterVersion": "1.0", "AllowVersionUpgrade": "true",
            "PubliclyAccessible": "false", "Encrypted": "true", "KmsKeyId": "AWS_OWNED_KMS_KEY",
            "EnhancedVpcRouting": "false", "MaintenanceTrackName": "current", "MultiAZ": "Disabled",
            "AvailabilityZone": .string("\(call.region)a"), "PreferredMaintenanceWindow": "sun:06:30-sun:07:00",
            "AvailabilityZoneRelocationStatus": call["PubliclyAccessible"] == "true" ? "disabled" : "enabled",
            "DBName": .string((call["DBName"] ?? "dev").lowercased()),
            "MasterUsername": .string((call["MasterUsername"] ?? "").lowercased()),
        ])
        for member in FakeRedshift.settings { cluster.members[member] = call.input[member] ?? cluster.members[member] }
        cluster.members["NodeType"] = call.input["NodeType"]
        cluster.members["NumberOfNodes"] = call.input["NumberOfNodes"] ?? "1"
        if let zone = call["AvailabilityZone"] { cluster.members["AvailabilityZone"] = .string(zone) }
        cluster.members["DefaultIamRoleArn"] = call.input["DefaultIamRoleArn"]
        cluster.roles = texts(call, "IamRoles")
        cluster.securityGroups = texts(call, "VpcSecurityGroupIds")
        if cluster.securityGroups.isEmpty { cluster.securityGroups = ["sg-default"] }
        if let port = call["Port"] { cluster.port = port }
        cluster.elasticIP = call["ElasticIp"]
        if call["MultiAZ"] == "true" { cluster.members["MultiAZ"] = "Enabled" }
        if let moves = call["AvailabilityZoneRelocation"] {
            cluster.members["AvailabilityZoneRelocationStatus"] = moves == "true" ? "enabled" : "disabled"
        }
        if let parameters = call["ClusterParameterGroupName"] { cluster.parameterGroup = try known(parameters) }
        cluster.password = call["MasterUserPassword"]
        if cluster.password == nil { manage(&cluster, call) }
        cluster.tags = try newTags(call)
        try checkReachable(cluster)
        if looksPerChange > 0 {
            cluster.work = [Work(status: "creating", left: looksPerChange)]
        }
        clusters[name] = cluster
        return ["Cluster": described(cluster)]
    }

    /// Each look brings every cluster that it shows nearer to the end of what AWS is doing with it.
    mutating func describeClusters(_ call: FakeCall) throws -> JSON {
        var names = clusters.keys.sorted()
        if let name = call["ClusterIdentifier"] {
            _ = try cluster(call)
            names = [name]
        }
        let items = names.compactMap { clusters[$0] }.map { shuffled(described($0), call) }
        for name in names { look(name) }
        return call["ClusterIdentifier"] == nil
            ? page(call, items, "Clusters") : ["Clusters": .array(items)]
    }

    private mutating func look(_ name: String) {
        guard var cluster = clusters[name], var work = cluster.work.first else { return }
        work.left -= 1
        cluster.work[0] = work
        if work.left <= 0 {
            cluster.work.removeFirst()
            cluster.members.merge(work.next.filter { $0.key != "Password" }) { $1 }
            switch work.end {
            case .nothing: break
            case .paused: cluster.isPaused = true
            case .resumed: cluster.isPaused = false
            case .gone:
                clusters[name] = nil
                return
            }
        }
        clusters[name] = cluster
    }

    mutating func deleteCluster(_ call: FakeCall) throws -> JSON {
        var cluster = try cluster(call)
        let name = call["ClusterIdentifier"] ?? ""
        guard ["available", "paused"].contains(cluster.status) else {
            throw Refused("InvalidClusterState", FakeRedshift.busy)
        }
        let skips = call["SkipFinalClusterSnapshot"] == "true"
        let snapshot = call["FinalClusterSnapshotIdentifier"]
        if skips == (snapshot != nil) {
            throw Refused(
                "InvalidParameterCombination",
                "FinalClusterSnapshotIdentifier is required unless SkipFinalClusterSnapshot is specified.")
        }
        if let snapshot {
            guard snapshots.insert(snapshot).inserted else {
                throw Refused("ClusterSnapshotAlreadyExists", "Snapshot \(snapshot) already exists.")
            }
        }
        if looksPerChange > 0 {
            if snapshot != nil { cluster.work.append(Work(status: "final-snapshot", left: looksPerChange)) }
            cluster.work.append(Work(status: "deleting", availability: "Unavailable", left: looksPerChange, end: .gone))
            clusters[name] = cluster
        } else {
            clusters[name] = nil
        }
        return ["Cluster": described(cluster)]
    }

    /// Members that a create and a modification name as `DescribeClusters` does.
    static let settings = [
        "AutomatedSnapshotRetentionPeriod", "ManualSnapshotRetentionPeriod", "PreferredMaintenanceWindow",
        "ClusterVersion", "AllowVersionUpgrade", "PubliclyAccessible", "EnhancedVpcRouting", "MaintenanceTrackName",
        "Encrypted", "KmsKeyId",
    ]

    static let busy =
        "There is an operation running on the Cluster. Please try to execute this operation again when the cluster "
        + "becomes available."

    func described(_ cluster: Cluster) -> JSON {
        var members = cluster.members
        let name = members["ClusterIdentifier"]?.string ?? ""
        let work = cluster.work.first
        members["ClusterStatus"] = .string(cluster.status)
        members["ClusterAvailabilityStatus"] = .string(
            work?.availability ?? (cluster.isPaused ? "Unavailable" : "Available"))
        if cluster.status != "creating" {
            members["Endpoint"] = [
                "Address": .string("\(name).c1abcdefghij.eu-west-1.redshift.amazonaws.com"),
                "Port": .string(cluster.port),
            ]
        }
        members["VpcSecurityGroups"] = .array(
            cluster.securityGroups.map { ["VpcSecurityGroupId": .string($0), "Status": "active"] })
        members["ClusterParameterGroups"] = [
            [
                "ParameterGroupName": .string(cluster.parameterGroup),
                "ParameterApplyStatus": .string(cluster.parameterApplyStatus),
            ]
        ]
        members["IamRoles"] = .array(cluster.roles.map { ["IamRoleArn": .string($0), "ApplyStatus": "in-sync"] })
        members["Tags"] = FakeRedshift.tags(cluster.tags)
        var pending = (work?.next ?? [:]).merging(cluster.waiting) { $1 }
        if pending["Password"] != nil { pending = ["MasterUserPassword": "****"] }
        members["PendingModifiedValues"] = .object(pending.filter { FakeRedshift.pendable.contains($0.key) })
        members["ClusterSnapshotCopyStatus"] = cluster.snapshotCopy.map { .object($0) }
        members["ElasticIpStatus"] = cluster.elasticIP.map { ["ElasticIp": .string($0), "Status": "active"] }
        return .object(members)
    }

    /// What `PendingModifiedValues` can have.
    private static let pendable: Set<String> = [
        "MasterUserPassword", "NodeType", "NumberOfNodes", "ClusterVersion", "AutomatedSnapshotRetentionPeriod",
        "PubliclyAccessible", "EnhancedVpcRouting", "MaintenanceTrackName",
    ]

    /// The lists in an order that AWS does not promise.
    private func shuffled(_ tree: JSON, _ call: FakeCall) -> JSON {
        var members = tree.object ?? [:]
        for name in ["VpcSecurityGroups", "IamRoles", "Tags"] {
            members[name] = members[name]?.array.map { .array(call.shuffled($0)) }
        }
        return .object(members)
    }
}
