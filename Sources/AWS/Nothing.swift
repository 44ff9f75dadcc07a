/// No input, or an output that is of no interest.
public struct Nothing: Codable, Sendable, Equatable {
    /// There is only one.
    public init() {}

    /// Whatever came is ignored.
    public init(from decoder: any Decoder) {}
}
