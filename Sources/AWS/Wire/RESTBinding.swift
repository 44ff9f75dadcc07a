package import FoundationEssentials
package import SlipwayHTTP

/// Where the members of an operation's input and output are in a REST request and response.
///
/// Source: https://smithy.io/2.0/spec/http-bindings.html
package enum RESTBinding {
    /// Puts the members into their places.
    ///
    /// - Parameters:
    ///   - uri: the path with `{name}` and `{name+}`, and fixed query items behind a question mark.
    ///   - root: the name of the XML element around members that have no place of their own.
    package static func request(
        method: String, uri: String, _ input: Document, _ shape: Shape, root: String, namespace: String? = nil
    ) -> WireRequest {
        let shape = shape.completed(by: input)
        let members = input.members ?? [:]
        let parts = uri.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        var request = WireRequest(method: method, path: String(parts.first ?? "/"))
        if parts.count == 2 { request.query = fixedQuery(parts[1]) }
        var maps: [Document.Members] = []
        for (name, value) in members.entries where !value.isNull {
            guard let member = shape.memberShapes[name]?.resolved, let location = member.location else { continue }
            let wireName = member.name ?? name
            switch location {
            case .header:
                request.headers.append(wireName, headerText(value, member))
            case .headers(let prefix):
                for entry in value.members?.entries ?? [] {
                    request.headers.append(prefix + entry.name, Scalar.text(entry.value, Shape(), dates: .httpDate))
                }
            case .query:
                if case .map(let map) = value {
                    maps.append(map)
                } else {
                    append(value, wireName, member, to: &request.query)
                }
            case .uri:
                let text = Scalar.text(value, member, dates: .iso8601)
                request.path = replacing("{\(wireName)}", PercentEncoding.encode(text), in: request.path)
                request.path = replacing(
                    "{\(wireName)+}", PercentEncoding.encode(text, keepingSlashes: true), in: request.path)
            case .status:
                break
            }
        }
        // A member with its own query item goes before an entry of a map that has the same name.
        for map in maps {
            let taken = Set(request.query.map(\.name))
            for entry in map.entries where !taken.contains(entry.name) {
                append(entry.value, entry.name, Shape(), to: &request.query)
            }
        }
        setBody(&request, input, shape, root: root, namespace: namespace)
        return request
    }

    /// Gathers the members from their places.
    ///
    /// - Throws: `WireProblem` where the body is not XML although it should be.
    package static func output(_ response: HTTPResponse, _ shape: Shape) throws(WireProblem) -> Document {
        guard case .structure(let shapes, let payload, _) = shape.resolved.form else {
            guard !response.body.isEmpty else { return .structure([:]) }
            return XMLReader.document([try WireProblem.xml(response.body)], shape)
        }
        var members: Document.Members = [:]
        for (name, member) in shapes {
            switch member.location {
            case .header:
                if let value = response.headers[member.name ?? name] { members[name] = header(value, member) }
            case .headers(let prefix):
                members[name] = .map(headers(response.headers, prefix: prefix))
            case .status:
                members[name] = .integer(Int64(response.status))
            case .query, .uri, nil:
                break
            }
        }
        if let payload, let member = shapes[payload] {
            members[payload] = try payloadDocument(response.body, member)
        } else if !response.body.isEmpty {
            let root = try WireProblem.xml(response.body)
            // Members of which the shape says nothing are in the body too.
            let named = Set(shapes.values.compactMap(\.name))
            for entry in XMLReader.members([root]).entries where members[entry.name] == nil && !named.contains(entry.name) {
                members[entry.name] = entry.value
            }
            let inBody = shapes.filter { $0.value.location.map { $0 == .query || $0 == .uri } ?? true }
            for entry in XMLReader.structure(root, inBody).entries { members[entry.name] = entry.value }
        }
        return .structure(members)
    }

    private static func payloadDocument(_ body: Data, _ shape: Shape) throws(WireProblem) -> Document? {
        switch shape.resolved.form {
        case .blob: body.isEmpty ? nil : .blob(body)
        case .string: body.isEmpty ? nil : .string(String(decoding: body, as: UTF8.self))
        default: body.isEmpty ? nil : XMLReader.document([try WireProblem.xml(body)], shape)
        }
    }

    private static func setBody(
        _ request: inout WireRequest, _ input: Document, _ shape: Shape, root: String, namespace: String?
    ) {
        guard let members = input.members else { return }
        var (payload, ownRoot): (String?, String?)
        if case .structure(_, let knownPayload, let knownRoot) = shape.form { (payload, ownRoot) = (knownPayload, knownRoot) }
        let shapes = shape.memberShapes
        if let payload {
            guard let value = members[payload], let member = shapes[payload]?.completed(by: value) else { return }
            switch value {
            case .blob(let data):
                request.body = .bytes(data)
                setType("application/octet-stream", &request)
            case .structure:
                var name = payload
                if case .structure(_, _, let typeName?) = member.form { name = typeName }
                setXML(XMLWriter.elements(member.name ?? name, value, member), &request, namespace)
            default:
                request.body = .bytes(Data(Scalar.text(value, member, dates: .iso8601).utf8))
                setType("text/plain", &request)
            }
        } else if members.entries.contains(where: { shapes[$0.name]?.location == nil }) {
            setXML(XMLWriter.elements(ownRoot ?? root, input, shape), &request, namespace)
        }
    }

    private static func setXML(_ elements: [XMLElement], _ request: inout WireRequest, _ namespace: String?) {
        guard let element = elements.first else { return }
        request.body = .bytes(xml(element, namespace))
        setType("application/xml", &request)
    }

    /// An element as XML, in the protocol's namespace where it has none of its own.
    package static func xml(_ element: XMLElement, _ namespace: String?) -> Data {
        var element = element
        if let namespace, element.attribute("xmlns") == nil {
            element.attributes.insert(.init(name: "xmlns", value: namespace), at: 0)
        }
        return XMLWriter.data(element)
    }

    private static func setType(_ type: String, _ request: inout WireRequest) {
        if request.headers["Content-Type"] == nil { request.headers["Content-Type"] = type }
    }

    private static func append(
        _ value: Document, _ name: String, _ shape: Shape, to query: inout [(name: String, value: String?)]
    ) {
        var item = Shape()
        if case .list(let known) = shape.form { item = known }
        if case .list(let items) = value {
            for value in items { query.append((name, Scalar.text(value, item.resolved, dates: .iso8601))) }
        } else {
            query.append((name, Scalar.text(value, shape, dates: .iso8601)))
        }
    }

    private static func fixedQuery(_ text: Substring) -> [(name: String, value: String?)] {
        text.split(separator: "&").map { item in
            let parts = item.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return (String(parts[0]), parts.count == 2 ? String(parts[1]) : nil)
        }
    }

    private static func replacing(_ pattern: String, _ text: String, in path: String) -> String {
        guard let range = path.firstRange(of: pattern) else { return path }
        return path[..<range.lowerBound] + text + path[range.upperBound...]
    }

    private static func headerText(_ value: Document, _ shape: Shape) -> String {
        guard case .list(let items) = value else { return Scalar.text(value, shape, dates: .httpDate) }
        var item = Shape()
        if case .list(let known) = shape.form { item = known.resolved }
        return items.map { value in
            let text = Scalar.text(value, item, dates: .httpDate)
            guard case .string = value, text.contains(where: { $0 == "," || $0 == "\"" }) else { return text }
            return "\"" + text.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\\\"") + "\""
        }.joined(separator: ", ")
    }

    private static func header(_ value: String, _ shape: Shape) -> Document {
        let shape = shape.resolved
        guard case .list(let item) = shape.form else {
            return XMLReader.document([XMLElement("", text: value)], typed(shape))
        }
        let parts = HeaderList.split(value, isDates: isHTTPDate(item.resolved))
        return .list(parts.map { XMLReader.document([XMLElement("", text: $0)], typed(item.resolved)) })
    }

    private static func typed(_ shape: Shape) -> Shape {
        if case .any = shape.form { Shape(.string) } else { shape }
    }

    private static func isHTTPDate(_ shape: Shape) -> Bool {
        guard case .timestamp = shape.form else { return false }
        return shape.timestampFormat == nil || shape.timestampFormat == .httpDate
    }

    private static func headers(_ headers: HTTPHeaders, prefix: String) -> Document.Members {
        var members: Document.Members = [:]
        for field in headers.fields where field.name.lowercased().hasPrefix(prefix.lowercased()) {
            members[String(field.name.dropFirst(prefix.count))] = .string(field.value)
        }
        return members
    }
}
