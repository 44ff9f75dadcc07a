import FoundationEssentials
public import SlipwayAWS
public import SlipwayDeclaration
public import SlipwayProvider

extension Redshift.Cluster {
    public func create(_ new: Creation, _ aws: AWSClient) async throws -> Created<Redshift.Cluster> {
        struct Input: Encodable, Sendable, WireShaped {
            let clusterIdentifier: String
            let dbName, masterUsername: Text
            let masterUserPassword: String?
            let manageMasterPassword: Bool?
            let masterPasswordSecretKmsKeyId: Text?
            let nodeType: Text
            let clusterType: String
            let numberOfNodes: Int?
            let clusterSubnetGroupName: Text?
            let vpcSecurityGroupIds: [Text]?
            let publiclyAccessible: Bool?
            let elasticIp: Text?
            let enhancedVpcRouting: Bool?
            let port: Int?
            let availabilityZone: Text?
            let availabilityZoneRelocation, multiAZ, encrypted: Bool?
            let kmsKeyId: Text?
            let iamRoles: [Text]?
            let defaultIamRoleArn, clusterParameterGroupName, clusterVersion: Text?
            let allowVersionUpgrade: Bool?
            let maintenanceTrackName, preferredMaintenanceWindow: Text?
            let automatedSnapshotRetentionPeriod, manualSnapshotRetentionPeriod: Int?
            let tags: [ResourceTags.Tag]

            static let shape: Shape = [
                "DbName": .named("DBName"), "VpcSecurityGroupIds": .items("VpcSecurityGroupId"),
                "IamRoles": .items("IamRoleArn"), "Tags": .items("Tag"),
            ]
        }
        let input = Input(
            clusterIdentifier: new.name, dbName: dbName, masterUsername: masterUsername,
            masterUserPassword: masterUserPassword?.reveal(),
            manageMasterPassword: manageMasterPassword == true ? true : nil,
            masterPasswordSecretKmsKeyId: masterPasswordSecretKmsKeyId, nodeType: nodeType, clusterType: clusterType,
            numberOfNodes: isSingle ? nil : numberOfNodes, clusterSubnetGroupName: clusterSubnetGroupName,
            vpcSecurityGroupIds: vpcSecurityGroupIds, publiclyAccessible: publiclyAccessible, elasticIp: elasticIp,
            enhancedVpcRouting: enhancedVpcRouting, port: port, availabilityZone: availabilityZone,
            availabilityZoneRelocation: availabilityZoneRelocation, multiAZ: multiAZ, encrypted: encrypted,
            kmsKeyId: Self.key(kmsKeyId), iamRoles: iamRoles.flatMap { $0.isEmpty ? nil : $0 },
            defaultIamRoleArn: defaultIamRoleArn, clusterParameterGroupName: clusterParameterGroupName,
            clusterVersion: clusterVersion, allowVersionUpgrade: allowVersionUpgrade,
            maintenanceTrackName: maintenanceTrackName, preferredMaintenanceWindow: preferredMaintenanceWindow,
            automatedSnapshotRetentionPeriod: automatedSnapshotRetentionPeriod,
            manualSnapshotRetentionPeriod: manualSnapshotRetentionPeriod,
            tags: ResourceTags.Tag.list(new.tags(tags)))
        try await aws.call(.redshift, "CreateCluster", input)
        var made = self
        made.loggingProperties = nil
        made.destinationRegion = nil
        made.snapshotCopyGrantName = nil
        made.snapshotCopyRetentionPeriod = nil
        made.paused = paused == nil ? nil : false
        return Created(new.name, made)
    }

    public static func read(
        _ identity: String, _ interest: Interest, _ aws: AWSClient
    ) async throws -> Observation<Redshift.Cluster> {
        let page = try await ifPresent {
            try await aws.call(.redshift, "DescribeClusters", ClusterName(identity), as: Description.Page.self)
        }
        guard let cluster = page?.clusters.first else { return .absent }
        return try await observation(cluster, interest, aws)
    }

    public static func tag(_ identity: String, _ tags: [String: String], _ aws: AWSClient) async throws {
        try await Redshift.Tags.add(tags, to: arn(identity, aws), aws)
    }

    /// The name of the last snapshot tells the time, so that a cluster that is made and deleted again does not meet the
    /// snapshot of its predecessor.
    public func delete(_ identity: String, _ aws: AWSClient) async throws {
        struct Input: Encodable {
            let clusterIdentifier: String
            let skipFinalClusterSnapshot: Bool
            let finalClusterSnapshotIdentifier: String?
            let finalClusterSnapshotRetentionPeriod: Int?
        }
        let isSkipped = finalSnapshot?.isSkipped ?? false
        let prefix = finalSnapshot?.prefix?.literal ?? identity
        let input = Input(
            clusterIdentifier: identity, skipFinalClusterSnapshot: isSkipped,
            finalClusterSnapshotIdentifier: isSkipped ? nil : "\(prefix)-\(Self.stamp(Date()))",
            finalClusterSnapshotRetentionPeriod: isSkipped ? nil : finalSnapshot?.retentionPeriod)
        try await ifPresent { try await aws.call(.redshift, "DeleteCluster", input) }
    }

    /// Nobody can say later what became of the data if nobody says it now, and AWS would refuse a deletion half-way
    /// through.
    public func undeletable() -> [Problem] {
        if finalSnapshot != nil { return [] }
        return [
            Problem(
                "FinalSnapshot", "it does not say what becomes of its data",
                hint: "apply it with finalSnapshot: .named(\"…\"), or .skip to lose the data, first")
        ]
    }

    /// The clusters come in pages; where the audit log goes is a call for each.
    public static func listCalls(for count: Int) -> Int? {
        max(1, (count + Redshift.itemsPerPage - 1) / Redshift.itemsPerPage)
    }

    public static func list(
        _ wanted: [Listed<Redshift.Cluster>], _ aws: AWSClient
    ) async throws -> [String: Sighting<Redshift.Cluster>] {
        let interests = Dictionary(wanted.map { ($0.identity, $0.interest) }) { $1 }
        var sightings: [String: Sighting<Redshift.Cluster>] = [:]
        for try await page in aws.pages(.redshift, "DescribeClusters", as: Description.Page.self) {
            for cluster in page.clusters {
                guard let interest = interests[cluster.clusterIdentifier] else { continue }
                sightings[cluster.clusterIdentifier] = .observed(try await observation(cluster, interest, aws))
            }
        }
        return sightings
    }
}

// MARK: - Parts

extension Redshift.Cluster {
    struct ClusterName: Encodable {
        let clusterIdentifier: String
        init(_ name: String) { clusterIdentifier = name }
    }

    static func arn(_ name: String, _ aws: AWSClient) -> String { Redshift.arn("cluster:\(name)", aws) }

    var isSingle: Bool { (numberOfNodes ?? 1) <= 1 }
    var clusterType: String { isSingle ? "single-node" : "multi-node" }

    /// A key as AWS takes it: its own is meant by none.
    static func key(_ key: Text?) -> Text? { key.flatMap { $0 == Text(verbatim: awsOwnedKey) ? nil : $0 } }

    private static func observation(
        _ cluster: Description, _ interest: Interest, _ aws: AWSClient
    ) async throws -> Observation<Redshift.Cluster> {
        guard interest.includes("LoggingProperties") else {
            return cluster.observation(logging: nil, isLoggingKnown: false, aws)
        }
        let name = ClusterName(cluster.clusterIdentifier)
        let status = try await ifPresent {
            try await aws.call(.redshift, "DescribeLoggingStatus", name, as: LoggingStatus.self)
        }
        guard let status else { return .absent }
        return cluster.observation(logging: status.properties, isLoggingKnown: true, aws)
    }

    /// Source: <https://docs.aws.amazon.com/redshift/latest/APIReference/API_DescribeLoggingStatus.html>
    private struct LoggingStatus: Decodable {
        let loggingEnabled: Bool
        let bucketName, s3KeyPrefix, logDestinationType: String?
        let logExports: [String]?

        var properties: LoggingProperties? {
            guard loggingEnabled else { return nil }
            return LoggingProperties(
                logDestinationType: logDestinationType.map { Text(verbatim: $0) },
                bucketName: bucketName.map { Text(verbatim: $0) }, s3KeyPrefix: s3KeyPrefix.map { Text(verbatim: $0) },
                logExports: logExports?.map { Text(verbatim: $0) })
        }
    }

    /// The time to the second, in digits (UTC).
    private static func stamp(_ date: Date) -> String {
        let text = Timestamp.text(date, .iso8601)
        return String(text.prefix(19).filter { $0.isNumber })
    }
}
