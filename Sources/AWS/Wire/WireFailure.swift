private import FoundationEssentials
package import SlipwayHTTP

/// What a response says that is not a success.
package struct WireFailure: Sendable {
    /// Such as `EntityNotFoundException`; where the response has no code, one is made of its status (`HTTP502`).
    package var code: String
    /// Empty where there is none.
    package var message: String
    package var requestID: String?
    /// The error's own members, in the protocol's form.
    package var detail: Document

    /// Reads an error of any of the protocols. What cannot be read is no error of its own: a proxy's page, for example.
    package init(_ wire: Wire, _ response: HTTPResponse) {
        code = Self.code(status: response.status)
        message = ""
        detail = .structure([:])
        let headers = response.headers
        requestID = headers["x-amzn-RequestId"] ?? headers["x-amz-request-id"]
        switch wire {
        case .json: readJSON(response)
        case .query, .restXML: readXML(response)
        }
    }

    /// Operations that take so long that S3 sends a status of success before it knows.
    ///
    /// Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_CompleteMultipartUpload.html (and the pages of the others)
    private static let slowOperations: Set = ["CompleteMultipartUpload", "CopyObject", "UploadPartCopy"]

    /// Whether a status of success hides an error.
    package static func isHidden(in response: HTTPResponse, of operation: String, _ wire: Wire) -> Bool {
        guard case .restXML = wire, response.status == 200, slowOperations.contains(operation) else { return false }
        // Without a body S3 has not said that it succeeded.
        return response.body.isEmpty || Self.root(response)?.name == "Error"
    }

    /// The error's own members, typed by its shape, with those in headers.
    package func members(_ response: HTTPResponse, _ shape: Shape) -> Document {
        guard case .elements(let elements) = detail else { return JSONShaper.document(detail, shape) }
        var members = XMLReader.structure(elements.first ?? XMLElement(""), shape.memberShapes)
        for (name, member) in shape.memberShapes where member.location == .header {
            if let value = response.headers[member.name ?? name] { members[name] = .string(value) }
        }
        return .structure(members)
    }

    private mutating func readJSON(_ response: HTTPResponse) {
        var named = response.headers["x-amzn-ErrorType"]
        do throws(JSONReader.Failure) {
            detail = try JSONReader.parse(response.body)
        } catch {
            // The status and the headers have to do.
        }
        if let members = detail.members {
            named = named ?? members["__type"]?.text ?? members["code"]?.text ?? members["Code"]?.text
            message = members["message"]?.text ?? members["Message"]?.text ?? members["errorMessage"]?.text ?? ""
        }
        if let named { code = Self.bare(named) }
        // A service that used to speak the query protocol keeps its codes by this header.
        // Source: https://smithy.io/2.0/aws/protocols/aws-query-protocol.html#aws-protocols-awsquerycompatible-trait
        if let query = response.headers["x-amzn-query-error"]?.split(separator: ";").first { code = String(query) }
    }

    private mutating func readXML(_ response: HTTPResponse) {
        guard let root = Self.root(response) else { return }
        let error = root.name == "Error" ? root : root.child("Error") ?? root.child("Errors")?.child("Error")
        requestID = root.child("RequestId")?.text ?? root.child("RequestID")?.text ?? requestID
        guard let error else { return }
        detail = .elements([error])
        if let found = error.child("Code")?.text, !found.isEmpty { code = found }
        message = error.child("Message")?.text ?? error.child("message")?.text ?? ""
    }

    private static func root(_ response: HTTPResponse) -> XMLElement? {
        do throws(XMLParser.Failure) {
            return try XMLParser.parse(response.body)
        } catch {
            return nil
        }
    }

    /// `aws.protocoltests#FooError:http://…` is `FooError`.
    private static func bare(_ name: String) -> String {
        let withoutURI = name.split(separator: ":", maxSplits: 1).first ?? ""
        return String(withoutURI.split(separator: "#").last ?? "")
    }

    /// Codes for responses without a body, such as those to `HEAD`.
    private static func code(status: Int) -> String {
        switch status {
        case 301, 307, 308: "PermanentRedirect"
        case 304: "NotModified"
        case 400: "BadRequest"
        case 403: "Forbidden"
        case 404: "NotFound"
        case 405: "MethodNotAllowed"
        case 409: "Conflict"
        case 412: "PreconditionFailed"
        default: "HTTP\(status)"
        }
    }
}
