package import SlipwayDeclaration

/// A resource that we believe exists.
package struct ResourceRow: Hashable, Sendable {
    package var address: Address
    /// Counted from 1. The highest generation of an address is the current one; lower ones are deposed: replaced, and
    /// yet to be deleted.
    package var generation: Int
    package var kind: String
    package var schemaVersion: Int
    package var account: String
    package var region: String
    /// What AWS knows the resource by.
    package var identity: String
    package var immutableID: String?
    /// See `Found.version`.
    package var version: String?
    package var nonce: String
    /// The properties that the last apply declared, references filled in and secrets as fingerprints.
    package var declared: StoredJSON
    package var attributes: StoredJSON
    /// Addresses that it referred to or came after.
    package var dependencies: [Address]
    /// How it was to be treated when it was last declared; a destroy needs only the state.
    package var management: StoredManagement
    /// In AWS's own word, what the resource was still doing when its last operation ended; `nil` when it was done.
    package var settling: String?
    /// The outcome of the last operation was a failure in AWS: the resource is to be replaced.
    package var tainted: Bool
    /// Seconds since 1970.
    package var createdAt: Double
    package var updatedAt: Double

    package init(
        address: Address, generation: Int, kind: String, schemaVersion: Int, account: String, region: String,
        identity: String, immutableID: String? = nil, version: String? = nil, nonce: String, declared: StoredJSON,
        attributes: StoredJSON, dependencies: [Address], management: StoredManagement, settling: String? = nil,
        tainted: Bool = false, createdAt: Double, updatedAt: Double
    ) {
        self.address = address
        self.generation = generation
        self.kind = kind
        self.schemaVersion = schemaVersion
        self.account = account
        self.region = region
        self.identity = identity
        self.immutableID = immutableID
        self.version = version
        self.nonce = nonce
        self.declared = declared
        self.attributes = attributes
        self.dependencies = dependencies
        self.management = management
        self.settling = settling
        self.tainted = tainted
        self.createdAt = createdAt
        self.updatedAt = updatedAt
    }

    package var key: RowKey { RowKey(address: address, generation: generation) }
}

/// The key of a row.
package struct RowKey: Hashable, Sendable, Codable, Comparable, CustomStringConvertible {
    package let address: Address
    package let generation: Int

    package init(address: Address, generation: Int) {
        self.address = address
        self.generation = generation
    }

    /// `lake`, or `lake#2` from the second generation on.
    package var description: String { generation == 1 ? address.description : "\(address)#\(generation)" }

    package static func < (left: RowKey, right: RowKey) -> Bool {
        (left.address, left.generation) < (right.address, right.generation)
    }
}

/// The part of a resource's management that is needed when it is no longer declared.
package struct StoredManagement: Hashable, Sendable, Codable {
    package var protect: Bool
    package var retain: Bool
    package var createBeforeDestroy: Bool
    /// The values of `replaceWhen` at creation.
    package var replaceWhen: [String]

    package init(protect: Bool, retain: Bool, createBeforeDestroy: Bool, replaceWhen: [String]) {
        self.protect = protect
        self.retain = retain
        self.createBeforeDestroy = createBeforeDestroy
        self.replaceWhen = replaceWhen
    }
}

/// A tree as it is stored: its text, read only when it is needed. Two are equal when their texts are.
package struct StoredJSON: Hashable, Sendable {
    package let text: String

    package init(text: String) { self.text = text }
    package init(_ tree: JSON) { text = tree.text }

    /// - Throws: `DecodingError` when the state is damaged.
    package func tree() throws -> JSON { try JSON(parsing: text) }
}
