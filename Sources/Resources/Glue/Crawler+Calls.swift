public import SlipwayAWS
import SlipwayDeclaration
public import SlipwayProvider

extension Glue.Crawler {
    public func create(_ new: Creation, _ aws: AWSClient) async throws -> Created<Glue.Crawler> {
        var input = try wire()
        input["Name"] = .string(new.name)
        input["Tags"] = .object(new.tags(tags).mapValues { .string($0) })
        try await aws.call(.glue, "CreateCrawler", JSON.object(input).document)
        return Created(new.name, self, Self.attributes(new.name, aws))
    }

    public static func read(
        _ identity: String, _ interest: Interest, _ aws: AWSClient
    ) async throws -> Observation<Glue.Crawler> {
        struct Output: Decodable { let crawler: Document }
        let named = CrawlerName(name: identity)
        guard let found = try await ifPresent({ try await aws.call(.glue, "GetCrawler", named, as: Output.self) }) else {
            return .absent
        }
        guard interest.includes("Tags") else { return try observation(identity, JSON(found.crawler), nil, aws) }
        guard let tags = try await Glue.tags(attributes(identity, aws).arn, aws) else { return .absent }
        return try observation(identity, JSON(found.crawler), tags, aws)
    }

    public func update(_ identity: String, from current: Glue.Crawler, _ aws: AWSClient) async throws {
        let (old, new) = (try current.canonical().wire(), try canonical().wire())
        let declared = try wire()
        var input: [String: JSON] = [:]
        for name in Set(old.keys).union(new.keys) where old[name] != new[name] {
            input[name] = new[name] == nil ? Self.cleared[name] : declared[name]
            // Of a part that stays, a member may go.
            if case .object(let rest)? = Self.cleared[name], case .object(let members)? = input[name] {
                input[name] = .object(rest.merging(members) { $1 })
            }
        }
        if !input.isEmpty {
            input["Name"] = .string(identity)
            try await aws.call(.glue, "UpdateCrawler", JSON.object(input).document)
        }
        try await Glue.updateTags(Self.attributes(identity, aws).arn, from: current.tags, to: tags, aws)
    }

    /// What an update sends for what is no longer declared, as it keeps what it is not given.
    ///
    /// Source: <https://github.com/aws-cloudformation/cloudformation-coverage-roadmap/issues/2247>
    private static let cleared: [String: JSON] = [
        "Schedule": "", "Description": "", "Classifiers": [], "TablePrefix": "", "CrawlerSecurityConfiguration": "",
        "Configuration": #"{"Version":1.0}"#,
        "SchemaChangePolicy": ["UpdateBehavior": "UPDATE_IN_DATABASE", "DeleteBehavior": "DEPRECATE_IN_DATABASE"],
        "RecrawlPolicy": ["RecrawlBehavior": "CRAWL_EVERYTHING"],
        "LineageConfiguration": ["CrawlerLineageSettings": "DISABLE"],
        "LakeFormationConfiguration": ["UseLakeFormationCredentials": false, "AccountId": ""],
    ]

    public static func tag(_ identity: String, _ tags: [String: String], _ aws: AWSClient) async throws {
        try await Glue.tag(attributes(identity, aws).arn, tags, aws)
    }

    /// A crawl would go on writing to the catalogue, so it is stopped. The engine asks again until it has.
    public func delete(_ identity: String, _ aws: AWSClient) async throws {
        let named = CrawlerName(name: identity)
        try await ifPresent {
            do {
                try await aws.call(.glue, "DeleteCrawler", named)
            } catch let running as AWSError where running.code == "CrawlerRunningException" {
                do {
                    try await aws.call(.glue, "StopCrawler", named)
                } catch let error as AWSError
                    where ["CrawlerNotRunningException", "CrawlerStoppingException"].contains(error.code)
                {
                    // It has come to its end meanwhile, or is on the way there.
                }
                throw running
            }
        }
    }

    /// `BatchGetCrawlers` takes a hundred names, and so does the list of their tags.
    public static func listCalls(for count: Int) -> Int? {
        max(1, (count + namesPerCall - 1) / namesPerCall) + Glue.tagCalls(for: count)
    }

    public static var readCalls: Int { 2 }

    public static func list(
        _ wanted: [Listed<Glue.Crawler>], _ aws: AWSClient
    ) async throws -> [String: Sighting<Glue.Crawler>] {
        struct Input: Encodable { let crawlerNames: [String] }
        struct Output: Decodable { let crawlers: [Document] }
        var trees: [String: JSON] = [:]
        for names in wanted.map(\.identity).chunks(of: namesPerCall) {
            let output = try await aws.call(
                .glue, "BatchGetCrawlers", Input(crawlerNames: names), as: Output.self)
            for crawler in output.crawlers.map({ JSON($0) }) {
                if let name = crawler["Name"]?.string { trees[name] = crawler }
            }
        }
        return try await Glue.sightings(trees, wanted, arn: { attributes($0, aws).arn }, aws) {
            try observation($0, $1, $2, aws)
        }
    }
}

// MARK: - Parts

private let namesPerCall = 100

private struct CrawlerName: Encodable {
    let name: String
}

extension Glue.Crawler {
    private static func attributes(_ name: String, _ aws: AWSClient) -> Attributes {
        Attributes(name: name, arn: Location(aws).arn("glue", "crawler/\(name)"))
    }

    /// What `CreateCrawler` and `UpdateCrawler` take, without name and tags.
    private func wire() throws -> [String: JSON] {
        var members = try PropertyEncoder().encode(self).tree.object ?? [:]
        members["Name"] = nil
        members["Tags"] = nil
        members["Schedule"] = members["Schedule"]?["ScheduleExpression"]
        members["Configuration"] = configuration.map { tree in
            let version = tree["Version"].flatMap { $0 == 1 ? nil : $0 } ?? .double(1)
            return .string(tree.setting(["Version"], to: version).text)
        }
        members["Targets"] = members["Targets"]?.renaming(Self.dynamoDBNames, in: "DynamoDBTargets")
        return members
    }

    /// A crawler as AWS described it.
    /// - Parameter tags: `nil` when they were not read.
    private static func observation(
        _ name: String, _ crawler: JSON, _ tags: [String: String]?, _ aws: AWSClient
    ) throws -> Observation<Glue.Crawler> {
        if crawler["Schedule"]?["State"] == "TRANSITIONING" { return .settling("TRANSITIONING") }
        var tree = crawler
        let names = Dictionary(uniqueKeysWithValues: dynamoDBNames.map { ($1, $0) })
        tree = tree.setting(["Targets"], to: tree["Targets"]?.renaming(names, in: "DynamoDBTargets"))
        // A crawler without a schedule may have an empty one.
        if tree["Schedule"]?["ScheduleExpression"] == nil { tree = tree.setting(["Schedule"], to: nil) }
        let configuration = tree["Configuration"]?.string.flatMap { $0.isEmpty ? nil : $0 }
        tree = tree.setting(["Configuration"], to: try configuration.map { try JSON(parsing: $0) })
        var properties = try PropertyDecoder().decode(Glue.Crawler.self, from: tree)
        properties.tags = tags.map { Ownership.declared($0).mapValues { Text(verbatim: $0) } }
        return .present(
            Found(
                properties, attributes(name, aws), tags: tags, immutableID: Glue.immutableID(crawler, "CreationTime"),
                unread: tags == nil ? ["Tags"] : []))
    }

    /// The API's names for what CloudFormation, like everything else, begins with a capital letter.
    ///
    /// Source: <https://docs.aws.amazon.com/glue/latest/webapi/API_DynamoDBTarget.html>
    private static let dynamoDBNames = ["ScanAll": "scanAll", "ScanRate": "scanRate"]
}

extension JSON {
    /// Gives members of the objects of a list other names.
    fileprivate func renaming(_ names: [String: String], in list: String) -> JSON {
        guard let elements = self[list]?.array else { return self }
        let renamed = elements.map { element in
            JSON.object(
                Dictionary((element.object ?? [:]).map { (names[$0.key] ?? $0.key, $0.value) }) { _, last in last })
        }
        return setting([list], to: .array(renamed))
    }
}
