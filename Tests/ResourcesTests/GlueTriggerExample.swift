import SlipwayDeclaration
import SlipwayFakeAWS
import SlipwayProvider
import SlipwayResources

enum GlueTriggerExample: ConformanceExample {
    static let minimal = Glue.Trigger(.schedule("cron(15 12 * * ? *)"), actions: [.job("load")])

    static let full = Glue.Trigger(
        .conditions([.job("extract"), .crawler("raw")], logical: .any),
        actions: [
            .job(
                "load", arguments: ["--env": "dev"], timeout: 30, securityConfiguration: "encrypted",
                notifyDelayAfter: 10),
            .crawler("validated"),
        ],
        workflow: "nightly", startOnCreation: true, description: "Loads", name: "after-extract",
        tags: ["team": "data", "tier": "etl"])

    static let changed: Glue.Trigger = {
        var trigger = full
        trigger.actions = [.job("load", arguments: ["--env": "test"])]
        trigger.predicate = .init(logical: .and, conditions: [.job("extract", is: "FAILED")])
        trigger.startOnCreation = false
        trigger.description = "Loads more"
        trigger.tags = ["team": "platform"]
        return trigger
    }()

    static let uncovered = [
        "Schedule": "a trigger has either this or conditions; GlueTriggerTests cover it",
        "EventBatchingCondition": "a trigger has either this or conditions; GlueTriggerTests cover it",
    ]

    static func disappear(_ identity: String, _ services: inout FakeServices) {
        services.glue.triggers[identity] = nil
    }
}
