import SlipwayAWS
import SlipwayDeclaration
import SlipwayProvider

/// A kind with a property of each sort, for tests that plan and never call.
struct Box: ResourceKind {
    static let type = "Test::Box"
    static let identification = Identification.named
    static let naming = Naming(limit: 40)
    static let permissions = Permissions(create: [], read: [], update: [], delete: [])
    static let patience = Patience.none
    static let volatileAttributes: Set<String> = ["Version"]
    static let removals: [String: Removal] = [
        "Mode": .sentinel("off"), "Forever": .never, "Shape": .replacement,
    ]

    struct Attributes: Codable, Hashable {
        let name: String
        let arn: String
        let version: String
    }
    struct Inner: Codable, Hashable {
        var a: String?
        var b: Text?
    }

    struct Deep: Codable, Hashable {
        @WriteOnly var secret: Secret?
        var a: String?
        init(secret: Secret? = nil, a: String? = nil) {
            self.secret = secret
            self.a = a
        }
    }

    @CreateOnly var boxName: Text?
    @CreateOnly var zone: Text?
    @WriteOnly var password: Secret?
    @Unordered var labels: [Text]?
    var size: Int?
    var text: Text?
    var mode: String?
    var forever: Bool?
    var shape: String?
    var inner: Inner?
    var list: [Inner]?
    var content: Asset?
    var tags: [String: Text]?
    @Whole var all: [String: Text]?
    var deep: Deep?

    init(
        boxName: Text? = nil, zone: Text? = nil, password: Secret? = nil, labels: [Text]? = nil, size: Int? = nil,
        text: Text? = nil, mode: String? = nil, forever: Bool? = nil, shape: String? = nil, inner: Inner? = nil,
        list: [Inner]? = nil, content: Asset? = nil, tags: [String: Text]? = nil, all: [String: Text]? = nil, deep: Deep? = nil
    ) {
        self.boxName = boxName
        self.zone = zone
        self.password = password
        self.labels = labels
        self.size = size
        self.text = text
        self.mode = mode
        self.forever = forever
        self.shape = shape
        self.inner = inner
        self.list = list
        self.content = content
        self.tags = tags
        self.all = all
        self.deep = deep
    }

    var fixedName: Text? { boxName }
    func check() -> [Problem] { (size ?? 0) < 0 ? [Problem("Size", "must not be negative")] : [] }
    func canonical() -> Box {
        var box = self
        box.mode = mode?.lowercased()
        return box
    }
    func replaces(_ current: Box) -> [Problem] {
        guard let size, let old = current.size, size < old else { return [] }
        return [Problem("Size", "a box cannot shrink")]
    }
    func foreseen(_ identity: String, at location: Location) -> Foreseen<Attributes> {
        Foreseen {
            $0[\.name] = identity
            $0[\.arn] = location.arn("box", identity)
        }
    }
    func create(_ new: Creation, _ aws: AWSClient) async throws -> Created<Box> { Created(new.name, self) }
    static func read(_ identity: String, _ interest: Interest, _ aws: AWSClient) async throws -> Observation<Box> {
        .absent
    }
    func update(_ identity: String, from current: Box, _ aws: AWSClient) async throws {}
    func delete(_ identity: String, _ aws: AWSClient) async throws {}
}
