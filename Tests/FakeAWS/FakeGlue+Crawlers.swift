import SlipwayDeclaration

extension FakeGlue {
    /// Carries out what is about crawlers; `nil` when it is about something else.
    mutating func carryOutCrawler(_ call: FakeCall) throws -> JSON? {
        switch call.operation {
        case "CreateCrawler": try createCrawler(call)
        case "UpdateCrawler": try updateCrawler(call)
        case "GetCrawler": try getCrawler(call)
        case "BatchGetCrawlers": batchGetCrawlers(call)
        case "GetCrawlers":
            page(call, call.shuffled(crawlers.sorted { $0.key < $1.key }).map(\.value), "Crawlers", limit: 1000)
        case "DeleteCrawler": try deleteCrawler(call)
        default: nil
        }
    }

    func crawler(_ name: String?) throws -> JSON {
        guard let crawler = crawlers[name ?? ""] else {
            throw Refused("EntityNotFoundException", "Crawler with name \(name ?? "") does not exist")
        }
        return crawler
    }

    private mutating func createCrawler(_ call: FakeCall) throws -> JSON {
        let name = call["Name"] ?? ""
        if crawlers[name] != nil { throw Refused("AlreadyExistsException", "\(name) already exists") }
        var sent = call.input.object ?? [:]
        let newTags = sent.removeValue(forKey: "Tags")?.object ?? [:]
        if sent["Role"] == nil || sent["Targets"] == nil { throw Refused("InvalidInputException", "Role and Targets must be set") }
        var crawler: [String: JSON] = [
            "Name": .string(name), "CreationTime": .int(call.date), "Classifiers": [], "CrawlElapsedTime": 0,
            "RecrawlPolicy": ["RecrawlBehavior": "CRAWL_EVERYTHING"],
            "SchemaChangePolicy": ["UpdateBehavior": "UPDATE_IN_DATABASE", "DeleteBehavior": "DEPRECATE_IN_DATABASE"],
            "LineageConfiguration": ["CrawlerLineageSettings": "DISABLE"],
            "LakeFormationConfiguration": ["UseLakeFormationCredentials": false, "AccountId": ""],
            "State": "READY",
        ]
        try merge(sent, into: &crawler)
        try validate(crawler)
        crawler["Version"] = 1
        crawler["LastUpdated"] = .int(call.date)
        crawlers[name] = .object(crawler)
        tags["arn:aws:glue:\(call.region):\(FakeAWS.account):crawler/\(name)"] = newTags.compactMapValues(\.string)
        return [:]
    }

    /// What is left out stays as it is.
    ///
    /// Source: <https://github.com/aws-cloudformation/cloudformation-coverage-roadmap/issues/2247>
    private mutating func updateCrawler(_ call: FakeCall) throws -> JSON {
        let name = call["Name"] ?? ""
        var crawler = try crawler(name).object ?? [:]
        if crawler["State"] != "READY" {
            throw Refused("CrawlerRunningException", "Cannot update Crawler while running")
        }
        try merge(call.input.object ?? [:], into: &crawler)
        try validate(crawler)
        crawler["Version"] = .int((crawler["Version"]?.int ?? 0) + 1)
        crawler["LastUpdated"] = .int(call.date)
        crawlers[name] = .object(crawler)
        return [:]
    }

    private mutating func getCrawler(_ call: FakeCall) throws -> JSON {
        _ = try crawler(call["Name"])
        advanceCrawl(of: call["Name"] ?? "", at: call.date)
        return ["Crawler": try crawler(call["Name"])]
    }

    /// Names that do not exist are listed apart.
    private mutating func batchGetCrawlers(_ call: FakeCall) -> JSON {
        let names = (call.input["CrawlerNames"]?.array ?? []).compactMap(\.string)
        for name in names { advanceCrawl(of: name, at: call.date) }
        return [
            "Crawlers": .array(call.shuffled(names.compactMap { crawlers[$0] })),
            "CrawlersNotFound": .array(names.filter { crawlers[$0] == nil }.map { .string($0) }),
        ]
    }

    private mutating func deleteCrawler(_ call: FakeCall) throws -> JSON {
        let name = call["Name"] ?? ""
        let crawler = try crawler(name)
        if crawler["State"] != "READY" {
            throw Refused("CrawlerRunningException", "Cannot delete Crawler while it is running")
        }
        if crawler["Schedule"]?["State"] == "TRANSITIONING" {
            throw Refused("SchedulerTransitioningException", "The crawler's schedule is in transition")
        }
        crawlers[name] = nil
        crawls[name] = nil
        tags["arn:aws:glue:\(call.region):\(FakeAWS.account):crawler/\(name)"] = nil
        return [:]
    }

    /// Lays what was sent over what there is, in the form in which it is given back.
    private func merge(_ sent: [String: JSON], into crawler: inout [String: JSON]) throws {
        for (name, value) in sent {
            switch name {
            case "Name": break
            case "Role":
                let role = value.string ?? ""
                let path = role.firstRange(of: ":role/").map { String(role[$0.upperBound...]) } ?? role
                crawler[name] = .string(path)
            case "Targets": crawler[name] = Self.filled(value)
            case "Schedule":
                // An empty schedule is none.
                crawler[name] = value == "" ? nil : ["ScheduleExpression": value, "State": "SCHEDULED"]
            case "Configuration":
                // It is written anew.
                let text = value.string ?? ""
                do {
                    crawler[name] = text.isEmpty ? nil : .string(try JSON(parsing: text).prettyText)
                } catch {
                    throw Refused("InvalidInputException", "Configuration is not valid JSON")
                }
            case "Description", "TablePrefix", "CrawlerSecurityConfiguration": crawler[name] = value == "" ? nil : value
            case "SchemaChangePolicy", "LakeFormationConfiguration":
                crawler[name] = .object((crawler[name]?.object ?? [:]).merging(value.object ?? [:]) { $1 })
            default: crawler[name] = value
            }
        }
    }

    /// Targets as they are given back: a list for each kind, exclusions where there can be some.
    private static func filled(_ targets: JSON) -> JSON {
        let kinds = ["S3", "Jdbc", "MongoDB", "DynamoDB", "Catalog", "Delta", "Iceberg", "Hudi"]
        var lists: [String: JSON] = [:]
        for kind in kinds {
            let name = "\(kind)Targets"
            var list = targets[name]?.array ?? []
            if ["S3", "Jdbc", "Iceberg", "Hudi"].contains(kind) {
                list = list.map { $0["Exclusions"] == nil ? $0.setting(["Exclusions"], to: []) : $0 }
            }
            lists[name] = .array(list)
        }
        return .object(lists)
    }

    private mutating func validate(_ crawler: [String: JSON]) throws {
        func refused(_ message: String) -> Refused { Refused("InvalidInputException", message) }
        let targets = (crawler["Targets"]?.object ?? [:]).filter { $0.value.array?.isEmpty == false }
        if targets.isEmpty { throw refused("At least one target must be specified") }
        if targets["CatalogTargets"] != nil, targets.count > 1 {
            throw refused("Catalog targets cannot be mixed with other targets")
        }
        if targets["CatalogTargets"] == nil, crawler["DatabaseName"] == nil { throw refused("DatabaseName must be set") }
        if crawler["RecrawlPolicy"]?["RecrawlBehavior"] == "CRAWL_NEW_FOLDERS_ONLY",
            crawler["SchemaChangePolicy"] != ["UpdateBehavior": "LOG", "DeleteBehavior": "LOG"]
        {
            throw refused("The SchemaChangePolicy for an incremental crawler must be LOG")
        }
        if let expression = crawler["Schedule"]?["ScheduleExpression"]?.string, !expression.hasPrefix("cron(") {
            throw refused("Invalid schedule expression")
        }
        try assumeRole()
    }
}
