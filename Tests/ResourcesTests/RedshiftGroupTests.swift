import SlipwayAWS
import SlipwayDeclaration
import SlipwayFakeAWS
import SlipwayProvider
import SlipwayResources
import Testing

/// What is special about the groups that clusters are made with.
@Suite struct RedshiftGroupTests {
    let trial = Trial()

    @Test func `a parameter that is no longer declared is reset by its name`() async throws {
        let before = Redshift.ClusterParameterGroup(["require_ssl": "true", "statement_timeout": "5000"])
        try await trial.make("settings", before)
        let after = Redshift.ClusterParameterGroup(["require_ssl": "true"])
        let current = try await trial.look("settings", Redshift.ClusterParameterGroup.self).properties
        let calls = try await trial.operations { try await after.update("settings", from: current, trial.aws) }
        #expect(calls == ["ResetClusterParameterGroup"])
        #expect(trial.fake.calls.first?.input["Parameters"] == [["ParameterName": "statement_timeout"]])
        #expect(
            try await trial.look("settings", Redshift.ClusterParameterGroup.self).properties.parameters == [
                "require_ssl": "true"
            ])
    }

    @Test func `what the family sets is no difference`() async throws {
        try await trial.make("settings", Redshift.ClusterParameterGroup())
        #expect(try await trial.look("settings", Redshift.ClusterParameterGroup.self).properties.parameters == [:])
        #expect(Redshift.ClusterParameterGroup([:]).canonical() == Redshift.ClusterParameterGroup().canonical())
    }

    @Test func `queues are compared by what they mean`() {
        let declared = Redshift.ClusterParameterGroup(["wlm_json_configuration": #"[ { "b": 1, "a": true } ]"#])
        let found = Redshift.ClusterParameterGroup(["wlm_json_configuration": #"[{"a":true,"b":1}]"#])
        #expect(declared.canonical() == found.canonical())
        let broken = Redshift.ClusterParameterGroup(["wlm_json_configuration": "[{"])
        #expect(broken.check().map(\.property) == ["Parameters.wlm_json_configuration"])
    }

    @Test func `another family or description is another group`() throws {
        #expect(
            try createOnly(RedshiftParameterGroupExample.full) == [
                "ParameterGroupName", "ParameterGroupFamily", "Description",
            ])
    }

    @Test func `parameters come in pages`() async throws {
        trial.fake.withServices { $0.redshift.pageSize = 1 }
        let parameters: [String: Text] = ["require_ssl": "true", "datestyle": "ISO, DMY", "query_group": "etl"]
        try await trial.make("settings", Redshift.ClusterParameterGroup(parameters))
        #expect(try await trial.look("settings", Redshift.ClusterParameterGroup.self).properties.parameters == parameters)
    }

    @Test func `a group that a cluster has is busy`() async throws {
        try await trial.make("subnets", Redshift.ClusterSubnetGroup(subnets: ["subnet-1"]))
        try await trial.make("c", Redshift.Cluster(nodeType: "ra3.large", subnetGroup: "subnets"))
        await #expect {
            try await Redshift.ClusterSubnetGroup(subnets: ["subnet-1"]).delete("subnets", trial.aws)
        } throws: { error in
            (error as? AWSError)?.kind == .busy
        }
    }

    @Test func `names are kept in small letters`() async throws {
        let group = Redshift.ClusterSubnetGroup(subnets: ["subnet-1"], name: "Tickit Subnets")
        #expect(group.fixedName == "tickit subnets")
        #expect(group.check() == [])
        #expect(Redshift.ClusterSubnetGroup(subnets: [], name: "default").check().map(\.property) == [
            "ClusterSubnetGroupName", "SubnetIds",
        ])
    }

    @Test func `subnets have no order, and a change names them all`() async throws {
        let made = try await trial.make("subnets", Redshift.ClusterSubnetGroup(subnets: ["subnet-2", "subnet-1"]))
        var group = made.properties
        group.subnetIds = ["subnet-1", "subnet-2"]
        #expect(try await trial.operations { try await group.update("subnets", from: made.properties, trial.aws) } == [])
        group.description = "Elsewhere"
        try await group.update("subnets", from: made.properties, trial.aws)
        let input = trial.fake.calls.last?.input
        #expect(input?["SubnetIds"] == ["subnet-1", "subnet-2"])
        #expect(input?["Description"] == "Elsewhere")
    }
}
