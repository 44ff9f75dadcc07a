public import SlipwayAWS
import SlipwayDeclaration

extension Redshift.Cluster {
    /// One call for each part that differs. Most of them keep the cluster busy for a while, in which AWS refuses the
    /// next (`InvalidClusterState`): the engine then looks again and sends what is left.
    ///
    /// The order: what is paused takes nothing, so it is resumed first and paused last. A cluster leaves its second zone
    /// before it can become small, and becomes large before it can have one; leaving it lets AWS move the cluster, which
    /// is put right after that. A password cannot be read back, so it is sent when everything else is done.
    public func update(_ identity: String, from current: Redshift.Cluster, _ aws: AWSClient) async throws {
        let new = canonical()
        var old = current.canonical()
        let change = ClusterChange(identity: identity, new: new, aws: aws)
        if old.paused == true, new.paused != true || new.differsBesidesPausing(from: old) {
            try await aws.call(.redshift, "ResumeCluster", ClusterName(identity))
            old.paused = false
        }
        if old.multiAZ == true, new.multiAZ == false {
            try await change.modify { $0.multiAZ = false }
            old.multiAZ = false
            old.availabilityZoneRelocation = true
        }
        if let key = new.kmsKeyId, key != old.kmsKeyId || new.encrypted != old.encrypted, new.encrypted != false {
            try await change.modify {
                $0.encrypted = true
                $0.kmsKeyId = Self.key(key)
            }
        } else if let encrypted = new.encrypted, encrypted != old.encrypted {
            try await change.modify { $0.encrypted = encrypted }
        }
        if new.nodeType != old.nodeType || (new.numberOfNodes ?? 1) != (old.numberOfNodes ?? 1) {
            try await change.resize()
        }
        if let multiAZ = new.multiAZ, multiAZ != old.multiAZ { try await change.modify { $0.multiAZ = multiAZ } }
        if let zone = new.availabilityZone, zone != old.availabilityZone {
            try await change.modify { $0.availabilityZone = zone }
        }
        try await change.settings(from: old)
        if let group = new.clusterParameterGroupName, group != old.clusterParameterGroupName {
            try await change.modify { $0.clusterParameterGroupName = group }
        }
        try await change.roles(from: old)
        try await change.logging(from: old)
        try await change.snapshotCopy(from: old)
        try await Redshift.Tags.change(TagChange(from: old.tags, to: tags), of: Self.arn(identity, aws), aws)
        let hasNewPassword = try await change.password(from: old)
        guard new.paused == true, old.paused != true else { return }
        do {
            try await aws.call(.redshift, "PauseCluster", ClusterName(identity))
        } catch {
            // Refused as a whole, the update would send the password again, and again be refused here. The pause is
            // left over instead, and the engine sends it when it has looked.
            guard hasNewPassword, error.kind == .busy else { throw error }
        }
    }

    private func differsBesidesPausing(from old: Redshift.Cluster) -> Bool {
        var (left, right) = (self, old)
        for cluster in [\Redshift.Cluster.paused, \.classic] {
            left[keyPath: cluster] = nil
            right[keyPath: cluster] = nil
        }
        left.finalSnapshot = nil
        right.finalSnapshot = nil
        left.vpcSecurityGroupIds = vpcSecurityGroupIds?.sorted { $0.spelling < $1.spelling }
        right.vpcSecurityGroupIds = old.vpcSecurityGroupIds?.sorted { $0.spelling < $1.spelling }
        left.iamRoles = iamRoles?.sorted { $0.spelling < $1.spelling }
        right.iamRoles = old.iamRoles?.sorted { $0.spelling < $1.spelling }
        return left != right
    }
}

/// The calls that change a cluster.
private struct ClusterChange {
    let identity: String
    let new: Redshift.Cluster
    let aws: AWSClient

    /// What `ModifyCluster` takes. What is `nil` is kept.
    ///
    /// Source: <https://docs.aws.amazon.com/redshift/latest/APIReference/API_ModifyCluster.html>
    struct Modification: Encodable, Sendable, Hashable, WireShaped {
        let clusterIdentifier: String
        var vpcSecurityGroupIds: [Text]?
        var masterUserPassword: String?
        var manageMasterPassword: Bool?
        var masterPasswordSecretKmsKeyId: Text?
        var clusterParameterGroupName: Text?
        var automatedSnapshotRetentionPeriod: Int?
        var manualSnapshotRetentionPeriod: Int?
        var preferredMaintenanceWindow: Text?
        var clusterVersion: Text?
        var allowVersionUpgrade: Bool?
        var publiclyAccessible: Bool?
        var elasticIp: Text?
        var enhancedVpcRouting: Bool?
        var maintenanceTrackName: Text?
        var encrypted: Bool?
        var kmsKeyId: Text?
        var availabilityZoneRelocation: Bool?
        var availabilityZone: Text?
        var port: Int?
        var multiAZ: Bool?

        init(_ identity: String) { clusterIdentifier = identity }

        static let shape: Shape = ["VpcSecurityGroupIds": .items("VpcSecurityGroupId")]
    }

    func modify(_ fill: (inout Modification) -> Void) async throws {
        var input = Modification(identity)
        fill(&input)
        if input == Modification(identity) { return }
        try await aws.call(.redshift, "ModifyCluster", input)
    }

    /// Node type, number and type of cluster go together, and a single node has no number.
    ///
    /// Source: <https://github.com/hashicorp/terraform/issues/11402>
    func resize() async throws {
        struct Input: Encodable, Sendable {
            let clusterIdentifier, clusterType: String
            let nodeType: Text
            let numberOfNodes: Int?
            let classic: Bool?
        }
        let input = Input(
            clusterIdentifier: identity, clusterType: new.clusterType, nodeType: new.nodeType,
            numberOfNodes: new.isSingle ? nil : new.numberOfNodes, classic: new.classic)
        try await aws.call(.redshift, "ResizeCluster", input)
    }

    /// What may be changed together.
    func settings(from old: Redshift.Cluster) async throws {
        func changed<Value: Equatable>(_ property: KeyPath<Redshift.Cluster, Value?>) -> Value? {
            new[keyPath: property] == old[keyPath: property] ? nil : new[keyPath: property]
        }
        try await modify {
            if Set(new.vpcSecurityGroupIds ?? []) != Set(old.vpcSecurityGroupIds ?? []) {
                $0.vpcSecurityGroupIds = new.vpcSecurityGroupIds
            }
            $0.automatedSnapshotRetentionPeriod = changed(\.automatedSnapshotRetentionPeriod)
            $0.manualSnapshotRetentionPeriod = changed(\.manualSnapshotRetentionPeriod)
            $0.preferredMaintenanceWindow = changed(\.preferredMaintenanceWindow)
            $0.clusterVersion = changed(\.clusterVersion)
            $0.allowVersionUpgrade = changed(\.allowVersionUpgrade)
            $0.publiclyAccessible = changed(\.publiclyAccessible)
            $0.elasticIp = changed(\.elasticIp)
            $0.enhancedVpcRouting = changed(\.enhancedVpcRouting)
            $0.maintenanceTrackName = changed(\.maintenanceTrackName)
            $0.availabilityZoneRelocation = changed(\.availabilityZoneRelocation)
            $0.port = changed(\.port)
        }
    }

    /// The default role is named in every such call: without it AWS keeps the one that it has.
    ///
    /// Source: <https://docs.aws.amazon.com/redshift/latest/APIReference/API_ModifyClusterIamRoles.html>
    func roles(from old: Redshift.Cluster) async throws {
        struct Input: Encodable, Sendable, WireShaped {
            let clusterIdentifier: String
            let addIamRoles, removeIamRoles: [Text]?
            let defaultIamRoleArn: Text
            static let shape: Shape = ["AddIamRoles": .items("IamRoleArn"), "RemoveIamRoles": .items("IamRoleArn")]
        }
        let (wanted, there) = (new.iamRoles ?? [], old.iamRoles ?? [])
        let added = wanted.filter { !there.contains($0) }
        let removed = there.filter { !wanted.contains($0) }
        if added.isEmpty, removed.isEmpty, new.defaultIamRoleArn == old.defaultIamRoleArn { return }
        let input = Input(
            clusterIdentifier: identity, addIamRoles: added.isEmpty ? nil : added,
            removeIamRoles: removed.isEmpty ? nil : removed, defaultIamRoleArn: new.defaultIamRoleArn ?? "")
        try await aws.call(.redshift, "ModifyClusterIamRoles", input)
    }

    func logging(from old: Redshift.Cluster) async throws {
        guard new.loggingProperties != old.loggingProperties else { return }
        guard let logging = new.loggingProperties else {
            try await aws.call(.redshift, "DisableLogging", Redshift.Cluster.ClusterName(identity))
            return
        }
        struct Input: Encodable, Sendable {
            let clusterIdentifier: String
            let logDestinationType, bucketName, s3KeyPrefix: Text?
            let logExports: [Text]?
        }
        let input = Input(
            clusterIdentifier: identity, logDestinationType: logging.logDestinationType ?? "s3",
            bucketName: logging.bucketName, s3KeyPrefix: logging.s3KeyPrefix, logExports: logging.logExports)
        try await aws.call(.redshift, "EnableLogging", input)
    }

    /// Another region or grant needs the copying to be ended and begun again.
    ///
    /// Source: <https://docs.aws.amazon.com/redshift/latest/APIReference/API_EnableSnapshotCopy.html>
    func snapshotCopy(from old: Redshift.Cluster) async throws {
        let isSame = new.destinationRegion == old.destinationRegion
            && new.snapshotCopyGrantName == old.snapshotCopyGrantName
        if isSame {
            guard new.destinationRegion != nil, let days = new.snapshotCopyRetentionPeriod,
                days != old.snapshotCopyRetentionPeriod
            else { return }
            struct Input: Encodable, Sendable { let clusterIdentifier: String, retentionPeriod: Int }
            let input = Input(clusterIdentifier: identity, retentionPeriod: days)
            try await aws.call(.redshift, "ModifySnapshotCopyRetentionPeriod", input)
            return
        }
        if old.destinationRegion != nil {
            try await aws.call(.redshift, "DisableSnapshotCopy", Redshift.Cluster.ClusterName(identity))
        }
        guard let region = new.destinationRegion else { return }
        struct Input: Encodable, Sendable {
            let clusterIdentifier: String
            let destinationRegion: Text
            let retentionPeriod: Int?
            let snapshotCopyGrantName: Text?
        }
        let input = Input(
            clusterIdentifier: identity, destinationRegion: region, retentionPeriod: new.snapshotCopyRetentionPeriod,
            snapshotCopyGrantName: new.snapshotCopyGrantName)
        try await aws.call(.redshift, "EnableSnapshotCopy", input)
    }

    /// Whether a password was sent, or AWS was told to make one.
    func password(from old: Redshift.Cluster) async throws -> Bool {
        let isManaged = new.manageMasterPassword ?? false
        let wasManaged = old.manageMasterPassword ?? false
        if isManaged {
            let key = new.masterPasswordSecretKmsKeyId
            if wasManaged, key == nil || key == old.masterPasswordSecretKmsKeyId { return false }
            try await modify {
                $0.manageMasterPassword = true
                $0.masterPasswordSecretKmsKeyId = key
            }
            return true
        }
        guard new.masterUserPassword != old.masterUserPassword || wasManaged,
            let value = new.masterUserPassword?.reveal()
        else { return false }
        try await modify {
            if wasManaged { $0.manageMasterPassword = false }
            $0.masterUserPassword = value
        }
        return true
    }
}
