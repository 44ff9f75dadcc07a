package import FoundationEssentials
package import SlipwayAWS
package import SlipwayDeclaration
package import SlipwayHTTP

/// What a service answers, whatever its protocol.
package struct FakeAnswer: Sendable {
    /// What is in the answer.
    package enum Content: Sendable {
        /// The members of the output, for the JSON and query protocols.
        case tree(JSON)
        /// The body as it is, for REST.
        case bytes(Data)
        case error(code: String, message: String, members: [String: String])
    }

    package var status = 200
    package var headers: HTTPHeaders = [:]
    package var content: Content

    /// Success, with the members of the output. In the query protocol lists become `<member>` elements.
    package static func ok(_ output: JSON = [:]) -> FakeAnswer { FakeAnswer(content: .tree(output)) }

    /// An error of AWS's.
    /// - Parameter members: more of the error's elements, such as S3's `BucketName`.
    package static func error(
        _ code: String, _ message: String, status: Int = 400, _ members: [String: String] = [:]
    ) -> FakeAnswer {
        FakeAnswer(status: status, content: .error(code: code, message: message, members: members))
    }

    /// Whether it is an error.
    package var isError: Bool { status >= 300 }

    /// Whether it is an error that says that something does not exist.
    package var isNotFound: Bool {
        guard case .error(let code, _, _) = content else { return status == 404 }
        return status == 404 || code.hasSuffix("NotFoundException") || code.hasSuffix("NotFoundFault")
            || code.hasSuffix(".NotFound") || code.hasPrefix("NoSuch")
    }
}

extension FakeAnswer {
    /// The answer in the protocol of the call.
    func response(to call: FakeCall) -> HTTPResponse {
        var response = HTTPResponse(status: status, headers: headers)
        let request = FakeCall.identifier(call.serial, length: 16)
        if call.headers["X-Amz-Target"] != nil {
            response.headers["x-amzn-RequestId"] = request
            response.headers["Content-Type"] = "application/x-amz-json-1.1"
            response.body = Data(json.text.utf8)
        } else if call.headers["Content-Type"]?.hasPrefix("application/x-www-form-urlencoded") == true {
            response.headers["x-amzn-RequestId"] = request
            response.headers["Content-Type"] = "text/xml"
            let isEC2 = call.service == "ec2"
            response.body = XMLWriter.data(
                isEC2 ? ec2Form(call.operation, request) : form(call.operation, request))
        } else {
            response.headers["x-amz-request-id"] = request
            response.body = rest(call, request)
            if !response.body.isEmpty, response.headers["Content-Type"] == nil {
                response.headers["Content-Type"] = "application/xml"
            }
        }
        return response
    }

    private var json: JSON {
        switch content {
        case .tree(let output): output
        case .bytes: [:]
        case .error(let code, let message, let members):
            .object(
                members.mapValues { .string($0) }.merging(["__type": .string(code), "message": .string(message)]) {
                    $1
                })
        }
    }

    private func form(_ operation: String, _ request: String) -> XMLElement {
        let requestID = XMLElement("RequestId", text: request)
        if case .error(let code, let message, let members) = content {
            let type = XMLElement("Type", text: status >= 500 ? "Receiver" : "Sender")
            let error = XMLElement("Error", children: [type] + errorElements(code, message, members))
            return XMLElement("ErrorResponse", children: [error, requestID])
        }
        let result = XMLElement("\(operation)Result", children: XMLElement.members(of: json))
        let metadata = XMLElement("ResponseMetadata", children: [requestID])
        return XMLElement("\(operation)Response", children: [result, metadata])
    }

    /// EC2's dialect: the members stand in the response itself, and lists have `<item>` elements.
    ///
    /// Source: <https://smithy.io/2.0/aws/protocols/aws-ec2-query-protocol.html>
    private func ec2Form(_ operation: String, _ request: String) -> XMLElement {
        if case .error(let code, let message, let members) = content {
            let error = XMLElement("Error", children: errorElements(code, message, members))
            let errors = XMLElement("Errors", children: [error])
            return XMLElement("Response", children: [errors, XMLElement("RequestID", text: request)])
        }
        let members = XMLElement.members(of: json, item: "item")
        return XMLElement("\(operation)Response", children: [XMLElement("requestId", text: request)] + members)
    }

    private func rest(_ call: FakeCall, _ request: String) -> Data {
        switch content {
        case .tree: return Data()
        case .bytes(let data): return call.method == "HEAD" ? Data() : data
        case .error(let code, let message, let members):
            // The answer to HEAD has no body, so an error there is known by its status alone.
            if call.method == "HEAD" { return Data() }
            let elements = errorElements(code, message, members) + [XMLElement("RequestId", text: request)]
            return XMLWriter.data(XMLElement("Error", children: elements))
        }
    }

    private func errorElements(_ code: String, _ message: String, _ members: [String: String]) -> [XMLElement] {
        [XMLElement("Code", text: code), XMLElement("Message", text: message)]
            + members.sorted { $0.key < $1.key }.map { XMLElement($0.key, text: $0.value) }
    }
}

extension FakeCall {
    /// Hexadecimal digits that differ from one serial number to the next.
    package static func identifier(_ serial: Int, length: Int) -> String {
        let digits = String(serial + 1, radix: 16, uppercase: true)
        return String(repeating: "0", count: max(0, length - digits.count)) + digits
    }
}

extension HTTPResponse {
    /// Puts a successful body where the caller wants it.
    func stored(_ target: HTTPRequest.ResponseBody) throws(HTTPError) -> HTTPResponse {
        guard case .file(let path) = target, (200..<300).contains(status) else { return self }
        do { try body.write(to: URL(filePath: path)) } catch {
            throw .file(path: path, reason: "\(error)", sent: true)
        }
        return HTTPResponse(status: status, headers: headers)
    }
}

extension XMLElement {
    /// The members of an object as elements: lists have `member` elements or others, numbers and booleans are text.
    package static func members(of tree: JSON, item: String = "member") -> [XMLElement] {
        (tree.object ?? [:]).sorted { $0.key < $1.key }.map { element($0.key, $0.value, item: item) }
    }

    private static func element(_ name: String, _ value: JSON, item: String) -> XMLElement {
        switch value {
        case .null: XMLElement(name)
        case .bool(let flag): XMLElement(name, text: String(flag))
        case .int(let number): XMLElement(name, text: String(number))
        case .double(let number): XMLElement(name, text: "\(number)")
        case .string(let text): XMLElement(name, text: text)
        case .array(let items): XMLElement(name, children: items.map { element(item, $0, item: item) })
        case .object: XMLElement(name, children: members(of: value, item: item))
        }
    }
}
