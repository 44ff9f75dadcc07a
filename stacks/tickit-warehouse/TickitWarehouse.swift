import Slipway

extension StackDefinition {
    /// TICKIT (who sold which tickets to whom): from its sources through a lake in S3 into Redshift, and three answers.
    static let tickitWarehouse = StackDefinition(
        "tickit-warehouse", "TICKIT from its sources through a lake in S3 into Redshift, and three answers about it",
        parameters: [
            Parameter.data, Parameter.fill, Parameter.scale, Parameter.seed, Parameter.spoil, Parameter.year, Parameter.maxRejects,
            Parameter.connection, Parameter.nodeType, Parameter.nodes, Parameter.vpc, Parameter.subnets,
        ] + Tickit.tables.map { Parameter.source(of: $0) }
    ) { settings in
        var stack = Stack("tickit-warehouse", settings)
        stack.tags = ["project": "tickit", "environment": Text(verbatim: settings.environment)]

        let origin = stack.add("origin", Tickit.bucket(settings))
        let lake = stack.add("lake", Tickit.bucket(settings), protect: settings.isProduction)
        let catalog = stack.add("catalog", Glue.Database(description: "TICKIT, raw and validated"))
        let copier = stack.add("copier", Tickit.copyRole(reading: lake))
        let warehouse = Tickit.warehouse(settings, roles: [copier.arn], &stack)

        let code = Tickit.Code(in: lake, &stack)
        let jobs = Tickit.Jobs(
            settings, origin: origin, lake: lake, warehouse: warehouse, copier: copier, code: code, &stack)
        let crawlers = Tickit.Crawlers(lake: lake, catalog: catalog, &stack)
        stack.add(Tickit.refresh(settings, origin: origin, lake: lake, warehouse: warehouse, jobs, crawlers))

        stack.output("lake", "s3://\(lake.name)/", help: "Where the tables are, by tier: raw, validated, rejected, curated")
        stack.output("catalog", catalog.name, help: "The database of the Glue catalogue")
        stack.output("warehouse", warehouse.id, help: "The cluster's identifier")
        stack.output("warehouse-secret", warehouse.masterPasswordSecretArn, help: "ARN of the secret with its password")
        stack.output("report", "s3://\(lake.name)/\(Tickit.report)", help: "The answers with charts")
        return stack
    }
}

/// The parts of TICKIT's warehouse. What its jobs do is in `assets/tickit-warehouse/README.md`.
enum Tickit {
    /// The tables, in the order in which they refer to each other.
    static let tables = ["users", "venue", "category", "date", "event", "listing", "sales"]

    /// Where in the origin the files are: those that were given are kept apart from those that were generated.
    static func files(_ settings: Settings, in origin: Handle<S3.Bucket>) -> Text {
        "s3://\(origin.name)/\(settings[.data].isEmpty ? "generated" : "given")/"
    }

    /// The key of the report in the lake.
    static let report = "reports/tickit.html"

    static func bucket(_ settings: Settings) -> S3.Bucket {
        S3.Bucket(
            versioning: settings.isProduction ? .enabled : nil, lifecycle: [.abortUploads(after: 7)],
            emptyOnDelete: !settings.isProduction)
    }

    /// A cluster that nothing reaches from outside: everybody uses the Data API.
    static func warehouse(
        _ settings: Settings, roles: [Text], _ stack: inout Stack
    ) -> Handle<Redshift.Cluster> {
        let (subnets, group) = stack.within("network") { stack in
            let subnets = stack.add(
                "subnets", Redshift.ClusterSubnetGroup(subnets: settings[.subnets].map { Text(verbatim: $0) }))
            let group = stack.add(
                "group", EC2.SecurityGroup("The warehouse of TICKIT", vpc: Text(verbatim: settings[.vpc]), egress: []))
            return (subnets, group)
        }
        let parameters = stack.add(
            "parameters", Redshift.ClusterParameterGroup(["require_ssl": "true"]))
        return stack.add(
            "warehouse",
            Redshift.Cluster(
                database: "tickit", nodeType: Text(verbatim: settings[.nodeType]),
                nodes: settings[.nodes], roles: roles, subnetGroup: subnets.name, securityGroups: [group.groupID],
                parameterGroup: parameters.name, finalSnapshot: settings.isProduction ? .named("tickit") : .skip),
            protect: settings.isProduction)
    }
}
