package import FoundationEssentials

/// What the client needs of the world besides the network, so that a test can put something predictable in its place.
package struct Surroundings: Sendable {
    /// The time.
    package var now: @Sendable () -> Date
    /// Waits; throws where the task is cancelled.
    package var sleep: @Sendable (_ seconds: Double) async throws -> Void
    /// A number from 0 up to but not including 1.
    package var random: @Sendable () -> Double
    /// A new UUID, in lower case.
    package var uuid: @Sendable () -> String

    package init(
        now: @escaping @Sendable () -> Date, sleep: @escaping @Sendable (Double) async throws -> Void,
        random: @escaping @Sendable () -> Double, uuid: @escaping @Sendable () -> String
    ) {
        self.now = now
        self.sleep = sleep
        self.random = random
        self.uuid = uuid
    }

    /// The real world.
    package static let real = Surroundings(
        now: { Date() },
        sleep: { try await Task.sleep(for: .seconds($0)) },
        random: { Double.random(in: 0..<1) },
        uuid: { UUID().uuidString.lowercased() })
}
