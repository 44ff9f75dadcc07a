public import SlipwayAWS
public import SlipwayDeclaration
public import SlipwayProvider

extension Logs {
    /// A group of streams of log events, which share how long they are kept.
    ///
    /// Source: <https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html>
    public struct LogGroup: ResourceKind {
        public static let type = "AWS::Logs::LogGroup"

        /// 1 to 512 letters, digits and `_-/.#`; one is made from the address when it is left out.
        @CreateOnly public var logGroupName: Text?
        /// Days for which events are kept, one of ``retentions``; for ever when it is left out.
        public var retentionInDays: Int?
        /// ARN of the key that events are encrypted with.
        public var kmsKeyId: Text?
        /// AWS has no way to change it.
        @CreateOnly public var logGroupClass: Class?
        /// Whether AWS refuses to delete the group.
        public var deletionProtectionEnabled: Bool?
        public var tags: [String: Text]?

        /// What a group is for.
        public struct Class: RawRepresentable, Codable, Hashable, Sendable {
            public var rawValue: String
            public init(rawValue: String) { self.rawValue = rawValue }
            public static let standard = Class(rawValue: "STANDARD")
            /// Cheaper, with fewer ways to search.
            public static let infrequentAccess = Class(rawValue: "INFREQUENT_ACCESS")
            /// Passed on to S3 or Firehose, and kept for two days.
            public static let delivery = Class(rawValue: "DELIVERY")
        }

        public struct Attributes: Codable, Hashable, Sendable {
            public let name: String
            /// `arn:aws:logs:<region>:<account>:log-group:<name>`
            public let arn: String
            /// The group's streams, as policies name them: the ARN followed by `:*`.
            public let streams: String
        }

        /// The days that AWS allows.
        ///
        /// Source: <https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html>
        public static let retentions = [
            1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
        ]

        public init(
            retentionInDays: Int? = nil, key: Text? = nil, class: Class? = nil, deletionProtection: Bool? = nil,
            name: Text? = nil, tags: [String: Text]? = nil
        ) {
            logGroupName = name
            self.retentionInDays = retentionInDays
            kmsKeyId = key
            logGroupClass = `class`
            deletionProtectionEnabled = deletionProtection
            self.tags = tags
        }

        public static let identification = Identification.named
        public static let naming = Naming(limit: 512)
        public static let patience = Patience.none
        public static let permissions = Permissions(
            create: ["logs:CreateLogGroup", "logs:TagResource"],
            read: ["logs:DescribeLogGroups", "logs:ListTagsForResource"],
            update: [
                "logs:PutRetentionPolicy", "logs:DeleteRetentionPolicy", "logs:AssociateKmsKey",
                "logs:DisassociateKmsKey", "logs:PutLogGroupDeletionProtection", "logs:TagResource",
                "logs:UntagResource",
            ],
            delete: ["logs:DeleteLogGroup"],
            list: ["logs:DescribeLogGroups", "logs:ListTagsForResource", "tag:GetResources"])
        public static let removals: [String: Removal] = ["DeletionProtectionEnabled": .sentinel(false)]

        public var fixedName: Text? { logGroupName }

        public func foreseen(_ identity: String, at location: Location) -> Foreseen<Attributes> {
            Foreseen {
                $0[\.name] = identity
                $0[\.arn] = location.arn("logs", "log-group:\(identity)")
                $0[\.streams] = location.arn("logs", "log-group:\(identity):*")
            }
        }

        public func check() -> [Problem] {
            var found: [Problem] = []
            if let name = logGroupName?.literal {
                let isName = name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "_-/.#".contains($0)) }
                if !isName || !(1...512).contains(name.count) {
                    found.append(Problem("LogGroupName", "a group's name has 1 to 512 letters, digits and _-/.#"))
                }
            }
            if let days = retentionInDays, !Self.retentions.contains(days) {
                let longer = Self.retentions.first { $0 > days }.map { "the next longer time is \($0)" }
                found.append(Problem("RetentionInDays", "AWS cannot keep events for \(days) days", hint: longer))
            }
            if retentionInDays != nil, logGroupClass == .delivery {
                found.append(Problem("RetentionInDays", "a group of class DELIVERY keeps events for two days"))
            }
            if let key = kmsKeyId?.literal, !key.hasPrefix("arn:") {
                found.append(Problem("KmsKeyId", "'\(key)' is no ARN"))
            }
            return found
        }
    }
}

extension Logs.LogGroup {
    public func create(_ new: Creation, _ aws: AWSClient) async throws -> Created<Logs.LogGroup> {
        struct Input: Encodable {
            let logGroupName: String
            let kmsKeyId: Text?
            let logGroupClass: Class?
            let deletionProtectionEnabled: Bool?
            let tags: [String: String]
        }
        let input = Input(
            logGroupName: new.name, kmsKeyId: kmsKeyId, logGroupClass: logGroupClass,
            deletionProtectionEnabled: deletionProtectionEnabled, tags: new.tags(tags))
        try await aws.call(.logs, "CreateLogGroup", input)
        var made = self
        made.retentionInDays = nil
        return Created(new.name, made, Self.attributes(arn: new.location.arn("logs", "log-group:\(new.name)")))
    }

    public static func read(
        _ identity: String, _ interest: Interest, _ aws: AWSClient
    ) async throws -> Observation<Logs.LogGroup> {
        // Groups come in the order of their names, so what has the name itself comes before what only begins with it.
        struct Input: Encodable { let logGroupNamePrefix: String }
        let input = Input(logGroupNamePrefix: identity)
        let page = try await aws.call(.logs, "DescribeLogGroups", input, as: Description.Page.self)
        guard let group = page.logGroups.first(where: { $0.logGroupName == identity }) else { return .absent }
        guard interest.includes("Tags") else { return .present(group.found(tags: nil)) }
        guard let tags = try await tags(group.groupARN, aws) else { return .absent }
        return .present(group.found(tags: tags))
    }

    public func update(_ identity: String, from current: Logs.LogGroup, _ aws: AWSClient) async throws {
        struct Named: Encodable { let logGroupName: String }
        let named = Named(logGroupName: identity)
        if retentionInDays != current.retentionInDays {
            if let retentionInDays {
                struct Input: Encodable { let logGroupName: String, retentionInDays: Int }
                let input = Input(logGroupName: identity, retentionInDays: retentionInDays)
                try await aws.call(.logs, "PutRetentionPolicy", input)
            } else {
                try await aws.call(.logs, "DeleteRetentionPolicy", named)
            }
        }
        if kmsKeyId != current.kmsKeyId {
            if let kmsKeyId {
                struct Input: Encodable { let logGroupName: String, kmsKeyId: Text }
                try await aws.call(.logs, "AssociateKmsKey", Input(logGroupName: identity, kmsKeyId: kmsKeyId))
            } else {
                try await aws.call(.logs, "DisassociateKmsKey", named)
            }
        }
        if (deletionProtectionEnabled ?? false) != (current.deletionProtectionEnabled ?? false) {
            struct Input: Encodable { let logGroupIdentifier: String, deletionProtectionEnabled: Bool }
            let input = Input(
                logGroupIdentifier: identity, deletionProtectionEnabled: deletionProtectionEnabled ?? false)
            try await aws.call(.logs, "PutLogGroupDeletionProtection", input)
        }
        let change = TagChange(from: current.tags, to: tags)
        if !change.added.isEmpty { try await Self.tag(identity, change.added, aws) }
        if !change.removed.isEmpty {
            struct Input: Encodable { let resourceArn: String, tagKeys: [String] }
            try await aws.call(
                .logs, "UntagResource", Input(resourceArn: Self.arn(identity, aws), tagKeys: change.removed))
        }
    }

    public static func tag(_ identity: String, _ tags: [String: String], _ aws: AWSClient) async throws {
        struct Input: Encodable { let resourceArn: String, tags: [String: String] }
        try await aws.call(.logs, "TagResource", Input(resourceArn: arn(identity, aws), tags: tags))
    }

    public func delete(_ identity: String, _ aws: AWSClient) async throws {
        struct Input: Encodable { let logGroupName: String }
        try await ifPresent { try await aws.call(.logs, "DeleteLogGroup", Input(logGroupName: identity)) }
    }

    /// `DescribeLogGroups` takes fifty names, and what lists tags a hundred.
    public static func listCalls(for count: Int) -> Int? {
        max(1, (count + namesPerCall - 1) / namesPerCall) + max(1, (count + ResourceTags.perCall - 1) / ResourceTags.perCall)
    }

    public static var readCalls: Int { 2 }

    public static func list(
        _ wanted: [Listed<Logs.LogGroup>], _ aws: AWSClient
    ) async throws -> [String: Sighting<Logs.LogGroup>] {
        struct Input: Encodable { let logGroupIdentifiers: [String] }
        var groups: [Description] = []
        let wantedNames = Set(wanted.map(\.identity))
        for names in wanted.map(\.identity).chunks(of: namesPerCall) {
            let pages = aws.pages(
                .logs, "DescribeLogGroups", Input(logGroupIdentifiers: names), as: Description.Page.self)
            groups += try await pages.all(\.logGroups).filter { wantedNames.contains($0.logGroupName) }
        }
        let tagged = Set(wanted.filter { $0.interest.includes("Tags") }.map(\.identity))
        let arns = groups.filter { tagged.contains($0.logGroupName) }.map(\.groupARN)
        let tagsByARN = try await ResourceTags.all(of: arns, aws)
        var sightings: [String: Sighting<Logs.LogGroup>] = [:]
        for group in groups {
            var found: [String: String]?
            if tagged.contains(group.logGroupName) {
                found = tagsByARN[group.groupARN]
                // What lists tags has not seen the group yet: it was made a moment ago, or has none.
                if found == nil { found = try await tags(group.groupARN, aws) ?? [:] }
            }
            sightings[group.logGroupName] = .observed(.present(group.found(tags: found)))
        }
        return sightings
    }

    private static let namesPerCall = 50

    private static func arn(_ name: String, _ aws: AWSClient) -> String {
        let location = Location(aws)
        return location.arn("logs", "log-group:\(name)")
    }

    private static func attributes(arn: String) -> Attributes {
        Attributes(name: arn.split(separator: ":").last.map(String.init) ?? "", arn: arn, streams: "\(arn):*")
    }

    /// The tags of a group; `nil` when there is no such group.
    private static func tags(_ arn: String, _ aws: AWSClient) async throws -> [String: String]? {
        struct Input: Encodable { let resourceArn: String }
        struct Output: Decodable { let tags: [String: String] }
        return try await ifPresent {
            try await aws.call(.logs, "ListTagsForResource", Input(resourceArn: arn), as: Output.self).tags
        }
    }

    /// A group as AWS describes it.
    ///
    /// Source: <https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_LogGroup.html>
    private struct Description: Decodable {
        struct Page: Decodable { let logGroups: [Description] }

        let logGroupName: String
        /// Ends in `:*`.
        let arn: String
        let creationTime: Int?
        let retentionInDays: Int?
        let kmsKeyId: Text?
        let logGroupClass: Class?
        let deletionProtectionEnabled: Bool?

        var groupARN: String { arn.hasSuffix(":*") ? String(arn.dropLast(2)) : arn }

        /// - Parameter tags: `nil` when they were not read.
        func found(tags: [String: String]?) -> Found<Logs.LogGroup> {
            var group = Logs.LogGroup(
                retentionInDays: retentionInDays, class: logGroupClass,
                deletionProtection: deletionProtectionEnabled, name: Text(verbatim: logGroupName),
                tags: tags.map { Ownership.declared($0).mapValues { Text(verbatim: $0) } })
            group.kmsKeyId = kmsKeyId
            // Another group under the same name was made at another time; AWS has no better id.
            return Found(
                group, attributes(arn: groupARN), tags: tags, immutableID: creationTime.map { "created:\($0)" },
                unread: tags == nil ? ["Tags"] : [])
        }
    }
}
