public import SlipwayAWS
public import SlipwayDeclaration

/// One kind of AWS resource: what can be declared, and how to make AWS agree.
///
/// A kind never waits, retries, tags or logs: it says what AWS should be told and what AWS says back, and the engine
/// does the rest, once, for every kind. Errors of calls are thrown as they come.
///
/// Invariants that the conformance suite checks for each kind:
/// - it calls no action that ``permissions`` leaves out;
/// - ``read(_:_:_:)`` after ``create(_:_:)`` and ``update(_:from:_:)`` gives back the declared properties;
/// - deleting what is gone is no error.
public protocol ResourceKind: Resource {
    // MARK: What it is

    /// Where resources of the kind live; a region unless said otherwise.
    static var scope: Scope { get }
    /// How a resource is told from others, and so how a create without a known outcome is settled.
    static var identification: Identification { get }
    /// The names that AWS allows, for those that the engine makes.
    static var naming: Naming { get }
    /// The IAM actions that each operation needs.
    static var permissions: Permissions { get }
    /// How often to ask whether a change has settled, and when to give up; ``Patience/none`` for kinds whose changes
    /// are complete when the call returns.
    static var patience: Patience { get }
    /// What AWS's API makes of a property that is no longer declared, by stored name. A property that is not named
    /// here is reset by being left out of the update.
    static var removals: [String: Removal] { get }
    /// Stored names of attributes that an update may change; others are known to stay.
    static var volatileAttributes: Set<String> { get }
    /// Whether resources of the kind get the stack's tags beside their own.
    static var inheritsTags: Bool { get }
    /// The form of the stored properties; raise it with every change that old rows must be upgraded for.
    static var schemaVersion: Int { get }
    /// Upgrades stored properties from an older version.
    static func upgrade(_ properties: JSON, from version: Int) -> JSON

    // MARK: Pure functions

    /// The identity that the resource will have under a name: what ``read(_:_:_:)`` finds it by. `nil` when AWS
    /// assigns one.
    func identity(_ name: String) -> Text?
    /// The attributes that follow from the identity and the properties alone.
    func foreseen(_ identity: String, at location: Location) -> Foreseen<Attributes>
    /// The normal form for comparing: letter case, order, names for ARNs, policy documents by meaning.
    func canonical() -> Self
    /// Why a change from `current` needs a new resource, beyond what `@CreateOnly` says. Empty when it does not.
    func replaces(_ current: Self) -> [Problem]
    /// Why what was declared so cannot be deleted as it is. A plan that would delete it is refused, so that nothing else
    /// is taken down before AWS says so. Empty when it can.
    func undeletable() -> [Problem]

    // MARK: Calls

    /// Asks AWS to make the resource: exactly one mutating call. What the call does not cover is left to
    /// ``update(_:from:_:)``, which the engine calls next.
    func create(_ new: Creation, _ aws: AWSClient) async throws -> Created<Self>
    /// Says what AWS has under an identity. Reads at least the properties that `interest` names.
    static func read(_ identity: String, _ interest: Interest, _ aws: AWSClient) async throws -> Observation<Self>
    /// Asks AWS to change the resource from `current` to `self`: one call for each part that differs. `nil` in `self`
    /// where `current` has a value means that the property is to be reset. Never called for a change to a
    /// `@CreateOnly` property.
    ///
    /// Of a kind whose changes need time (``patience``), a part may be refused because the one before it is under way
    /// (``AWSError/Kind/busy``): the engine waits, looks again, and calls this for what is left.
    func update(_ identity: String, from current: Self, _ aws: AWSClient) async throws
    /// Asks AWS to delete the resource, after what AWS demands before that.
    func delete(_ identity: String, _ aws: AWSClient) async throws

    /// Puts tags on a resource beside those it has. The engine calls it for an adoption alone.
    static func tag(_ identity: String, _ tags: [String: String], _ aws: AWSClient) async throws

    /// How many calls ``list(_:_:)`` needs for a number of resources; `nil` when the kind has no list.
    static func listCalls(for count: Int) -> Int?
    /// How many calls a ``read(_:_:_:)`` needs at most, for weighing it against a list.
    static var readCalls: Int { get }
    /// Looks many resources up in few calls. What is not in the answer is absent.
    static func list(_ wanted: [Listed<Self>], _ aws: AWSClient) async throws -> [String: Sighting<Self>]
    /// The identity of the resource that carries a nonce among its tags, for kinds that are `.tagged`.
    static func find(_ nonce: String, _ aws: AWSClient) async throws -> String?
}

extension ResourceKind {
    public static var scope: Scope { .region }
    public static var naming: Naming { Naming() }
    public static var patience: Patience { Patience() }
    public static var removals: [String: Removal] { [:] }
    public static var volatileAttributes: Set<String> { [] }
    public static var inheritsTags: Bool { true }
    public static var schemaVersion: Int { 1 }
    public static func upgrade(_ properties: JSON, from version: Int) -> JSON { properties }

    public func identity(_ name: String) -> Text? { fixedName ?? Text(verbatim: name) }
    public func foreseen(_ identity: String, at location: Location) -> Foreseen<Attributes> { Foreseen() }
    public func canonical() -> Self { self }
    public func replaces(_ current: Self) -> [Problem] { [] }
    public func undeletable() -> [Problem] { [] }

    public static func tag(_ identity: String, _ tags: [String: String], _ aws: AWSClient) async throws {}
    public static func listCalls(for count: Int) -> Int? { nil }
    public static var readCalls: Int { 1 }
    public static func list(_ wanted: [Listed<Self>], _ aws: AWSClient) async throws -> [String: Sighting<Self>] {
        [:]
    }
    public static func find(_ nonce: String, _ aws: AWSClient) async throws -> String? { nil }
}
