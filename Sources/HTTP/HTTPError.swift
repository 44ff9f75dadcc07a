/// Why a request brought no response.
package enum HTTPError: Error, Sendable, Equatable {
    /// What a request was doing when its time was over.
    package enum Phase: String, Sendable {
        /// Resolving the name, connecting, or shaking hands.
        case connecting
        /// The request was being sent.
        case sending
        /// The request was sent, and no byte of the response had come.
        case waiting
        /// The response was being received.
        case receiving
    }

    /// No address for the host (or the proxy).
    case cannotResolve(host: String)
    /// No connection to `endpoint` (`host:port`), for curl's `reason`.
    case cannotConnect(endpoint: String, reason: String)
    /// The handshake failed, or the certificate is not trusted.
    case tls(endpoint: String, reason: String)
    /// It took longer than `HTTPRequest.Timeouts` allow.
    case timedOut(Phase, endpoint: String)
    /// The connection broke; `sent` if any byte of the request was written to it.
    case connectionClosed(endpoint: String, sent: Bool, reason: String)
    /// The task was cancelled; `sent` if any byte of the request was written.
    case cancelled(sent: Bool)
    /// A file of ours could not be read or written; `sent` if the whole request may have been sent.
    case file(path: String, reason: String, sent: Bool)
    /// What curl calls `code`; `sent` if any byte of the request was written.
    case other(code: Int, text: String, endpoint: String, sent: Bool)

    /// Whether the server may have seen the request, and so may have acted on it: `false` only where nothing that it could
    /// act on can have been sent.
    package var mayHaveReachedServer: Bool {
        switch self {
        case .cannotResolve, .cannotConnect, .tls, .timedOut(.connecting, _):
            false
        case .timedOut:
            true
        case .connectionClosed(_, let sent, _), .cancelled(let sent), .file(_, _, let sent), .other(_, _, _, let sent):
            sent
        }
    }
}

extension HTTPError: CustomStringConvertible {
    /// One line without a full stop, such as `cannot connect to localhost:4566: Connection refused`.
    package var description: String {
        switch self {
        case .cannotResolve(let host):
            "cannot resolve the host name \(host)"
        case .cannotConnect(let endpoint, let reason):
            "cannot connect to \(endpoint): \(reason)"
        case .tls(let endpoint, let reason):
            "no trusted connection to \(endpoint): \(reason)"
        case .timedOut(let phase, let endpoint):
            "timed out while \(phase.rawValue) (\(endpoint))"
        case .connectionClosed(let endpoint, _, let reason):
            "the connection to \(endpoint) was closed: \(reason)"
        case .cancelled:
            "cancelled"
        case .file(let path, let reason, _):
            "\(path): \(reason)"
        case .other(let code, let text, let endpoint, _):
            "\(text) (\(endpoint), curl \(code))"
        }
    }
}
