import SlipwayJobs

extension Failure {
    init(_ error: JobError) {
        switch error {
        case .unknownPipeline(nil, let stack, let known):
            self.init(
                known.isEmpty ? "\(stack) has no pipelines" : "\(stack) has several pipelines", .invalid,
                hint: known.isEmpty
                    ? "`slipway run \(stack) --job ADDRESS` runs one job"
                    : "name one of \(known.sorted().joined(separator: ", "))")
        case .unknownPipeline(let name?, let stack, let known):
            self.init(
                "\(stack) has no pipeline '\(name)'", .invalid,
                hint: Failure.suggestion(name, known, none: "it has none; `slipway run \(stack) --job ADDRESS` runs one job"))
        case .unknownTask(let name, let pipeline, let known):
            self.init(
                "the pipeline '\(pipeline)' has no task '\(name)'", .invalid,
                hint: Failure.suggestion(name, known, none: "it has no tasks"))
        case .unknownJob(let name, let known):
            self.init(
                "--job \(name): the stack declares no such Glue job", .invalid,
                hint: Failure.suggestion(name, known, none: "it declares no Glue jobs"))
        case .badArgument(let word):
            self.init(
                "'\(word)' is no argument of a job with its value", .invalid,
                hint: "arguments follow a double dash: -- --name value")
        case .notApplied(let task, let what):
            self.init("\(task): \(what) is not known, because it was not applied yet", .refused, hint: "`slipway apply` first")
        case .missingInput(let task, let failure):
            self.init("\(task): \(failure.message)", .invalid, hint: failure.hints.first)
        case .otherCode(let changes):
            self.init(
                "the code in the working copy is not the code that was applied", .refused,
                hint: "`slipway apply` applies it; --code uses it for this run only",
                details: changes.map { change in
                    let applied = change.applied.map { "\($0.prefix(12)) is applied" } ?? "it was never applied"
                    return "\(change.task): \(change.asset): \(applied), \(change.found.prefix(12)) is here"
                })
        case .otherTaskInFlight(let task, let run, let ids):
            let work = ids.isEmpty ? "what run \(run.prefix(8)) began" : ids.joined(separator: ", ")
            self.init(
                "\(task): \(work) is still at work, and the task has other arguments or other code now", .refused,
                hint: "wait for it or stop it; --fresh leaves it alone and starts another beside it")
        case .unknownKind(let kind, let task):
            self.init(
                "\(task): this tool has no kind of task '\(kind)'", .invalid, hint: "give it to `Slipway.main(tasks:)`")
        case .unknownRun(let id, let known):
            self.init(
                known.isEmpty ? "nothing was run yet" : "there is no run '\(id)'", .invalid,
                hint: known.isEmpty ? "`slipway run STACK` runs its pipeline" : "`slipway runs STACK` lists what there is")
        case .unknownTaskOfRun(let name, let run, let known):
            self.init(
                "run \(run.prefix(8)) has no task '\(name)'", .invalid,
                hint: Failure.suggestion(name, known, none: "it has no tasks"))
        }
    }
}
