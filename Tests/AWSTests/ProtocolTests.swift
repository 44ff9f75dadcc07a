import FoundationEssentials
import SlipwayHTTP
import Testing

@testable import SlipwayAWS

/// The cases that AWS publishes for its protocols: what a client has to send, and what it has to understand.
@Suite struct ProtocolTests {
    /// Compressing bodies is not supported. No operation of the services that we call asks for it.
    static let compression = [
        "SDKAppliedContentEncoding", "SDKAppendedGzipAfterProvidedEncoding", "SDKAppendsGzipAndIgnoresHttpProvidedEncoding",
    ]

    struct Case: Sendable, CustomTestStringConvertible {
        let file: String
        let model: ProtocolModel
        let content: Document
        let endpoint: String
        var id: String { content["id"]?.text ?? "" }
        var operation: String { content["given"]?["name"]?.text ?? "" }
        var testDescription: String { "\(file) \(id)" }
    }

    static func cases(_ direction: String) -> [Case] {
        guard SharedData.isThere else { return [] }
        let files = ["json", "json_1_0", "json_1_0-query-compatible", "query", "rest-xml", "ec2"]
        return files.flatMap { file -> [Case] in
            guard let suites = try? SharedData.json("protocols/\(direction)/\(file).json") else { return [] }
            return suites.items.flatMap { suite -> [Case] in
                let model = ProtocolModel(
                    shapes: suite["shapes"] ?? .null, metadata: suite["metadata"] ?? .null,
                    isEC2Input: file == "ec2" && direction == "input")
                let endpoint = suite["clientEndpoint"]?.text ?? "https://example.com"
                return (suite["cases"]?.items ?? []).map {
                    Case(file: file, model: model, content: $0, endpoint: endpoint)
                }
            }
        }
    }

    static let inputs = cases("input").filter { one in !compression.contains { one.id.hasPrefix($0) } }
    static let outputs = cases("output")

    @Test(.enabled(if: SharedData.isThere, "needs ../shared/data/aws/protocols"))
    func `all cases are there but those about compression`() {
        #expect(Self.inputs.count == 208 + 29 - 10)
        #expect(Self.outputs.count == 208 + 29)
    }

    @Test(.enabled(if: SharedData.isThere, "needs ../shared/data/aws/protocols"), arguments: inputs)
    func `a request is written as AWS wants it`(input: Case) throws {
        let given = try #require(input.content["given"])
        let expected = try #require(input.content["serialized"])
        let reference = given["input"]
        let shape = reference.map { input.model.shape($0) } ?? Shape()
        let params = input.model.document(input.content["params"] ?? .structure([:]), shape)
        let filled = IdempotencyToken.filled(params, shape) { "00000000-0000-4000-8000-000000000000" }
        let hostPrefix = given["endpoint"]?["hostPrefix"]?.text ?? ""
        var request: WireRequest
        if input.model.wire.isREST {
            request = RESTBinding.request(
                method: given["http"]?["method"]?.text ?? "", uri: given["http"]?["requestUri"]?.text ?? "", filled, shape,
                root: reference?["locationName"]?.text ?? "")
            request.hostPrefix = HostPrefix.text(hostPrefix, filled, shape)
        } else {
            request = input.model.wire.request(input.operation, filled, shape, hostPrefix: hostPrefix)
        }
        try check(request, expected, input)
    }

    @Test(.enabled(if: SharedData.isThere, "needs ../shared/data/aws/protocols"), arguments: outputs)
    func `a response is understood as AWS means it`(output: Case) throws {
        let given = try #require(output.content["given"])
        let response = try response(try #require(output.content["response"]))
        let wire = output.model.wire
        if let expected = output.content["error"] {
            let failure = WireFailure(wire, response)
            #expect(failure.code == output.content["errorCode"]?.text)
            if let message = output.content["errorMessage"]?.text { #expect(failure.message == message) }
            let reference = try #require(given["errors"]?.items.first)
            let shape = output.model.shape(reference)
            let detail = failure.members(response, shape)
            #expect(detail.canonical == output.model.document(expected, shape).canonical)
            return
        }
        let shape = given["output"].map { output.model.shape($0) } ?? Shape(.structure([:]))
        let document = try wire.output(output.operation, response, shape)
        let expected = output.model.document(output.content["result"] ?? .structure([:]), shape)
        #expect(document.canonical == expected.canonical)
    }

    // MARK: -

    private func response(_ document: Document) throws -> HTTPResponse {
        var headers = HTTPHeaders()
        for (name, value) in document["headers"]?.members?.entries ?? [] { headers.append(name, value.text ?? "") }
        guard case .integer(let status) = document["status_code"] else { throw SharedData.Missing(path: "status_code") }
        return HTTPResponse(status: Int(status), headers: headers, body: Data((document["body"]?.text ?? "").utf8))
    }

    private func check(_ request: WireRequest, _ expected: Document, _ input: Case) throws {
        #expect(request.method == expected["method"]?.text)
        let query = request.query.isEmpty ? "" : "?" + PercentEncoding.query(request.query)
        var question = Endpoint.Question(service: .glue, region: "us-east-1")
        question.custom = input.endpoint
        let endpoint = try Endpoint(question)
        let uri = (endpoint.path + request.path + query)
        // A host with a path is only given by the case that is about it.
        #expect(uri == expected["uri"]?.text)
        if let host = expected["host"]?.text {
            #expect(request.hostPrefix + endpoint.host + endpoint.path == host)
        }
        for (name, value) in expected["headers"]?.members?.entries ?? [] {
            let found = request.headers[name]?.split(separator: ";").first.map(String.init) ?? request.headers[name]
            #expect(found == value.text, "\(name)")
        }
        for name in expected["forbidHeaders"]?.items ?? [] { #expect(request.headers[name.text ?? ""] == nil) }
        guard let body = expected["body"]?.text else { return }
        guard case .bytes(let sent) = request.body else { return #expect(body.isEmpty) }
        let type = request.headers["Content-Type"] ?? ""
        if type.contains("json") {
            #expect(try JSONReader.parse(sent).canonical == JSONReader.parse(Data(body.utf8)).canonical)
        } else if type.contains("xml") {
            #expect(try XMLParser.parse(sent).canonical == XMLParser.parse(Data(trimmed(body).utf8)).canonical)
        } else if type.contains("form") {
            let (found, wanted) = (String(decoding: sent, as: UTF8.self), body)
            #expect(found.split(separator: "&").sorted() == wanted.split(separator: "&").sorted())
        } else {
            #expect(String(decoding: sent, as: UTF8.self) == body)
        }
    }

    private func trimmed(_ text: String) -> Substring { text.drop { $0.isWhitespace } }
}
