import SlipwayAWS
import SlipwayDeclaration
import SlipwayFakeAWS
import SlipwayProvider
import SlipwayResources
import Testing

struct LogsLogGroupTests {
    private let trial = Trial()

    /// Source: cfn-lint's schema of AWS::Logs::LogGroup has only `LogGroupName` (cfn-lint 1.51.0). The class is here
    /// because the service has no operation that changes it, and CloudFormation says of it "Updates are not supported".
    @Test func `what cannot be changed is what CloudFormation says, and the class`() throws {
        #expect(try createOnly(Logs.LogGroup(class: .standard, name: "n")) == ["LogGroupName", "LogGroupClass"])
    }

    @Test func `name and ARNs are known before the group exists`() {
        let arn = "arn:aws:logs:us-east-1:123456789012:log-group:/a/b"
        let foreseen = Logs.LogGroup().foreseen("/a/b", at: Trial.location)
        #expect(foreseen.values == ["Name": "/a/b", "Arn": .string(arn), "Streams": .string("\(arn):*")])
    }

    @Test(arguments: [
        (Logs.LogGroup(retentionInDays: 10), "RetentionInDays"),
        (Logs.LogGroup(retentionInDays: 1, class: .delivery), "RetentionInDays"),
        (Logs.LogGroup(key: "key"), "KmsKeyId"),
        (Logs.LogGroup(name: "a b"), "LogGroupName"),
    ])
    func `mistakes are found before AWS is asked`(group: Logs.LogGroup, property: String) {
        #expect(group.check().map(\.property) == [property])
    }

    static let changes: [Change<Logs.LogGroup>] = [
        Change("PutRetentionPolicy") { $0.retentionInDays = 60 },
        Change("DeleteRetentionPolicy") { $0.retentionInDays = nil },
        Change("AssociateKmsKey") { $0.kmsKeyId = "arn:aws:kms:us-east-1:123456789012:key/b" },
        Change("DisassociateKmsKey") { $0.kmsKeyId = nil },
        Change("PutLogGroupDeletionProtection") { $0.deletionProtectionEnabled = nil },
        Change("TagResource") { $0.tags = ["team": "platform"] },
        Change("UntagResource") { $0.tags = nil },
    ]

    @Test(arguments: changes)
    func `an update makes one call for what differs`(_ change: Change<Logs.LogGroup>) async throws {
        let full = Logs.LogGroup(
            retentionInDays: 30, key: "arn:aws:kms:us-east-1:123456789012:key/a", deletionProtection: true,
            tags: ["team": "data"])
        let made = try await trial.operations { try await trial.make("/a", full) }
        #expect(made == ["CreateLogGroup", "PutRetentionPolicy"])
        var desired = full
        change.make(&desired)
        let operations = try await trial.operations { try await desired.update("/a", from: full, trial.aws) }
        #expect(operations == [change.operation])
        let found = try await trial.look("/a", Logs.LogGroup.self)
        #expect(found.properties.retentionInDays == desired.retentionInDays)
        #expect(found.properties.kmsKeyId == desired.kmsKeyId)
        #expect(found.properties.deletionProtectionEnabled == (desired.deletionProtectionEnabled ?? false))
        #expect(found.properties.tags == (desired.tags ?? [:]))
        #expect(found.tags.flatMap(Ownership.init) == Trial.ownership)
    }

    @Test func `a group is not taken for one whose name begins with its own`() async throws {
        try await trial.make("/a/b", Logs.LogGroup())
        guard case .absent = try await Logs.LogGroup.read("/a", .all, trial.aws) else {
            Issue.record("the group was taken for another")
            return
        }
        try await trial.make("/a", Logs.LogGroup(retentionInDays: 1))
        #expect(try await trial.look("/a", Logs.LogGroup.self).properties.retentionInDays == 1)
    }

    @Test func `a protected group is not deleted`() async throws {
        let group = Logs.LogGroup(deletionProtection: true)
        try await trial.make("/a", group)
        let error = await #expect(throws: AWSError.self) { try await group.delete("/a", trial.aws) }
        #expect(error?.kind == .invalid)
        try await Logs.LogGroup().update("/a", from: group, trial.aws)
        try await group.delete("/a", trial.aws)
        try await group.delete("/a", trial.aws)
    }

    @Test func `fifty groups are one call, and their tags another`() async throws {
        let names = (0..<50).map { "/g/\($0)" }
        for name in names { try await trial.make(name, Logs.LogGroup(tags: ["team": "data"])) }
        trial.fake.forgetCalls()
        let found = try await Logs.LogGroup.list(names.map { Listed($0, .all) }, trial.aws)
        #expect(Set(found.keys) == Set(names))
        #expect(trial.fake.calls.map(\.operation) == ["DescribeLogGroups", "GetResources"])
        #expect(Logs.LogGroup.listCalls(for: 50) == 2)
    }
}
