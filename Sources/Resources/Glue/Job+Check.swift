public import SlipwayDeclaration

extension Glue.Job {
    // Source: https://docs.aws.amazon.com/glue/latest/webapi/API_CreateJob.html
    public func check() -> [Problem] {
        var found = Problems()
        checkCommand(&found)
        checkCapacity(&found)
        checkTimes(&found)
        checkArguments(&found)
        if let name = name?.literal, !(1...255).contains(name.count) {
            found.add("Name", "a job's name has 1 to 255 characters, not \(name.count)")
        }
        if let description = description?.literal, description.count > 2048 {
            found.add("Description", "it has \(description.count) characters, and at most 2048 are allowed")
        }
        if let retries = maxRetries, retries < 0 { found.add("MaxRetries", "\(retries) is negative") }
        if let runs = executionProperty?.maxConcurrentRuns, runs < 1 {
            found.add("ExecutionProperty.MaxConcurrentRuns", "\(runs) runs at the same time are none")
        }
        return found.all
    }

    private struct Problems {
        var all: [Problem] = []
        mutating func add(_ property: String, _ message: String, hint: String? = nil) {
            all.append(Problem(property, message, hint: hint))
        }
    }

    private var isRay: Bool { command.name == "glueray" }
    private var isPythonShell: Bool { command.name == "pythonshell" }

    /// The version of Glue as a number; `nil` when it is left to AWS or not known yet.
    private var version: Double? { glueVersion?.literal.flatMap { Double($0) } }

    private func checkCommand(_ found: inout Problems) {
        let names = ["glueetl", "gluestreaming", "pythonshell", "glueray"]
        if let name = command.name.literal, !names.contains(name) {
            let similar = names.closest(to: name).map { "did you mean '\($0)'?" }
            let hint = similar ?? "one of \(names.joined(separator: ", "))"
            found.add("Command.Name", "there is no command '\(name)'", hint: hint)
        }
        if let script = command.scriptLocation.literal, !script.hasPrefix("s3://") {
            found.add("Command.ScriptLocation", "'\(script)' is not in S3", hint: "it begins with s3://")
        }
        let versions: [Text] = isPythonShell ? ["2", "3", "3.9"] : isRay ? ["3.9"] : ["2", "3"]
        if let python = command.pythonVersion, python.literal != nil, !versions.contains(python) {
            let known = versions.map(\.spelling).joined(separator: ", ")
            let message = "\(command.name.spelling) jobs have no Python '\(python.spelling)'"
            found.add("Command.PythonVersion", message, hint: "one of \(known)")
        }
        if isRay, command.runtime == nil {
            found.add("Command.Runtime", "a Ray job says which runtime it needs", hint: "such as Ray2.4")
        }
        if command.isSpark || isPythonShell, command.runtime != nil {
            found.add("Command.Runtime", "only Ray jobs have a runtime")
        }
    }

    private func checkCapacity(_ found: inout Problems) {
        if (workerType == nil) != (numberOfWorkers == nil) {
            let missing = workerType == nil ? "WorkerType" : "NumberOfWorkers"
            found.add(missing, "WorkerType and NumberOfWorkers go together, and this one is missing")
        }
        let hasWorkers = workerType != nil || numberOfWorkers != nil
        if maxCapacity != nil, hasWorkers {
            found.add("MaxCapacity", "a job has either MaxCapacity or workers", hint: "leave MaxCapacity out")
        }
        if let count = numberOfWorkers, count < 1 { found.add("NumberOfWorkers", "\(count) workers are none") }
        if isPythonShell {
            if hasWorkers {
                found.add("WorkerType", "Python shell jobs have no workers", hint: "set MaxCapacity to 0.0625 or 1")
            }
            if let units = maxCapacity, units != 0.0625, units != 1 {
                found.add("MaxCapacity", "a Python shell job has 0.0625 or 1 processing units, not \(units)")
            }
        }
        if isRay {
            if maxCapacity != nil { found.add("MaxCapacity", "Ray jobs have workers", hint: "try workers: .z2x(2)") }
            if let type = workerType, type.literal != nil, type != "Z.2X" {
                found.add("WorkerType", "Ray jobs have workers of type Z.2X, not \(type.spelling)")
            }
            if let version, version < 4 { found.add("GlueVersion", "Ray jobs need Glue 4.0 or later") }
        }
        if command.isSpark {
            if let units = maxCapacity, units < 2 || units > 100 || units != units.rounded() {
                found.add("MaxCapacity", "a Spark job has 2 to 100 whole processing units, not \(units)")
            }
            if maxCapacity != nil, let version, version >= 2 {
                found.add("MaxCapacity", "Glue 2.0 and later have workers instead", hint: "try workers: .g1x(10)")
            }
            if workerType == "Z.2X" { found.add("WorkerType", "workers of type Z.2X are for Ray jobs") }
        }
        if workerType == "G.025X", command.name == "glueetl" {
            found.add("WorkerType", "workers of type G.025X are for streaming jobs")
        }
        if executionClass == .flex {
            if command.name.literal != nil, command.name != "glueetl" {
                found.add("ExecutionClass", "only Spark jobs (glueetl) can be FLEX")
            }
            if let version, version < 3 { found.add("ExecutionClass", "FLEX needs Glue 3.0 or later") }
        }
    }

    private func checkTimes(_ found: inout Problems) {
        if let timeout {
            // Source: https://github.com/hashicorp/terraform-provider-aws/issues/35012
            if isRay { found.add("Timeout", "Ray jobs have no timeout", hint: "leave it out") }
            if !(1...10_080).contains(timeout) {
                found.add("Timeout", "\(timeout) minutes are not between 1 and 10080, which is seven days")
            }
        }
        if let minutes = notificationProperty?.notifyDelayAfter, minutes < 1 {
            found.add("NotificationProperty.NotifyDelayAfter", "\(minutes) minutes are none")
        }
        guard let window = maintenanceWindow else { return }
        if command.name.literal != nil, command.name != "gluestreaming" {
            found.add("MaintenanceWindow", "only streaming jobs have a maintenance window")
        }
        guard let literal = window.literal else { return }
        let parts = literal.split(separator: ":", omittingEmptySubsequences: false)
        let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
        let hour = parts.count == 2 ? Int(parts[1]) : nil
        if parts.count != 2 || !days.contains(String(parts[0])) || !(0...23).contains(hour ?? -1) {
            found.add("MaintenanceWindow", "'\(literal)' is no day and hour", hint: "such as Sun:10")
        }
    }

    private func checkArguments(_ found: inout Problems) {
        let all = [("DefaultArguments", defaultArguments), ("NonOverridableArguments", nonOverridableArguments)]
        for (property, arguments) in all {
            for name in (arguments ?? [:]).keys.sorted() where !name.hasPrefix("--") {
                found.add("\(property).\(name)", "the name of an argument begins with --", hint: "try '--\(name)'")
            }
        }
        let fixed = nonOverridableArguments ?? [:]
        for (name, value) in (defaultArguments ?? [:]).sorted(by: { $0.key < $1.key }) {
            guard let other = fixed[name], other != value else { continue }
            found.add("DefaultArguments.\(name)", "NonOverridableArguments has another value for it")
        }
    }
}
