import SlipwayDeclaration
import SlipwayFakeAWS
import SlipwayProvider
import SlipwayResources

enum LogsLogGroupExample: ConformanceExample {
    static let minimal = Logs.LogGroup()

    static let full = Logs.LogGroup(
        retentionInDays: 30, key: "arn:aws:kms:eu-west-1:123456789012:key/logs", class: .infrequentAccess,
        name: "/tickit/dev", tags: ["team": "data", "tier": "raw"])

    static let changed: Logs.LogGroup = {
        var group = full
        group.retentionInDays = 90
        group.kmsKeyId = "arn:aws:kms:eu-west-1:123456789012:key/other"
        group.tags = ["team": "platform"]
        return group
    }()

    static let uncovered = [
        "DeletionProtectionEnabled": "a group that has it cannot be deleted; LogsLogGroupTests cover it"
    ]

    static func disappear(_ identity: String, _ services: inout FakeServices) { services.logs.groups[identity] = nil }
}
