public import SlipwayDeclaration

extension Glue.Trigger {
    // Source: https://docs.aws.amazon.com/glue/latest/webapi/API_CreateTrigger.html
    public func check() -> [Problem] {
        var found: [Problem] = []
        if let name = name?.literal, !(1...255).contains(name.count) {
            found.append(Problem("Name", "a trigger's name has 1 to 255 characters, not \(name.count)"))
        }
        if let description = description?.literal, description.count > 2048 {
            found.append(
                Problem("Description", "it has \(description.count) characters, and at most 2048 are allowed"))
        }
        return found + startProblems() + actionProblems() + conditionProblems()
    }

    private func startProblems() -> [Problem] {
        var found: [Problem] = []
        let kinds: [Kind] = [.onDemand, .scheduled, .conditional, .event]
        guard kinds.contains(type) else {
            let known = kinds.map(\.rawValue)
            let similar = known.closest(to: type.rawValue).map { "did you mean '\($0)'?" }
            let hint = similar ?? "one of \(known.joined(separator: ", "))"
            return [Problem("Type", "there is no trigger of type '\(type.rawValue)'", hint: hint)]
        }
        let parts: [(Kind, String, Bool)] = [
            (.scheduled, "Schedule", schedule != nil), (.conditional, "Predicate", predicate != nil),
            (.event, "EventBatchingCondition", eventBatchingCondition != nil),
        ]
        for (owner, property, isThere) in parts where isThere && type != owner {
            found.append(Problem(property, "a trigger of type \(type.rawValue) has none"))
        }
        if type == .scheduled, schedule == nil {
            found.append(Problem("Schedule", "it is missing", hint: "such as cron(15 12 * * ? *), in UTC"))
        }
        if let expression = schedule?.literal, !(expression.hasPrefix("cron(") && expression.hasSuffix(")")) {
            found.append(
                Problem("Schedule", "'\(expression)' is no schedule", hint: "such as cron(15 12 * * ? *), in UTC"))
        }
        if type == .conditional, predicate?.conditions.isEmpty ?? true {
            found.append(Problem("Predicate", "a conditional trigger has at least one condition"))
        }
        if type == .event, workflowName == nil {
            found.append(Problem("WorkflowName", "an event trigger is part of a workflow"))
        }
        // Source: https://github.com/hashicorp/terraform-provider-aws/issues/42498
        if startOnCreation != nil, type == .onDemand || type == .event {
            found.append(
                Problem(
                    "StartOnCreation", "only scheduled and conditional triggers are started when they are made",
                    hint: "leave it out"))
        }
        if let batch = eventBatchingCondition {
            if !(1...100).contains(batch.batchSize) {
                found.append(
                    Problem("EventBatchingCondition.BatchSize", "\(batch.batchSize) events are not between 1 and 100"))
            }
            if let window = batch.batchWindow, !(1...900).contains(window) {
                found.append(
                    Problem("EventBatchingCondition.BatchWindow", "\(window) seconds are not between 1 and 900"))
            }
        }
        return found
    }

    private func actionProblems() -> [Problem] {
        if actions.isEmpty { return [Problem("Actions", "a trigger starts at least one job or crawler")] }
        var found: [Problem] = []
        for (index, action) in actions.enumerated() {
            let property = "Actions[\(index)]"
            if (action.jobName == nil) == (action.crawlerName == nil) {
                found.append(Problem(property, "an action starts either a job or a crawler"))
            }
            for name in (action.arguments ?? [:]).keys.sorted() where !name.hasPrefix("--") {
                found.append(
                    Problem("\(property).Arguments.\(name)", "the name of an argument begins with --", hint: "try '--\(name)'"))
            }
            if let timeout = action.timeout, timeout < 1 {
                found.append(Problem("\(property).Timeout", "\(timeout) minutes are none"))
            }
        }
        return found
    }

    private func conditionProblems() -> [Problem] {
        var found: [Problem] = []
        if let logical = predicate?.logical, logical != .and, logical != .any {
            found.append(Problem("Predicate.Logical", "there is no '\(logical.rawValue)'", hint: "AND or ANY"))
        }
        for (index, condition) in (predicate?.conditions ?? []).enumerated() {
            let property = "Predicate.Conditions[\(index)]"
            let (isJob, isCrawler) = (condition.jobName != nil, condition.crawlerName != nil)
            if isJob == isCrawler || (condition.state != nil) != isJob || (condition.crawlState != nil) != isCrawler {
                found.append(
                    Problem(property, "a condition is about either a job and its State or a crawler and its CrawlState"))
                continue
            }
            let known = isJob ? ["SUCCEEDED", "STOPPED", "FAILED", "TIMEOUT"] : ["SUCCEEDED", "CANCELLED", "FAILED"]
            if let state = (condition.state ?? condition.crawlState)?.literal, !known.contains(state) {
                let hint = "one of \(known.joined(separator: ", "))"
                found.append(Problem(property, "no trigger waits for the state '\(state)'", hint: hint))
            }
        }
        return found
    }
}
