import SlipwayCommandLine
import Synchronization

/// Signals that a test sends.
final class Signals: Sendable {
    private let state = Mutex(State())

    private struct State: Sendable {
        var tell: (@Sendable (Int32) -> Void)?
        var ended: Int32?
    }

    /// The code with which the process was to end at once.
    var ended: Int32? { state.withLock { $0.ended } }

    var source: SignalSource {
        SignalSource(
            watch: { tell in
                self.state.withLock { $0.tell = tell }
                return {}
            },
            end: { code in self.state.withLock { if $0.ended == nil { $0.ended = code } } })
    }

    func send(_ number: Int32) { state.withLock { $0.tell }?(number) }
}
