public import SlipwayDeclaration

/// What a read found.
public enum Observation<Kind: ResourceKind>: Sendable {
    /// AWS has nothing under the identity.
    case absent
    /// A change is under way, in AWS's own word for it; ask again.
    case settling(String)
    case present(Found<Kind>)
    /// AWS gave up, for the reason given; waiting will not help.
    case failed(String)
}

/// A resource as AWS has it.
public struct Found<Kind: ResourceKind>: Sendable {
    /// Properties that were not asked for or cannot be read are `nil`.
    public var properties: Kind
    public var attributes: Kind.Attributes
    /// All tags, ownership's among them; `nil` when they were not read.
    public var tags: [String: String]?
    /// Another resource under the same name has another one, such as a role's `AROA…`; `nil` when AWS has none.
    public var immutableID: String?
    /// Changes whenever the resource does, so that a list can tell that nothing changed; `nil` when AWS has none.
    public var version: String?
    /// Stored names of properties that this answer says nothing of, although reads do.
    public var unread: Set<String>

    public init(
        _ properties: Kind, _ attributes: Kind.Attributes, tags: [String: String]? = nil,
        immutableID: String? = nil, version: String? = nil, unread: Set<String> = []
    ) {
        self.properties = properties
        self.attributes = attributes
        self.tags = tags
        self.immutableID = immutableID
        self.version = version
        self.unread = unread
    }
}

/// Which properties a read is wanted for. Kinds whose parts have calls of their own make only those that are.
public struct Interest: Hashable, Sendable {
    private let names: Set<String>?

    /// Everything.
    public static var all: Interest { Interest(names: nil) }
    /// The properties with these stored names.
    public static func only(_ names: some Sequence<String>) -> Interest { Interest(names: Set(names)) }

    private init(names: Set<String>?) { self.names = names }

    /// Whether a property is wanted, by its stored name.
    public func includes(_ name: String) -> Bool { names?.contains(name) ?? true }
}

/// A resource that a list is to look up.
public struct Listed<Kind: ResourceKind>: Sendable {
    public let identity: String
    /// What was declared last, or is to be.
    public let interest: Interest

    public init(_ identity: String, _ interest: Interest) {
        self.identity = identity
        self.interest = interest
    }
}

/// What a list says of one resource.
public enum Sighting<Kind: ResourceKind>: Sendable {
    case observed(Observation<Kind>)
    /// It is there, in this version (``Found/version``); when that is not the one known, the engine reads it.
    case version(String)
}
