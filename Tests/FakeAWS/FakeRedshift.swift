package import SlipwayDeclaration

/// Redshift's control plane: clusters and their groups.
///
/// Source of codes and words: <https://docs.aws.amazon.com/redshift/latest/APIReference/API_ModifyCluster.html> and its
/// neighbours; the codes of the query protocol are those of botocore's model (`error.code`).
package struct FakeRedshift: Sendable {
    /// By identifier.
    package var clusters: [String: Cluster] = [:]
    package var subnetGroups: [String: SubnetGroup] = [:]
    package var parameterGroups: [String: ParameterGroup] = [:]
    /// Names of the manual snapshots.
    package var snapshots: Set<String> = []
    /// How many looks at a cluster a change of it takes; 0 when it is there with the call.
    package var looksPerChange = 0
    /// How many items a page has at most.
    package var pageSize = 100

    package struct Cluster: Sendable {
        /// As `DescribeClusters` gives them; every value is a text.
        package var members: [String: JSON]
        /// `nil` when AWS made it.
        package var password: String?
        package var port = "5439"
        package var securityGroups: [String] = []
        package var parameterGroup = "default.redshift-2.0"
        package var parameterApplyStatus = "in-sync"
        package var roles: [String] = []
        package var tags: [String: String] = [:]
        /// As `DescribeLoggingStatus` gives it; `nil` when nothing is logged.
        package var logging: [String: JSON]?
        package var snapshotCopy: [String: JSON]?
        package var elasticIP: String?
        /// What AWS is doing with it, the first first.
        package var work: [Work] = []
        /// What waits for the next maintenance window.
        package var waiting: [String: JSON] = [:]

        package var status: String { work.first?.status ?? (isPaused ? "paused" : "available") }
        package var isPaused = false
    }

    /// A state that a cluster goes through.
    package struct Work: Sendable {
        package var status: String
        package var availability = "Modifying"
        /// How many looks are still to see it.
        package var left: Int
        /// Shown as pending, and true afterwards.
        package var next: [String: JSON] = [:]
        package var end = End.nothing

        package init(
            status: String, availability: String = "Modifying", left: Int, next: [String: JSON] = [:], end: End = .nothing
        ) {
            self.status = status
            self.availability = availability
            self.left = left
            self.next = next
            self.end = end
        }

        package enum End: Sendable { case nothing, paused, resumed, gone }
    }

    package struct SubnetGroup: Sendable {
        package var description: String
        package var subnets: [String]
        package var tags: [String: String]
        package init(description: String, subnets: [String], tags: [String: String] = [:]) {
            self.description = description
            self.subnets = subnets
            self.tags = tags
        }
    }

    package struct ParameterGroup: Sendable {
        package var family: String
        package var description: String
        package var tags: [String: String]
        /// Those that somebody set.
        package var values: [String: String] = [:]
        package init(family: String, description: String, tags: [String: String] = [:]) {
            self.family = family
            self.description = description
            self.tags = tags
        }
    }

    /// Carries a call out.
    package mutating func handle(_ call: FakeCall) -> FakeAnswer {
        do {
            return .ok(try carryOut(call))
        } catch let refusal as Refused {
            return refusal.answer
        } catch {
            return .error("InternalFailure", "\(error)", status: 500)
        }
    }

    private mutating func carryOut(_ call: FakeCall) throws -> JSON {
        switch call.operation {
        case "CreateCluster": return try createCluster(call)
        case "DescribeClusters": return try describeClusters(call)
        case "DeleteCluster": return try deleteCluster(call)
        case "DescribeLoggingStatus":
            let logging = try cluster(call).logging
            return .object((logging ?? [:]).merging(["LoggingEnabled": .bool(logging != nil)]) { $1 })
        case "CreateClusterSubnetGroup": return try createSubnetGroup(call)
        case "DescribeClusterSubnetGroups": return try describeSubnetGroups(call)
        case "ModifyClusterSubnetGroup", "DeleteClusterSubnetGroup": return try changeSubnetGroup(call)
        case "CreateClusterParameterGroup": return try createParameterGroup(call)
        case "DescribeClusterParameterGroups": return try describeParameterGroups(call)
        case "DescribeClusterParameters": return try describeParameters(call)
        case "ModifyClusterParameterGroup", "ResetClusterParameterGroup", "DeleteClusterParameterGroup":
            return try changeParameterGroup(call)
        case "CreateTags", "DeleteTags": return try changeTags(call)
        default: return try changeCluster(call)
        }
    }
}

extension FakeRedshift {
    /// One page of a list; the marker is the index of the next item.
    func page(_ call: FakeCall, _ items: [JSON], _ member: String) -> JSON {
        let start = call["Marker"].flatMap { Int($0) } ?? 0
        let end = min(items.count, start + min(pageSize, call["MaxRecords"].flatMap { Int($0) } ?? 100))
        var output: [String: JSON] = [member: .array(Array(items[min(start, end)..<end]))]
        if end < items.count { output["Marker"] = .string(String(end)) }
        return .object(output)
    }

    static func arn(_ call: FakeCall, _ resource: String) -> String {
        "arn:aws:redshift:\(call.region):\(FakeAWS.account):\(resource)"
    }

    static func tags(_ tags: [String: String]) -> JSON {
        .array(tags.sorted { $0.key < $1.key }.map { ["Key": .string($0.key), "Value": .string($0.value)] })
    }

    func newTags(_ call: FakeCall) throws -> [String: String] {
        var tags: [String: String] = [:]
        for tag in call.input["Tags"]?.array ?? [] {
            let key = tag["Key"]?.string ?? ""
            if key.hasPrefix("aws:") { throw Refused("InvalidTagFault", "Tag keys may not begin with aws:") }
            tags[key] = tag["Value"]?.string ?? ""
        }
        if tags.count > 50 { throw Refused("TagLimitExceededFault", "A resource has at most 50 tags") }
        return tags
    }

    private mutating func changeTags(_ call: FakeCall) throws -> JSON {
        let arn = call["ResourceName"] ?? ""
        let added = try newTags(call)
        let removed = (call.input["TagKeys"]?.array ?? []).compactMap(\.string)
        func change(_ tags: inout [String: String]) {
            tags.merge(added) { $1 }
            for key in removed { tags[key] = nil }
        }
        let parts = arn.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        let name = parts.last ?? ""
        switch parts.dropLast().last {
        case "cluster" where clusters[name] != nil:
            // CreateTags names this among its errors, DeleteTags does not.
            if call.operation == "CreateTags" { try checkReady(clusters[name], name) }
            if var cluster = clusters[name] { change(&cluster.tags); clusters[name] = cluster }
        case "subnetgroup" where subnetGroups[name] != nil:
            if var group = subnetGroups[name] { change(&group.tags); subnetGroups[name] = group }
        case "parametergroup" where parameterGroups[name] != nil:
            if var group = parameterGroups[name] { change(&group.tags); parameterGroups[name] = group }
        default: throw Refused("ResourceNotFoundFault", "The resource \(arn) cannot be found.", 404)
        }
        return [:]
    }
}
