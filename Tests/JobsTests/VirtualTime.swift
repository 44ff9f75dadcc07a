import SlipwayJobs
import Synchronization

/// A clock that goes on only by being waited for: nobody ever waits.
final class VirtualTime: Clock, Sendable {
    struct Instant: InstantProtocol {
        var offset: Duration
        func advanced(by duration: Duration) -> Instant { Instant(offset: offset + duration) }
        func duration(to other: Instant) -> Duration { other.offset - offset }
        static func < (left: Instant, right: Instant) -> Bool { left.offset < right.offset }
    }

    private let elapsed = Mutex(Duration.zero)
    private let onSleep: @Sendable (Double) -> Void

    /// - Parameter onSleep: Is told the time after each wait.
    init(onSleep: @escaping @Sendable (Double) -> Void = { _ in }) { self.onSleep = onSleep }

    var now: Instant { elapsed.withLock { Instant(offset: $0) } }
    var minimumResolution: Duration { .nanoseconds(1) }

    /// 2026-01-01T00:00:00Z and what was waited since; the fake AWS begins at the same moment.
    var seconds: Double {
        let (seconds, attoseconds) = elapsed.withLock { $0 }.components
        return 1_767_225_600 + Double(seconds) + Double(attoseconds) / 1e18
    }

    func sleep(until deadline: Instant, tolerance: Duration?) async throws {
        try Task.checkCancellation()
        elapsed.withLock { $0 = max($0, deadline.offset) }
        onSleep(seconds)
        await Task.yield()
    }

    func advance(by duration: Duration) { elapsed.withLock { $0 += duration } }

    var time: Time { Time(now: { self.seconds }, clock: self) }
}
