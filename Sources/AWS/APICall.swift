/// Something that happened to a call: told before and after each attempt. It holds no secrets and no bodies.
public struct APICall: Sendable {
    /// What happened.
    public enum Outcome: Sendable, Equatable {
        /// The attempt is about to be sent.
        case begins
        /// AWS carried it out.
        case succeeded
        /// AWS refused or failed, with this code.
        case failed(code: String, status: Int)
        /// There was no answer.
        case unanswered
    }

    /// Such as `glue`.
    public let service: String
    /// Such as `CreateJob`.
    public let operation: String
    /// From 1.
    public let attempt: Int
    public let outcome: Outcome
    /// How long the attempt took; `nil` when it begins.
    public let elapsed: Duration?
}
