import SlipwayAWS
import SlipwayDeclaration
import SlipwayEngine
import SlipwayProvider
import SlipwayState
import Synchronization
import Testing

/// Resources that AWS names, and that are found by their nonce.
@Suite struct TaggedTests {
    var scene = BoxScene()

    init() { scene.kinds = [LooseBox.self, LiveBox.self] }

    private let stack: Stack = {
        var stack = Stack("demo", Settings())
        let loose = stack.add("a", LooseBox(text: "one", late: "two"))
        stack.add("b", LiveBox(text: loose.id))
        return stack
    }()

    private var creates: Int { scene.aws.calls.count { $0 == "CreateBox" } }

    @Test func `what AWS named can be referred to, changed and deleted`() async throws {
        #expect(try await scene.apply(stack).isComplete)
        #expect(scene.aws.boxes["loose-1"]?.properties == ["Text": "one", "Late": "two"])
        #expect(scene.aws.boxes["demo-dev-b"]?.properties["Text"] == "loose-1")
        #expect(try await scene.plan(stack).isEmpty)
        #expect(try await scene.apply(nil).isComplete)
        #expect(scene.aws.boxes.isEmpty)
    }

    @Test func `a create without an answer is found by its nonce`() async throws {
        scene.aws.state.withLock { $0.faultsByOperation["CreateBox"] = [.lostAnswer] }
        let outcome = try await scene.apply(stack)
        #expect(outcome.isComplete, "\(outcome)")
        #expect(creates == 2, "one for each box")
        #expect(try await scene.plan(stack).isEmpty)
    }

    @Test func `a create that nothing is found of is not sent again, and stays in doubt`() async throws {
        scene.aws.state.withLock { $0.faultsByOperation["CreateBox"] = [.lostRequest] }
        let outcome = try await scene.apply(stack)
        #expect(outcome.inDoubt.map { $0.operation.key.address } == ["a"])
        #expect(creates == 1)
        let deployment = try await scene.open()
        let decisions = try await deployment.recover().map(\.decision)
        #expect(decisions == [.undecided("what it may have made can still become visible")])
        #expect(try await deployment.store.read(.inDoubt).count == 1)
    }

    @Test func `what becomes visible later is found by the next apply`() async throws {
        scene.aws.state.withLock { $0.faultsByOperation["CreateBox"] = [.lostRequest] }
        try await scene.apply(stack)
        let record = try #require(try await scene.open().store.read(.inDoubt).first)
        let ownership = Ownership(
            lineage: try await scene.open().store.read(.header).lineage, address: "a", generation: 1, nonce: record.nonce)
        scene.aws.state.withLock {
            $0.boxes["loose-9"] = BoxAWS.Stored(properties: ["Text": "one"], tags: ownership.tags, id: "id-9", version: 1)
        }
        let outcome = try await scene.apply(stack)
        #expect(outcome.isComplete, "\(outcome)")
        #expect(scene.aws.boxes.keys.sorted() == ["demo-dev-b", "loose-9"])
        #expect(scene.aws.boxes["loose-9"]?.properties == ["Text": "one", "Late": "two"])
    }

    @Test func `the rest of what was just made is set as soon as it is visible`() async throws {
        let unseen = BoxAWS.Fault.refused(code: "ResourceNotFoundException", status: 400)
        scene.aws.state.withLock { $0.faultsByOperation["UpdateBox"] = [unseen, unseen, unseen] }
        #expect(try await scene.apply(stack).isComplete)
        #expect(scene.aws.boxes["loose-1"]?.properties["Late"] == "two")
    }

    @Test func `an update of what was there before does not wait for it`() async throws {
        try await scene.apply(stack)
        var changed = Stack("demo", Settings())
        changed.add("a", LooseBox(text: "three"))
        scene.aws.state.withLock {
            $0.faultsByOperation["UpdateBox"] = [.refused(code: "ResourceNotFoundException", status: 400)]
        }
        #expect(try await !scene.apply(changed).isComplete)
    }
}

/// A box that the service names.
private struct LooseBox: ResourceKind {
    static let type = "Test::LooseBox"
    static let identification = Identification.tagged(visibleWithin: .seconds(60))
    static let permissions = LiveBox.permissions
    static let patience = Patience.none

    struct Attributes: Codable, Hashable { let id: String }

    var text: Text?
    /// Set by an update after the create.
    var late: Text?

    init(text: Text? = nil, late: Text? = nil) {
        self.text = text
        self.late = late
    }

    func identity(_ name: String) -> Text? { nil }

    private struct Put: Encodable {
        var name: String?
        let properties: LooseBox
        var tags: [String: String]?
    }

    private struct Stored: Decodable, Sendable {
        let properties: LooseBox
        let tags: [String: String]
    }

    func create(_ new: Creation, _ aws: AWSClient) async throws -> Created<LooseBox> {
        struct Output: Decodable, Sendable { let name: String }
        var early = self
        early.late = nil
        let put = Put(properties: early, tags: new.tags(nil))
        let name = try await aws.call(.box, "CreateBox", put, as: Output.self).name
        return Created(name, early, Attributes(id: name))
    }

    static func read(_ identity: String, _ interest: Interest, _ aws: AWSClient) async throws -> Observation<LooseBox> {
        struct Output: Decodable, Sendable { let box: Stored }
        do {
            let box = try await aws.call(.box, "GetBox", ["Name": identity], as: Output.self).box
            return .present(Found(box.properties, Attributes(id: identity), tags: box.tags))
        } catch where error.kind == .notFound {
            return .absent
        }
    }

    func update(_ identity: String, from current: LooseBox, _ aws: AWSClient) async throws {
        try await aws.call(.box, "UpdateBox", Put(name: identity, properties: self))
    }

    func delete(_ identity: String, _ aws: AWSClient) async throws {
        do { try await aws.call(.box, "DeleteBox", ["Name": identity]) } catch where error.kind == .notFound {}
    }

    static func find(_ nonce: String, _ aws: AWSClient) async throws -> String? {
        struct Output: Decodable, Sendable { let boxes: [String: Stored] }
        let boxes = try await aws.call(.box, "ListBoxes", as: Output.self).boxes
        return boxes.first { $0.value.tags[Ownership.nonceTag] == nonce }?.key
    }
}
