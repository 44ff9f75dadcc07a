package import SlipwayDeclaration

/// Glue: jobs and their runs.
///
/// Source of codes and words: <https://docs.aws.amazon.com/glue/latest/webapi/API_CreateJob.html> and its neighbours.
package struct FakeGlue: Sendable {
    /// Jobs by name.
    package var jobs: [String: Job] = [:]
    /// Runs by the name of their job, the latest first. They outlive it.
    package var runs: [String: [Run]] = [:]
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
        switch call.operation {
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

    /// One page of a list; the token is the index of the next item.
    func page(_ call: FakeCall, _ items: [JSON], _ member: String) -> JSON {
        let start = call["NextToken"].flatMap { Int($0) } ?? 0
        let end = min(items.count, start + min(pageSize, call.input["MaxResults"]?.int ?? 200))
        var output: [String: JSON] = [member: .array(Array(items[min(start, end)..<end]))]
        if end < items.count { output["NextToken"] = .string(String(end)) }
        return .object(output)
    }
}

extension FakeGlue {
    private func taggedThing(_ call: FakeCall) throws -> [String: String] {
        let arn = call["ResourceArn"] ?? ""
        guard let name = arn.firstRange(of: ":job/").map({ String(arn[$0.upperBound...]) }), jobs[name] != nil else {
            throw Refused("EntityNotFoundException", "Resource \(arn) not found")
        }
        return tags[arn] ?? [:]
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
