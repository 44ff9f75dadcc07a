import Dispatch
import SlipwayEngine
import Synchronization
#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Where signals come from: the process, or a test.
package struct SignalSource: Sendable {
    /// Starts to tell of SIGINT, SIGTERM and SIGHUP; what it returns stops that when it is called.
    package var watch: @Sendable (_ tell: @escaping @Sendable (Int32) -> Void) -> @Sendable () -> Void
    /// Ends the process at once.
    package var end: @Sendable (Int32) -> Void

    package init(
        watch: @escaping @Sendable (@escaping @Sendable (Int32) -> Void) -> @Sendable () -> Void,
        end: @escaping @Sendable (Int32) -> Void
    ) {
        self.watch = watch
        self.end = end
    }

    /// The signals of this process.
    package static func process() -> SignalSource {
        SignalSource(
            watch: { tell in
                let sources = [SIGINT, SIGTERM, SIGHUP].map { number in
                    // The default action would end the process before the source is told.
                    signal(number, SIG_IGN)
                    let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
                    source.setEventHandler { tell(number) }
                    source.resume()
                    return Watched(number: number, source: source)
                }
                return {
                    for watched in sources {
                        watched.source.cancel()
                        signal(watched.number, SIG_DFL)
                    }
                }
            },
            end: { _exit($0) })
    }

    /// `DispatchSourceSignal` may be cancelled from any thread, but does not say that it is `Sendable` on Linux.
    private struct Watched: @unchecked Sendable {
        let number: Int32
        let source: any DispatchSourceSignal
    }
}

/// What the program does about signals while AWS is being changed: the first asks for an orderly stop, the second ends
/// the process and says what is in doubt.
final class SignalWatch: Sendable {
    /// The first signal that came.
    var first: Int32? { received.withLock { $0.first } }

    private let received = Mutex<[Int32]>([])
    private let stop = Mutex<(@Sendable () -> Void)?>(nil)

    /// - Parameters:
    ///   - onFirst: says what happens now.
    ///   - beforeEnd: says what is in doubt; it gets two seconds.
    init(
        _ source: SignalSource, _ interruption: Interruption, onFirst: @escaping @Sendable () -> Void,
        beforeEnd: @escaping @Sendable () async -> Void
    ) {
        let stopping = source.watch { [weak self] number in
            guard let self else { return }
            let count = received.withLock { received in
                received.append(number)
                return received.count
            }
            if count == 1 {
                onFirst()
                interruption.request()
            } else if count == 2 {
                let code = ExitStatus.interrupted(first ?? number).code
                Task {
                    await beforeEnd()
                    source.end(code)
                }
                // Whatever keeps the question to the state from being answered must not keep the process alive.
                DispatchQueue.global().asyncAfter(deadline: .now() + 2) { source.end(code) }
            }
        }
        stop.withLock { $0 = stopping }
    }

    /// Lets signals do again what they always do.
    func end() {
        let stopping = stop.withLock { stop in
            defer { stop = nil }
            return stop
        }
        stopping?()
    }
}
