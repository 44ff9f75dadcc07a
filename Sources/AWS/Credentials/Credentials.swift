package import FoundationEssentials

/// What requests are signed with.
package struct Credentials: Sendable, Equatable {
    /// Such as `AKIA…`. It is no secret.
    package let accessKeyID: String
    /// Never to be shown, logged or stored.
    package let secretAccessKey: String
    /// Goes with temporary credentials. Never to be shown either.
    package let sessionToken: String?
    /// When they stop being valid, where that is known.
    package let expiry: Date?

    package init(accessKeyID: String, secretAccessKey: String, sessionToken: String? = nil, expiry: Date? = nil) {
        self.accessKeyID = accessKeyID
        self.secretAccessKey = secretAccessKey
        self.sessionToken = sessionToken
        self.expiry = expiry
    }
}

extension Credentials: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The access key only.
    package var description: String { "credentials \(accessKeyID)" }
    /// The access key only.
    package var debugDescription: String { description }
    /// The access key only.
    package var customMirror: Mirror { Mirror(self, children: ["accessKeyID": accessKeyID]) }
}
