import FoundationEssentials

extension Time {
    /// The machine's own.
    package static let real = Time(now: { Date().timeIntervalSince1970 }, clock: ContinuousClock())
}
