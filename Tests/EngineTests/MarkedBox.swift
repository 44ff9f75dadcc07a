import SlipwayAWS
import SlipwayDeclaration
import SlipwayProvider

/// A box that cannot be tagged: whose it is stands among its properties. It has parts that are never given back.
struct MarkedBox: ResourceKind {
    static let type = "Test::MarkedBox"
    static let identification = Identification.marked
    static let permissions = LiveBox.permissions
    static let patience = Patience.none

    struct Attributes: Codable, Hashable { let name: String }
    struct Part: Codable, Hashable {
        var text: Text?
        @WriteOnly var password: Secret?
    }

    var part: Part
    @CreateOnly @WriteOnly var format: Text?

    private struct Put: Encodable {
        let name: String
        let properties: [String: JSON]
        var tags: [String: String]?
    }

    private var sent: [String: JSON] {
        ["Text": part.text?.literal.map { .string($0) } ?? .null, "Sent": .string(part.password?.reveal() ?? "")]
    }

    func create(_ new: Creation, _ aws: AWSClient) async throws -> Created<MarkedBox> {
        try await aws.call(.box, "CreateBox", Put(name: new.name, properties: sent, tags: new.ownership.tags))
        return Created(new.name, self, Attributes(name: new.name))
    }

    static func read(_ identity: String, _ interest: Interest, _ aws: AWSClient) async throws -> Observation<MarkedBox> {
        struct Output: Decodable { let box: Box }
        do {
            return try await aws.call(.box, "GetBox", ["Name": identity], as: Output.self).box.observation(identity)
        } catch where error.kind == .notFound {
            return .absent
        }
    }

    private struct Box: Decodable {
        let properties: [String: JSON]
        let tags: [String: String]

        func observation(_ name: String) -> Observation<MarkedBox> {
            let text = properties["Text"]?.string.map { Text(verbatim: $0) }
            return .present(Found(MarkedBox(part: Part(text: text)), Attributes(name: name), tags: tags))
        }
    }

    func update(_ identity: String, from current: MarkedBox, _ aws: AWSClient) async throws {
        try await aws.call(.box, "UpdateBox", Put(name: identity, properties: sent))
    }

    func delete(_ identity: String, _ aws: AWSClient) async throws {
        try await aws.call(.box, "DeleteBox", ["Name": identity])
    }
}
