public import FoundationEssentials
package import SlipwayHTTP

#if canImport(Glibc)
    private import Glibc
#elseif canImport(Darwin)
    private import Darwin
#endif

/// A call of a REST operation, such as S3's.
public struct RESTRequest: Sendable {
    /// HTTP's methods.
    public enum Method: String, Sendable {
        case get = "GET"
        case head = "HEAD"
        case put = "PUT"
        case post = "POST"
        case delete = "DELETE"
    }

    /// What is sent.
    public enum Body: Sendable {
        case none
        /// An XML document whose outermost element is called `root`. Members that have a header or a query item for their
        /// place, by the shape of the value, are sent there.
        case xml(root: String, any Encodable & Sendable)
        /// The bytes as they are.
        case bytes(Data, type: String = "application/octet-stream")
        /// A piece of a file, or all that follows `offset`, read while it is sent.
        case file(String, offset: Int64 = 0, length: Int64? = nil)
    }

    /// Such as `PutBucketVersioning`.
    public var operation: String
    public var method: Method
    /// `nil` where the operation is not about one (ListBuckets).
    public var bucket: String?
    /// The key of an object, not encoded.
    public var key: String?
    /// Names and values, not encoded. A name with `nil` stands alone, as in `?versioning`.
    public var query: [String: String?]
    public var headers: [String: String]
    public var body: Body
    /// Where the body of a successful answer is stored, instead of in memory.
    public var savedTo: String?

    public init(
        _ operation: String, _ method: Method, bucket: String? = nil, key: String? = nil, query: [String: String?] = [:],
        headers: [String: String] = [:], body: Body = .none, savedTo: String? = nil
    ) {
        self.operation = operation
        self.method = method
        self.bucket = bucket
        self.key = key
        self.query = query
        self.headers = headers
        self.body = body
        self.savedTo = savedTo
    }
}

/// An answer as it came.
public struct RESTResponse: Sendable {
    /// From 200 to 299.
    public let status: Int
    /// Empty where it was stored in a file.
    public let body: Data
    package let headers: HTTPHeaders

    /// The value of a header, whose name is looked for without regard to letter case.
    public subscript(header name: String) -> String? { headers[name] }
}

extension RESTRequest {
    /// This request in the words of the protocol.
    ///
    /// - Throws: what encoding the body throws; `HTTPError.file` where a file has no size.
    func call(_ service: Service, _ repeatability: Repeatability?) throws -> ClientCore.Call {
        let path = key.map { "/" + PercentEncoding.encode($0, keepingSlashes: true) } ?? "/"
        var wire = WireRequest(method: method.rawValue, path: path)
        wire.query = query.sorted { $0.key < $1.key }.map { (name: $0.key, value: $0.value) }
        for (name, value) in headers.sorted(by: { $0.key < $1.key }) { wire.headers.append(name, value) }
        switch body {
        case .none:
            break
        case .xml(let root, let value):
            let document = try DocumentEncoder(memberCase: service.memberCase).encode(value)
            let (shape, namespace) = (Shape().completed(by: document), service.wire.namespace)
            let bound = RESTBinding.request(
                method: method.rawValue, uri: path, document, shape, root: root, namespace: namespace)
            wire.query += bound.query
            for field in bound.headers.fields { wire.headers[field.name] = wire.headers[field.name] ?? field.value }
            var data = RESTBinding.xml(XMLElement(root), namespace)
            if case .bytes(let found) = bound.body { data = found }
            wire.body = .bytes(data)
            wire.headers["Content-Type"] = wire.headers["Content-Type"] ?? "application/xml"
            // Several operations demand a checksum, and this one is understood by all of S3 and by all that is like it.
            // Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html
            wire.headers["Content-MD5"] = PayloadHash.md5(data)
        case .bytes(let data, let type):
            wire.body = .bytes(data)
            wire.headers["Content-Type"] = wire.headers["Content-Type"] ?? type
        case .file(let path, let offset, let length):
            wire.body = .file(path: path, offset: offset, length: try length ?? Self.size(path) - offset)
            wire.headers["Content-Type"] = wire.headers["Content-Type"] ?? "application/octet-stream"
        }
        return ClientCore.Call(
            service: service, operation: operation, request: wire,
            repeatability: repeatability ?? Repeatability(operation: operation), bucket: bucket,
            responseBody: savedTo.map { .file(path: $0) } ?? .memory)
    }

    private static func size(_ path: String) throws(HTTPError) -> Int64 {
        var status = stat()
        guard stat(path, &status) == 0 else {
            throw .file(path: path, reason: String(cString: strerror(errno)), sent: false)
        }
        return Int64(status.st_size)
    }
}
