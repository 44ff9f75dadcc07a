private import Synchronization

/// A clock that goes on only by being waited for: nobody ever waits.
package final class VirtualTime: Clock, Sendable {
    package struct Instant: InstantProtocol {
        package var offset: Duration
        package func advanced(by duration: Duration) -> Instant { Instant(offset: offset + duration) }
        package func duration(to other: Instant) -> Duration { other.offset - offset }
        package static func < (left: Instant, right: Instant) -> Bool { left.offset < right.offset }
    }

    private let elapsed = Mutex(Duration.zero)
    private let onSleep: @Sendable (Double) -> Void

    /// - Parameter onSleep: Is told the time after each wait.
    package init(onSleep: @escaping @Sendable (Double) -> Void = { _ in }) { self.onSleep = onSleep }

    package var now: Instant { elapsed.withLock { Instant(offset: $0) } }
    package var minimumResolution: Duration { .nanoseconds(1) }

    /// 2026-01-01T00:00:00Z and what was waited since; the fake AWS begins at the same moment.
    package var seconds: Double {
        let (seconds, attoseconds) = elapsed.withLock { $0 }.components
        return 1_767_225_600 + Double(seconds) + Double(attoseconds) / 1e18
    }

    package func sleep(until deadline: Instant, tolerance: Duration?) async throws {
        try Task.checkCancellation()
        elapsed.withLock { $0 = max($0, deadline.offset) }
        onSleep(seconds)
        await Task.yield()
    }

    package func advance(by duration: Duration) { elapsed.withLock { $0 += duration } }
}
