public import SlipwayDeclaration

extension Glue.Crawler {
    // Source: https://docs.aws.amazon.com/glue/latest/webapi/API_CreateCrawler.html
    public func check() -> [Problem] {
        var found: [Problem] = []
        if let name = name?.literal, !(1...255).contains(name.count) {
            found.append(Problem("Name", "a crawler's name has 1 to 255 characters, not \(name.count)"))
        }
        func atMost(_ limit: Int, _ property: String, _ text: Text?) {
            guard let count = text?.literal?.count, count > limit else { return }
            found.append(Problem(property, "it has \(count) characters, and at most \(limit) are allowed"))
        }
        atMost(2048, "Description", description)
        atMost(128, "TablePrefix", tablePrefix)
        atMost(128, "CrawlerSecurityConfiguration", crawlerSecurityConfiguration)
        if let expression = schedule?.scheduleExpression.literal, !expression.isEmpty,
            !(expression.hasPrefix("cron(") && expression.hasSuffix(")"))
        {
            found.append(
                Problem("Schedule", "'\(expression)' is no schedule", hint: "such as cron(15 12 * * ? *), in UTC"))
        }
        if let configuration, configuration.object == nil {
            found.append(Problem("Configuration", "it is no object", hint: #"such as ["Grouping": […]]"#))
        }
        return found + targetProblems() + policyProblems()
    }

    private func targetProblems() -> [Problem] {
        var found: [Problem] = []
        let targets = targets.canonical()
        let others = [
            targets.s3Targets?.count, targets.jdbcTargets?.count, targets.mongoDBTargets?.count,
            targets.dynamoDBTargets?.count, targets.deltaTargets?.count, targets.icebergTargets?.count,
            targets.hudiTargets?.count,
        ].compactMap { $0 }
        if targets.catalogTargets != nil, !others.isEmpty {
            found.append(Problem("Targets.CatalogTargets", "tables of the catalogue go with no other targets"))
        }
        if targets.catalogTargets == nil, others.isEmpty {
            found.append(Problem("Targets", "a crawler has something to look at"))
        }
        if targets.catalogTargets == nil, !others.isEmpty, databaseName == nil {
            found.append(Problem("DatabaseName", "it is missing", hint: "the database that the crawler's tables go to"))
        }
        for (index, target) in (targets.s3Targets ?? []).enumerated() {
            let property = "Targets.S3Targets[\(index)]"
            if let path = target.path.literal, !path.hasPrefix("s3://") {
                found.append(Problem("\(property).Path", "'\(path)' is not in S3", hint: "it begins with s3://"))
            }
            if let size = target.sampleSize, !(1...249).contains(size) {
                found.append(Problem("\(property).SampleSize", "\(size) files are not between 1 and 249"))
            }
        }
        for (index, target) in (targets.dynamoDBTargets ?? []).enumerated() {
            guard let rate = target.scanRate, !(0.1...1.5).contains(rate) else { continue }
            found.append(Problem("Targets.DynamoDBTargets[\(index)].ScanRate", "\(rate) is not between 0.1 and 1.5"))
        }
        let depths = (targets.icebergTargets ?? []).map(\.maximumTraversalDepth)
            + (targets.hudiTargets ?? []).map(\.maximumTraversalDepth)
        for depth in depths.compactMap({ $0 }) where !(1...20).contains(depth) {
            found.append(Problem("Targets", "a depth of \(depth) is not between 1 and 20"))
        }
        return found
    }

    private func policyProblems() -> [Problem] {
        var found: [Problem] = []
        // Source: https://docs.aws.amazon.com/glue/latest/dg/incremental-crawls.html
        if recrawlPolicy == .newFoldersOnly, schemaChangePolicy != .log {
            found.append(
                Problem(
                    "SchemaChangePolicy", "a crawler of new folders alone changes no tables", hint: "set it to .log"))
        }
        if recrawlPolicy == .events,
            (targets.s3Targets ?? []).contains(where: { $0.eventQueueArn == nil })
                || (targets.catalogTargets ?? []).contains(where: { $0.eventQueueArn == nil })
        {
            found.append(
                Problem("RecrawlPolicy", "each target of a crawler that follows events has a queue", hint: "set EventQueueArn"))
        }
        let behaviours: [(String, String?, [String])] = [
            ("SchemaChangePolicy.UpdateBehavior", schemaChangePolicy?.updateBehavior?.rawValue, ["LOG", "UPDATE_IN_DATABASE"]),
            (
                "SchemaChangePolicy.DeleteBehavior", schemaChangePolicy?.deleteBehavior?.rawValue,
                ["LOG", "DELETE_FROM_DATABASE", "DEPRECATE_IN_DATABASE"]
            ),
        ]
        for case (let property, let value?, let known) in behaviours where !known.contains(value) {
            let similar = known.closest(to: value).map { "did you mean '\($0)'?" }
            found.append(
                Problem(property, "there is no behaviour '\(value)'", hint: similar ?? "one of \(known.joined(separator: ", "))"))
        }
        return found
    }
}
