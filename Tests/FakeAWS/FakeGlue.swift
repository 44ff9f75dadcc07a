package import SlipwayDeclaration

/// Glue: the catalogue, crawlers and their crawls, jobs and their runs.
///
/// Source of codes and words: <https://docs.aws.amazon.com/glue/latest/webapi/API_CreateJob.html> and its neighbours.
package struct FakeGlue: Sendable {
    /// Jobs by name.
    package var jobs: [String: Job] = [:]
    /// Runs by the name of their job, the latest first. They outlive it.
    package var runs: [String: [Run]] = [:]
    /// Databases by name; those of another catalogue by its id and their name, `210987654321/raw`.
    package var databases: [String: Database] = [:]
    /// Crawlers by name, as `GetCrawler` gives them, defaults among it.
    package var crawlers: [String: JSON] = [:]
    /// Crawls by the name of their crawler, the latest first. They go with it.
    package var crawls: [String: [Crawl]] = [:]
    /// What becomes of new crawls, by the name of the crawler.
    package var crawlCourses: [String: CrawlCourse] = [:]
    /// Triggers by name.
    package var triggers: [String: Trigger] = [:]
    /// How many looks find a trigger in a state such as `ACTIVATING` before it is where it was to go.
    package var triggerLooks = 0
    /// Names of triggers on demand that somebody started.
    package var firedTriggers: [String] = []
    /// Names of workflows to which another trigger is being added: the next one is refused.
    package var workflowsBeingModified: Set<String> = []
    /// Connections by name; those of another catalogue by its id and their name.
    package var connections: [String: Connection] = [:]
    /// Whether the account has connections' passwords encrypted, so that they are given back in no other form.
    package var encryptsPasswords = false
    /// How many looks find a connection whose credentials are to be tried in progress, and what comes of that.
    package var validation: (looks: Int, status: String) = (1, "READY")
    /// Tables by database and name: `raw/users`.
    package var tables: [String: Table] = [:]
    /// Tags by ARN.
    package var tags: [String: [String: String]] = [:]
    /// How many calls still find a role that they cannot assume, as it was made a moment ago.
    package var unassumableRoles = 0
    /// How many items a page has at most, whatever is asked for.
    package var pageSize = 200
    /// What becomes of new runs, by the name of the job: the states that each look at a run takes it to. A run stays
    /// in the last.
    package var courses: [String: [String]] = [:]

    package struct Job: Sendable {
        /// As `GetJob` gives it, defaults among it.
        package var definition: JSON
        /// As it was sent.
        package var sent: JSON
    }

    /// Carries a call out.
    package mutating func handle(_ call: FakeCall) -> FakeAnswer {
        do {
            return .ok(try carryOut(call))
        } catch let refusal as Refused {
            return refusal.answer
        } catch {
            return .error("InternalServiceException", "\(error)", status: 500)
        }
    }

    private mutating func carryOut(_ call: FakeCall) throws -> JSON {
        let output =
            try carryOutCatalog(call) ?? carryOutCrawler(call) ?? carryOutCrawl(call) ?? carryOutTrigger(call)
            ?? carryOutConnection(call) ?? carryOutTable(call)
        if let output { return output }
        return switch call.operation {
        case "CreateJob": try createJob(call)
        case "UpdateJob": try updateJob(call)
        case "GetJob": ["Job": try job(call["JobName"]).definition]
        case "BatchGetJobs": try batchGetJobs(call)
        case "GetJobs": page(call, call.shuffled(sortedJobs).map(\.definition), "Jobs")
        case "ListJobs": page(call, sortedJobs.compactMap { $0.definition["Name"] }, "JobNames")
        case "DeleteJob": deleteJob(call)
        case "StartJobRun": try startJobRun(call)
        case "GetJobRun": try getJobRun(call)
        case "GetJobRuns": try getJobRuns(call)
        case "BatchStopJobRun": try batchStopJobRun(call)
        case "GetTags": ["Tags": .object(try taggedThing(call).mapValues { .string($0) })]
        case "TagResource": try tagResource(call)
        case "UntagResource": try untagResource(call)
        default: throw Refused(answer: .unknown(call))
        }
    }

    private var sortedJobs: [Job] { jobs.sorted { $0.key < $1.key }.map(\.value) }

    /// Refuses a role as long as ``unassumableRoles`` says.
    mutating func assumeRole() throws {
        guard unassumableRoles > 0 else { return }
        unassumableRoles -= 1
        throw Refused(
            "InvalidInputException", "Service is unable to assume provided role. Please verify role's TrustPolicy")
    }

    /// One page of a list; the token is the index of the next item.
    /// - Parameters:
    ///   - limit: how many items the operation gives at most.
    ///   - usual: how many it gives where nothing is asked for.
    func page(_ call: FakeCall, _ items: [JSON], _ member: String, limit: Int = 200, usual: Int? = nil) -> JSON {
        let start = call["NextToken"].flatMap { Int($0) } ?? 0
        let end = min(items.count, start + min(pageSize, limit, call.input["MaxResults"]?.int ?? usual ?? limit))
        var output: [String: JSON] = [member: .array(Array(items[min(start, end)..<end]))]
        if end < items.count { output["NextToken"] = .string(String(end)) }
        return .object(output)
    }
}

extension FakeGlue {
    private func taggedThing(_ call: FakeCall) throws -> [String: String] {
        let arn = call["ResourceArn"] ?? ""
        guard exists(arn) else { throw Refused("EntityNotFoundException", "Resource \(arn) not found") }
        return tags[arn] ?? [:]
    }

    /// Whether there is what an ARN such as `arn:aws:glue:eu-west-1:123456789012:job/load` names.
    private func exists(_ arn: String) -> Bool {
        let resource = arn.split(separator: ":", maxSplits: 5).last ?? ""
        let name = String(resource.drop { $0 != "/" }.dropFirst())
        return switch resource.prefix(while: { $0 != "/" }) {
        case "job": jobs[name] != nil
        case "crawler": crawlers[name] != nil
        case "connection": connections.contains { $0.value.arn == arn }
        case "trigger": triggers[name] != nil
        case "database": databases.contains { $0.value.arn == arn }
        default: false
        }
    }

    private mutating func tagResource(_ call: FakeCall) throws -> JSON {
        var found = try taggedThing(call)
        for (key, value) in call.input["TagsToAdd"]?.object ?? [:] { found[key] = value.string }
        if found.count > 50 { throw Refused("InvalidInputException", "Number of tags exceeds the limit of 50") }
        tags[call["ResourceArn"] ?? ""] = found
        return [:]
    }

    private mutating func untagResource(_ call: FakeCall) throws -> JSON {
        var found = try taggedThing(call)
        for key in call.input["TagsToRemove"]?.array ?? [] { found[key.string ?? ""] = nil }
        tags[call["ResourceArn"] ?? ""] = found
        return [:]
    }
}
