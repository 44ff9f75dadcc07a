public import SlipwayAWS
import SlipwayDeclaration
public import SlipwayProvider

extension Glue.Job {
    public func create(_ new: Creation, _ aws: AWSClient) async throws -> Created<Glue.Job> {
        var input = try definition()
        input["Name"] = .string(new.name)
        input["Tags"] = .object(new.tags(tags).mapValues { .string($0) })
        try await aws.call(.glue, "CreateJob", JSON.object(input).document)
        return Created(new.name, self, Self.attributes(new.name, aws))
    }

    public static func read(
        _ identity: String, _ interest: Interest, _ aws: AWSClient
    ) async throws -> Observation<Glue.Job> {
        struct Output: Decodable { let job: Document }
        let named = JobName(jobName: identity)
        guard let found = try await ifPresent({ try await aws.call(.glue, "GetJob", named, as: Output.self) }) else {
            return .absent
        }
        guard interest.includes("Tags") else { return .present(try Self.found(identity, JSON(found.job), nil, aws)) }
        guard let tags = try await Glue.tags(attributes(identity, aws).arn, aws) else { return .absent }
        return .present(try Self.found(identity, JSON(found.job), tags, aws))
    }

    public func update(_ identity: String, from current: Glue.Job, _ aws: AWSClient) async throws {
        if try canonical().definition() != current.canonical().definition() {
            struct Input: Encodable {
                let jobName: String
                let jobUpdate: Document
            }
            let input = Input(jobName: identity, jobUpdate: JSON.object(try definition()).document)
            try await aws.call(.glue, "UpdateJob", input)
        }
        try await Glue.updateTags(Self.attributes(identity, aws).arn, from: current.tags, to: tags, aws)
    }

    public static func tag(_ identity: String, _ tags: [String: String], _ aws: AWSClient) async throws {
        try await Glue.tag(attributes(identity, aws).arn, tags, aws)
    }

    /// Runs would go on, and cost, without their job.
    public func delete(_ identity: String, _ aws: AWSClient) async throws {
        try await ifPresent {
            struct Input: Encodable { let jobName: String, jobRunIds: [String] }
            for runs in try await Self.activeRuns(identity, aws).chunks(of: 25) {
                // A run that cannot be stopped, which the answer says, has just come to its own end.
                try await aws.call(.glue, "BatchStopJobRun", Input(jobName: identity, jobRunIds: runs))
            }
            try await aws.call(.glue, "DeleteJob", JobName(jobName: identity))
        }
    }

    /// `BatchGetJobs` takes a hundred names, and so does the list of their tags.
    public static func listCalls(for count: Int) -> Int? { 2 * max(1, (count + namesPerCall - 1) / namesPerCall) }

    public static var readCalls: Int { 2 }

    public static func list(
        _ wanted: [Listed<Glue.Job>], _ aws: AWSClient
    ) async throws -> [String: Sighting<Glue.Job>] {
        let trees = try await definitions(wanted.map(\.identity), aws)
        return try await Glue.sightings(trees, wanted, arn: { attributes($0, aws).arn }, aws) {
            .present(try found($0, $1, $2, aws))
        }
    }
}

// MARK: - Parts

private struct JobName: Encodable {
    let jobName: String
}

extension Glue.Job {
    private static let namesPerCall = 100

    private static func attributes(_ name: String, _ aws: AWSClient) -> Attributes {
        Attributes(name: name, arn: Location(aws).arn("glue", "job/\(name)"))
    }

    /// What `CreateJob` and `UpdateJob` take, without name and tags.
    private func definition() throws -> [String: JSON] {
        var tree = try PropertyEncoder().encode(self).tree
        if let token = sourceControlDetails?.authToken {
            tree = tree.setting(["SourceControlDetails", "AuthToken"], to: token.reveal().map { .string($0) })
        }
        var members = tree.object ?? [:]
        members["Name"] = nil
        members["Tags"] = nil
        // AWS answers with what it refuses to be sent, and an update may carry on what it answered.
        if command.name == "pythonshell" {
            members["WorkerType"] = nil
            members["NumberOfWorkers"] = nil
        } else if workerType != nil {
            members["MaxCapacity"] = nil
        }
        if command.name == "glueray" { members["Timeout"] = nil }
        return members
    }

    /// A job as AWS described it.
    /// - Parameter tags: `nil` when they were not read.
    private static func found(
        _ name: String, _ job: JSON, _ tags: [String: String]?, _ aws: AWSClient
    ) throws -> Found<Glue.Job> {
        // AWS never gives the token back, but may give something in its place.
        let tree = job.setting(["SourceControlDetails", "AuthToken"], to: nil)
        var properties = try PropertyDecoder().decode(Glue.Job.self, from: tree)
        properties.tags = tags.map { Ownership.declared($0).mapValues { Text(verbatim: $0) } }
        return Found(
            properties, attributes(name, aws), tags: tags, immutableID: Glue.immutableID(job, "CreatedOn"),
            unread: tags == nil ? ["Tags"] : [])
    }

    /// Definitions by name, of those that exist.
    private static func definitions(_ names: [String], _ aws: AWSClient) async throws -> [String: JSON] {
        struct Input: Encodable { let jobNames: [String] }
        struct Output: Decodable { let jobs: [Document] }
        var found: [String: JSON] = [:]
        for chunk in names.chunks(of: namesPerCall) {
            let output = try await aws.call(.glue, "BatchGetJobs", Input(jobNames: chunk), as: Output.self)
            for job in output.jobs.map({ JSON($0) }) {
                if let name = job["Name"]?.string { found[name] = job }
            }
        }
        return found
    }

    /// The ids of the runs that have not come to an end and are not on the way there.
    private static func activeRuns(_ name: String, _ aws: AWSClient) async throws -> [String] {
        struct Input: Encodable { let jobName: String, maxResults = 200 }
        struct Run: Decodable { let id: String, jobRunState: String }
        struct Page: Decodable { let jobRuns: [Run] }
        let runs = try await aws.pages(.glue, "GetJobRuns", Input(jobName: name), as: Page.self).all(\.jobRuns)
        return runs.filter { ["STARTING", "RUNNING", "WAITING"].contains($0.jobRunState) }.map(\.id)
    }
}
