package import SlipwayDeclaration

/// Why the engine could not do what it was asked.
package enum EngineError: Error, Sendable {
    /// The declared resources refer to each other in a circle.
    case resourcesWaitForEachOther([Address])
    /// The planned operations wait for each other in a circle.
    case operationsWaitForEachOther([String])
    /// The state or a graph mentions a kind that this tool does not have.
    case unknownKind(String, Address)
    /// A saved plan no longer fits what it was made from.
    case stalePlan(Staleness)
    /// A saved plan is for something else.
    case planBelongsElsewhere(what: String, expected: String, found: String)
    /// The state is of another account.
    case otherAccount(expected: String, found: String)
    /// The state is of an AWS that has the same account and is another all the same.
    case otherInstallation(expected: String, found: String, state: String)
    /// A secret's value is not to be had.
    case secretMissing(Secret.Source, reason: String)
    /// An asset cannot be read.
    case asset(path: String, reason: String)
    /// A value is still unknown when it is needed.
    case unresolved(Address, String)
    /// AWS gave up on a resource, or it did not settle in time.
    case didNotSettle(status: String, after: Duration)
    case gaveUp(reason: String)
    /// What was found in place of what was to be created belongs to somebody else.
    case foreign(kind: String, identity: String, owner: String?)
    /// An operation's outcome is not known.
    case inDoubt(kind: String, identity: String?, cause: String)
    /// The operation was stopped before it was complete.
    case interrupted

    /// What is another than when a plan was made.
    package enum Staleness: Hashable, Sendable {
        /// The state has been written to: its serials.
        case state(planned: Int, found: Int)
        /// An asset's content.
        case asset(path: String)
        /// A secret's value.
        case secret(Secret.Source)
    }
}
