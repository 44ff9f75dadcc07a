import Synchronization

/// Whether somebody asked the work to stop. Waits end when they do; calls in flight are let finish.
package final class Interruption: Sendable {
    private let state = Mutex(State())
    private let clock: any Clock<Duration>

    private struct State {
        var isRequested = false
        var nextID = 0
        var sleepers: [Int: CheckedContinuation<Void, Never>] = [:]
    }

    /// - Parameter clock: Measures waits; tests put one of their own in its place.
    package init(clock: any Clock<Duration> = ContinuousClock()) { self.clock = clock }

    package var isRequested: Bool { state.withLock { $0.isRequested } }

    /// Asks everything that waits to stop waiting.
    package func request() {
        let sleepers = state.withLock { state in
            state.isRequested = true
            let all = state.sleepers
            state.sleepers = [:]
            return all
        }
        for continuation in sleepers.values { continuation.resume() }
    }

    /// Waits for a time, or until the work shall stop.
    /// - Throws: ``EngineError/interrupted`` when it shall.
    package func sleep(for duration: Duration) async throws {
        let clock = clock
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                // Cancellation ends the wait like time does; the check below tells which it was.
                try? await clock.sleep(for: duration)
            }
            group.addTask { await self.requested() }
            await group.next()
            group.cancelAll()
        }
        if isRequested { throw EngineError.interrupted }
        try Task.checkCancellation()
    }

    /// Returns when a stop was asked for, or the task was cancelled.
    package func requested() async {
        let id = state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isOver = state.withLock { state in
                    if state.isRequested || Task.isCancelled { return true }
                    state.sleepers[id] = continuation
                    return false
                }
                if isOver { continuation.resume() }
            }
        } onCancel: {
            state.withLock { $0.sleepers.removeValue(forKey: id) }?.resume()
        }
    }
}
