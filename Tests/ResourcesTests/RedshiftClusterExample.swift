import SlipwayDeclaration
import SlipwayFakeAWS
import SlipwayProvider
import SlipwayResources

enum RedshiftClusterExample: ConformanceExample {
    static let minimal = Redshift.Cluster(nodeType: "ra3.large")

    /// With the password at hand, as the engine has it.
    static let full: Redshift.Cluster = {
        let tree = try? PropertyEncoder().encode(declared).tree
        let secrets: [Secret.Source: String] = [.environment("PASSWORD"): "Tickit2026"]
        return tree.flatMap { try? PropertyDecoder(secrets: secrets).decode(Redshift.Cluster.self, from: $0) } ?? declared
    }()

    private static let declared = Redshift.Cluster(
        database: "tickit", nodeType: "ra3.xlplus", nodes: 2, masterUsername: "awsuser",
        password: .environment("PASSWORD"),
        roles: ["arn:aws:iam::123456789012:role/load", "arn:aws:iam::123456789012:role/etl/etl"],
        defaultRole: "arn:aws:iam::123456789012:role/load", subnetGroup: "tickit", securityGroups: ["sg-2", "sg-1"],
        publiclyAccessible: true, enhancedVPCRouting: true, port: 5432,
        availabilityZone: "eu-west-1b", availabilityZoneRelocation: false, multiAZ: true,
        key: "arn:aws:kms:eu-west-1:123456789012:key/data", parameterGroup: "Tickit", version: "1.0",
        allowVersionUpgrade: false, maintenanceTrack: "trailing", maintenanceWindow: "Mon:03:00-Mon:03:30",
        automatedSnapshotRetention: 7, manualSnapshotRetention: 30,
        snapshotCopy: .to("eu-central-1", grant: "copies", retention: 3), logging: .s3("audit", prefix: "tickit/"),
        finalSnapshot: .named("tickit", retentionPeriod: 90), paused: false, classicResize: true,
        identifier: "tickit", tags: ["team": "data", "tier": "warehouse"])

    static let changed: Redshift.Cluster = {
        var cluster = full
        cluster.nodeType = "ra3.4xlarge"
        cluster.numberOfNodes = 4
        cluster.vpcSecurityGroupIds = ["sg-3"]
        cluster.publiclyAccessible = false
        cluster.enhancedVpcRouting = false
        cluster.port = 5440
        cluster.availabilityZone = "eu-west-1c"
        cluster.multiAZ = false
        cluster.kmsKeyId = "arn:aws:kms:eu-west-1:123456789012:key/other"
        cluster.iamRoles = [
            "arn:aws:iam::123456789012:role/load", "arn:aws:iam::123456789012:role/etl/etl",
            "arn:aws:iam::123456789012:role/other",
        ]
        cluster.defaultIamRoleArn = "arn:aws:iam::123456789012:role/etl/etl"
        cluster.clusterParameterGroupName = "other"
        cluster.clusterVersion = "1.1"
        cluster.allowVersionUpgrade = true
        cluster.maintenanceTrackName = "current"
        cluster.preferredMaintenanceWindow = "tue:03:00-tue:03:30"
        cluster.automatedSnapshotRetentionPeriod = 14
        cluster.manualSnapshotRetentionPeriod = -1
        cluster.destinationRegion = "eu-south-1"
        cluster.snapshotCopyGrantName = "other"
        cluster.snapshotCopyRetentionPeriod = 5
        cluster.paused = true
        cluster.loggingProperties = .cloudWatch(["userlog", "connectionlog"])
        cluster.tags = ["team": "platform"]
        return cluster
    }()

    static let uncovered = [
        "ElasticIp": "only a public cluster has one; RedshiftClusterTests cover it",
        "Encrypted": "a cluster that has a key is; RedshiftClusterTests cover it",
        "ManageMasterPassword": "a cluster has either this or a password of its own; RedshiftClusterTests cover it",
        "MasterPasswordSecretKmsKeyId": "only a managed password has one; RedshiftClusterTests cover it",
    ]

    static func prepare(_ services: inout FakeServices) {
        services.redshift.subnetGroups["tickit"] = .init(description: "Two zones", subnets: ["subnet-1"])
        for name in ["tickit", "other"] {
            services.redshift.parameterGroups[name] = .init(family: "redshift-2.0", description: "Short queries")
        }
    }

    static func disappear(_ identity: String, _ services: inout FakeServices) {
        services.redshift.clusters[identity] = nil
    }
}
