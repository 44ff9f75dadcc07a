public import SlipwayDeclaration
public import SlipwayProvider

extension Redshift {
    /// A cluster: nodes that hold a warehouse and answer its queries.
    ///
    /// ```swift
    /// Redshift.Cluster(database: "tickit", nodeType: "ra3.large", roles: [etl.arn], finalSnapshot: .named("tickit"))
    /// ```
    ///
    /// AWS answers with its own values for what is left out: those are no difference.
    ///
    /// Source: <https://docs.aws.amazon.com/redshift/latest/APIReference/API_CreateCluster.html>
    public struct Cluster: ResourceKind {
        public static let type = "AWS::Redshift::Cluster"

        /// 1 to 63 small letters, digits and single hyphens, beginning with a letter; one is made from the address when
        /// it is left out.
        @CreateOnly public var clusterIdentifier: Text?
        /// The first database. 1 to 64 small letters, digits and `_+.@-`, beginning with a letter or `_`.
        @CreateOnly public var dbName: Text
        /// 1 to 128 small letters, digits and `_+.@-`, beginning with a letter.
        @CreateOnly public var masterUsername: Text
        /// 8 to 64 characters, with a capital, a small letter and a digit. AWS never gives it back.
        @WriteOnly public var masterUserPassword: Secret?
        /// Whether AWS makes the password, keeps it in Secrets Manager and changes it now and then.
        public var manageMasterPassword: Bool?
        /// ARN of the key that the managed password is encrypted with.
        public var masterPasswordSecretKmsKeyId: Text?

        /// Such as `ra3.large`.
        public var nodeType: Text
        /// One node is a cluster without a leader of its own. AWS's own is 1.
        public var numberOfNodes: Int?
        /// Whether another size is brought about by copying everything to a new cluster (hours), where AWS has no
        /// elastic way (minutes).
        @WriteOnly public var classic: Bool?

        @CreateOnly public var clusterSubnetGroupName: Text?
        /// Those of the VPC's default group when they are left out.
        @Unordered public var vpcSecurityGroupIds: [Text]?
        public var publiclyAccessible: Bool?
        /// Of a cluster that is publicly accessible.
        public var elasticIp: Text?
        /// Whether COPY and UNLOAD go through the VPC.
        public var enhancedVpcRouting: Bool?
        /// 5431 to 5455 or 8191 to 8215. AWS's own is 5439.
        public var port: Int?
        /// Such as `eu-west-1a`. Another one moves the cluster.
        public var availabilityZone: Text?
        /// Whether AWS may move the cluster to another zone. It does not go with ``publiclyAccessible``.
        public var availabilityZoneRelocation: Bool?
        /// Whether there are nodes in two zones.
        public var multiAZ: Bool?

        /// AWS's own is `true`; it makes no other clusters any more.
        public var encrypted: Bool?
        /// ARN of the key, or `AWS_OWNED_KMS_KEY`, which is AWS's own.
        public var kmsKeyId: Text?
        /// ARNs of at most 50 roles that COPY, UNLOAD and external schemas may use.
        @Unordered public var iamRoles: [Text]?
        /// ARN of the one of ``iamRoles`` that SQL means by `IAM_ROLE default`. Ours: CloudFormation has it not.
        public var defaultIamRoleArn: Text?

        /// AWS's own is `default.redshift-2.0`.
        public var clusterParameterGroupName: Text?
        /// AWS's own is `1.0`.
        public var clusterVersion: Text?
        public var allowVersionUpgrade: Bool?
        /// `current` (AWS's own), `trailing` or a preview's. Another one waits for the next maintenance window.
        public var maintenanceTrackName: Text?
        /// Such as `sun:06:30-sun:07:00` (UTC).
        public var preferredMaintenanceWindow: Text?

        /// Days, at most 35; AWS's own is 1. Only clusters of `dc2` nodes can do without (0).
        public var automatedSnapshotRetentionPeriod: Int?
        /// Days, at most 3653, or -1 (AWS's own) for ever.
        public var manualSnapshotRetentionPeriod: Int?
        /// The region that snapshots are copied to.
        public var destinationRegion: Text?
        /// Name of the grant by which copies are encrypted.
        public var snapshotCopyGrantName: Text?
        /// Days for which copies of automated snapshots are kept, at most 35. AWS's own is 7.
        public var snapshotCopyRetentionPeriod: Int?
        public var loggingProperties: LoggingProperties?

        /// Whether it rests: it answers nothing then, and costs only its storage. Ours: for CloudFormation that is an
        /// action. What is paused takes no other change, so it is resumed for one, and paused again.
        public var paused: Bool?
        /// What becomes of the data when the cluster is deleted. Ours. Without it no deletion is planned.
        @WriteOnly public var finalSnapshot: FinalSnapshot?
        public var tags: [String: Text]?

        public struct Attributes: Codable, Hashable, Sendable {
            /// The cluster's identifier.
            public let id: String
            /// Of the cluster, as in policies of Redshift: `arn:aws:redshift:<region>:<account>:cluster:<id>`
            public let arn: String
            /// Of the data in it, as in data sharing and resource policies:
            /// `arn:aws:redshift:<region>:<account>:namespace:<uuid>`. Another cluster has another one, even under the
            /// same identifier.
            public let clusterNamespaceArn: String?
            /// Host name.
            public let endpointAddress: String?
            public let endpointPort: Int?
            /// The first database.
            public let databaseName: String
            public let masterUsername: String
            /// ARN of the secret with the managed password; `nil` where it is not managed.
            public let masterPasswordSecretArn: String?
            public let vpcId: String?
        }

        private enum CodingKeys: String, CodingKey {
            case clusterIdentifier, masterUsername, masterUserPassword, manageMasterPassword
            case dbName = "DBName"
            case masterPasswordSecretKmsKeyId, nodeType, numberOfNodes, classic, clusterSubnetGroupName
            case vpcSecurityGroupIds, publiclyAccessible, elasticIp, enhancedVpcRouting, port, availabilityZone
            case availabilityZoneRelocation, multiAZ, encrypted, kmsKeyId, iamRoles, defaultIamRoleArn
            case clusterParameterGroupName, clusterVersion, allowVersionUpgrade, maintenanceTrackName
            case preferredMaintenanceWindow, automatedSnapshotRetentionPeriod, manualSnapshotRetentionPeriod
            case destinationRegion, snapshotCopyGrantName, snapshotCopyRetentionPeriod, loggingProperties, paused
            case finalSnapshot, tags
        }

        /// - Parameters:
        ///   - nodes: How many; with one there is no leader of its own.
        ///   - password: AWS makes and keeps one when it is left out.
        ///   - passwordKey: ARN of the key that AWS's password is encrypted with.
        ///   - roles: ARNs of the roles that SQL may use.
        ///   - key: ARN of the key that the data is encrypted with.
        ///   - finalSnapshot: Without it no deletion is planned.
        public init(
            database: Text = "dev", nodeType: Text, nodes: Int? = nil, masterUsername: Text = "admin",
            password: Secret? = nil, passwordKey: Text? = nil, roles: [Text]? = nil, defaultRole: Text? = nil,
            subnetGroup: Text? = nil, securityGroups: [Text]? = nil, publiclyAccessible: Bool? = nil,
            elasticIP: Text? = nil, enhancedVPCRouting: Bool? = nil, port: Int? = nil, availabilityZone: Text? = nil,
            availabilityZoneRelocation: Bool? = nil, multiAZ: Bool? = nil, encrypted: Bool? = nil, key: Text? = nil,
            parameterGroup: Text? = nil, version: Text? = nil, allowVersionUpgrade: Bool? = nil,
            maintenanceTrack: Text? = nil, maintenanceWindow: Text? = nil, automatedSnapshotRetention: Int? = nil,
            manualSnapshotRetention: Int? = nil, snapshotCopy: SnapshotCopy? = nil,
            logging: LoggingProperties? = nil, finalSnapshot: FinalSnapshot? = nil, paused: Bool? = nil,
            classicResize: Bool? = nil, identifier: Text? = nil, tags: [String: Text]? = nil
        ) {
            clusterIdentifier = identifier
            dbName = database
            self.masterUsername = masterUsername
            masterUserPassword = password
            manageMasterPassword = password == nil ? true : nil
            masterPasswordSecretKmsKeyId = passwordKey
            self.nodeType = nodeType
            numberOfNodes = nodes
            classic = classicResize
            clusterSubnetGroupName = subnetGroup
            vpcSecurityGroupIds = securityGroups
            self.publiclyAccessible = publiclyAccessible
            elasticIp = elasticIP
            enhancedVpcRouting = enhancedVPCRouting
            self.port = port
            self.availabilityZone = availabilityZone
            self.availabilityZoneRelocation = availabilityZoneRelocation
            self.multiAZ = multiAZ
            self.encrypted = encrypted
            kmsKeyId = key
            iamRoles = roles
            defaultIamRoleArn = defaultRole
            clusterParameterGroupName = parameterGroup
            clusterVersion = version
            self.allowVersionUpgrade = allowVersionUpgrade
            maintenanceTrackName = maintenanceTrack
            preferredMaintenanceWindow = maintenanceWindow
            automatedSnapshotRetentionPeriod = automatedSnapshotRetention
            manualSnapshotRetentionPeriod = manualSnapshotRetention
            destinationRegion = snapshotCopy?.region
            snapshotCopyGrantName = snapshotCopy?.grant
            snapshotCopyRetentionPeriod = snapshotCopy?.retention
            loggingProperties = logging
            self.paused = paused
            self.finalSnapshot = finalSnapshot
            self.tags = tags
        }

        public static let identification = Identification.named
        public static let naming = Naming(limit: 63, allowsUppercase: false)
        /// Others wait 75 minutes for a cluster to be made or changed.
        ///
        /// Source: <https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/redshift/cluster.go>
        public static let patience = Patience(every: .seconds(1), upTo: .seconds(75 * 60))
        public static let permissions = Permissions(
            create: ["redshift:CreateCluster", "redshift:CreateTags", "iam:PassRole"],
            read: ["redshift:DescribeClusters", "redshift:DescribeLoggingStatus"],
            update: [
                "redshift:ModifyCluster", "redshift:ResizeCluster", "redshift:ModifyClusterIamRoles",
                "redshift:PauseCluster", "redshift:ResumeCluster", "redshift:EnableLogging",
                "redshift:DisableLogging", "redshift:EnableSnapshotCopy", "redshift:DisableSnapshotCopy",
                "redshift:ModifySnapshotCopyRetentionPeriod", "redshift:CreateTags", "redshift:DeleteTags",
                "iam:PassRole",
            ],
            delete: ["redshift:DeleteCluster"],
            list: ["redshift:DescribeClusters", "redshift:DescribeLoggingStatus"])
        /// `ModifyCluster` keeps what it is not given.
        ///
        /// Source: <https://docs.aws.amazon.com/redshift/latest/APIReference/API_CreateCluster.html> (defaults)
        public static let removals: [String: Removal] = [
            "AllowVersionUpgrade": .sentinel(true), "AutomatedSnapshotRetentionPeriod": .sentinel(1),
            "ClusterParameterGroupName": .sentinel("default.redshift-2.0"), "Encrypted": .sentinel(true),
            "EnhancedVpcRouting": .sentinel(false), "KmsKeyId": .sentinel(.string(awsOwnedKey)),
            "MaintenanceTrackName": .sentinel("current"), "ManageMasterPassword": .sentinel(false),
            "ManualSnapshotRetentionPeriod": .sentinel(-1), "MultiAZ": .sentinel(false), "NumberOfNodes": .sentinel(1),
            "Paused": .sentinel(false), "Port": .sentinel(5439), "PubliclyAccessible": .sentinel(false),
            "SnapshotCopyRetentionPeriod": .sentinel(7),
            // AWS chose these itself, by the network or at random, and would not choose again.
            "AvailabilityZone": .never, "AvailabilityZoneRelocation": .never, "ClusterVersion": .never,
            "ElasticIp": .never, "MasterPasswordSecretKmsKeyId": .never, "PreferredMaintenanceWindow": .never,
            "VpcSecurityGroupIds": .never,
        ]
        public static let volatileAttributes: Set<String> = [
            "EndpointAddress", "EndpointPort", "MasterPasswordSecretArn",
        ]

        /// What AWS says of a cluster that is encrypted with a key that AWS has for all.
        static let awsOwnedKey = "AWS_OWNED_KMS_KEY"

        public var fixedName: Text? { clusterIdentifier?.lowercased() }

        public func foreseen(_ identity: String, at location: Location) -> Foreseen<Attributes> {
            Foreseen {
                $0[\.id] = identity
                $0[\.arn] = location.arn("redshift", "cluster:\(identity)")
                if let name = dbName.literal { $0[\.databaseName] = name.lowercased() }
                if let user = masterUsername.literal { $0[\.masterUsername] = user.lowercased() }
            }
        }

        /// AWS keeps names and times in small letters.
        public func canonical() -> Cluster {
            var cluster = self
            cluster.clusterIdentifier = clusterIdentifier?.lowercased()
            cluster.dbName = dbName.lowercased()
            cluster.masterUsername = masterUsername.lowercased()
            cluster.clusterSubnetGroupName = clusterSubnetGroupName?.lowercased()
            cluster.clusterParameterGroupName = clusterParameterGroupName?.lowercased()
            cluster.preferredMaintenanceWindow = preferredMaintenanceWindow?.lowercased()
            cluster.loggingProperties = loggingProperties?.canonical()
            if iamRoles?.isEmpty == true { cluster.iamRoles = nil }
            if defaultIamRoleArn == "" { cluster.defaultIamRoleArn = nil }
            return cluster
        }
    }
}
