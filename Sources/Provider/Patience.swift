/// How often to ask whether a change has settled, and when to give up.
public struct Patience: Hashable, Sendable {
    /// The first wait; it grows by half each time, to at most eight times itself.
    public var interval: Duration
    public var limit: Duration

    /// Changes are complete when the call that asks for them returns.
    public static var none: Patience { Patience(every: .zero, upTo: .zero) }

    public init(every interval: Duration = .seconds(1), upTo limit: Duration = .seconds(180)) {
        self.interval = interval
        self.limit = limit
    }
}
