import SlipwayDeclaration
import SlipwayFakeAWS
import SlipwayProvider
import SlipwayResources

enum RedshiftSubnetGroupExample: ConformanceExample {
    static let minimal = Redshift.ClusterSubnetGroup(subnets: ["subnet-1"])

    static let full = Redshift.ClusterSubnetGroup(
        subnets: ["subnet-2", "subnet-1"], description: "Two zones", name: "Tickit", tags: ["team": "data", "tier": "raw"])

    static let changed: Redshift.ClusterSubnetGroup = {
        var group = full
        group.description = "Other zones"
        group.subnetIds = ["subnet-3", "subnet-2"]
        group.tags = ["team": "platform"]
        return group
    }()

    static func disappear(_ identity: String, _ services: inout FakeServices) {
        services.redshift.subnetGroups[identity] = nil
    }
}

enum RedshiftParameterGroupExample: ConformanceExample {
    static let minimal = Redshift.ClusterParameterGroup()

    static let full = Redshift.ClusterParameterGroup(
        [
            "require_ssl": "true", "statement_timeout": "60000",
            "wlm_json_configuration": #"[ {"query_concurrency": 5, "auto_wlm": false} ]"#,
        ],
        family: "redshift-1.0", description: "Short queries", name: "Tickit", tags: ["team": "data", "tier": "raw"])

    static let changed: Redshift.ClusterParameterGroup = {
        var group = full
        group.parameters = ["require_ssl": "false", "datestyle": "ISO, DMY"]
        group.tags = ["team": "platform"]
        return group
    }()

    static func disappear(_ identity: String, _ services: inout FakeServices) {
        services.redshift.parameterGroups[identity] = nil
    }
}
