import FoundationEssentials
import SlipwayAWS
import SlipwayDeclaration
import SlipwayHTTP
import SlipwayProvider

/// The local AWS that `LocalConformance` runs on, as the environment names it.
enum LocalAWS {
    /// `make test-conformance` sets it. It is no name that AWS's tools know, so that nobody's own local AWS is filled with
    /// examples by accident.
    static let variable = "SLIPWAY_CONFORMANCE_ENDPOINT"

    static var endpoint: String? {
        ProcessInfo.processInfo.environment[variable].flatMap { $0.isEmpty ? nil : $0 }
    }

    /// A client of the local AWS, which has the account and region that the examples name.
    static func client() async throws -> AWSClient {
        guard let endpoint else { throw Unexpected("\(variable) is not set") }
        let configuration = try AWSConfiguration(
            environment: ProcessInfo.processInfo.environment, flags: .init(region: "eu-west-1", endpoint: endpoint))
        let client = try await AWSClient(configuration: configuration, transport: HTTPClient()).identified()
        guard client.account == "123456789012" else {
            throw Unexpected("the examples are of account 123456789012, and this is \(client.account)")
        }
        return client
    }

    /// The kind with names that AWS assigned in the places of those that the example made up.
    static func named<Kind: ResourceKind>(_ kind: Kind, _ names: [String: String]) throws -> Kind {
        try PropertyDecoder().decode(Kind.self, from: renamed(PropertyEncoder().encode(kind).tree, names))
    }

    /// The kind without some of its properties.
    static func without<Kind: ResourceKind>(_ properties: some Sequence<String>, _ kind: Kind) throws -> Kind {
        let tree = try PropertyEncoder().encode(kind).tree
        return try PropertyDecoder().decode(
            Kind.self, from: properties.reduce(tree) { $0.setting(Comparison.path($1), to: nil) })
    }

    private static func renamed(_ tree: JSON, _ names: [String: String]) -> JSON {
        switch tree {
        case .string(let text): .string(names.reduce(text) { $0.replacing($1.key, with: $1.value) })
        case .array(let elements): .array(elements.map { renamed($0, names) })
        case .object(let members): .object(members.mapValues { renamed($0, names) })
        default: tree
        }
    }
}
