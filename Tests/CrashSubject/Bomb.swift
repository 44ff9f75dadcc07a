import Glibc
import SlipwayHTTP
import SlipwayState
import Synchronization

/// Counts the moments at which a process could die, and kills this one at the moment that it is told.
final class Bomb: Sendable {
    private let count = Mutex(0)
    private let limit: Int?

    /// - Parameter limit: The moment at which to die, from 1; `nil` to live.
    init(limit: Int?) { self.limit = limit }

    /// How many moments there were.
    var moments: Int { count.withLock { $0 } }

    /// A moment at which a process could die.
    func tick() {
        let now = count.withLock { count in
            count += 1
            return count
        }
        if now == limit {
            kill(getpid(), SIGKILL)
            // The signal is on its way: nothing more may happen.
            while true { pause() }
        }
    }
}

/// A transport in which each request has a moment before and a moment after it.
struct BombTransport: HTTPTransport {
    let inner: HTTPClient
    let bomb: Bomb

    func send(_ request: HTTPRequest) async throws(HTTPError) -> HTTPResponse {
        bomb.tick()
        let response = try await inner.send(request)
        bomb.tick()
        return response
    }
}
