import SlipwayDeclaration

extension FakeGlue {
    package struct Run: Sendable {
        package var id: String
        package var job: String
        package var state: String
        package var arguments: [String: String]
        package var started: Int
        package var completed: Int?
        package var attempt = 0
        package var previous: String?
        package var error: String?
        package var units: Double
        package var timeout: Int?
        /// The states that looking at the run takes it to.
        var course: [String]

        /// Whether it has come to an end.
        package var isOver: Bool { Self.ends.contains(state) }

        static let ends = ["STOPPED", "SUCCEEDED", "FAILED", "TIMEOUT", "ERROR", "EXPIRED"]
        static let states = ends + ["STARTING", "RUNNING", "STOPPING", "WAITING"]
    }

    /// Takes a run to a state.
    package mutating func move(_ run: String, to state: String, at date: Int = 0, error: String? = nil) {
        precondition(Run.states.contains(state), "there is no state \(state)")
        for job in runs.keys {
            guard let index = runs[job]?.firstIndex(where: { $0.id == run }), var found = runs[job]?[index] else {
                continue
            }
            found.state = state
            found.error = error
            found.course = []
            if found.isOver { found.completed = max(date, found.started) }
            runs[job]?[index] = found
        }
    }

    mutating func startJobRun(_ call: FakeCall) throws -> JSON {
        let name = call["JobName"] ?? ""
        let job = try job(name).definition
        let active = (runs[name] ?? []).filter { !$0.isOver && $0.state != "WAITING" }.count
        let limit = job["ExecutionProperty"]?["MaxConcurrentRuns"]?.int ?? 1
        let queues = call.input["JobRunQueuingEnabled"]?.bool ?? job["JobRunQueuingEnabled"]?.bool ?? false
        if active >= limit, !queues {
            throw Refused("ConcurrentRunsExceededException", "Concurrent runs exceeded for \(name)")
        }
        var attempt = 0
        if let previous = call["JobRunId"] {
            guard let run = runs[name]?.first(where: { $0.id == previous }) else {
                throw Refused("EntityNotFoundException", "Job run \(previous) not found.")
            }
            attempt = run.attempt + 1
        }
        let id = "jr_" + FakeCall.identifier(call.serial, length: 64).lowercased()
        var units = 10.0
        if case .double(let capacity) = job["MaxCapacity"] { units = capacity }
        let run = Run(
            id: id, job: name, state: active >= limit ? "WAITING" : "STARTING",
            arguments: (call.input["Arguments"]?.object ?? [:]).compactMapValues(\.string), started: call.date,
            attempt: attempt, previous: call["JobRunId"], units: units,
            timeout: call.input["Timeout"]?.int ?? job["Timeout"]?.int, course: courses[name] ?? [])
        runs[name, default: []].insert(run, at: 0)
        return ["JobRunId": .string(id)]
    }

    mutating func getJobRun(_ call: FakeCall) throws -> JSON {
        let name = call["JobName"] ?? ""
        guard let index = runs[name]?.firstIndex(where: { $0.id == call["RunId"] }) else {
            throw Refused("EntityNotFoundException", "Job run \(call["RunId"] ?? "") not found.")
        }
        runs[name]?[index].advance(at: call.date)
        return ["JobRun": try described(runs[name]?[index], name)]
    }

    /// The latest first.
    mutating func getJobRuns(_ call: FakeCall) throws -> JSON {
        let name = call["JobName"] ?? ""
        _ = try job(name)
        if call["NextToken"] == nil {
            for index in (runs[name] ?? []).indices { runs[name]?[index].advance(at: call.date) }
        }
        return page(call, try (runs[name] ?? []).map { try described($0, name) }, "JobRuns")
    }

    mutating func batchStopJobRun(_ call: FakeCall) throws -> JSON {
        let name = call["JobName"] ?? ""
        let ids = (call.input["JobRunIds"]?.array ?? []).compactMap(\.string)
        if ids.isEmpty || ids.count > 25 {
            throw Refused("InvalidInputException", "The number of job run ids must be between 1 and 25")
        }
        var stopped: [JSON] = []
        var errors: [JSON] = []
        for id in ids {
            let names: [String: JSON] = ["JobName": .string(name), "JobRunId": .string(id)]
            let index = runs[name]?.firstIndex { $0.id == id }
            if let index, let run = runs[name]?[index], !run.isOver {
                runs[name]?[index].state = "STOPPING"
                runs[name]?[index].course = ["STOPPED"]
                stopped.append(.object(names))
            } else {
                let detail: JSON =
                    index == nil
                    ? ["ErrorCode": "JobRunNotFoundException", "ErrorMessage": "JobRun is not found"]
                    : [
                        "ErrorCode": "JobRunNotInTerminalStateException",
                        "ErrorMessage": "Job Run cannot be stopped in its state",
                    ]
                errors.append(.object(names.merging(["ErrorDetail": detail]) { $1 }))
            }
        }
        return ["SuccessfulSubmissions": .array(stopped), "Errors": .array(errors)]
    }

    private func described(_ run: Run?, _ name: String) throws -> JSON {
        guard let run else { throw Refused("EntityNotFoundException", "Job run not found.") }
        var members: [String: JSON] = [
            "Id": .string(run.id), "Attempt": .int(run.attempt), "JobName": .string(run.job),
            "StartedOn": .int(run.started), "LastModifiedOn": .int(run.completed ?? run.started),
            "JobRunState": .string(run.state), "Arguments": .object(run.arguments.mapValues { .string($0) }),
            "MaxCapacity": .double(run.units), "AllocatedCapacity": .int(Int(run.units)),
            "LogGroupName": "/aws-glue/jobs", "ExecutionTime": .int((run.completed ?? run.started) - run.started),
        ]
        let job = jobs[name]?.definition
        for member in ["WorkerType", "NumberOfWorkers", "GlueVersion", "ExecutionClass", "SecurityConfiguration"] {
            members[member] = job?[member]
        }
        if let timeout = run.timeout { members["Timeout"] = .int(timeout) }
        if let previous = run.previous { members["PreviousRunId"] = .string(previous) }
        if let error = run.error { members["ErrorMessage"] = .string(error) }
        if let completed = run.completed {
            members["CompletedOn"] = .int(completed)
            members["DPUSeconds"] = .double(run.units * Double(completed - run.started))
        }
        return .object(members)
    }
}

extension FakeGlue.Run {
    /// Takes the run on by one state of its course.
    fileprivate mutating func advance(at date: Int) {
        guard !isOver, let next = course.first else { return }
        if course.count > 1 || next != state { course.removeFirst() }
        state = next
        if isOver { completed = date }
        if ["FAILED", "ERROR"].contains(state), error == nil { error = "made to fail by a test" }
    }
}
