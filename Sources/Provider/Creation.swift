public import SlipwayDeclaration

/// What a create is told beside the properties.
public struct Creation: Sendable {
    /// The name that the engine made, or the author fixed.
    public let name: String
    public let location: Location
    /// Who the resource belongs to.
    public let ownership: Ownership
    /// The same each time this create is sent; for operations that take a client token. 32 hexadecimal digits.
    public let token: String

    public init(name: String, location: Location, ownership: Ownership, token: String) {
        self.name = name
        self.location = location
        self.ownership = ownership
        self.token = token
    }

    /// The ownership tags together with those declared.
    public func tags(_ declared: [String: Text]?) -> [String: String] {
        (declared ?? [:]).compactMapValues(\.literal).merging(ownership.tags) { _, ours in ours }
    }
}

/// What a create's answer tells.
public struct Created<Kind: ResourceKind>: Sendable {
    /// What ``ResourceKind/read(_:_:_:)`` finds the resource by.
    public var identity: String
    /// What AWS now has, as far as the call covered it; what is `nil` here but declared is brought about by an update.
    public var properties: Kind
    /// `nil` when the answer does not tell: the engine then reads the resource.
    public var attributes: Kind.Attributes?
    /// See ``Found/immutableID``.
    public var immutableID: String?
    /// See ``Found/version``.
    public var version: String?

    public init(
        _ identity: String, _ properties: Kind, _ attributes: Kind.Attributes? = nil, immutableID: String? = nil,
        version: String? = nil
    ) {
        self.identity = identity
        self.properties = properties
        self.attributes = attributes
        self.immutableID = immutableID
        self.version = version
    }
}
