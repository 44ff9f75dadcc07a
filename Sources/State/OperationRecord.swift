package import SlipwayDeclaration

/// What is recorded before the first call of an operation. In doubt is what was begun and has no outcome.
package struct OperationRecord: Hashable, Sendable {
    package enum Verb: String, Hashable, Sendable, Codable {
        case create, update, delete
    }

    /// How an operation ended.
    package enum Outcome: String, Hashable, Sendable, Codable {
        case succeeded, failed
        /// It was found later that nothing had happened.
        case nothingHappened
    }

    /// 32 hexadecimal digits.
    package let id: String
    /// The apply that it belongs to.
    package let apply: String
    package let key: RowKey
    package let kind: String
    package let verb: Verb
    package let account: String
    package let region: String
    /// `nil` while AWS has not assigned one.
    package var identity: String?
    package let immutableID: String?
    /// Ownership's nonce.
    package let nonce: String
    /// The client token.
    package let token: String
    /// The resolved properties, secrets as fingerprints.
    package let input: StoredJSON
    /// SHA-256 of the input, in hexadecimal.
    package let digest: String
    package let dependencies: [Address]
    package let management: StoredManagement
    package let schemaVersion: Int
    /// Seconds since 1970.
    package let begunAt: Double
    package var outcome: Outcome?
    package var message: String?
    package var endedAt: Double?

    package init(
        id: String, apply: String, key: RowKey, kind: String, verb: Verb, account: String, region: String,
        identity: String?, immutableID: String?, nonce: String, token: String, input: StoredJSON, digest: String,
        dependencies: [Address], management: StoredManagement, schemaVersion: Int, begunAt: Double
    ) {
        self.id = id
        self.apply = apply
        self.key = key
        self.kind = kind
        self.verb = verb
        self.account = account
        self.region = region
        self.identity = identity
        self.immutableID = immutableID
        self.nonce = nonce
        self.token = token
        self.input = input
        self.digest = digest
        self.dependencies = dependencies
        self.management = management
        self.schemaVersion = schemaVersion
        self.begunAt = begunAt
    }
}

/// One apply or destroy, for the history.
package struct ApplyRecord: Hashable, Sendable {
    package let id: String
    /// `apply`, `destroy`, `recover`.
    package let command: String
    package let startedAt: Double
    package var endedAt: Double?
    /// `user@host`
    package let who: String
    /// A line such as `3 created, 1 updated`.
    package var summary: String?

    package init(
        id: String, command: String, startedAt: Double, endedAt: Double? = nil, who: String, summary: String? = nil
    ) {
        self.id = id
        self.command = command
        self.startedAt = startedAt
        self.endedAt = endedAt
        self.who = who
        self.summary = summary
    }
}
