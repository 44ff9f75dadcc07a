package import FoundationEssentials
package import SlipwayDeclaration
private import SlipwayHTTP

/// A call that was made.
package struct RecordedCall: Sendable {
    /// Such as `glue`.
    package let service: String
    /// Such as `CreateJob`.
    package let operation: String
    package let region: String
    package let method: String
    /// Decoded.
    package let path: String
    /// Decoded.
    package let query: [String: String]
    /// Names are in lower case.
    package let headers: [String: String]
    package let body: Data
    /// See ``FakeCall/input``.
    package let input: JSON
    /// Whether the operation changes nothing.
    package let isRead: Bool

    init(_ call: FakeCall) {
        service = call.service
        operation = call.operation
        region = call.region
        method = call.method
        path = call.path
        query = call.query
        headers = Dictionary(call.headers.fields.map { ($0.name.lowercased(), $0.value) }) { first, _ in first }
        body = call.body
        input = call.input
        isRead = call.isRead
    }

    /// The call as a tree; a body that is no text is left out.
    package var json: JSON {
        [
            "service": .string(service), "operation": .string(operation), "region": .string(region),
            "method": .string(method), "path": .string(path), "query": .object(query.mapValues { .string($0) }),
            "headers": .object(headers.mapValues { .string($0) }), "input": input,
            "body": String(validating: body, as: UTF8.self).map { .string($0) } ?? .null,
        ]
    }
}
