import SlipwayDeclaration

extension FakeGlue {
    /// The ARN of a job.
    package static func arn(_ name: String, region: String) -> String {
        "arn:aws:glue:\(region):\(FakeAWS.account):job/\(name)"
    }

    func job(_ name: String?) throws -> Job {
        guard let job = jobs[name ?? ""] else {
            throw Refused("EntityNotFoundException", "Job \(name ?? "") not found.")
        }
        return job
    }

    mutating func createJob(_ call: FakeCall) throws -> JSON {
        let name = call["Name"] ?? ""
        var sent = call.input.object ?? [:]
        sent["Name"] = nil
        let newTags = sent.removeValue(forKey: "Tags")?.object ?? [:]
        if let job = jobs[name] {
            if job.sent == .object(sent) { throw Refused("AlreadyExistsException", "Job already exists.") }
            throw Refused(
                "IdempotentParameterMismatchException",
                "Job with name: \(name) already submitted with different configuration")
        }
        try validate(.object(sent))
        jobs[name] = Job(definition: echo(name, sent, created: call.date, modified: call.date), sent: .object(sent))
        tags[Self.arn(name, region: call.region)] = newTags.compactMapValues(\.string)
        return ["Name": .string(name)]
    }

    /// Replaces the whole definition.
    mutating func updateJob(_ call: FakeCall) throws -> JSON {
        let name = call["JobName"] ?? ""
        let old = try job(name)
        let sent = call.input["JobUpdate"] ?? [:]
        try validate(sent)
        let created = old.definition["CreatedOn"]?.int ?? 0
        jobs[name] = Job(
            definition: echo(name, sent.object ?? [:], created: created, modified: call.date), sent: sent)
        return ["JobName": .string(name)]
    }

    /// Names that do not exist are listed apart.
    func batchGetJobs(_ call: FakeCall) throws -> JSON {
        let names = (call.input["JobNames"]?.array ?? []).compactMap(\.string)
        if names.isEmpty || names.count > 100 {
            throw Refused("InvalidInputException", "The number of job names must be between 1 and 100")
        }
        return [
            "Jobs": .array(call.shuffled(names.compactMap { jobs[$0]?.definition })),
            "JobsNotFound": .array(names.filter { jobs[$0] == nil }.map { .string($0) }),
        ]
    }

    /// Deleting what is not there succeeds.
    mutating func deleteJob(_ call: FakeCall) -> JSON {
        let name = call["JobName"] ?? ""
        jobs[name] = nil
        tags[Self.arn(name, region: call.region)] = nil
        return ["JobName": .string(name)]
    }

    private mutating func validate(_ job: JSON) throws {
        func refused(_ message: String) -> Refused { Refused("InvalidInputException", message) }
        let command = job["Command"]?["Name"]?.string ?? ""
        if job["Command"] == nil || job["Role"] == nil { throw refused("Command and Role must be specified") }
        let hasWorkers = job["WorkerType"] != nil || job["NumberOfWorkers"] != nil
        if job["MaxCapacity"] != nil, hasWorkers {
            throw refused("Please do not set Max Capacity if using Worker Type and Number of Workers.")
        }
        if job["MaxCapacity"] != nil, job["AllocatedCapacity"] != nil {
            throw refused("Please set only Allocated Capacity or Max Capacity")
        }
        if (job["WorkerType"] == nil) != (job["NumberOfWorkers"] == nil) {
            throw refused("Worker Type and Number of Workers must both be set")
        }
        if command == "glueray" {
            if job["Timeout"] != nil { throw refused("Timeout not supported for Ray jobs") }
            if job["Command"]?["Runtime"] == nil { throw refused("Runtime must be specified for Ray jobs") }
        }
        if command == "pythonshell", hasWorkers { throw refused("Worker Type is not supported for Job Command pythonshell") }
        try assumeRole()
    }

    /// A definition as `GetJob` gives it back, with what AWS makes of what was left out.
    private func echo(_ name: String, _ sent: [String: JSON], created: Int, modified: Int) -> JSON {
        var job = sent
        let command = sent["Command"]?["Name"]?.string ?? ""
        let version = sent["GlueVersion"]?.string ?? (command == "pythonshell" ? "3.0" : "5.1")
        job["Name"] = .string(name)
        job["CreatedOn"] = .int(created)
        job["LastModifiedOn"] = .int(modified)
        job["GlueVersion"] = .string(version)
        job["JobMode"] = sent["JobMode"] ?? "SCRIPT"
        job["MaxRetries"] = sent["MaxRetries"] ?? 0
        job["ExecutionProperty"] = sent["ExecutionProperty"] ?? ["MaxConcurrentRuns": 1]
        job["JobRunQueuingEnabled"] = sent["JobRunQueuingEnabled"] ?? false
        job["DefaultArguments"] = sent["DefaultArguments"] ?? [:]
        if command == "glueetl" { job["ExecutionClass"] = sent["ExecutionClass"] ?? "STANDARD" }
        if command != "glueray" { job["Timeout"] = sent["Timeout"] ?? .int((Double(version) ?? 5) >= 5 ? 480 : 2880) }
        if sent["Command"]?["PythonVersion"] == nil, command != "glueray" {
            job["Command"] = sent["Command"]?.setting(["PythonVersion"], to: command == "pythonshell" ? "3.9" : "2")
        }
        let units = capacity(sent, command)
        job["MaxCapacity"] = .double(units)
        job["AllocatedCapacity"] = .int(Int(units))
        return .object(job)
    }

    private func capacity(_ sent: [String: JSON], _ command: String) -> Double {
        switch sent["MaxCapacity"] {
        case .double(let units): return units
        case .int(let units): return Double(units)
        default: break
        }
        guard let type = sent["WorkerType"]?.string, let count = sent["NumberOfWorkers"]?.int else {
            return command == "pythonshell" ? 0.0625 : 10
        }
        if type == "G.025X" { return 0.25 * Double(count) }
        let digits = type.filter { $0.isNumber }
        return Double((Int(digits) ?? 1) * count)
    }
}
