package import SlipwayDeclaration
package import SlipwayProvider
package import SlipwayState

/// What an apply is going to do: a value that is shown, saved, and carried out exactly.
package struct Plan: Hashable, Sendable, Codable {
    /// The form of a saved plan; a newer one is refused.
    package static let formatVersion = 1

    package var format = Plan.formatVersion
    package var key: StateKey
    package var location: Location
    /// The state's lineage and serial when the plan was made: when they are others at apply, the plan is stale.
    package var lineage: String
    package var serial: Int
    /// `apply` or `destroy`.
    package var purpose: Purpose
    /// In the order in which they may be carried out, as far as `after` leaves a choice.
    package var operations: [Operation]
    /// Resources that are as they should be.
    package var unchanged: [Address]
    /// Outputs after the apply, filled in as far as they are known.
    package var outputs: [String: Text]
    /// Outputs as the last apply left them.
    package var previousOutputs: [String: String]
    /// Outputs of other stacks that were read, with their values.
    package var imports: [ImportedValue]
    /// Reasons not to begin at all.
    package var refusals: [Refusal]
    /// What should be known before a yes.
    package var warnings: [Warning]
    /// Only some addresses were planned, with `--target` or `--exclude`.
    package var isPartial: Bool

    package enum Purpose: String, Hashable, Sendable, Codable { case apply, destroy }

    /// Whether carrying the plan out would change nothing, in AWS or among the outputs.
    package var isEmpty: Bool { operations.allSatisfy { $0.verb == .record } && !outputsChange }

    package var outputsChange: Bool { outputs.mapValues(\.description) != previousOutputs && !isPartial }
}

/// One thing to do for one resource: one entry in the journal.
package struct Operation: Hashable, Sendable, Codable {
    package enum Verb: String, Hashable, Sendable, Codable {
        case create, update, delete
        /// Takes over what is there already, with `--adopt` or because it is ours: then as `update`.
        case adopt
        /// Drops it from the state and leaves it in AWS.
        case forget
        /// Only the state is brought up to date.
        case record
    }

    package var verb: Verb
    package var key: RowKey
    package var kind: String
    /// What AWS knows the resource by; for a create, what it will, where that is known.
    package var identity: String?
    /// The name for a create.
    package var name: String?
    /// The properties declared, references filled in as far as they are known and secrets as fingerprints.
    package var desired: JSON
    /// What AWS has, in canonical form, completed by what cannot be seen there; for updates.
    package var current: JSON?
    package var changes: [Change]
    package var reason: Reason
    /// The operation is half of a replacement.
    package var isReplacement: Bool
    /// Attributes that are known now.
    package var attributes: [String: JSON]
    package var management: StoredManagement
    package var ignoreChanges: [String]
    /// `replaceWhen`, filled in as far as known.
    package var replaceWhen: [Text]
    /// The resources that it refers to or comes after.
    package var dependencies: [Address]
    /// What the resource referred to or came after until now.
    package var previousDependencies: [Address]
    /// What must be done first.
    package var after: [OperationID]
    package var place: Place?
    package var immutableID: String?
    package var version: String?
    /// The nonce that an owned resource carries already; for an adoption.
    package var nonce: String?

    package var id: OperationID { OperationID(verb: verb, key: key) }
}

/// Names an operation in a plan.
package struct OperationID: Hashable, Sendable, Codable, Comparable, CustomStringConvertible {
    package let verb: Operation.Verb
    package let key: RowKey

    package init(verb: Operation.Verb, key: RowKey) {
        self.verb = verb
        self.key = key
    }

    package var description: String { "\(verb.rawValue) \(key)" }

    package static func < (left: OperationID, right: OperationID) -> Bool {
        (left.key, left.verb.rawValue) < (right.key, right.verb.rawValue)
    }
}

/// Why an operation is planned.
package enum Reason: Hashable, Sendable, Codable {
    /// It is declared and not there.
    case new
    /// It was there, and somebody deleted it.
    case vanished
    /// Properties differ; see the changes.
    case changed
    /// `replaceWhen` has another value.
    case replaceWhen
    /// `--replace` names it.
    case requested
    /// AWS says that it failed, in its own words.
    case failed(String)
    /// It is no longer declared.
    case undeclared
    /// A newer generation has taken its place.
    case deposed
    /// The whole stack is to go.
    case destroy
    /// It carries this stack's ownership but is not in the state.
    case ownedButUnknown
    /// `--adopt` takes it over from whoever it belonged to.
    case adopted
    /// It is part of what is being replaced.
    case dependencyReplaced
    /// The state no longer says what is there.
    case stale
    /// AWS was still at work on it when it was left; it is waited for.
    case settling
}

/// Why a plan must not be begun.
package struct Refusal: Hashable, Sendable, Codable {
    package enum Cause: Hashable, Sendable, Codable {
        /// The resource is protected, and would be deleted or replaced.
        case protected
        /// What is there belongs to somebody else: another lineage, or nobody known.
        case foreign(owner: String?)
        /// Another stack reads the output that would go.
        case outputInUse(by: [String])
        /// An output of another stack is not there.
        case outputMissing(stack: String, name: String)
        /// A create-before-destroy resource whose name the author fixed cannot stand beside itself.
        case fixedNameCoexists(name: String)
        /// It is at another address of this state already.
        case ownedAtOtherAddress(Address)
        /// It would be deleted, and what was declared does not allow that.
        case undeletable(reason: String, hint: String?)
    }

    package var subject: String
    package var kind: String?
    package var identity: String?
    package var cause: Cause
    package var place: Place?
}

/// Something that should be known before a yes.
package struct Warning: Hashable, Sendable, Codable {
    package enum Cause: Hashable, Sendable, Codable {
        /// AWS has no way to clear the property.
        case cannotClear(property: String)
        /// The tags carry this stack's ownership with another nonce: the state was rolled back, or is a copy.
        case stateRolledBack
        /// A change is under way.
        case settling(String)
        /// A list was not permitted, so each resource was read.
        case listDenied(kind: String)
    }

    package var subject: String
    package var cause: Cause
}

/// A value that was read from another stack's outputs.
package struct ImportedValue: Hashable, Sendable, Codable {
    package let stack: String
    package let name: String
    package let value: String
}
