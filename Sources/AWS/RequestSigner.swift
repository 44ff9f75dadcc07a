internal import FoundationEssentials
internal import SlipwayHTTP

/// Makes a request that can be sent out of a call: addressed, dated and signed.
struct RequestSigner {
    let call: ClientCore.Call
    let endpoint: Endpoint
    let credentials: Credentials
    let date: Date

    /// Files that are larger are not hashed before they are sent over TLS.
    private static let largestHashedFile: Int64 = 1 << 20

    /// - Throws: `file` where a file that is to be sent cannot be read.
    func request() throws(HTTPError) -> HTTPRequest {
        let isS3 = call.service.name == "s3"
        let wire = call.request
        let host = wire.hostPrefix + endpoint.host
        // A bucket in the path stands alone where there is no key.
        let path = isS3 && wire.path == "/" && !endpoint.path.isEmpty ? endpoint.path : endpoint.path + wire.path
        var headers = wire.headers
        headers["Host"] = host
        headers["X-Amz-Date"] = Timestamp.compact(date)
        headers["X-Amz-Security-Token"] = credentials.sessionToken
        let hash = try payloadHash(isS3)
        if isS3 { headers["X-Amz-Content-SHA256"] = hash }
        let signature = Signature(
            credentials: credentials, region: endpoint.signingRegion, service: call.service.signingName, date: date,
            path: isS3 ? .asSent : .normalised)
        headers["Authorization"] = signature.authorization(
            Signature.Request(method: wire.method, path: path, query: wire.query, headers: headers, payloadHash: hash))
        let query = wire.query.isEmpty ? "" : "?" + PercentEncoding.query(wire.query)
        return HTTPRequest(
            method: wire.method, url: "\(endpoint.scheme)://\(host)\(path)\(query)", headers: headers, body: wire.body,
            responseBody: call.responseBody,
            timeouts: HTTPRequest.Timeouts(total: movesFile ? nil : AWSClient.longestAttempt),
            mayBeSentTwice: call.repeatability != .once)
    }

    /// Nobody knows how long a file may take. One that does not move at all is given up all the same.
    private var movesFile: Bool {
        if case .file = call.request.body { return true }
        return call.responseBody != .memory
    }

    private func payloadHash(_ isS3: Bool) throws(HTTPError) -> String {
        if isS3, endpoint.scheme == "https", case .file(_, _, let length) = call.request.body,
            length > Self.largestHashedFile
        {
            return PayloadHash.unsigned
        }
        return try PayloadHash.sha256(call.request.body)
    }
}
