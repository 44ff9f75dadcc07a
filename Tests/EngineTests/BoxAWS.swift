import Foundation
import SlipwayAWS
import SlipwayDeclaration
import SlipwayEngine
import SlipwayHTTP
import SlipwayProvider
import SlipwayState
import Synchronization

/// A service that keeps boxes, so that the engine is tested without any kind of AWS's.
final class BoxAWS: HTTPTransport {
    struct Stored: Hashable, Sendable {
        var properties: JSON
        var tags: [String: String]
        var id: String
        var version: Int
        /// How many reads from now it is still settling.
        var settling = 0
    }

    /// How a call goes wrong.
    enum Fault: Hashable, Sendable {
        /// Refused with a code, and nothing is done.
        case refused(code: String, status: Int)
        /// Done, and the answer is lost.
        case lostAnswer
        /// Lost before anything is done; the client cannot tell.
        case lostRequest
    }

    struct State {
        var boxes: [String: Stored] = [:]
        var calls: [String] = []
        /// The parts of boxes that were changed, in order.
        var parts: [String] = []
        var faults: [Int: Fault] = [:]
        /// For each operation, what becomes of its next calls; `nil` lets one pass.
        var faultsByOperation: [String: [Fault?]] = [:]
        var nextID = 0
        var settlingReads = 0
        var deniesLists = false
    }

    let state = Mutex(State())

    var boxes: [String: Stored] { state.withLock { $0.boxes } }
    var calls: [String] { state.withLock { $0.calls } }

    func send(_ request: HTTPRequest) async throws(HTTPError) -> HTTPResponse {
        let operation = request.headers["X-Amz-Target"]?.split(separator: ".").last.map(String.init) ?? "GetCallerIdentity"
        var input: JSON = [:]
        if case .bytes(let data) = request.body, let tree = try? JSON(parsing: data) { input = tree }
        let (fault, answer) = state.withLock { state -> (Fault?, (Int, JSON)) in
            guard operation != "GetCallerIdentity" else { return (nil, (200, [:])) }
            state.calls.append(operation)
            let fault =
                state.faults.removeValue(forKey: state.calls.count)
                ?? (state.faultsByOperation[operation]?.isEmpty == false
                    ? state.faultsByOperation[operation]?.removeFirst() ?? nil : nil)
            switch fault {
            case .refused(let code, let status): return (nil, (status, ["__type": .string(code)]))
            case .lostRequest: return (fault, (0, [:]))
            case .lostAnswer, nil: return (fault, BoxAWS.handle(operation, input, &state))
            }
        }
        if operation == "GetCallerIdentity" {
            let body = "<R><GetCallerIdentityResult><Arn>arn:aws:iam::123456789012:user/t</Arn><UserId>A</UserId>"
                + "<Account>123456789012</Account></GetCallerIdentityResult></R>"
            return HTTPResponse(status: 200, headers: [:], body: Data(body.utf8))
        }
        if fault != nil { throw .connectionClosed(endpoint: "box", sent: true, reason: "made to fail") }
        return HTTPResponse(status: answer.0, headers: [:], body: Data(answer.1.text.utf8))
    }

    private static func handle(_ operation: String, _ input: JSON, _ state: inout State) -> (Int, JSON) {
        let name = input["Name"]?.string ?? ""
        let missing: (Int, JSON) = (400, ["__type": "ResourceNotFoundException"])
        switch operation {
        case "CreateBox":
            if state.boxes[name] != nil { return (400, ["__type": "AlreadyExistsException"]) }
            state.nextID += 1
            // What comes without a name gets one.
            let name = name.isEmpty ? "loose-\(state.nextID)" : name
            let tags = (input["Tags"]?.object ?? [:]).compactMapValues(\.string)
            state.boxes[name] = Stored(
                properties: input["Properties"] ?? [:], tags: tags, id: "id-\(state.nextID)", version: 1,
                settling: state.settlingReads)
            return (200, ["Name": .string(name)])
        case "GetBox":
            guard let box = state.boxes[name] else { return missing }
            if box.settling > 0 { state.boxes[name]?.settling -= 1 }
            return (200, ["Box": tree(box, settling: box.settling > 0)])
        case "ListBoxes":
            if state.deniesLists { return (403, ["__type": "AccessDeniedException"]) }
            return (200, ["Boxes": .object(state.boxes.mapValues { tree($0, settling: false) })])
        case "UpdateBox":
            guard state.boxes[name] != nil else { return missing }
            state.boxes[name]?.properties = input["Properties"] ?? [:]
            state.boxes[name]?.version += 1
            return (200, [:])
        case "PutPart":
            guard let box = state.boxes[name] else { return missing }
            let part = input["Part"]?.string ?? ""
            if box.settling > 0 { return (400, ["__type": "ResourceInUseException"]) }
            state.parts.append(part)
            // A secret is never shown, and what is stubborn stays as it is.
            if !["Password", "Stubborn"].contains(part) {
                state.boxes[name]?.properties = box.properties.setting([part], to: input["Value"])
            }
            state.boxes[name]?.settling = state.settlingReads
            return (200, [:])
        case "TagBox":
            guard state.boxes[name] != nil else { return missing }
            for (key, value) in input["Tags"]?.object ?? [:] { state.boxes[name]?.tags[key] = value.string }
            return (200, [:])
        case "DeleteBox":
            guard state.boxes.removeValue(forKey: name) != nil else { return missing }
            return (200, [:])
        default: return (400, ["__type": "UnknownOperationException"])
        }
    }

    private static func tree(_ box: Stored, settling: Bool) -> JSON {
        [
            "Properties": box.properties, "Tags": .object(box.tags.mapValues { .string($0) }), "Id": .string(box.id),
            "Version": .string(String(box.version)), "Settling": .bool(settling),
        ]
    }
}

extension Service {
    static let box = Service.json("box", target: "Box")
}

/// A deployment of boxes in a folder of its own.
struct BoxScene {
    let aws = BoxAWS()
    let folder = FileManager.default.temporaryDirectory.appending(path: "slipway-boxes-\(UUID())").path
    let interruption = Interruption(clock: InstantClock())
    var kinds: [any ResourceKind.Type] = [LiveBox.self]
    /// Which of several AWS with the same account it is.
    var installation: String?

    func open(lockTimeout: Duration = .zero) async throws -> Deployment {
        var opening = Deployment.Opening(
            kinds: KindTable(kinds), key: StateKey(stack: "demo", environment: "dev", target: "aws"), folder: folder,
            assets: AssetFolder(path: folder), who: "test@host", command: "apply")
        opening.environment = ["PASSWORD": "hunter2"]
        opening.lockTimeout = lockTimeout
        return try await Deployment(opening, aws: client())
    }

    func client() -> AWSClient {
        AWSClient(
            configuration: AWSConfiguration(
                region: "eu-west-1",
                credentials: FixedCredentials(Credentials(accessKeyID: "AKIA", secretAccessKey: "s"), name: "test"),
                maxAttempts: 1, installation: installation),
            transport: aws)
    }

    /// Recovers, plans and applies, as the command does.
    @discardableResult
    func apply(_ stack: Stack?, _ options: PlanOptions = PlanOptions()) async throws -> Outcome {
        let deployment = try await open()
        _ = try await deployment.recover()
        let plan = try await deployment.plan(stack?.graph, options)
        return try await apply(plan, deployment)
    }

    @discardableResult
    func apply(_ plan: Plan, _ deployment: Deployment) async throws -> Outcome {
        try await deployment.apply(
            plan, command: "apply", who: "test@host", interruption: interruption, report: { _ in })
    }

    func plan(_ stack: Stack?, _ options: PlanOptions = PlanOptions()) async throws -> Plan {
        try await open().plan(stack?.graph, options)
    }
}

/// A clock on which every wait is over at once.
struct InstantClock: Clock {
    var now: ContinuousClock.Instant { ContinuousClock.now }
    var minimumResolution: Duration { .zero }
    func sleep(until deadline: ContinuousClock.Instant, tolerance: Duration?) async throws {
        try Task.checkCancellation()
        await Task.yield()
    }
}

/// A box that lives in a ``BoxAWS``.
struct LiveBox: ResourceKind {
    static let type = "Test::LiveBox"
    static let identification = Identification.named
    static let permissions = Permissions(
        create: ["box:CreateBox"], read: ["box:GetBox"], update: ["box:UpdateBox"], delete: ["box:DeleteBox"],
        list: ["box:ListBoxes"])
    static let patience = Patience.none
    static let volatileAttributes: Set<String> = ["Version"]

    struct Attributes: Codable, Hashable {
        let name: String
        let id: String
        let version: String
    }

    @CreateOnly var zone: Text?
    @WriteOnly var password: Secret?
    var text: Text?
    /// Set by an update after the create, as parts with calls of their own are.
    var late: Text?
    var tags: [String: Text]?

    init(
        zone: Text? = nil, password: Secret? = nil, text: Text? = nil, late: Text? = nil, tags: [String: Text]? = nil
    ) {
        self.zone = zone
        self.password = password
        self.text = text
        self.late = late
        self.tags = tags
    }

    func foreseen(_ identity: String, at location: Location) -> Foreseen<Attributes> {
        Foreseen { $0[\.name] = identity }
    }

    /// Without what has calls of its own, or is never given back.
    private var sent: LiveBox {
        var box = self
        box.tags = nil
        box.password = nil
        return box
    }

    private struct Put: Encodable {
        let name: String
        let properties: LiveBox
        let tags: [String: String]?
    }

    func create(_ new: Creation, _ aws: AWSClient) async throws -> Created<LiveBox> {
        var early = self
        early.late = nil
        try await aws.call(.box, "CreateBox", Put(name: new.name, properties: early.sent, tags: new.tags(tags)))
        return Created(new.name, early)
    }

    static func read(_ identity: String, _ interest: Interest, _ aws: AWSClient) async throws -> Observation<LiveBox> {
        struct Output: Decodable { let box: Box }
        do {
            return try await aws.call(.box, "GetBox", ["Name": identity], as: Output.self).box.observation(identity)
        } catch where error.kind == .notFound {
            return .absent
        }
    }

    private struct Box: Decodable {
        let properties: LiveBox
        let tags: [String: String]
        let id: String
        let version: String
        let settling: Bool

        func observation(_ name: String) -> Observation<LiveBox> {
            if settling { return .settling("modifying") }
            var found = properties
            let own = Ownership.declared(tags)
            found.tags = own.isEmpty ? nil : own.mapValues { Text(verbatim: $0) }
            return .present(
                Found(found, Attributes(name: name, id: id, version: version), tags: tags, immutableID: id))
        }
    }

    func update(_ identity: String, from current: LiveBox, _ aws: AWSClient) async throws {
        try await aws.call(.box, "UpdateBox", Put(name: identity, properties: sent, tags: nil))
        if tags != current.tags { try await LiveBox.tag(identity, (tags ?? [:]).compactMapValues(\.literal), aws) }
    }

    static func tag(_ identity: String, _ tags: [String: String], _ aws: AWSClient) async throws {
        struct Tag: Encodable { let name: String, tags: [String: String] }
        try await aws.call(.box, "TagBox", Tag(name: identity, tags: tags))
    }

    func delete(_ identity: String, _ aws: AWSClient) async throws {
        do {
            try await aws.call(.box, "DeleteBox", ["Name": identity])
        } catch where error.kind == .notFound {}
    }

    static func listCalls(for count: Int) -> Int? { 2 }

    static func list(_ wanted: [Listed<LiveBox>], _ aws: AWSClient) async throws -> [String: Sighting<LiveBox>] {
        struct Output: Decodable { let boxes: [String: Box] }
        let output = try await aws.call(.box, "ListBoxes", as: Output.self)
        return Dictionary(
            uniqueKeysWithValues: output.boxes.map { ($0.key, .observed($0.value.observation($0.key))) })
    }
}
