import SlipwayAWS
import SlipwayDeclaration
import SlipwayProvider

/// A box whose parts are changed one by one, each of which takes a while in which no other can be.
struct SlowBox: ResourceKind {
    static let type = "Test::SlowBox"
    static let identification = Identification.named
    static let permissions = LiveBox.permissions

    struct Attributes: Codable, Hashable {
        let name: String
    }

    var text: Text?
    var late: Text?
    @WriteOnly var password: Secret?
    /// It can be shut only by an update that does not set the password.
    var isShut: Bool?
    /// The box takes it, and stays as it is.
    var stubborn: Text?
    /// What becomes of what is inside when the box goes.
    @WriteOnly var remains: Text?
    @CreateOnly var zone: Text?

    init(
        text: Text? = nil, late: Text? = nil, password: Secret? = nil, isShut: Bool? = nil, stubborn: Text? = nil,
        remains: Text? = nil, zone: Text? = nil
    ) {
        self.text = text
        self.late = late
        self.password = password
        self.isShut = isShut
        self.stubborn = stubborn
        self.remains = remains
        self.zone = zone
    }

    func undeletable() -> [Problem] {
        remains == nil ? [Problem("Remains", "nobody knows what is inside", hint: "say what remains")] : []
    }

    private struct Put: Encodable {
        let name: String
        let properties: SlowBox
        let tags: [String: String]
    }

    func create(_ new: Creation, _ aws: AWSClient) async throws -> Created<SlowBox> {
        let early = SlowBox(text: text, zone: zone)
        try await aws.call(.box, "CreateBox", Put(name: new.name, properties: early, tags: new.tags([:])))
        return Created(new.name, early)
    }

    static func read(_ identity: String, _ interest: Interest, _ aws: AWSClient) async throws -> Observation<SlowBox> {
        struct Box: Decodable {
            let properties: SlowBox
            let tags: [String: String]
            let settling: Bool
        }
        struct Output: Decodable { let box: Box }
        do {
            let box = try await aws.call(.box, "GetBox", ["Name": identity], as: Output.self).box
            if box.settling { return .settling("modifying") }
            return .present(Found(box.properties, Attributes(name: identity), tags: box.tags))
        } catch where error.kind == .notFound {
            return .absent
        }
    }

    func update(_ identity: String, from current: SlowBox, _ aws: AWSClient) async throws {
        func put(_ part: String, _ value: Text?) async throws {
            struct Input: Encodable { let name, part: String, value: Text? }
            try await aws.call(.box, "PutPart", Input(name: identity, part: part, value: value))
        }
        if text != current.text { try await put("Text", text) }
        if late != current.late { try await put("Late", late) }
        if stubborn != current.stubborn { try await put("Stubborn", stubborn) }
        if password != current.password {
            try await put("Password", nil)
            return
        }
        if isShut != current.isShut {
            struct Input: Encodable { let name: String, part = "IsShut", value: Bool? }
            try await aws.call(.box, "PutPart", Input(name: identity, value: isShut))
        }
    }

    func delete(_ identity: String, _ aws: AWSClient) async throws {
        do {
            try await aws.call(.box, "DeleteBox", ["Name": identity])
        } catch where error.kind == .notFound {}
    }
}
