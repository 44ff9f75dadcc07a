import SlipwayAWS
import SlipwayDeclaration
import SlipwayFakeAWS
import SlipwayProvider
import SlipwayResources
import Testing

struct GlueTriggerTests {
    private let trial = Trial()

    private static func daily(active: Bool? = nil, _ change: (inout Glue.Trigger) -> Void = { _ in }) -> Glue.Trigger {
        var trigger = Glue.Trigger(
            .schedule("cron(15 12 * * ? *)"), actions: [.job("load")], startOnCreation: active)
        change(&trigger)
        return trigger
    }

    private static func waiting(_ change: (inout Glue.Trigger) -> Void = { _ in }) -> Glue.Trigger {
        var trigger = Glue.Trigger(.conditions([.job("extract")]), actions: [.job("load")])
        change(&trigger)
        return trigger
    }

    private func state(_ name: String = "daily") -> String? {
        trial.fake.withServices { $0.glue.triggers[name]?.definition["State"]?.string }
    }

    // MARK: Pure

    @Test func `what cannot be changed is what CloudFormation says`() throws {
        let trigger = Glue.Trigger(.demand, actions: [.job("load")], workflow: "nightly", name: "n")
        #expect(try createOnly(trigger) == ["Name", "Type", "WorkflowName"])
    }

    static let mistakes: [(Glue.Trigger, [String])] = [
        (daily { $0.name = "" }, ["Name"]),
        (daily { $0.actions = [] }, ["Actions"]),
        (daily { $0.actions = [.init()] }, ["Actions[0]"]),
        (daily { $0.actions = [.job("load", arguments: ["env": "dev"])] }, ["Actions[0].Arguments.env"]),
        (daily { $0.actions = [.job("load", timeout: 0)] }, ["Actions[0].Timeout"]),
        (daily { $0.schedule = nil }, ["Schedule"]),
        (daily { $0.schedule = "rate(1 day)" }, ["Schedule"]),
        (daily { $0.type = .init(rawValue: "SCHEDULE") }, ["Type"]),
        (daily { $0.predicate = .init(conditions: [.job("extract")]) }, ["Predicate"]),
        (waiting { $0.predicate = nil }, ["Predicate"]),
        (waiting { $0.predicate = .init(conditions: []) }, ["Predicate"]),
        (waiting { $0.predicate?.conditions = [.init()] }, ["Predicate.Conditions[0]"]),
        (waiting { $0.predicate?.conditions = [.job("extract", is: "RUNNING")] }, ["Predicate.Conditions[0]"]),
        (waiting { $0.predicate?.conditions = [.crawler("raw", is: "STOPPED")] }, ["Predicate.Conditions[0]"]),
        (waiting { $0.predicate?.logical = .init(rawValue: "OR") }, ["Predicate.Logical"]),
        (Glue.Trigger(.demand, actions: [.job("load")], startOnCreation: true), ["StartOnCreation"]),
        (Glue.Trigger(.events(size: 0), actions: [.job("load")]), ["WorkflowName", "EventBatchingCondition.BatchSize"]),
        (
            Glue.Trigger(.events(size: 1, window: 901), actions: [.job("load")], workflow: "w", startOnCreation: true),
            ["StartOnCreation", "EventBatchingCondition.BatchWindow"]
        ),
    ]

    @Test(arguments: mistakes)
    func `mistakes are found before AWS is asked`(trigger: Glue.Trigger, properties: [String]) {
        #expect(trigger.check().map(\.property) == properties)
    }

    @Test(arguments: [
        daily(), waiting(), Glue.Trigger(.demand, actions: [.crawler("raw")]),
        Glue.Trigger(.events(size: 10, window: 900), actions: [.job("load")], workflow: "nightly"),
        daily { $0.actions = [.job(Text(.attribute(Reference(resource: Address("load"), attribute: "Name"))))] },
    ])
    func `good triggers have no problems, also while references are not known`(trigger: Glue.Trigger) {
        #expect(trigger.check().isEmpty)
    }

    // MARK: Life

    @Test func `a create is one call, tags and all`() async throws {
        let operations = try await trial.operations { try await trial.make("daily", Self.daily(active: true)) }
        #expect(operations == ["CreateTrigger"])
        let found = try await trial.look("daily", Glue.Trigger.self)
        #expect(found.tags.flatMap(Ownership.init) == Trial.ownership)
        #expect(found.properties.startOnCreation == true)
        #expect(found.attributes.arn == "arn:aws:glue:us-east-1:123456789012:trigger/daily")
    }

    /// Source: <https://github.com/hashicorp/terraform-provider-aws/issues/42498>
    @Test func `a trigger on demand is never started`() async throws {
        var trigger = Glue.Trigger(.demand, actions: [.job("load")], startOnCreation: true)
        try await trial.make("now", trigger)
        #expect(trial.fake.calls.first?.input["StartOnCreation"] == nil)
        trigger.startOnCreation = nil
        let current = try await trial.look("now", Glue.Trigger.self).properties
        #expect(current.startOnCreation == nil)
        trigger.actions = [.job("other")]
        let operations = try await trial.operations { try await trigger.update("now", from: current, trial.aws) }
        #expect(operations == ["UpdateTrigger"])
        #expect(trial.fake.withServices { $0.glue.firedTriggers } == [])
    }

    @Test func `events and windows are kept`() async throws {
        let trigger = Glue.Trigger(.events(size: 10, window: 60), actions: [.job("load")], workflow: "nightly")
        try await trial.make("events", trigger)
        let found = try await trial.look("events", Glue.Trigger.self).properties
        #expect(found.eventBatchingCondition == .init(batchSize: 10, batchWindow: 60))
        #expect(found.workflowName == "nightly")
    }

    @Test func `states on the way to another settle`() async throws {
        trial.fake.withServices { $0.glue.triggerLooks = 1 }
        try await trial.make("daily", Self.daily(active: true))
        for expected in ["CREATING", "ACTIVATED"] {
            switch try await Glue.Trigger.read("daily", .all, trial.aws) {
            case .settling(let state): #expect(state == expected)
            case .present(let found): #expect(expected == "ACTIVATED" && found.properties.startOnCreation == true)
            case let other: Issue.record("it is \(other)")
            }
        }
    }

    // MARK: Changes

    @Test func `an update overwrites the whole definition`() async throws {
        try await trial.make("daily", Self.daily { $0.description = "Loads" })
        let current = try await trial.look("daily", Glue.Trigger.self).properties
        var desired = current
        desired.description = nil
        desired.schedule = "cron(0 3 * * ? *)"
        let operations = try await trial.operations { try await desired.update("daily", from: current, trial.aws) }
        #expect(operations == ["GetTrigger", "UpdateTrigger"])
        #expect(
            trial.fake.calls.last?.input == [
                "Name": "daily",
                "TriggerUpdate": ["Schedule": "cron(0 3 * * ? *)", "Actions": [["JobName": "load"]]],
            ])
        #expect(try await trial.look("daily", Glue.Trigger.self).properties.description == nil)
        #expect(state() == "CREATED")
    }

    @Test func `an active trigger is stopped, changed and started again`() async throws {
        try await trial.make("daily", Self.daily(active: true))
        let current = try await trial.look("daily", Glue.Trigger.self).properties
        var desired = current
        desired.description = "Loads"
        let operations = try await trial.operations { try await desired.update("daily", from: current, trial.aws) }
        #expect(operations == ["GetTrigger", "StopTrigger", "GetTrigger", "UpdateTrigger", "StartTrigger"])
        #expect(state() == "ACTIVATED")
    }

    @Test func `each step waits until AWS is done with the one before`() async throws {
        try await trial.make("daily", Self.daily(active: true))
        let current = try await trial.look("daily", Glue.Trigger.self).properties
        var desired = current
        desired.description = "Loads"
        trial.fake.withServices { $0.glue.triggerLooks = 2 }
        trial.fake.forgetCalls()
        var refusals = 0
        while refusals < 20 {
            do {
                try await desired.update("daily", from: current, trial.aws)
                break
            } catch let error as AWSError {
                #expect(error.kind == .busy)
                refusals += 1
            }
        }
        #expect(refusals > 1 && refusals < 20)
        #expect(trial.fake.operations.count { $0 == "glue StopTrigger" } == 1)
        for _ in 0..<4 { _ = try await Glue.Trigger.read("daily", .all, trial.aws) }
        #expect(state() == "ACTIVATED")
        #expect(try await trial.look("daily", Glue.Trigger.self).properties.description == "Loads")
    }

    @Test func `one that could not be changed is started again`() async throws {
        try await trial.make("daily", Self.daily(active: true))
        let current = try await trial.look("daily", Glue.Trigger.self).properties
        var desired = current
        desired.description = "Loads"
        trial.fake.fail("glue", "UpdateTrigger", code: "InvalidInputException")
        let error = await #expect(throws: AWSError.self) { try await desired.update("daily", from: current, trial.aws) }
        #expect(error?.message == "made to fail by a test")
        #expect(state() == "ACTIVATED")
        trial.fake.fail("glue", "UpdateTrigger", code: "InvalidInputException")
        trial.fake.fail("glue", "StartTrigger", code: "AccessDeniedException")
        let both = await #expect(throws: AWSError.self) { try await desired.update("daily", from: current, trial.aws) }
        #expect(both?.kind == .invalid)
        #expect(both?.message.contains("starting it again failed: glue StartTrigger: AccessDeniedException") == true)
    }

    @Test(arguments: [(true, ["GetTrigger", "StartTrigger"]), (false, ["GetTrigger", "StopTrigger", "GetTrigger"])])
    func `a trigger is only started or stopped where nothing else differs`(active: Bool, expected: [String]) async throws {
        try await trial.make("daily", Self.daily(active: !active))
        let current = try await trial.look("daily", Glue.Trigger.self).properties
        var desired = current
        desired.startOnCreation = active
        let operations = try await trial.operations { try await desired.update("daily", from: current, trial.aws) }
        #expect(operations == expected)
        #expect(try await trial.look("daily", Glue.Trigger.self).properties.startOnCreation == active)
    }

    @Test func `one that somebody started meanwhile is left active and unchanged`() async throws {
        try await trial.make("daily", Self.daily())
        let current = try await trial.look("daily", Glue.Trigger.self).properties
        struct Named: Encodable { let name = "daily" }
        try await trial.aws.call(.glue, "StartTrigger", Named())
        var desired = current
        desired.description = "Loads"
        let error = await #expect(throws: AWSError.self) { try await desired.update("daily", from: current, trial.aws) }
        #expect(error?.kind == .invalid)
        #expect(error?.message == "trigger daily was started since it was looked at; plan again")
        #expect(state() == "ACTIVATED")
    }

    @Test func `a trigger that is being deleted settles until it is gone`() async throws {
        try await trial.make("daily", Self.daily(active: true))
        trial.fake.withServices { $0.glue.triggerLooks = 1 }
        try await Self.daily().delete("daily", trial.aws)
        guard case .settling("DELETING") = try await Glue.Trigger.read("daily", .only([]), trial.aws) else {
            Issue.record("it does not settle")
            return
        }
        guard case .absent = try await Glue.Trigger.read("daily", .only([]), trial.aws) else {
            Issue.record("it is still there")
            return
        }
    }

    /// Source: <https://github.com/aws-cloudformation/cloudformation-coverage-roadmap/issues/2103>
    @Test func `triggers that are added to one workflow at the same time wait for each other`() async throws {
        trial.fake.withServices { $0.glue.workflowsBeingModified = ["nightly"] }
        let trigger = Glue.Trigger(.demand, actions: [.job("load")], workflow: "nightly")
        let error = await #expect(throws: AWSError.self) { try await trial.make("first", trigger) }
        #expect(error?.kind == .busy)
        try await trial.make("first", trigger)
    }

    @Test func `triggers are listed, a hundred with each call`() async throws {
        let names = (0..<150).map { "daily-\($0)" }
        for name in names { try await trial.make(name, Self.daily { $0.tags = ["team": "data"] }) }
        trial.fake.forgetCalls()
        let wanted = (names + ["gone"]).map { Listed<Glue.Trigger>($0, .only(["Actions", "Tags"])) }
        let found = try await Glue.Trigger.list(wanted, trial.aws)
        #expect(Set(found.keys) == Set(names))
        #expect(trial.fake.calls.count == 4)
        #expect(Glue.Trigger.listCalls(for: wanted.count) == 4)
    }
}
