private import Crypto
private import FoundationEssentials
private import SlipwayDeclaration

extension FakeServices {
    /// Everything that exists, a line each, without what differs from run to run: times, identifiers, nonces and
    /// older versions.
    package var inventory: [String] {
        var lines: [String] = []
        for (name, bucket) in s3.buckets {
            let parts = bucket.parts.filter { $0.key != "BucketTagging" }.map { "\($0.key) \($0.value)" }.sorted()
            lines.append("bucket \(name) \(parts) \(FakeServices.stable(bucket.tags))")
            for (key, versions) in bucket.objects {
                guard let current = versions.first, !current.isDeleteMarker else { continue }
                lines.append("object \(name)/\(key) \(SHA256.hash(data: current.body))")
            }
            lines += bucket.uploads.keys.map { "upload \(name)/\($0)" }
        }
        for (name, role) in iam.roles {
            lines.append(
                "role \(name) \(role.path) \(role.trust) \(role.description ?? "") \(role.inline.sorted { $0.key < $1.key }) "
                    + "\(role.attached.sorted()) \(FakeServices.stable(role.tags))")
        }
        for (name, job) in glue.jobs {
            let definition = (job.definition.object ?? [:]).filter { !$0.key.hasSuffix("On") }
            let tags = glue.tags.first { $0.key.hasSuffix(":job/\(name)") }?.value ?? [:]
            lines.append("job \(name) \(JSON.object(definition).text) \(FakeServices.stable(tags))")
        }
        for (name, database) in glue.databases {
            let definition = (database.definition.object ?? [:]).filter { $0.key != "CreateTime" }
            lines.append(
                "database \(name) \(JSON.object(definition).text) \(FakeServices.stable(glue.tags[database.arn] ?? [:]))")
        }
        for (name, table) in glue.tables {
            let parameters = (table.definition["Parameters"]?.object ?? [:]).compactMapValues(\.string)
            let moving = ["CreateTime", "UpdateTime", "VersionId", "Parameters"]
            let definition = (table.definition.object ?? [:]).filter { !moving.contains($0.key) }
            lines.append("table \(name) \(JSON.object(definition).text) \(FakeServices.stable(parameters))")
        }
        for (name, crawler) in glue.crawlers {
            let moving = ["CreationTime", "LastUpdated", "LastCrawl", "Version", "CrawlElapsedTime"]
            let definition = (crawler.object ?? [:]).filter { !moving.contains($0.key) }
            let tags = glue.tags.first { $0.key.hasSuffix(":crawler/\(name)") }?.value ?? [:]
            lines.append("crawler \(name) \(JSON.object(definition).text) \(FakeServices.stable(tags))")
        }
        for group in ec2.groups.values {
            lines.append(
                "security group \(group.name) \(group.description) \(group.vpc) \(FakeServices.lines(group.ingress)) "
                    + "\(FakeServices.lines(group.egress)) \(FakeServices.stable(group.tags))")
        }
        for policy in iam.managed.values {
            lines.append(
                "policy \(policy.path)\(policy.name) \(policy.document) \(policy.description ?? "") \(FakeServices.stable(policy.tags))")
        }
        for (name, secret) in secretsManager.secrets {
            // What is made up is another each time.
            lines.append(
                "secret \(name) \(secret.description ?? "") \(secret.key ?? "") \(secret.value != nil) "
                    + "\(secret.deleted != nil) \(secret.replicas.map(\.region).sorted()) \(FakeServices.stable(secret.tags))")
        }
        for (name, trigger) in glue.triggers {
            let tags = glue.tags.first { $0.key.hasSuffix(":trigger/\(name)") }?.value ?? [:]
            lines.append("trigger \(name) \(trigger.definition.text) \(FakeServices.stable(tags))")
        }
        for (name, connection) in glue.connections {
            let definition = (connection.definition.object ?? [:]).filter { !$0.key.hasSuffix("Time") }
            let tags = FakeServices.stable(glue.tags[connection.arn] ?? [:])
            lines.append("connection \(name) \(JSON.object(definition).text) \(tags)")
        }
        for (name, group) in logs.groups {
            lines.append("log group \(name) \(group.retention ?? 0) \(FakeServices.stable(group.tags))")
        }
        for (name, cluster) in redshift.clusters {
            let members = cluster.members.filter { !["ClusterCreateTime", "ClusterNamespaceArn"].contains($0.key) }
            lines.append("cluster \(name) \(JSON.object(members).text) \(FakeServices.stable(cluster.tags))")
        }
        for (name, group) in redshift.subnetGroups {
            lines.append(
                "cluster subnet group \(name) \(group.description) \(group.subnets) \(FakeServices.stable(group.tags))")
        }
        for (name, group) in redshift.parameterGroups {
            let values = group.values.sorted { $0.key < $1.key }
            lines.append("cluster parameter group \(name) \(group.family) \(values) \(FakeServices.stable(group.tags))")
        }
        return lines.sorted()
    }

    private static func lines(_ rules: [FakeEC2.Rule]) -> [String] {
        rules.map { "\($0.ipProtocol) \($0.from ?? "") \($0.to ?? "") \($0.peer) \($0.description ?? "")" }.sorted()
    }

    private static func stable(_ tags: [String: String]) -> [String] {
        tags.filter { $0.key != "slipway:nonce" && $0.key != "slipway:lineage" }.map { "\($0.key)=\($0.value)" }.sorted()
    }
}
