package import FoundationEssentials

/// One HTTP request: everything that is needed to send it, and nothing about who sends it.
package struct HTTPRequest: Sendable {
    /// Where the bytes of a request's body come from.
    package enum Body: Sendable, Equatable {
        /// No body. Methods that usually carry one (`POST`, `PUT`) say `Content-Length: 0`.
        case none
        /// The bytes themselves.
        case bytes(Data)
        /// `length` bytes of a file, from `offset` on, read while they are sent.
        case file(path: String, offset: Int64, length: Int64)
    }

    /// Where the bytes of the response's body go.
    package enum ResponseBody: Sendable, Equatable {
        /// Into `HTTPResponse.body`.
        case memory
        /// Into a file, which is created or overwritten. A response whose status is not 2xx goes into memory, so that
        /// its error can be read.
        case file(path: String)
    }

    /// How long a request may take.
    package struct Timeouts: Sendable, Equatable {
        /// Seconds until the connection (with its TLS handshake) is made.
        package var connect: Double
        /// Seconds in which not a single byte moves, in either direction. curl looks at the average of five seconds, so it
        /// gives up to five seconds more.
        package var idle: Double
        /// Seconds for all of it; `nil` for no limit.
        package var total: Double?

        /// - Parameters: in seconds. curl counts `idle` in whole seconds, rounded up.
        package init(connect: Double = 10, idle: Double = 60, total: Double? = nil) {
            self.connect = connect
            self.idle = idle
            self.total = total
        }
    }

    /// Upper case, such as `GET`.
    package var method: String
    /// Absolute, and already percent-encoded: it is sent as it is, dots and double slashes included.
    package var url: String
    /// In the order they are sent. `Host` and `Content-Length` are added where they are missing.
    package var headers: HTTPHeaders
    /// What is sent.
    package var body: Body
    /// Where the response goes.
    package var responseBody: ResponseBody
    /// How long it may take.
    package var timeouts: Timeouts
    /// Whether the bytes may be sent once more, on another connection, when a pooled connection turns out to be dead after
    /// they were written to it. Where this is `false`, the request fails with `connectionClosed` instead.
    package var mayBeSentTwice: Bool

    package init(
        method: String, url: String, headers: HTTPHeaders = [:], body: Body = .none, responseBody: ResponseBody = .memory,
        timeouts: Timeouts = Timeouts(), mayBeSentTwice: Bool = false
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.responseBody = responseBody
        self.timeouts = timeouts
        self.mayBeSentTwice = mayBeSentTwice
    }
}
