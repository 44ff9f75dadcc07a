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
        guard let tags = try await tags(identity, aws) else { return .absent }
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
        let change = TagChange(from: current.tags, to: tags)
        if !change.added.isEmpty { try await Self.tag(identity, change.added, aws) }
        if !change.removed.isEmpty {
            struct Input: Encodable { let resourceArn: String, tagsToRemove: [String] }
            let input = Input(resourceArn: Self.attributes(identity, aws).arn, tagsToRemove: change.removed)
            try await aws.call(.glue, "UntagResource", input)
        }
    }

    public static func tag(_ identity: String, _ tags: [String: String], _ aws: AWSClient) async throws {
        struct Input: Encodable { let resourceArn: String, tagsToAdd: [String: String] }
        let input = Input(resourceArn: attributes(identity, aws).arn, tagsToAdd: tags)
        try await aws.call(.glue, "TagResource", input)
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
        let tagged = wanted.filter { $0.interest.includes("Tags") }.map(\.identity)
        async let jobs = definitions(wanted.map(\.identity), aws)
        async let tags = tags(of: tagged, aws)
        let (known, tagsOfKnown) = try await (jobs, tags)
        let wantsTags = Set(tagged)
        var sightings: [String: Sighting<Glue.Job>] = [:]
        for (name, job) in known {
            var found: [String: String]?
            if wantsTags.contains(name) {
                found = tagsOfKnown[name]
                // What lists tags has not seen the job yet: it was made a moment ago, or has none.
                if found == nil { found = try await self.tags(name, aws) ?? [:] }
            }
            sightings[name] = .observed(.present(try Self.found(name, job, found, aws)))
        }
        return sightings
    }
}

// MARK: - Parts

private struct JobName: Encodable {
    let jobName: String
}

extension Glue.Job {
    private static let namesPerCall = 100

    private static func attributes(_ name: String, _ aws: AWSClient) -> Attributes {
        let location = Location(partition: aws.partition, account: aws.account, region: aws.region)
        return Attributes(name: name, arn: location.arn("glue", "job/\(name)"))
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
        let created: Double? =
            switch job["CreatedOn"] {
            case .double(let seconds): seconds
            case .int(let seconds): Double(seconds)
            default: nil
            }
        // Another job under the same name was made at another time; AWS has no better id.
        return Found(
            properties, attributes(name, aws), tags: tags, immutableID: created.map { "created:\($0)" },
            unread: tags == nil ? ["Tags"] : [])
    }

    /// The tags of one job; `nil` when there is no such job.
    private static func tags(_ name: String, _ aws: AWSClient) async throws -> [String: String]? {
        struct Input: Encodable { let resourceArn: String }
        struct Output: Decodable { let tags: [String: String] }
        let input = Input(resourceArn: attributes(name, aws).arn)
        return try await ifPresent { try await aws.call(.glue, "GetTags", input, as: Output.self).tags }
    }

    /// Tags by the name of the job.
    private static func tags(of names: [String], _ aws: AWSClient) async throws -> [String: [String: String]] {
        let arns = names.map { attributes($0, aws).arn }
        let found = try await ResourceTags.all(of: arns, aws)
        return Dictionary(zip(names, arns).compactMap { name, arn in found[arn].map { (name, $0) } }) { $1 }
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
