import SlipwayAWS
import SlipwayDeclaration
import SlipwayFakeAWS
import SlipwayProvider
import SlipwayResources
import Testing

/// What is special about clusters, call by call.
@Suite struct RedshiftClusterTests {
    let trial = Trial()

    /// A cluster with a password of its own at hand, as the engine has it.
    static func withPassword(_ variable: String, _ value: String) throws -> Redshift.Cluster {
        let cluster = Redshift.Cluster(nodeType: "ra3.large", password: .environment(variable))
        let tree = try PropertyEncoder().encode(cluster).tree
        return try PropertyDecoder(secrets: [.environment(variable): value]).decode(Redshift.Cluster.self, from: tree)
    }

    func input(_ operation: String) -> JSON? { trial.fake.calls.last { $0.operation == operation }?.input }

    // MARK: Create

    @Test func `a cluster needs a database, nodes and roles, and the rest is made up`() async throws {
        let cluster = Redshift.Cluster(
            database: "tickit", nodeType: "ra3.large", roles: ["arn:aws:iam::123456789012:role/etl"])
        try await trial.make("tickit-dev-warehouse", cluster)
        let sent = try #require(input("CreateCluster")?.object)
        #expect(
            Set(sent.keys) == [
                "ClusterIdentifier", "ClusterType", "DBName", "IamRoles", "ManageMasterPassword", "MasterUsername",
                "NodeType", "Tags",
            ])
        #expect(sent["MasterUsername"] == "admin")
        #expect(sent["ClusterType"] == "single-node")
        let found = try await trial.look("tickit-dev-warehouse", Redshift.Cluster.self)
        #expect(found.attributes.id == "tickit-dev-warehouse")
        #expect(found.attributes.arn == "arn:aws:redshift:us-east-1:123456789012:cluster:tickit-dev-warehouse")
        #expect(found.attributes.clusterNamespaceArn?.contains(":namespace:") == true)
        #expect(found.attributes.masterPasswordSecretArn?.hasPrefix("arn:aws:secretsmanager:") == true)
        #expect(found.attributes.endpointPort == 5439)
        #expect(found.attributes.databaseName == "tickit")
    }

    @Test func `several nodes are told with their number`() async throws {
        try await trial.make("c", Redshift.Cluster(nodeType: "ra3.xlplus", nodes: 3))
        #expect(input("CreateCluster")?["ClusterType"] == "multi-node")
        #expect(input("CreateCluster")?["NumberOfNodes"] == "3")
    }

    @Test func `one node has no number`() async throws {
        try await trial.make("c", Redshift.Cluster(nodeType: "ra3.xlplus", nodes: 1))
        #expect(input("CreateCluster")?["NumberOfNodes"] == nil)
    }

    // MARK: Read

    @Test(arguments: [
        ("available", "Modifying"), ("available", "Maintenance"), ("available", "Unavailable"), ("modifying", "Available"),
        ("available, prep-for-resize", "Available"), ("available, resize-cleanup", "Available"), ("resizing", "Modifying"),
        ("creating", "Modifying"), ("final-snapshot", "Unavailable"), ("rotating-keys", "Available"),
    ])
    func `a cluster is at rest when it is available and can be used`(_ states: (String, String)) async throws {
        try await trial.make("c", Redshift.Cluster(nodeType: "ra3.large"))
        trial.fake.withServices {
            $0.redshift.clusters["c"]?.work = [.init(status: states.0, availability: states.1, left: 9)]
        }
        guard case .settling = try await Redshift.Cluster.read("c", .all, trial.aws) else {
            Issue.record("\(states) is no rest")
            return
        }
    }

    @Test(arguments: [
        ("incompatible-network", "Unavailable"), ("hardware-failure", "Unavailable"), ("available", "Failed"),
    ])
    func `what AWS gave up is not waited for`(_ states: (String, String)) async throws {
        try await trial.make("c", Redshift.Cluster(nodeType: "ra3.large"))
        trial.fake.withServices {
            $0.redshift.clusters["c"]?.work = [.init(status: states.0, availability: states.1, left: 9)]
        }
        guard case .failed = try await Redshift.Cluster.read("c", .all, trial.aws) else {
            Issue.record("\(states) is a failure")
            return
        }
    }

    @Test func `a value that is pending is under way, and no difference`() async throws {
        try await trial.make("c", Redshift.Cluster(nodeType: "ra3.large"))
        trial.fake.withServices { $0.redshift.clusters["c"]?.waiting = ["PubliclyAccessible": "true"] }
        guard case .settling("modifying") = try await Redshift.Cluster.read("c", .all, trial.aws) else {
            Issue.record("it is at rest")
            return
        }
    }

    @Test func `what waits for the next maintenance window is as good as there`() async throws {
        var cluster = Redshift.Cluster(nodeType: "ra3.large")
        try await trial.make("c", cluster)
        cluster.maintenanceTrackName = "trailing"
        try await cluster.update("c", from: try await trial.look("c", Redshift.Cluster.self).properties, trial.aws)
        trial.fake.withServices { #expect($0.redshift.clusters["c"]?.members["MaintenanceTrackName"] == "current") }
        #expect(try await trial.look("c", Redshift.Cluster.self).properties.maintenanceTrackName == "trailing")
    }

    @Test func `the audit log is asked for only where it matters`() async throws {
        try await trial.make("c", Redshift.Cluster(nodeType: "ra3.large"))
        let calls = try await trial.operations {
            let found = try await trial.look("c", Redshift.Cluster.self, .only(["NodeType"]))
            #expect(found.unread == ["LoggingProperties"])
        }
        #expect(calls == ["DescribeClusters"])
    }

    @Test func `a list goes through all pages`() async throws {
        trial.fake.withServices { $0.redshift.pageSize = 2 }
        for name in ["a", "b", "c", "d", "e"] { try await trial.make(name, Redshift.Cluster(nodeType: "ra3.large")) }
        let wanted = ["a", "e", "x"].map { Listed<Redshift.Cluster>($0, .only([])) }
        let calls = try await trial.operations {
            let seen = try await Redshift.Cluster.list(wanted, trial.aws)
            #expect(seen.keys.sorted() == ["a", "e"])
        }
        #expect(calls == ["DescribeClusters", "DescribeClusters", "DescribeClusters"])
    }

    @Test func `another cluster under the same identifier is another one`() async throws {
        try await trial.make("c", Redshift.Cluster(nodeType: "ra3.large", finalSnapshot: .skip))
        let first = try await trial.look("c", Redshift.Cluster.self)
        try await Redshift.Cluster(nodeType: "ra3.large", finalSnapshot: .skip).delete("c", trial.aws)
        try await trial.make("c", Redshift.Cluster(nodeType: "ra3.large"))
        let second = try await trial.look("c", Redshift.Cluster.self)
        #expect(first.immutableID != second.immutableID)
        #expect(first.attributes.clusterNamespaceArn != second.attributes.clusterNamespaceArn)
    }

    // MARK: Update

    static let parts: [Change<Redshift.Cluster>] = [
        Change("ResizeCluster") { $0.nodeType = "ra3.xlplus" },
        Change("ResizeCluster") { $0.numberOfNodes = 2 },
        Change("ModifyCluster") { $0.multiAZ = true },
        Change("ModifyCluster") { $0.availabilityZone = "us-east-1c" },
        Change("ModifyCluster") { $0.encrypted = false },
        Change("ModifyCluster") { $0.kmsKeyId = "arn:aws:kms:us-east-1:123456789012:key/k" },
        Change("ModifyCluster") { $0.clusterParameterGroupName = "default.redshift-1.0" },
        Change("ModifyCluster") { $0.port = 5440 },
        Change("ModifyClusterIamRoles") { $0.iamRoles = ["arn:aws:iam::123456789012:role/r"] },
        Change("EnableLogging") { $0.loggingProperties = .s3("audit") },
        Change("EnableSnapshotCopy") { $0.destinationRegion = "eu-west-1" },
        Change("PauseCluster") { $0.paused = true },
        Change("CreateTags") { $0.tags = ["a": "b"] },
    ]

    @Test(arguments: parts) func `a part that differs is one call`(_ change: Change<Redshift.Cluster>) async throws {
        try await trial.make("c", Redshift.Cluster(nodeType: "ra3.large"))
        let current = try await trial.look("c", Redshift.Cluster.self).properties
        var desired = current
        change.make(&desired)
        let calls = try await trial.operations { try await desired.update("c", from: current, trial.aws) }
        #expect(calls == [change.operation])
    }

    @Test func `a resize tells type, number and kind of nodes together`() async throws {
        let made = try await trial.make("c", Redshift.Cluster(nodeType: "ra3.xlplus", nodes: 2))
        var cluster = made.properties
        cluster.numberOfNodes = 4
        try await cluster.update("c", from: made.properties, trial.aws)
        #expect(
            input("ResizeCluster") == [
                "ClusterIdentifier": "c", "ClusterType": "multi-node", "NodeType": "ra3.xlplus", "NumberOfNodes": "4",
            ])
        var single = cluster
        single.numberOfNodes = 1
        single.classic = true
        try await single.update("c", from: cluster, trial.aws)
        #expect(
            input("ResizeCluster") == [
                "ClusterIdentifier": "c", "ClusterType": "single-node", "NodeType": "ra3.xlplus", "Classic": "true",
            ])
    }

    @Test func `zones are changed alone`() async throws {
        let made = try await trial.make("c", Redshift.Cluster(nodeType: "ra3.xlplus", nodes: 2))
        var cluster = made.properties
        cluster.multiAZ = true
        cluster.availabilityZone = "us-east-1b"
        cluster.port = 5440
        cluster.publiclyAccessible = false
        trial.fake.forgetCalls()
        try await cluster.update("c", from: made.properties, trial.aws)
        let sent = trial.fake.calls.map { ($0.input.object ?? [:]).keys.filter { $0 != "ClusterIdentifier" }.sorted() }
        #expect(sent == [["MultiAZ"], ["AvailabilityZone"], ["Port", "PubliclyAccessible"]])
    }

    @Test func `a cluster that leaves its second zone may be moved only if that was declared`() async throws {
        let before = Redshift.Cluster(nodeType: "ra3.xlplus", nodes: 2, availabilityZoneRelocation: false, multiAZ: true)
        try await trial.make("c", before)
        var after = before
        after.multiAZ = false
        try await after.update("c", from: before, trial.aws)
        #expect(try await trial.look("c", Redshift.Cluster.self).properties.availabilityZoneRelocation == false)
    }

    @Test func `a cluster that goes back to AWS's own key names none`() async throws {
        let key: Text = "arn:aws:kms:us-east-1:123456789012:key/k"
        let made = try await trial.make("c", Redshift.Cluster(nodeType: "ra3.large", key: key))
        var cluster = made.properties
        cluster.kmsKeyId = "AWS_OWNED_KMS_KEY"
        try await cluster.update("c", from: made.properties, trial.aws)
        #expect(input("ModifyCluster") == ["ClusterIdentifier": "c", "Encrypted": "true"])
        #expect(try await trial.look("c", Redshift.Cluster.self).properties.kmsKeyId == "AWS_OWNED_KMS_KEY")
    }

    @Test func `roles are added and removed, and the default one is named`() async throws {
        let (a, b): (Text, Text) = ("arn:aws:iam::123456789012:role/a", "arn:aws:iam::123456789012:role/b")
        let made = try await trial.make("c", Redshift.Cluster(nodeType: "ra3.large", roles: [a], defaultRole: a))
        var cluster = made.properties
        cluster.iamRoles = [b]
        cluster.defaultIamRoleArn = nil
        try await cluster.update("c", from: made.properties, trial.aws)
        let found = try await trial.look("c", Redshift.Cluster.self).properties
        #expect(found.iamRoles == [b])
        #expect(found.defaultIamRoleArn == nil)
    }

    @Test func `snapshots that go elsewhere are ended and begun again`() async throws {
        let made = try await trial.make("c", Redshift.Cluster(nodeType: "ra3.large", snapshotCopy: .to("eu-west-1")))
        var cluster = made.properties
        cluster.destinationRegion = "eu-west-1"
        var other = cluster
        other.destinationRegion = "eu-south-1"
        let moved = try await trial.operations { try await other.update("c", from: cluster, trial.aws) }
        #expect(moved == ["DisableSnapshotCopy", "EnableSnapshotCopy"])
        var longer = other
        longer.snapshotCopyRetentionPeriod = 14
        let kept = try await trial.operations { try await longer.update("c", from: other, trial.aws) }
        #expect(kept == ["ModifySnapshotCopyRetentionPeriod"])
    }

    @Test func `a public address is changed on a public cluster`() async throws {
        let made = try await trial.make(
            "c", Redshift.Cluster(nodeType: "ra3.large", publiclyAccessible: true, elasticIP: "203.0.113.7"))
        var cluster = made.properties
        cluster.elasticIp = "203.0.113.8"
        try await cluster.update("c", from: made.properties, trial.aws)
        #expect(try await trial.look("c", Redshift.Cluster.self).properties.elasticIp == "203.0.113.8")
    }

    // MARK: Password

    @Test func `a password is sent, and never read`() async throws {
        let cluster = try Self.withPassword("PASSWORD", "Tickit2026")
        try await trial.make("c", cluster)
        #expect(input("CreateCluster")?["MasterUserPassword"] == "Tickit2026")
        #expect(input("CreateCluster")?["ManageMasterPassword"] == nil)
        let found = try await trial.look("c", Redshift.Cluster.self)
        #expect(found.properties.masterUserPassword == nil)
        #expect(found.properties.manageMasterPassword == false)
        #expect(found.attributes.masterPasswordSecretArn == nil)
        let marks = try PropertyEncoder().encode(cluster).marks
        #expect(marks[["MasterUserPassword"]] == [.writeOnly])
    }

    @Test func `AWS takes a password over, and gives it back`() async throws {
        let own = try Self.withPassword("PASSWORD", "Tickit2026")
        try await trial.make("c", own)
        let managed = Redshift.Cluster(nodeType: "ra3.large", passwordKey: "arn:aws:kms:us-east-1:123456789012:key/k")
        try await managed.update("c", from: own, trial.aws)
        #expect(input("ModifyCluster")?["MasterUserPassword"] == nil)
        #expect(input("ModifyCluster")?["ManageMasterPassword"] == "true")
        let found = try await trial.look("c", Redshift.Cluster.self)
        #expect(found.attributes.masterPasswordSecretArn != nil)
        #expect(found.properties.masterPasswordSecretKmsKeyId == "arn:aws:kms:us-east-1:123456789012:key/k")
        try await own.update("c", from: found.properties, trial.aws)
        #expect(
            input("ModifyCluster") == [
                "ClusterIdentifier": "c", "ManageMasterPassword": "false", "MasterUserPassword": "Tickit2026",
            ])
        trial.fake.withServices { #expect($0.redshift.clusters["c"]?.password == "Tickit2026") }
    }

    // MARK: Delete

    @Test func `a last snapshot is named by the time`() async throws {
        let cluster = Redshift.Cluster(nodeType: "ra3.large", finalSnapshot: .named("tickit", retentionPeriod: 30))
        try await trial.make("c", cluster)
        try await cluster.delete("c", trial.aws)
        let name = try #require(input("DeleteCluster")?["FinalClusterSnapshotIdentifier"]?.string)
        #expect(name.hasPrefix("tickit-20"))
        #expect(name.count == "tickit-20260101000000".count)
        #expect(input("DeleteCluster")?["FinalClusterSnapshotRetentionPeriod"] == "30")
        #expect(input("DeleteCluster")?["SkipFinalClusterSnapshot"] == "false")
    }

    @Test func `without a snapshot AWS is told so`() async throws {
        let cluster = Redshift.Cluster(nodeType: "ra3.large", finalSnapshot: .skip)
        try await trial.make("c", cluster)
        try await cluster.delete("c", trial.aws)
        #expect(input("DeleteCluster") == ["ClusterIdentifier": "c", "SkipFinalClusterSnapshot": "true"])
    }

    @Test func `nothing is deleted before somebody has said what becomes of the data`() {
        let cluster = Redshift.Cluster(nodeType: "ra3.large")
        #expect(cluster.undeletable().map(\.property) == ["FinalSnapshot"])
        #expect(Redshift.Cluster(nodeType: "ra3.large", finalSnapshot: .skip).undeletable() == [])
        #expect(Redshift.Cluster(nodeType: "ra3.large", finalSnapshot: .named("x")).undeletable() == [])
    }

    // MARK: Declaration

    @Test func `what needs another cluster is what CloudFormation says`() throws {
        #expect(
            try createOnly(RedshiftClusterExample.full) == [
                "ClusterIdentifier", "DBName", "MasterUsername", "ClusterSubnetGroupName",
            ])
    }

    @Test func `a change may take 75 minutes`() { #expect(Redshift.Cluster.patience.limit == .seconds(4500)) }

    static let mistakes: [Change<Redshift.Cluster>] = [
        Change("ClusterIdentifier") { $0.clusterIdentifier = "Tickit--x" },
        Change("DBName") { $0.dbName = "Tickit DB" },
        Change("MasterUsername") { $0.masterUsername = "public" },
        Change("MasterUserPassword") { $0.masterUserPassword = .environment("P") },
        Change("MasterUserPassword") { $0.manageMasterPassword = nil },
        Change("NumberOfNodes") { $0.numberOfNodes = 0 },
        Change("NumberOfNodes") { $0.nodeType = "ra3.4xlarge" },
        Change("MultiAZ") { $0.multiAZ = true },
        Change("Port") { $0.port = 80 },
        Change("AvailabilityZoneRelocation") {
            $0.publiclyAccessible = true
            $0.availabilityZoneRelocation = true
        },
        Change("ElasticIp") { $0.elasticIp = "203.0.113.7" },
        Change("KmsKeyId") { $0.kmsKeyId = "alias/data" },
        Change("DefaultIamRoleArn") { $0.defaultIamRoleArn = "arn:aws:iam::123456789012:role/r" },
        Change("AutomatedSnapshotRetentionPeriod") { $0.automatedSnapshotRetentionPeriod = 0 },
        Change("ManualSnapshotRetentionPeriod") { $0.manualSnapshotRetentionPeriod = 0 },
        Change("SnapshotCopyRetentionPeriod") { $0.snapshotCopyRetentionPeriod = 7 },
        Change("FinalSnapshot.Prefix") { $0.finalSnapshot = .named("1st snapshot") },
        Change("LoggingProperties.BucketName") { $0.loggingProperties = .init() },
        Change("LoggingProperties.LogExports") { $0.loggingProperties = .cloudWatch([]) },
        Change("PreferredMaintenanceWindow") { $0.preferredMaintenanceWindow = "sunday" },
    ]

    @Test(arguments: mistakes) func `what AWS would refuse is found at once`(_ mistake: Change<Redshift.Cluster>) {
        var cluster = Redshift.Cluster(nodeType: "ra3.large")
        #expect(cluster.check() == [])
        mistake.make(&cluster)
        #expect(cluster.check().map(\.property) == [mistake.operation])
    }
}
