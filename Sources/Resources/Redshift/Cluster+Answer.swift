import SlipwayAWS
import SlipwayDeclaration
import SlipwayProvider

extension Redshift.Cluster {
    /// A cluster as AWS describes it.
    ///
    /// Source: <https://docs.aws.amazon.com/redshift/latest/APIReference/API_Cluster.html>
    struct Description: Decodable {
        struct Page: Decodable { let clusters: [Description] }

        struct Endpoint: Decodable {
            let address: String?
            let port: Int?
        }
        struct SecurityGroup: Decodable {
            let vpcSecurityGroupId: String
            let status: String?
        }
        struct ParameterGroup: Decodable { let parameterGroupName: String }
        struct Role: Decodable {
            let iamRoleArn: String
            let applyStatus: String?
        }
        struct SnapshotCopyStatus: Decodable {
            let destinationRegion: String?
            let retentionPeriod: Int?
            let snapshotCopyGrantName: String?
        }
        struct ElasticIPStatus: Decodable { let elasticIp: String? }
        struct Pending: Decodable {
            let masterUserPassword, nodeType, clusterType, clusterVersion, clusterIdentifier: String?
            let maintenanceTrackName, encryptionType: String?
            let numberOfNodes, automatedSnapshotRetentionPeriod: Int?
            let publiclyAccessible, enhancedVpcRouting: Bool?

            /// Whether something is about to change that does not wait for a maintenance window.
            var isUnderWay: Bool {
                [masterUserPassword, nodeType, clusterType, clusterIdentifier, encryptionType].contains { $0 != nil }
                    || [numberOfNodes, automatedSnapshotRetentionPeriod].contains { $0 != nil }
                    || [publiclyAccessible, enhancedVpcRouting].contains { $0 != nil }
            }
        }

        let clusterIdentifier: String
        let clusterStatus: String
        let clusterAvailabilityStatus: String?
        let nodeType: String
        let numberOfNodes: Int?
        let masterUsername: String
        let dbName: String?
        let endpoint: Endpoint?
        let clusterCreateTime: String?
        let automatedSnapshotRetentionPeriod, manualSnapshotRetentionPeriod: Int?
        let vpcSecurityGroups: [SecurityGroup]?
        let clusterParameterGroups: [ParameterGroup]?
        let clusterSubnetGroupName, vpcId, availabilityZone, preferredMaintenanceWindow: String?
        let pendingModifiedValues: Pending?
        let clusterVersion: String?
        let allowVersionUpgrade, publiclyAccessible, encrypted, enhancedVpcRouting: Bool?
        let clusterSnapshotCopyStatus: SnapshotCopyStatus?
        let elasticIpStatus: ElasticIPStatus?
        let tags: [ResourceTags.Tag]?
        let kmsKeyId: String?
        let iamRoles: [Role]?
        let maintenanceTrackName, availabilityZoneRelocationStatus, clusterNamespaceArn: String?
        let defaultIamRoleArn, masterPasswordSecretArn, masterPasswordSecretKmsKeyId: String?
        /// `Enabled` or `Disabled`.
        let multiAZ: String?

        private enum CodingKeys: String, CodingKey {
            case clusterIdentifier, clusterStatus, clusterAvailabilityStatus, nodeType, numberOfNodes, masterUsername
            case dbName = "DBName"
            case endpoint, clusterCreateTime, automatedSnapshotRetentionPeriod, manualSnapshotRetentionPeriod
            case vpcSecurityGroups, clusterParameterGroups, clusterSubnetGroupName, vpcId, availabilityZone
            case preferredMaintenanceWindow, pendingModifiedValues, clusterVersion, allowVersionUpgrade
            case publiclyAccessible, encrypted, enhancedVpcRouting, clusterSnapshotCopyStatus, elasticIpStatus, tags
            case kmsKeyId, iamRoles, maintenanceTrackName, availabilityZoneRelocationStatus, clusterNamespaceArn
            case defaultIamRoleArn, masterPasswordSecretArn, masterPasswordSecretKmsKeyId, multiAZ
        }
    }
}

extension Redshift.Cluster.Description {
    /// Whether the cluster can be used, in AWS's words, and what it is then.
    ///
    /// The status alone does not tell: a cluster that is `available` can be in the middle of a change or of maintenance,
    /// and a resize shows several states that begin with `available`.
    ///
    /// Source: <https://github.com/hashicorp/terraform-provider-aws/issues/47460>,
    /// <https://github.com/hashicorp/terraform-provider-aws/issues/10337>
    func observation(
        logging: Redshift.Cluster.LoggingProperties?, isLoggingKnown: Bool, _ aws: AWSClient
    ) -> Observation<Redshift.Cluster> {
        let status = clusterStatus.lowercased()
        if status == "paused" { return .present(found(logging, isLoggingKnown, aws)) }
        let availability = clusterAvailabilityStatus?.lowercased() ?? "available"
        if availability == "failed" || status.hasPrefix("incompatible-") || status == "hardware-failure" {
            return .failed(clusterStatus)
        }
        // A cluster whose disks are full still answers, and a resize is what it needs.
        guard ["available", "storage-full"].contains(status) else { return .settling(clusterStatus) }
        guard availability == "available" else { return .settling(availability) }
        if pendingModifiedValues?.isUnderWay ?? false { return .settling("modifying") }
        if let role = iamRoles?.first(where: { $0.applyStatus == "adding" || $0.applyStatus == "removing" }) {
            return .settling("\(role.applyStatus ?? "") a role")
        }
        if let word = availabilityZoneRelocationStatus, word.hasPrefix("pending") { return .settling(word) }
        return .present(found(logging, isLoggingKnown, aws))
    }

    private func found(
        _ logging: Redshift.Cluster.LoggingProperties?, _ isLoggingKnown: Bool, _ aws: AWSClient
    ) -> Found<Redshift.Cluster> {
        let all = Redshift.Tags.byKey(tags)
        func text(_ string: String?) -> Text? { string.map { Text(verbatim: $0) } }
        var cluster = Redshift.Cluster(
            database: Text(verbatim: dbName ?? ""), nodeType: Text(verbatim: nodeType), nodes: numberOfNodes ?? 1,
            masterUsername: Text(verbatim: masterUsername), passwordKey: text(masterPasswordSecretKmsKeyId),
            roles: (iamRoles ?? []).map { Text(verbatim: $0.iamRoleArn) }, defaultRole: text(defaultIamRoleArn),
            subnetGroup: text(clusterSubnetGroupName),
            securityGroups: (vpcSecurityGroups ?? []).filter { $0.status != "removing" }
                .map { Text(verbatim: $0.vpcSecurityGroupId) },
            publiclyAccessible: publiclyAccessible, elasticIP: text(elasticIpStatus?.elasticIp),
            enhancedVPCRouting: enhancedVpcRouting, port: endpoint?.port, availabilityZone: text(availabilityZone),
            availabilityZoneRelocation: availabilityZoneRelocationStatus.map { $0 == "enabled" },
            multiAZ: multiAZ.map { ["enabled", "true"].contains($0.lowercased()) }, encrypted: encrypted,
            key: text(kmsKeyId), parameterGroup: text(clusterParameterGroups?.first?.parameterGroupName),
            // What waits for the next maintenance window is as good as there.
            version: text(pendingModifiedValues?.clusterVersion ?? clusterVersion),
            allowVersionUpgrade: allowVersionUpgrade,
            maintenanceTrack: text(pendingModifiedValues?.maintenanceTrackName ?? maintenanceTrackName),
            maintenanceWindow: text(preferredMaintenanceWindow),
            automatedSnapshotRetention: automatedSnapshotRetentionPeriod,
            manualSnapshotRetention: manualSnapshotRetentionPeriod, logging: logging,
            paused: clusterStatus.lowercased() == "paused", identifier: Text(verbatim: clusterIdentifier),
            tags: Redshift.Tags.declared(all))
        cluster.manageMasterPassword = masterPasswordSecretArn != nil
        cluster.destinationRegion = text(clusterSnapshotCopyStatus?.destinationRegion)
        cluster.snapshotCopyGrantName = text(clusterSnapshotCopyStatus?.snapshotCopyGrantName)
        cluster.snapshotCopyRetentionPeriod = clusterSnapshotCopyStatus?.retentionPeriod
        return Found(
            cluster, attributes(aws), tags: all,
            // Another cluster under the same identifier was made at another time.
            immutableID: clusterCreateTime.map { "created:\($0)" },
            unread: isLoggingKnown ? [] : ["LoggingProperties"])
    }

    private func attributes(_ aws: AWSClient) -> Redshift.Cluster.Attributes {
        Redshift.Cluster.Attributes(
            id: clusterIdentifier, arn: Redshift.Cluster.arn(clusterIdentifier, aws),
            clusterNamespaceArn: clusterNamespaceArn, endpointAddress: endpoint?.address,
            endpointPort: endpoint?.port, databaseName: dbName ?? "", masterUsername: masterUsername,
            masterPasswordSecretArn: masterPasswordSecretArn, vpcId: vpcId)
    }
}
