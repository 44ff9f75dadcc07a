import SlipwayAWS
import SlipwayDeclaration
import SlipwayFakeAWS
import SlipwayProvider
import SlipwayResources
import Testing

/// What a kind brings along to be tested. A new kind costs one of these.
protocol ConformanceExample: Sendable {
    associatedtype Kind: ResourceKind
    /// As little as can be declared.
    static var minimal: Kind { get }
    /// Everything that can be declared together, apart from ``uncovered``.
    static var full: Kind { get }
    /// As ``full``, with another value for every property that an update can change.
    static var changed: Kind { get }
    /// The name that the engine made.
    static var name: String { get }
    /// Properties that ``full`` leaves out, with the reason.
    static var uncovered: [String: String] { get }
    /// The paths of all properties inside of a wrapper (``Comparison/wrappers``), such as `DatabaseInput.Description`.
    static var wrapped: [String] { get }
    /// Makes what the resource needs to exist.
    static func prepare(_ services: inout FakeServices)
    /// Takes the resource away behind everyone's back.
    static func disappear(_ identity: String, _ services: inout FakeServices)

    // MARK: On the local AWS (`LocalConformance`)

    /// ``full`` and ``changed`` where the local AWS is to be asked for other values.
    static var localFull: Kind { get }
    static var localChanged: Kind { get }
    /// Properties, or paths of parts of them, that the local AWS cannot do, with the reason.
    static var localGaps: [String: String] { get }
    /// Makes what the resource needs to exist.
    /// - Returns: What stands there for names of the example that AWS assigns.
    static func prepareLocal(_ aws: AWSClient) async throws -> [String: String]
}

extension ConformanceExample {
    static var name: String { "tickit-dev-example" }
    static var uncovered: [String: String] { [:] }
    static var wrapped: [String] { [] }
    static func prepare(_ services: inout FakeServices) {}
    static var localFull: Kind { full }
    static var localChanged: Kind { changed }
    static var localGaps: [String: String] { [:] }
    static func prepareLocal(_ aws: AWSClient) async throws -> [String: String] { [:] }
}

/// An example as an argument of a test.
struct Example: Sendable, CustomTestStringConvertible {
    let type: any ConformanceExample.Type
    let kind: any ResourceKind.Type

    init<Some: ConformanceExample>(_ type: Some.Type) {
        self.type = type
        kind = Some.Kind.self
    }

    var testDescription: String { kind.type }
}

/// An account with one resource in it, and what the engine would do with that.
struct Workbench<Some: ConformanceExample> {
    typealias Kind = Some.Kind
    let fake = FakeAWS()
    let aws: AWSClient
    let location = Location(account: FakeAWS.account, region: "eu-west-1")
    let ownership = Ownership(
        lineage: "11111111111111111111111111111111", address: "lake", generation: 1,
        nonce: "22222222222222222222222222222222")

    /// How long to wait before AWS is asked again; nothing of the fake takes time.
    private let pause: Duration
    private let interest: Interest
    private let fixedName: String?

    init(_ example: Some.Type) {
        aws = fake.client()
        fixedName = Some.full.fixedName?.literal
        interest = .all
        pause = .zero
        fake.withServices { Some.prepare(&$0) }
    }

    /// On an AWS that is not the fake.
    ///
    /// - Parameters:
    ///   - full: The full example in the words of that AWS.
    ///   - interest: What reads look at; not everything can be asked for there.
    init(_ example: Some.Type, on aws: AWSClient, _ full: Kind, _ interest: Interest) {
        self.aws = aws
        fixedName = full.fixedName?.literal
        self.interest = interest
        pause = .milliseconds(250)
    }

    var creation: Creation {
        let name = fixedName ?? Some.name
        return Creation(
            name: name, location: location, ownership: ownership, token: "33333333333333333333333333333333")
    }

    /// The kind with its secrets at hand, as the executor has it.
    func revealed(_ kind: Kind) throws -> Kind {
        let tree = try PropertyEncoder().encode(kind).tree
        var values: [Secret.Source: String] = [:]
        tree.visitSecrets { values[$0] = "Tickit2026" }
        return try PropertyDecoder(secrets: values).decode(Kind.self, from: tree)
    }

    /// Creates the resource and brings the rest about, and says under which identity.
    func make(_ kind: Kind) async throws -> String {
        let revealed = try revealed(kind)
        let created = try await patiently { try await revealed.create(creation, aws) }
        try await change(created.identity, from: created.properties, to: kind)
        return created.identity
    }

    /// What AWS has, once it has settled.
    func read(_ identity: String, _ wanted: Interest? = nil) async throws -> Found<Kind> {
        for _ in 0..<tries {
            switch try await Kind.read(identity, wanted ?? interest, aws) {
            case .present(let found): return found
            case .settling: try await Task.sleep(for: pause)
            case .absent: throw Unexpected("absent")
            case .failed(let why): throw Unexpected(why)
            }
        }
        throw Unexpected("never settles")
    }

    func isAbsent(_ identity: String) async throws -> Bool {
        for _ in 0..<tries {
            switch try await Kind.read(identity, interest, aws) {
            case .absent: return true
            case .settling: try await Task.sleep(for: pause)
            case .present, .failed: return false
            }
        }
        throw Unexpected("never settles")
    }

    /// Updates the resource if it differs, showing the kind only those properties that are of interest.
    ///
    /// - Parameter sent: What was sent last, for properties that AWS never gives back.
    func change(_ identity: String, from observed: Kind, to desired: Kind, sent: Kind? = nil) async throws {
        var observed = observed
        let hidden = try sent.map { try Comparison($0) }
        for _ in 0..<tries {
            let (wanted, had) = (try Comparison(desired), try Comparison(observed))
            let removed = resetting.filter { had.tree[$0] != nil && wanted.tree[$0] == nil }
            var current = had.tree.filter { wanted.tree[$0.key] != nil || removed.contains($0.key) }
            for (name, value) in hidden?.tree ?? [:] where hidden?.has(.writeOnly, name) ?? false { current[name] = value }
            let differences = Comparison.differences(wanted, Comparison(tree: current, marks: had.marks))
            if differences.isEmpty, removed.isEmpty { return }
            let before = try PropertyDecoder().decode(Kind.self, from: Comparison.nested(current))
            do {
                return try await revealed(desired).update(identity, from: before, aws)
            } catch let error as AWSError where isForNow(error) {
                // What was changed already is not sent again.
                try await Task.sleep(for: pause)
                observed = try await read(identity).properties
            }
        }
        throw Unexpected("it stays busy")
    }

    func delete(_ kind: Kind, _ identity: String) async throws {
        try await patiently { try await kind.delete(identity, aws) }
    }

    /// Sends again what is refused only for now, as the engine does.
    private func patiently<Value>(_ call: () async throws -> Value) async throws -> Value {
        for _ in 0..<tries {
            do {
                return try await call()
            } catch let error as AWSError where isForNow(error) {
                try await Task.sleep(for: pause)
            }
        }
        return try await call()
    }

    private func isForNow(_ error: AWSError) -> Bool {
        pause > .zero && [.busy, .propagating].contains(error.kind)
    }

    private var tries: Int { pause > .zero ? 480 : 50 }

    /// Properties that our last apply had set, and that are no longer declared.
    var resetting: Set<String> = []
}

/// Something that a test did not reckon with.
struct Unexpected: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}

/// The properties of a resource in a form that can be compared.
struct Comparison {
    /// By stored name; those inside a wrapper by a path such as `DatabaseInput.Description`.
    var tree: [String: JSON]
    var marks: [PropertyPath: Set<Mark>]

    /// Properties that are only a wrapper around others: each of those is changed and removed by itself.
    static let wrappers = ["ConnectionInput", "DatabaseInput", "TableInput"]

    init(_ kind: some ResourceKind) throws {
        let encoded = try PropertyEncoder().encode(kind.canonical())
        tree = Comparison.flat(encoded.tree)
        marks = encoded.marks
    }

    init(tree: [String: JSON], marks: [PropertyPath: Set<Mark>]) {
        self.tree = tree
        self.marks = marks
    }

    /// The properties by path.
    static func flat(_ tree: JSON) -> [String: JSON] {
        var members = tree.object ?? [:]
        for wrapper in wrappers {
            for (name, value) in members.removeValue(forKey: wrapper)?.object ?? [:] { members["\(wrapper).\(name)"] = value }
        }
        return members
    }

    /// The tree that ``flat(_:)`` was made of.
    static func nested(_ members: [String: JSON]) -> JSON {
        let empty = JSON.object(Dictionary(wrappers.map { ($0, [:]) }) { first, _ in first })
        return members.reduce(empty) { $0.setting(path($1.key), to: $1.value) }
    }

    static func path(_ name: String) -> PropertyPath { name.split(separator: ".").map(String.init) }

    func has(_ mark: Mark, _ property: String) -> Bool { marks[Comparison.path(property)]?.contains(mark) ?? false }

    /// The names of properties that are declared and differ from what is there.
    static func differences(_ declared: Comparison, _ found: Comparison) -> [String] {
        let marks = declared.marks.merging(found.marks) { $0.union($1) }
        return declared.tree.keys.sorted().filter { name in
            if declared.has(.writeOnly, name) { return false }
            guard let there = found.tree[name] else { return declared.tree[name] != nil }
            let path = path(name)
            return ordered(declared.tree[name] ?? .null, path, marks) != ordered(there, path, marks)
        }
    }

    /// A value in which lists whose order means nothing are sorted.
    static func ordered(_ value: JSON, _ path: PropertyPath, _ marks: [PropertyPath: Set<Mark>]) -> JSON {
        switch value {
        case .object(let members):
            return .object(
                Dictionary(uniqueKeysWithValues: members.map { ($0.key, ordered($0.value, path + [$0.key], marks)) }))
        case .array(let elements):
            let inner = elements.map { ordered($0, path + ["*"], marks) }
            let isUnordered = marks[path]?.contains(.unordered) ?? false
            return .array(isUnordered ? inner.sorted { $0.text < $1.text } : inner)
        default: return value
        }
    }
}
