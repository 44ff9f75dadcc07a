package import SlipwayAWS
package import SlipwayDeclaration
package import SlipwayProvider

/// A kind of resource with its type erased: trees go in, trees come out.
///
/// The engine works on trees, so that a plan is data; this is the one place where trees and kinds' types meet.
package struct AnyKind: Sendable {
    package let type: String
    package let scope: Scope
    package let identification: Identification
    package let naming: Naming
    package let permissions: Permissions
    package let patience: Patience
    package let removals: [String: Removal]
    package let volatileAttributes: Set<String>
    package let inheritsTags: Bool
    package let schemaVersion: Int
    package let readCalls: Int
    /// The stored names of the properties, and whether those are all.
    package let propertyNames: (names: [String], complete: Bool)
    /// The stored names of the attributes.
    package let attributeNames: [String]

    /// The canonical form of properties, with their marks.
    package let normal: @Sendable (JSON) throws -> EncodedProperties
    package let check: @Sendable (JSON) throws -> [Problem]
    package let fixedName: @Sendable (JSON) throws -> Text?
    package let identity: @Sendable (JSON, String) throws -> Text?
    package let foreseen: @Sendable (JSON, String, Location) throws -> [String: JSON]
    /// Why a change from the second properties to the first needs a new resource.
    package let replaces: @Sendable (JSON, JSON) throws -> [Problem]
    /// Why what was declared so cannot be deleted.
    package let undeletable: @Sendable (JSON) throws -> [Problem]
    package let upgrade: @Sendable (JSON, Int) -> JSON

    package let create: @Sendable (JSON, SecretValues, Creation, AWSClient) async throws -> AnyCreated
    package let read: @Sendable (String, Interest, AWSClient) async throws -> AnyObservation
    /// (identity, current, desired, …)
    package let update: @Sendable (String, JSON, JSON, SecretValues, AWSClient) async throws -> Void
    package let delete: @Sendable (String, JSON, AWSClient) async throws -> Void
    /// Puts tags on what is there, for an adoption.
    package let tag: @Sendable (String, [String: String], AWSClient) async throws -> Void
    package let listCalls: @Sendable (Int) -> Int?
    package let list: @Sendable ([(identity: String, interest: Interest)], AWSClient) async throws -> [String: AnySighting]
    package let find: @Sendable (String, AWSClient) async throws -> String?

    package init<Kind: ResourceKind>(_ kind: Kind.Type) {
        type = kind.type
        scope = kind.scope
        identification = kind.identification
        naming = kind.naming
        permissions = kind.permissions
        patience = kind.patience
        removals = kind.removals
        volatileAttributes = kind.volatileAttributes
        inheritsTags = kind.inheritsTags && kind.storedNames.names.contains("Tags")
        schemaVersion = kind.schemaVersion
        readCalls = kind.readCalls
        propertyNames = kind.storedNames
        attributeNames = kind.Attributes.storedNames.names

        let decode: @Sendable (JSON) throws -> Kind = { try PropertyDecoder().decode(Kind.self, from: $0) }
        normal = { try PropertyEncoder().encode(decode($0).canonical()) }
        check = { try decode($0).check() }
        fixedName = { try decode($0).fixedName }
        identity = { try decode($0).identity($1) }
        foreseen = { try decode($0).foreseen($1, at: $2).values }
        replaces = { try decode($0).replaces(decode($1)) }
        undeletable = { try decode($0).undeletable() }
        upgrade = { kind.upgrade($0, from: $1) }
        create = { properties, secrets, creation, aws in
            let value = try PropertyDecoder(secrets: secrets).decode(Kind.self, from: properties)
            return try AnyCreated(await value.create(creation, aws))
        }
        read = { identity, interest, aws in try AnyObservation(await kind.read(identity, interest, aws)) }
        update = { identity, current, desired, secrets, aws in
            let value = try PropertyDecoder(secrets: secrets).decode(Kind.self, from: desired)
            try await value.update(identity, from: decode(current), aws)
        }
        delete = { identity, properties, aws in try await decode(properties).delete(identity, aws) }
        tag = { try await kind.tag($0, $1, $2) }
        listCalls = { kind.listCalls(for: $0) }
        list = { wanted, aws in
            let listed = wanted.map { Listed<Kind>($0.identity, $0.interest) }
            return try await kind.list(listed, aws).mapValues { sighting in
                switch sighting {
                case .observed(let observation): .observed(try AnyObservation(observation))
                case .version(let version): .version(version)
                }
            }
        }
        find = { try await kind.find($0, $1) }
    }
}

/// Values of secrets, by source.
package typealias SecretValues = [Secret.Source: String]

/// ``Observation`` with its type erased.
package enum AnyObservation: Sendable, Hashable {
    case absent
    case settling(String)
    case present(AnyFound)
    case failed(String)

    init<Kind>(_ observation: Observation<Kind>) throws {
        switch observation {
        case .absent: self = .absent
        case .settling(let status): self = .settling(status)
        case .failed(let reason): self = .failed(reason)
        case .present(let found):
            self = .present(
                AnyFound(
                    properties: try PropertyEncoder().encode(found.properties.canonical()).tree,
                    attributes: try PropertyEncoder().encode(found.attributes).tree, tags: found.tags,
                    immutableID: found.immutableID, version: found.version, unread: found.unread))
        }
    }
}

/// ``Found`` with its type erased; the properties are in canonical form.
package struct AnyFound: Sendable, Hashable {
    package var properties: JSON
    package var attributes: JSON
    package var tags: [String: String]?
    package var immutableID: String?
    package var version: String?
    package var unread: Set<String>

    package init(
        properties: JSON, attributes: JSON, tags: [String: String]? = nil, immutableID: String? = nil,
        version: String? = nil, unread: Set<String> = []
    ) {
        self.properties = properties
        self.attributes = attributes
        self.tags = tags
        self.immutableID = immutableID
        self.version = version
        self.unread = unread
    }
}

/// ``Created`` with its type erased; the properties are in canonical form.
package struct AnyCreated: Sendable {
    package var identity: String
    package var properties: JSON
    package var attributes: JSON?
    package var immutableID: String?
    package var version: String?

    init<Kind>(_ created: Created<Kind>) throws {
        identity = created.identity
        properties = try PropertyEncoder().encode(created.properties.canonical()).tree
        attributes = try created.attributes.map { try PropertyEncoder().encode($0).tree }
        immutableID = created.immutableID
        version = created.version
    }
}

/// ``Sighting`` with its type erased.
package enum AnySighting: Sendable {
    case observed(AnyObservation)
    case version(String)
}

/// The kinds that a tool knows, by CloudFormation's names.
package struct KindTable: Sendable {
    private let kinds: [String: AnyKind]

    package init(_ kinds: [any ResourceKind.Type]) {
        var table: [String: AnyKind] = [:]
        for kind in kinds { table[kind.type] = KindTable.erase(kind) }
        self.kinds = table
    }

    package subscript(type type: String) -> AnyKind? { kinds[type] }
    package var types: [String] { kinds.keys.sorted() }

    private static func erase(_ kind: any ResourceKind.Type) -> AnyKind { AnyKind(kind) }
}
