import SlipwayAWS
import SlipwayDeclaration
import SlipwayFakeAWS
import SlipwayProvider
import SlipwayResources
import Testing

/// A fake AWS and somebody who calls it, for tests of single quirks.
struct Trial {
    let fake = FakeAWS()
    let aws: AWSClient

    init() { aws = fake.client(region: Self.location.region) }

    static let location = Location(account: FakeAWS.account, region: "us-east-1")

    static let ownership = Ownership(
        lineage: String(repeating: "1", count: 32), address: Address("thing"), generation: 1,
        nonce: String(repeating: "2", count: 32))

    /// Makes a resource as the engine does: what its create does not cover is brought about by an update.
    @discardableResult
    func make<Kind: ResourceKind>(_ name: String, _ kind: Kind) async throws -> Created<Kind> {
        let creation = Creation(name: name, location: Self.location, ownership: Self.ownership, token: "0")
        let created = try await kind.create(creation, aws)
        try await kind.update(created.identity, from: created.properties, aws)
        return created
    }

    /// What AWS has, which must be there.
    func look<Kind: ResourceKind>(
        _ name: String, _ kind: Kind.Type, _ interest: Interest = .all
    ) async throws -> Found<Kind> {
        let observation = try await Kind.read(name, interest, aws)
        guard case .present(let found) = observation else {
            throw Absent(observation: "\(observation)")
        }
        return found
    }

    /// The operations of the calls that a piece of work makes.
    func operations(_ work: () async throws -> Void) async rethrows -> [String] {
        fake.forgetCalls()
        try await work()
        return fake.calls.map(\.operation)
    }

    struct Absent: Error { let observation: String }
}

/// Stored names of the properties that a kind marks as create-only.
func createOnly(_ kind: some Encodable) throws -> Set<String> {
    let marks = try PropertyEncoder().encode(kind).marks
    return Set(marks.filter { $0.value.contains(.createOnly) }.keys.map { $0.joined(separator: ".") })
}

/// A change to a resource, and the operation that brings it about.
struct Change<Kind: ResourceKind>: CustomTestStringConvertible, Sendable {
    let operation: String
    let make: @Sendable (inout Kind) -> Void

    init(_ operation: String, _ make: @escaping @Sendable (inout Kind) -> Void) {
        self.operation = operation
        self.make = make
    }

    var testDescription: String { operation }
}
