private import Crypto
package import FoundationEssentials
package import SlipwayHTTP

/// Signature Version 4 in the `Authorization` header. Everything it depends on is given: it reads no clock.
///
/// Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
package struct Signature: Sendable {
    /// What of a request is signed.
    package struct Request: Sendable {
        /// Such as `GET`.
        package var method: String
        /// As it is sent: already encoded, and `/` at least.
        package var path: String
        /// Decoded names and values.
        package var query: [(name: String, value: String?)]
        /// All of them are signed, but for those that proxies may change. They include `Host` and `X-Amz-Date`.
        package var headers: HTTPHeaders
        /// Hexadecimal SHA-256 of the body, or a word of S3's such as `UNSIGNED-PAYLOAD`.
        package var payloadHash: String

        package init(
            method: String, path: String, query: [(name: String, value: String?)], headers: HTTPHeaders, payloadHash: String
        ) {
            self.method = method
            self.path = path
            self.query = query
            self.headers = headers
            self.payloadHash = payloadHash
        }
    }

    /// How the path becomes part of what is signed.
    package enum Path: Sendable {
        /// Dots and double slashes are resolved, and what is encoded is encoded once more (all services but S3).
        case normalised
        /// As it is sent (S3).
        case asSent
    }

    package let credentials: Credentials
    /// Such as `eu-west-1`.
    package let region: String
    /// The name in the credential scope, such as `glue`.
    package let service: String
    /// When the request is sent.
    package let date: Date
    package let path: Path

    package init(credentials: Credentials, region: String, service: String, date: Date, path: Path = .normalised) {
        self.credentials = credentials
        self.region = region
        self.service = service
        self.date = date
        self.path = path
    }

    /// The value of the header `Authorization`.
    package func authorization(_ request: Request) -> String {
        "AWS4-HMAC-SHA256 Credential=\(credentials.accessKeyID)/\(scope), "
            + "SignedHeaders=\(signedHeaders(request).names), Signature=\(signature(request))"
    }

    /// Step 1.
    package func canonicalRequest(_ request: Request) -> String {
        let headers = signedHeaders(request)
        return [
            request.method, canonicalPath(request.path), canonicalQuery(request.query), headers.lines, headers.names,
            request.payloadHash,
        ].joined(separator: "\n")
    }

    /// Step 3: what the key signs.
    package func stringToSign(_ request: Request) -> String {
        let hash = PayloadHash.hexadecimal(SHA256.hash(data: Data(canonicalRequest(request).utf8)))
        return ["AWS4-HMAC-SHA256", Timestamp.compact(date), scope, hash].joined(separator: "\n")
    }

    private var day: String { String(Timestamp.compact(date).prefix(8)) }

    private var scope: String { "\(day)/\(region)/\(service)/aws4_request" }

    private func signature(_ request: Request) -> String {
        var key = SymmetricKey(data: Data("AWS4\(credentials.secretAccessKey)".utf8))
        for part in [day, region, service, "aws4_request"] {
            key = SymmetricKey(data: HMAC<SHA256>.authenticationCode(for: Data(part.utf8), using: key))
        }
        let code = HMAC<SHA256>.authenticationCode(for: Data(stringToSign(request).utf8), using: key)
        return PayloadHash.hexadecimal(code)
    }

    private func canonicalPath(_ sent: String) -> String {
        if path == .asSent { return sent.isEmpty ? "/" : sent }
        var segments: [Substring] = []
        for segment in sent.split(separator: "/", omittingEmptySubsequences: true) where segment != "." {
            if segment == ".." { _ = segments.popLast() } else { segments.append(segment) }
        }
        let isDirectory = sent.hasSuffix("/") || sent.hasSuffix("/.") || sent.hasSuffix("/..")
        let normalised = "/" + segments.joined(separator: "/") + (isDirectory && !segments.isEmpty ? "/" : "")
        return PercentEncoding.encode(normalised, keepingSlashes: true)
    }

    private func canonicalQuery(_ items: [(name: String, value: String?)]) -> String {
        let encoded = items.map { (PercentEncoding.encode($0.name), PercentEncoding.encode($0.value ?? "")) }
        let sorted = encoded.sorted { one, other in
            one.0 == other.0 ? Self.precedes(one.1, other.1) : Self.precedes(one.0, other.0)
        }
        return sorted.map { "\($0.0)=\($0.1)" }.joined(separator: "&")
    }

    private func signedHeaders(_ request: Request) -> (lines: String, names: String) {
        var values: [String: [String]] = [:]
        for field in request.headers.fields {
            let name = field.name.lowercased()
            if Self.unsigned.contains(name) { continue }
            values[name, default: []].append(field.value.split { $0.isWhitespace }.joined(separator: " "))
        }
        let names = values.keys.sorted(by: Self.precedes)
        // Each line has its line feed, so that an empty line stands between the headers and their names.
        let lines = names.map { "\($0):\((values[$0] ?? []).joined(separator: ","))\n" }.joined()
        return (lines, names.joined(separator: ";"))
    }

    /// Headers that what is between us and AWS may change or take out.
    private static let unsigned: Set<String> = [
        "authorization", "connection", "expect", "transfer-encoding", "user-agent", "x-amzn-trace-id",
    ]

    private static func precedes(_ one: String, _ other: String) -> Bool {
        one.utf8.lexicographicallyPrecedes(other.utf8)
    }
}
