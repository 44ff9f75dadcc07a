internal import FoundationEssentials
package import SlipwayHTTP

/// A request in the words of a protocol: not yet addressed to a host, and not signed.
package struct WireRequest: Sendable {
    /// Such as `POST`.
    package var method: String
    /// Put before the endpoint's host, with its dot.
    package var hostPrefix = ""
    /// Encoded; begins with a slash.
    package var path: String
    /// Decoded names and values.
    package var query: [(name: String, value: String?)] = []
    package var headers: HTTPHeaders = [:]
    package var body: HTTPRequest.Body = .none

    package init(method: String, path: String) {
        self.method = method
        self.path = path
    }
}

/// The protocols.
package enum Wire: Sendable, Equatable {
    /// One URL; operations are told apart by the header `X-Amz-Target`, of which `target` is the part before the dot. A
    /// service that spoke the query protocol before is asked for the error codes that it had then.
    case json(version: String, target: String, isQueryCompatible: Bool = false)
    /// One URL; parameters as in an HTML form, answers in XML. EC2's dialect knows only flattened lists.
    case query(version: String, flattensLists: Bool = false)
    /// Operations are told apart by method, path and query. `namespace` is that of the XML that is sent.
    case restXML(namespace: String?)
}

extension Wire {
    /// Whether operations are told apart by path and method.
    package var isREST: Bool {
        if case .restXML = self { true } else { false }
    }

    /// That of the XML that is sent.
    package var namespace: String? {
        if case .restXML(let namespace) = self { namespace } else { nil }
    }

    /// The request of an operation of a protocol with one URL.
    ///
    /// - Parameter hostPrefix: what goes before the host, with members of the input in braces.
    package func request(
        _ operation: String, _ input: Document, _ shape: Shape = Shape(), hostPrefix: String = ""
    ) -> WireRequest {
        var request = WireRequest(method: "POST", path: "/")
        request.hostPrefix = HostPrefix.text(hostPrefix, input, shape)
        switch self {
        case .json(let version, let target, let isQueryCompatible):
            if isQueryCompatible { request.headers["x-amzn-query-mode"] = "true" }
            request.headers["Content-Type"] = "application/x-amz-json-\(version)"
            request.headers["X-Amz-Target"] = "\(target).\(operation)"
            request.body = .bytes(JSONWriter.data(input, shape))
        case .query(let version, let flattensLists):
            request.headers["Content-Type"] = "application/x-www-form-urlencoded; charset=utf-8"
            let fixed: [QueryWriter.Parameter] = [("Action", operation), ("Version", version)]
            let items = (fixed + QueryWriter(flattensLists: flattensLists).parameters(input, shape)).map {
                (name: $0.name, value: String?.some($0.value))
            }
            request.body = .bytes(Data(PercentEncoding.query(items).utf8))
        case .restXML:
            // Without a path of its own an operation of a REST service is a plain POST.
            break
        }
        return request
    }

    /// The output of an operation. What the shape does not know is left to whoever decodes it.
    ///
    /// - Throws: `WireProblem` where the body is not in the protocol's format.
    package func output(_ operation: String, _ response: HTTPResponse, _ shape: Shape = Shape()) throws(WireProblem)
        -> Document
    {
        switch self {
        case .json:
            guard !response.body.isEmpty else { return .structure([:]) }
            return JSONShaper.document(try WireProblem.json(response.body), shape)
        case .query:
            guard !response.body.isEmpty else { return .structure([:]) }
            let root = try WireProblem.xml(response.body)
            return XMLReader.document([root.child("\(operation)Result") ?? root], shape)
        case .restXML:
            return try RESTBinding.output(response, shape)
        }
    }
}

/// A response that is not in the format of its protocol.
package struct WireProblem: Error, Sendable, Equatable {
    /// What was wrong with it.
    package let reason: String

    static func json(_ body: Data) throws(WireProblem) -> Document {
        do throws(JSONReader.Failure) {
            return try JSONReader.parse(body)
        } catch {
            throw WireProblem(reason: "not JSON: \(error.reason) at byte \(error.offset)")
        }
    }

    static func xml(_ body: Data) throws(WireProblem) -> XMLElement {
        do throws(XMLParser.Failure) {
            return try XMLParser.parse(body)
        } catch {
            throw WireProblem(reason: "not XML: \(error.reason)")
        }
    }
}
