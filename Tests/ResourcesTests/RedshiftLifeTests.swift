import SlipwayDeclaration
import SlipwayEngine
import SlipwayFakeAWS
import SlipwayProvider
import SlipwayResources
import Testing

/// Clusters as the engine treats them, while AWS takes its time.
@Suite struct RedshiftLifeTests {
    let trial = EngineTrial()
    let name = "tickit-dev-warehouse"

    func stack(_ change: (inout Redshift.Cluster) -> Void = { _ in }) -> Stack {
        var cluster = Redshift.Cluster(database: "tickit", nodeType: "ra3.xlplus", finalSnapshot: .skip)
        change(&cluster)
        var stack = Stack("tickit", Settings())
        let warehouse = stack.add("warehouse", cluster)
        stack.output("endpoint", warehouse.endpointAddress)
        stack.output("secret", warehouse.masterPasswordSecretArn)
        return stack
    }

    func slow(_ looks: Int = 3) { trial.fake.withServices { $0.redshift.looksPerChange = looks } }

    var cluster: FakeRedshift.Cluster? { trial.fake.withServices { $0.redshift.clusters[name] } }

    /// Operations that AWS carried out, with the properties that they changed.
    func sent() -> [String] {
        trial.changes.filter { $0.service == "redshift" }.map { call in
            let members = (call.input.object ?? [:]).keys.filter { !["ClusterIdentifier", "Tags"].contains($0) }
            return ([call.operation] + members.sorted()).joined(separator: " ")
        }
    }

    @Test func `a cluster is waited for until it can be used, and what it tells then is known`() async throws {
        slow()
        let outcome = try await trial.apply(stack())
        #expect(outcome.isComplete)
        #expect(trial.waits == ["creating"])
        #expect(outcome.outputs["endpoint"]?.hasPrefix(name) == true)
        #expect(outcome.outputs["secret"]?.hasPrefix("arn:aws:secretsmanager:") == true)
        #expect(outcome.unconverged.isEmpty)
    }

    @Test func `what AWS fills in is no drift`() async throws {
        try await trial.apply(stack())
        #expect(try await trial.plan(stack()).isEmpty)
        let said = stack {
            $0.encrypted = true
            $0.kmsKeyId = "AWS_OWNED_KMS_KEY"
            $0.clusterParameterGroupName = "default.redshift-2.0"
            $0.port = 5439
            $0.automatedSnapshotRetentionPeriod = 1
            $0.manualSnapshotRetentionPeriod = -1
            $0.maintenanceTrackName = "current"
            $0.availabilityZoneRelocation = true
            $0.numberOfNodes = 1
            $0.multiAZ = false
            $0.paused = false
        }
        #expect(try await trial.plan(said).operations.allSatisfy { $0.changes.isEmpty })
    }

    @Test func `security groups and roles have no order`() async throws {
        let roles: [Text] = ["arn:aws:iam::123456789012:role/a", "arn:aws:iam::123456789012:role/b"]
        func wanted(_ cluster: inout Redshift.Cluster) {
            cluster.vpcSecurityGroupIds = ["sg-3", "sg-1", "sg-2"]
            cluster.iamRoles = roles
        }
        try await trial.apply(stack(wanted))
        trial.fake.shuffle()
        for _ in 0..<4 { #expect(try await trial.plan(stack(wanted)).isEmpty) }
    }

    @Test func `a resize and another parameter group follow each other`() async throws {
        try await trial.apply(stack())
        slow()
        trial.fake.forgetCalls()
        let outcome = try await trial.apply(
            stack {
                $0.nodeType = "ra3.large"
                $0.numberOfNodes = 2
                $0.clusterParameterGroupName = "default.redshift-1.0"
            })
        #expect(outcome.isComplete)
        #expect(outcome.unconverged.isEmpty)
        #expect(cluster?.parameterGroup == "default.redshift-1.0")
        #expect(cluster?.members["NumberOfNodes"] == "2")
        #expect(sent().filter { $0.hasPrefix("ResizeCluster") }.count == 1, "what was accepted is not sent again")
    }

    @Test func `everything can be changed at once`() async throws {
        try await trial.apply(stack())
        slow(2)
        let outcome = try await trial.apply(
            stack {
                $0.numberOfNodes = 2
                $0.multiAZ = true
                $0.port = 5440
                $0.kmsKeyId = "arn:aws:kms:eu-west-1:123456789012:key/k"
                $0.iamRoles = ["arn:aws:iam::123456789012:role/a"]
                $0.clusterParameterGroupName = "default.redshift-1.0"
                $0.loggingProperties = .s3("audit")
                $0.destinationRegion = "eu-central-1"
                $0.manageMasterPassword = nil
                $0.masterUserPassword = .environment("PASSWORD")
                $0.tags = ["team": "data"]
            })
        #expect(outcome.isComplete)
        #expect(outcome.unconverged.isEmpty)
        #expect(cluster?.password == "Tickit2026")
        #expect(cluster?.members["MultiAZ"] == "Enabled")
        #expect(cluster?.port == "5440")
    }

    @Test func `what the cluster refuses although it says that it is available is sent again`() async throws {
        try await trial.apply(stack())
        trial.fake.fail(
            "redshift", "ModifyCluster", times: 3, code: "InvalidClusterState",
            message: "There is an operation running on the Cluster. Please try to execute this operation again.")
        #expect(try await trial.apply(stack { $0.port = 5440 }).isComplete)
        #expect(cluster?.port == "5440")
    }

    @Test func `a cluster is paused and resumed`() async throws {
        try await trial.apply(stack())
        slow()
        #expect(try await trial.apply(stack { $0.paused = true }).isComplete)
        #expect(cluster?.status == "paused")
        #expect(trial.waits == ["pausing"])
        #expect(try await trial.plan(stack { $0.paused = true }).isEmpty)
        #expect(try await trial.apply(stack { $0.paused = false }).isComplete)
        #expect(cluster?.status == "available")
        #expect(trial.waits == ["resuming"])
    }

    @Test func `a cluster that is made paused is paused once it is there`() async throws {
        slow()
        #expect(try await trial.apply(stack { $0.paused = true }).isComplete)
        #expect(cluster?.status == "paused")
    }

    @Test func `a paused cluster is resumed for a change, and paused again`() async throws {
        try await trial.apply(stack { $0.paused = true })
        slow()
        trial.fake.forgetCalls()
        let outcome = try await trial.apply(
            stack {
                $0.paused = true
                $0.port = 5440
            })
        #expect(outcome.isComplete)
        #expect(cluster?.status == "paused")
        #expect(cluster?.port == "5440")
        let accepted = sent().map { $0.split(separator: " ")[0] }
        #expect(accepted.first == "ResumeCluster")
        #expect(accepted.last == "PauseCluster")
    }

    @Test func `whoever paused a cluster that says nothing of it is left alone`() async throws {
        try await trial.apply(stack())
        trial.fake.withServices { $0.redshift.clusters[name]?.isPaused = true }
        #expect(try await trial.plan(stack()).isEmpty)
    }

    @Test func `a password is changed once, when everything else is done`() async throws {
        func own(_ cluster: inout Redshift.Cluster, _ variable: String) {
            cluster.manageMasterPassword = nil
            cluster.masterUserPassword = .environment(variable)
        }
        try await trial.apply(stack { own(&$0, "PASSWORD") })
        slow()
        trial.fake.forgetCalls()
        let outcome = try await trial.apply(
            stack {
                own(&$0, "NEXT")
                $0.port = 5440
                $0.paused = true
            })
        #expect(outcome.isComplete)
        #expect(cluster?.password == "Tickit2027")
        #expect(cluster?.status == "paused")
        #expect(sent().filter { $0.contains("MasterUserPassword") }.count <= 2, "once refused at most, once accepted")
        let next = try await trial.plan(
            stack {
                own(&$0, "NEXT")
                $0.port = 5440
                $0.paused = true
            })
        #expect(next.operations == [])
    }

    @Test func `another database is another cluster`() async throws {
        try await trial.apply(stack())
        let plan = try await trial.plan(stack { $0.dbName = "other" })
        #expect(plan.operations.map(\.isReplacement) == [true, true])
        #expect(plan.refusals == [])
    }

    @Test func `a destroy is refused at plan time until somebody says what becomes of the data`() async throws {
        try await trial.apply(stack { $0.finalSnapshot = nil })
        trial.fake.forgetCalls()
        let plan = try await trial.plan(nil)
        #expect(plan.refusals.count == 1)
        #expect(trial.changes.isEmpty)
        #expect(try await trial.apply(stack { $0.finalSnapshot = .named("tickit") }).isComplete)
        #expect(trial.changes.isEmpty, "a decision is nothing that AWS is told")
        #expect(try await trial.apply(nil).isComplete)
        #expect(cluster == nil)
        #expect(trial.fake.withServices { $0.redshift.snapshots.count } == 1)
    }

    @Test func `a destroy waits for the last snapshot`() async throws {
        try await trial.apply(stack { $0.finalSnapshot = .named("tickit") })
        slow()
        #expect(try await trial.apply(nil).isComplete)
        #expect(trial.waits == ["final-snapshot", "deleting"])
        #expect(cluster == nil)
    }

    @Test func `a destroy of what is busy is asked again`() async throws {
        try await trial.apply(stack())
        trial.fake.fail(
            "redshift", "DeleteCluster", times: 20, code: "InvalidClusterState",
            message: "There is an operation running on the Cluster.")
        #expect(try await trial.apply(nil).isComplete)
        #expect(cluster == nil)
    }

    @Test func `a paused cluster is destroyed as it is`() async throws {
        try await trial.apply(stack { $0.paused = true })
        #expect(try await trial.apply(nil).isComplete)
    }

    @Test func `groups go after their cluster, and wait for it`() async throws {
        var stack = Stack("tickit", Settings())
        let subnets = stack.add("subnets", Redshift.ClusterSubnetGroup(subnets: ["subnet-1"]))
        let settings = stack.add("settings", Redshift.ClusterParameterGroup(["require_ssl": "true"]))
        stack.add(
            "warehouse",
            Redshift.Cluster(
                nodeType: "ra3.large", subnetGroup: subnets.name, parameterGroup: settings.name, finalSnapshot: .skip))
        slow()
        #expect(try await trial.apply(stack).isComplete)
        #expect(try await trial.plan(stack).isEmpty)
        trial.fake.fail("redshift", "DeleteClusterSubnetGroup", times: 2, code: "InvalidClusterSubnetGroupStateFault")
        trial.fake.fail("redshift", "DeleteClusterParameterGroup", times: 2, code: "InvalidClusterParameterGroupState")
        trial.fake.forgetCalls()
        #expect(try await trial.apply(nil).isComplete)
        #expect(trial.changes.first?.operation == "DeleteCluster")
        #expect(trial.fake.withServices { $0.redshift.subnetGroups.isEmpty && $0.redshift.parameterGroups.isEmpty })
    }

    @Test func `a cluster of somebody else's is left alone, also while it is being made`() async throws {
        slow()
        let creation = Creation(
            name: name, location: Trial.location, ownership: Trial.ownership, token: "0")
        _ = try await Redshift.Cluster(nodeType: "ra3.large").create(creation, trial.fake.client())
        let deployment = try await trial.open()
        let plan = try await deployment.plan(stack().graph, refresh: .none)
        let outcome = try await deployment.apply(
            plan, command: "apply", who: "test@host", interruption: Interruption(clock: trial.clock)) { _ in }
        #expect(!outcome.isComplete)
        #expect(cluster?.members["NodeType"] == "ra3.large")
        #expect(cluster?.tags["slipway:lineage"] == Trial.ownership.lineage)
    }

    @Test func `a cluster whose answer is lost is found`() async throws {
        slow()
        trial.fake.drop("redshift", "CreateCluster", .after)
        #expect(try await trial.apply(stack()).isComplete)
        #expect(trial.changes.filter { $0.operation == "CreateCluster" }.count == 1)
    }
}
