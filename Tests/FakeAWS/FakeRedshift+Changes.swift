import SlipwayDeclaration

extension FakeRedshift {
    mutating func changeCluster(_ call: FakeCall) throws -> JSON {
        var cluster = try cluster(call)
        let name = call["ClusterIdentifier"] ?? ""
        var work: Work?
        switch call.operation {
        case "ModifyCluster":
            try checkReady(cluster, name)
            work = try modify(&cluster, call)
        case "ResizeCluster":
            try checkReady(cluster, name)
            try checkSize(call)
            let next: [String: JSON] = [
                "NodeType": call.input["NodeType"] ?? "", "NumberOfNodes": call.input["NumberOfNodes"] ?? "1",
            ]
            work = Work(status: "resizing", left: looksPerChange, next: next)
        case "ModifyClusterIamRoles":
            try checkReady(cluster, name)
            try modifyRoles(&cluster, call)
            work = Work(status: "modifying", availability: "Available", left: looksPerChange)
        case "PauseCluster":
            try checkReady(cluster, name)
            work = Work(status: "pausing", availability: "Unavailable", left: looksPerChange, end: .paused)
        case "ResumeCluster":
            guard cluster.status == "paused" else {
                throw Refused("InvalidClusterState", "You can't resume cluster \(name) because it is not paused.")
            }
            work = Work(status: "resuming", availability: "Unavailable", left: looksPerChange, end: .resumed)
        case "EnableLogging":
            let isToS3 = (call["LogDestinationType"] ?? "s3") == "s3"
            let members = ["LogDestinationType"] + (isToS3 ? ["BucketName", "S3KeyPrefix"] : ["LogExports"])
            cluster.logging = Dictionary(
                members.compactMap { member in call.input[member].map { (member, $0) } }) { $1 }
        case "DisableLogging": cluster.logging = nil
        case "EnableSnapshotCopy":
            try checkReady(cluster, name)
            if cluster.snapshotCopy != nil {
                throw Refused("SnapshotCopyAlreadyEnabledFault", "Snapshot copy is already enabled on this cluster")
            }
            var copy: [String: JSON] = ["RetentionPeriod": "7"]
            for member in ["DestinationRegion", "RetentionPeriod", "SnapshotCopyGrantName"] {
                if let value = call.input[member] { copy[member] = value }
            }
            cluster.snapshotCopy = copy
        case "DisableSnapshotCopy":
            guard cluster.snapshotCopy != nil else {
                throw Refused("SnapshotCopyAlreadyDisabledFault", "Snapshot copy is not enabled on this cluster")
            }
            cluster.snapshotCopy = nil
        case "ModifySnapshotCopyRetentionPeriod":
            guard cluster.snapshotCopy != nil else {
                throw Refused("SnapshotCopyDisabledFault", "Snapshot copy is not enabled on this cluster")
            }
            cluster.snapshotCopy?["RetentionPeriod"] = call.input["RetentionPeriod"]
        default: throw Refused(answer: .unknown(call))
        }
        if let work {
            if looksPerChange > 0 {
                cluster.work.append(work)
            } else {
                cluster.members.merge(work.next) { $1 }
                if work.end == .paused || work.end == .resumed { cluster.isPaused = work.end == .paused }
            }
        }
        clusters[name] = cluster
        return ["Cluster": described(cluster)]
    }

    private mutating func modify(_ cluster: inout Cluster, _ call: FakeCall) throws -> Work {
        let given = Set((call.input.object ?? [:]).keys).subtracting(["ClusterIdentifier"])
        for member in ["MultiAZ", "AvailabilityZone"] where given.contains(member) && given.count > 1 {
            throw Refused("InvalidParameterCombination", "\(member) cannot be modified with other parameters.")
        }
        if !given.isDisjoint(with: ["NodeType", "NumberOfNodes", "ClusterType"]) { try checkSize(call) }
        var next: [String: JSON] = [:]
        for member in FakeRedshift.settings { next[member] = call.input[member] }
        if call["Encrypted"] == "true", call["KmsKeyId"] == nil { next["KmsKeyId"] = "AWS_OWNED_KMS_KEY" }
        if let track = next.removeValue(forKey: "MaintenanceTrackName") {
            // It waits for the next maintenance window, unless it is the one that the cluster has.
            cluster.waiting["MaintenanceTrackName"] = track == cluster.members["MaintenanceTrackName"] ? nil : track
        }
        if let moves = call["AvailabilityZoneRelocation"] {
            next["AvailabilityZoneRelocationStatus"] = moves == "true" ? "enabled" : "disabled"
        }
        if let both = call["MultiAZ"] {
            next["MultiAZ"] = both == "true" ? "Enabled" : "Disabled"
            // Nobody asked for this.
            // Source: https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/redshift/cluster.go
            if both == "false", cluster.members["PubliclyAccessible"] != "true" {
                next["AvailabilityZoneRelocationStatus"] = "enabled"
            }
        }
        if let zone = call.input["AvailabilityZone"] { next["AvailabilityZone"] = zone }
        var later = cluster
        later.members.merge(next) { $1 }
        try checkReachable(later)
        if let group = call["ClusterParameterGroupName"] {
            cluster.parameterGroup = try known(group)
            cluster.parameterApplyStatus = "pending-reboot"
        }
        let groups = texts(call, "VpcSecurityGroupIds")
        if !groups.isEmpty { cluster.securityGroups = groups }
        if let port = call["Port"] { cluster.port = port }
        if let address = call["ElasticIp"] { cluster.elasticIP = address }
        try modifyPassword(&cluster, call)
        if call["MasterUserPassword"] != nil { next["Password"] = "****" }
        // Shown as long as it lasts, and no member of the cluster.
        if looksPerChange == 0 { next["Password"] = nil }
        return Work(status: "modifying", left: looksPerChange, next: next)
    }

    private func modifyPassword(_ cluster: inout Cluster, _ call: FakeCall) throws {
        let isManaged = cluster.members["MasterPasswordSecretArn"] != nil
        switch call["ManageMasterPassword"] {
        case "true":
            if call["MasterUserPassword"] != nil {
                throw Refused(
                    "InvalidParameterCombination", "MasterUserPassword cannot be used with ManageMasterPassword")
            }
            cluster.password = nil
            manage(&cluster, call)
        case "false":
            guard call["MasterUserPassword"] != nil || !isManaged else {
                throw Refused("InvalidParameterCombination", "MasterUserPassword is required")
            }
            cluster.members["MasterPasswordSecretArn"] = nil
            cluster.members["MasterPasswordSecretKmsKeyId"] = nil
        default:
            if isManaged, call["MasterUserPassword"] != nil {
                throw Refused("InvalidParameterCombination", "The password of this cluster is managed")
            }
        }
        if let password = call["MasterUserPassword"] { cluster.password = password }
    }

    func manage(_ cluster: inout Cluster, _ call: FakeCall) {
        let user = cluster.members["MasterUsername"]?.string ?? ""
        let name = "redshift!\(cluster.members["ClusterIdentifier"]?.string ?? "")-\(user)"
        cluster.members["MasterPasswordSecretArn"] = .string(
            "arn:aws:secretsmanager:\(call.region):\(FakeAWS.account):secret:\(name)-AbCdEf")
        cluster.members["MasterPasswordSecretKmsKeyId"] = call.input["MasterPasswordSecretKmsKeyId"]
            ?? cluster.members["MasterPasswordSecretKmsKeyId"]
    }

    private func modifyRoles(_ cluster: inout Cluster, _ call: FakeCall) throws {
        let removed = texts(call, "RemoveIamRoles")
        cluster.roles.removeAll { removed.contains($0) }
        for role in texts(call, "AddIamRoles") where !cluster.roles.contains(role) { cluster.roles.append(role) }
        if cluster.roles.count > 50 { throw Refused("InvalidParameterValue", "A cluster has at most 50 IAM roles.") }
        guard let role = call["DefaultIamRoleArn"] else { return }
        if !role.isEmpty, !cluster.roles.contains(role) {
            throw Refused("InvalidParameterValue", "The default role \(role) is not associated with the cluster.")
        }
        cluster.members["DefaultIamRoleArn"] = role.isEmpty ? nil : .string(role)
    }

    /// Whether the cluster takes changes.
    func checkReady(_ cluster: Cluster?, _ name: String) throws {
        guard cluster?.status == "available" else {
            throw Refused("InvalidClusterState", "\(FakeRedshift.busy) (\(name) is \(cluster?.status ?? "gone"))")
        }
    }

    /// Node type, number and type of cluster go together, and a single node has no number.
    func checkSize(_ call: FakeCall) throws {
        let nodes = call["NumberOfNodes"].flatMap { Int($0) }
        guard call["NodeType"] != nil, let type = call["ClusterType"] else {
            throw Refused(
                "InvalidParameterCombination", "NodeType, NumberOfNodes and ClusterType must be given together.")
        }
        if type == "single-node", nodes != nil {
            throw Refused(
                "InvalidParameterCombination", "Number of nodes cannot be specified for cluster type 'single-node'.")
        }
        if type == "multi-node", (nodes ?? 1) < 2 {
            throw Refused(
                "InvalidParameterCombination",
                "Number of nodes for cluster type 'multi-node' must be greater than or equal to 2.")
        }
    }

    func checkReachable(_ cluster: Cluster) throws {
        if cluster.members["PubliclyAccessible"] == "true",
            cluster.members["AvailabilityZoneRelocationStatus"] == "enabled"
        {
            throw Refused(
                "InvalidParameterCombination", "Availability Zone relocation is not supported for public clusters.")
        }
    }

    func texts(_ call: FakeCall, _ member: String) -> [String] {
        (call.input[member]?.array ?? []).compactMap(\.string)
    }

    /// The name of a parameter group that exists.
    func known(_ name: String) throws -> String {
        let lowered = name.lowercased()
        guard lowered.hasPrefix("default.") || parameterGroups[lowered] != nil else {
            throw Refused("ClusterParameterGroupNotFound", "ParameterGroup not found: \(name)", 404)
        }
        return lowered
    }
}
