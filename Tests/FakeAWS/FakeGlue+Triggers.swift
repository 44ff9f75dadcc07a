package import SlipwayDeclaration

extension FakeGlue {
    package struct Trigger: Sendable {
        /// As `GetTrigger` gives it.
        package var definition: JSON
        /// Where it is going, and how many looks find it on the way.
        var next: (state: String, looks: Int)?
    }

    /// Carries out what is about triggers; `nil` when it is about something else.
    mutating func carryOutTrigger(_ call: FakeCall) throws -> JSON? {
        switch call.operation {
        case "CreateTrigger": try createTrigger(call)
        case "UpdateTrigger": try updateTrigger(call)
        case "GetTrigger": try getTrigger(call)
        case "BatchGetTriggers": batchGetTriggers(call)
        case "StartTrigger": try startTrigger(call)
        case "StopTrigger": try stopTrigger(call)
        case "DeleteTrigger": deleteTrigger(call)
        default: nil
        }
    }

    private func trigger(_ name: String?) throws -> Trigger {
        guard let trigger = triggers[name ?? ""] else {
            throw Refused("EntityNotFoundException", "Trigger \(name ?? "") not found.")
        }
        return trigger
    }

    /// Takes a trigger to a state by way of another, in which ``triggerLooks`` looks find it.
    private mutating func move(_ name: String, by way: String, to state: String) {
        guard var trigger = triggers[name] else { return }
        let isThere = triggerLooks == 0
        trigger.definition = trigger.definition.setting(["State"], to: .string(isThere ? state : way))
        trigger.next = isThere ? nil : (state, triggerLooks)
        triggers[name] = trigger
    }

    private mutating func look(_ name: String) {
        guard var trigger = triggers[name], let next = trigger.next else { return }
        if next.looks > 0 {
            trigger.next = (next.state, next.looks - 1)
        } else {
            trigger.next = nil
            trigger.definition = trigger.definition.setting(["State"], to: .string(next.state))
        }
        triggers[name] = next.looks == 0 && next.state == "gone" ? nil : trigger
    }

    private mutating func createTrigger(_ call: FakeCall) throws -> JSON {
        let name = call["Name"] ?? ""
        if triggers[name] != nil { throw Refused("AlreadyExistsException", "Trigger with name \(name) already exists") }
        var members = call.input.object ?? [:]
        let newTags = members.removeValue(forKey: "Tags")?.object ?? [:]
        let starts = members.removeValue(forKey: "StartOnCreation")?.bool ?? false
        let type = call["Type"] ?? ""
        if starts, type == "ON_DEMAND" || type == "EVENT" {
            throw Refused("InvalidInputException", "StartOnCreation is not supported for \(type) triggers")
        }
        try validate(.object(members), type: type)
        if let workflow = call["WorkflowName"], workflowsBeingModified.remove(workflow) != nil {
            throw Refused("InvalidInputException", "Workflow was modified while adding trigger \(name)")
        }
        triggers[name] = Trigger(definition: Self.filled(.object(members)))
        move(name, by: "CREATING", to: starts || type == "EVENT" ? "ACTIVATED" : "CREATED")
        tags["arn:aws:glue:\(call.region):\(FakeAWS.account):trigger/\(name)"] = newTags.compactMapValues(\.string)
        return ["Name": .string(name)]
    }

    /// Overwrites the whole definition.
    private mutating func updateTrigger(_ call: FakeCall) throws -> JSON {
        let name = call["Name"] ?? ""
        let old = try trigger(name).definition
        let state = old["State"]?.string ?? ""
        guard state == "CREATED" || state == "DEACTIVATED" else {
            throw Refused("InvalidInputException", "Trigger \(name) cannot be updated in state \(state)")
        }
        var members = call.input["TriggerUpdate"]?.object ?? [:]
        try validate(.object(members), type: old["Type"]?.string ?? "")
        for member in ["Name", "Type", "WorkflowName", "State"] { members[member] = old[member] }
        triggers[name]?.definition = Self.filled(.object(members))
        move(name, by: "UPDATING", to: state)
        return ["Trigger": try trigger(name).definition]
    }

    private mutating func getTrigger(_ call: FakeCall) throws -> JSON {
        look(call["Name"] ?? "")
        return ["Trigger": try trigger(call["Name"]).definition]
    }

    private mutating func batchGetTriggers(_ call: FakeCall) -> JSON {
        let names = (call.input["TriggerNames"]?.array ?? []).compactMap(\.string)
        for name in names { look(name) }
        return [
            "Triggers": .array(call.shuffled(names.compactMap { triggers[$0]?.definition })),
            "TriggersNotFound": .array(names.filter { triggers[$0] == nil }.map { .string($0) }),
        ]
    }

    private mutating func startTrigger(_ call: FakeCall) throws -> JSON {
        let name = call["Name"] ?? ""
        let definition = try trigger(name).definition
        if definition["Type"] == "ON_DEMAND" {
            firedTriggers.append(name)
        } else {
            guard ["CREATED", "DEACTIVATED"].contains(definition["State"]?.string) else {
                throw Refused("ConcurrentModificationException", "Trigger \(name) is being modified")
            }
            move(name, by: "ACTIVATING", to: "ACTIVATED")
        }
        return ["Name": .string(name)]
    }

    private mutating func stopTrigger(_ call: FakeCall) throws -> JSON {
        let name = call["Name"] ?? ""
        let definition = try trigger(name).definition
        if definition["Type"] == "ON_DEMAND" {
            throw Refused("InvalidInputException", "ON_DEMAND triggers cannot be stopped")
        }
        move(name, by: "DEACTIVATING", to: "DEACTIVATED")
        return ["Name": .string(name)]
    }

    /// Deleting what is not there succeeds.
    private mutating func deleteTrigger(_ call: FakeCall) -> JSON {
        let name = call["Name"] ?? ""
        if triggerLooks == 0 { triggers[name] = nil } else { move(name, by: "DELETING", to: "gone") }
        tags["arn:aws:glue:\(call.region):\(FakeAWS.account):trigger/\(name)"] = nil
        return ["Name": .string(name)]
    }

    /// What AWS adds to a definition.
    private static func filled(_ definition: JSON) -> JSON {
        guard definition["Predicate"] != nil, definition["Predicate"]?["Logical"] == nil else { return definition }
        return definition.setting(["Predicate", "Logical"], to: "AND")
    }

    private func validate(_ trigger: JSON, type: String) throws {
        func refused(_ message: String) -> Refused { Refused("InvalidInputException", message) }
        if trigger["Actions"]?.array?.isEmpty ?? true { throw refused("Actions cannot be empty") }
        switch type {
        case "SCHEDULED":
            guard trigger["Schedule"]?.string?.hasPrefix("cron(") == true else { throw refused("Schedule is not valid") }
        case "CONDITIONAL":
            if trigger["Predicate"]?["Conditions"]?.array?.isEmpty ?? true { throw refused("Predicate must be set") }
        case "ON_DEMAND", "EVENT": break
        default: throw refused("Type \(type) is not valid")
        }
    }
}
