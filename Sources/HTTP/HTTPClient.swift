private import Synchronization

/// Sends requests through libcurl. All transfers of a client run on one thread of its own, and share its connections.
///
/// The thread ends when the client is released.
package final class HTTPClient: HTTPTransport {
    /// What all requests of a client have in common.
    package struct Settings: Sendable {
        /// Path of a file with the certificates to trust (PEM), instead of the system's.
        package var caBundle: String?
        /// How many connections to one host may be open; further requests wait for a free one.
        package var connectionsPerHost: Int
        /// Sent as `User-Agent` where a request has none.
        package var userAgent: String

        package init(caBundle: String? = nil, connectionsPerHost: Int = 48, userAgent: String = "slipway") {
            self.caBundle = caBundle
            self.connectionsPerHost = connectionsPerHost
            self.userAgent = userAgent
        }
    }

    private let loop: TransferLoop

    /// Starts the client's thread.
    ///
    /// - Throws: `other` where libcurl or the system has no handle or thread left to give.
    package init(_ settings: Settings = Settings()) throws(HTTPError) {
        loop = try TransferLoop(settings)
    }

    deinit {
        loop.stop()
    }

    package func send(_ request: HTTPRequest) async throws(HTTPError) -> HTTPResponse {
        let ticket = Ticket()
        let result: Result<HTTPResponse, HTTPError> = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                loop.start(ticket, request, continuation)
            }
        } onCancel: {
            loop.cancel(ticket)
        }
        return try result.get()
    }
}

/// Stands for one call of `send`, so that it can be cancelled, even before the loop has heard of it.
final class Ticket: Sendable {
    private let flag = Atomic<Bool>(false)

    /// Whether `cancel` was called.
    var isCancelled: Bool { flag.load(ordering: .acquiring) }

    /// Says that nobody waits for the answer any more.
    func cancel() { flag.store(true, ordering: .releasing) }
}
