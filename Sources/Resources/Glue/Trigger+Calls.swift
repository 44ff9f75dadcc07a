public import SlipwayAWS
import SlipwayDeclaration
public import SlipwayProvider

extension Glue.Trigger {
    public func create(_ new: Creation, _ aws: AWSClient) async throws -> Created<Glue.Trigger> {
        var input = try definition()
        input["Name"] = .string(new.name)
        input["Type"] = .string(type.rawValue)
        input["WorkflowName"] = (workflowName?.literal).map { .string($0) }
        // A trigger on demand would run its jobs at once.
        if startOnCreation == true, type == .scheduled || type == .conditional { input["StartOnCreation"] = true }
        input["Tags"] = .object(new.tags(tags).mapValues { .string($0) })
        try await aws.call(.glue, "CreateTrigger", JSON.object(input).document)
        return Created(new.name, self, Self.attributes(new.name, aws))
    }

    public static func read(
        _ identity: String, _ interest: Interest, _ aws: AWSClient
    ) async throws -> Observation<Glue.Trigger> {
        guard let trigger = try await ifPresent({ try await described(identity, aws) }) else { return .absent }
        guard interest.includes("Tags") else { return try observation(identity, trigger, nil, aws) }
        guard let tags = try await Glue.tags(attributes(identity, aws).arn, aws) else { return .absent }
        return try observation(identity, trigger, tags, aws)
    }

    public func update(_ identity: String, from current: Glue.Trigger, _ aws: AWSClient) async throws {
        let (wanted, before) = (try canonical().definition(), try current.canonical().definition())
        let differs = wanted != before
        if differs || startOnCreation != current.startOnCreation {
            let now = try await stopped(identity, toChange: differs, from: current, aws)
            // A second attempt may find that the first has done it, and only not started the trigger again.
            if differs, !(now.map { Self.isDone($0, wanted, before) } ?? false) {
                do {
                    struct Input: Encodable { let name: String, triggerUpdate: Document }
                    let input = Input(name: identity, triggerUpdate: JSON.object(try definition()).document)
                    try await aws.call(.glue, "UpdateTrigger", input)
                } catch let error as AWSError where current.startOnCreation == true {
                    throw await restored(identity, after: error, aws)
                }
            }
            let isActive = now?["State"] == "ACTIVATED"
            if startOnCreation == true, !isActive {
                try await aws.call(.glue, "StartTrigger", TriggerName(name: identity))
            }
        }
        try await Glue.updateTags(Self.attributes(identity, aws).arn, from: current.tags, to: tags, aws)
    }

    public static func tag(_ identity: String, _ tags: [String: String], _ aws: AWSClient) async throws {
        try await Glue.tag(attributes(identity, aws).arn, tags, aws)
    }

    public func delete(_ identity: String, _ aws: AWSClient) async throws {
        try await ifPresent { try await aws.call(.glue, "DeleteTrigger", TriggerName(name: identity)) }
    }

    public static func listCalls(for count: Int) -> Int? {
        max(1, (count + namesPerCall - 1) / namesPerCall) + Glue.tagCalls(for: count)
    }

    public static var readCalls: Int { 2 }

    public static func list(
        _ wanted: [Listed<Glue.Trigger>], _ aws: AWSClient
    ) async throws -> [String: Sighting<Glue.Trigger>] {
        struct Input: Encodable { let triggerNames: [String] }
        struct Output: Decodable { let triggers: [Document] }
        var trees: [String: JSON] = [:]
        for names in wanted.map(\.identity).chunks(of: namesPerCall) {
            let output = try await aws.call(
                .glue, "BatchGetTriggers", Input(triggerNames: names), as: Output.self)
            for trigger in output.triggers.map({ JSON($0) }) {
                if let name = trigger["Name"]?.string { trees[name] = trigger }
            }
        }
        return try await Glue.sightings(trees, wanted, arn: { attributes($0, aws).arn }, aws) {
            try observation($0, $1, $2, aws)
        }
    }
}

// MARK: - Parts

/// AWS says of no limit; this is that of its other lists.
private let namesPerCall = 100

private struct TriggerName: Encodable {
    let name: String
}

extension Glue.Trigger {
    private static func attributes(_ name: String, _ aws: AWSClient) -> Attributes {
        Attributes(name: name, arn: Location(aws).arn("glue", "trigger/\(name)"))
    }

    /// What `CreateTrigger` takes and `UpdateTrigger` replaces.
    private func definition() throws -> [String: JSON] {
        var members = try PropertyEncoder().encode(self).tree.object ?? [:]
        for name in ["Name", "Type", "WorkflowName", "StartOnCreation", "Tags"] { members[name] = nil }
        return members
    }

    private static func described(_ identity: String, _ aws: AWSClient) async throws -> JSON {
        struct Output: Decodable { let trigger: Document }
        return JSON(try await aws.call(.glue, "GetTrigger", TriggerName(name: identity), as: Output.self).trigger)
    }

    /// A trigger as AWS described it.
    /// - Parameter tags: `nil` when they were not read.
    private static func observation(
        _ name: String, _ trigger: JSON, _ tags: [String: String]?, _ aws: AWSClient
    ) throws -> Observation<Glue.Trigger> {
        let state = trigger["State"]?.string ?? ""
        if state.hasSuffix("ING") { return .settling(state) }
        var properties = try PropertyDecoder().decode(Glue.Trigger.self, from: trigger)
        if properties.type != .onDemand { properties.startOnCreation = state == "ACTIVATED" }
        properties.tags = tags.map { Ownership.declared($0).mapValues { Text(verbatim: $0) } }
        return .present(
            Found(properties, attributes(name, aws), tags: tags, unread: tags == nil ? ["Tags"] : []))
    }

    /// Makes sure that the trigger is not active, where that stands in the way.
    ///
    /// - Returns: The trigger as it is now; `nil` when nobody needs to know.
    /// - Throws: An error that is ``AWSError/Kind/busy`` while AWS is at work on it: the engine then asks again.
    private func stopped(
        _ identity: String, toChange: Bool, from current: Glue.Trigger, _ aws: AWSClient
    ) async throws -> JSON? {
        if type == .onDemand { return nil }
        func refusal(_ message: String, _ kind: AWSError.Kind) -> AWSError {
            AWSError(
                service: Service.glue.name, operation: "UpdateTrigger", message: "trigger \(identity) \(message)",
                kind: kind, attempts: 0)
        }
        var now = try await Self.described(identity, aws)
        if now["State"] == "ACTIVATED" {
            if startOnCreation == true, !toChange { return now }
            // Whether it is to be started again must be known before it is stopped.
            guard current.startOnCreation == true || startOnCreation != current.startOnCreation else {
                throw refusal("was started since it was looked at; plan again", .invalid)
            }
            try await aws.call(.glue, "StopTrigger", TriggerName(name: identity))
            now = try await Self.described(identity, aws)
        }
        let state = now["State"]?.string ?? ""
        guard state == "DEACTIVATED" || state == "CREATED" else { throw refusal("is \(state)", .busy) }
        return now
    }

    /// Whether a trigger is as it is wanted: AWS may have added to it, but has nothing of what was to go.
    private static func isDone(_ now: JSON, _ wanted: [String: JSON], _ before: [String: JSON]) -> Bool {
        func holds(_ now: JSON?, _ wanted: JSON) -> Bool {
            switch (now, wanted) {
            case (.object(let have)?, .object(let members)): members.allSatisfy { holds(have[$0.key], $0.value) }
            case (.array(let have)?, .array(let elements)):
                have.count == elements.count && zip(have, elements).allSatisfy { holds($0, $1) }
            default: now == wanted
            }
        }
        return holds(now, .object(wanted)) && before.keys.allSatisfy { wanted[$0] != nil || now[$0] == nil }
    }

    /// Starts the trigger again that could not be changed, and says why it could not.
    private func restored(_ identity: String, after cause: AWSError, _ aws: AWSClient) async -> AWSError {
        do {
            try await aws.call(.glue, "StartTrigger", TriggerName(name: identity))
            return cause
        } catch {
            return AWSError(
                service: cause.service, operation: cause.operation, code: cause.code,
                message: "\(cause.message); it was stopped for that, and starting it again failed: \(error)",
                status: cause.status, requestID: cause.requestID, kind: cause.kind,
                mayHaveHappened: cause.mayHaveHappened, attempts: cause.attempts)
        }
    }
}
