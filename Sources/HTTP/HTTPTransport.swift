/// Something that sends a request and brings its response: the network, or a stand-in for it in a test.
package protocol HTTPTransport: Sendable {
    /// Sends the request once.
    ///
    /// - Returns: the response, whatever its status.
    /// - Throws: when there is none, `HTTPError` with what is known about how far the request came. A task that is
    ///   cancelled closes its transfer and throws `cancelled`.
    func send(_ request: HTTPRequest) async throws(HTTPError) -> HTTPResponse
}
