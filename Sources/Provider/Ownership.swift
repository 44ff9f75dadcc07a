public import SlipwayDeclaration

/// Whose a resource is, as its tags tell.
public struct Ownership: Hashable, Sendable, Codable {
    /// Born with the state: 32 hexadecimal digits. Two clones of a stack never take each other's resources.
    public let lineage: String
    public let address: Address
    /// Counted from 1; raised when a replacement must stand beside what it replaces.
    public let generation: Int
    /// Made anew for each create: 32 hexadecimal digits.
    public let nonce: String

    public init(lineage: String, address: Address, generation: Int, nonce: String) {
        self.lineage = lineage
        self.address = address
        self.generation = generation
        self.nonce = nonce
    }

    /// The ownership as tags.
    public var tags: [String: String] {
        [
            Key.lineage: lineage, Key.address: address.description, Key.generation: String(generation),
            Key.nonce: nonce,
        ]
    }

    /// Reads the ownership from a resource's tags; `nil` when they tell of none.
    public init?(tags: [String: String]) {
        guard let lineage = tags[Key.lineage], let address = tags[Key.address], let nonce = tags[Key.nonce],
            let generation = tags[Key.generation].flatMap({ Int($0) })
        else { return nil }
        self.init(lineage: lineage, address: Address(address), generation: generation, nonce: nonce)
    }

    /// Tags without those of ownership and AWS's own (`aws:…`): what an author may declare.
    public static func declared(_ tags: [String: String]) -> [String: String] {
        tags.filter { !$0.key.hasPrefix("slipway:") && !$0.key.hasPrefix("aws:") }
    }

    /// The key of the tag that holds ``nonce``, by which a resource that AWS named itself is found.
    public static let nonceTag = "slipway:nonce"

    private enum Key {
        static let lineage = "slipway:lineage"
        static let address = "slipway:address"
        static let generation = "slipway:generation"
        static let nonce = nonceTag
    }
}
