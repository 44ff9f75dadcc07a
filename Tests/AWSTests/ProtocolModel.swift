import FoundationEssentials

@testable import SlipwayAWS

/// A service's model as AWS publishes it with its Python SDK, made into our shapes.
struct ProtocolModel: Sendable {
    let shapes: Document
    let metadata: Document
    /// EC2 has names of its own for what is sent to it.
    var isEC2Input = false

    /// The shape that a reference to it stands for, with the traits of the reference.
    func shape(_ reference: Document) -> Shape {
        let name = reference["shape"]?.text ?? ""
        let target = shapes[name] ?? .structure([:])
        var shape = Shape(.reference { Shape(form(target)) })
        if reference["flattened"]?.isTrue == true || target["flattened"]?.isTrue == true { shape.isFlattened = true }
        shape.name = reference["locationName"]?.text
        if isEC2Input { shape.name = reference["queryName"]?.text ?? shape.name.map { MemberCase.capitalised.name($0) } }
        shape.isAttribute = reference["xmlAttribute"]?.isTrue == true
        shape.isIdempotencyToken = reference["idempotencyToken"]?.isTrue == true
        shape.isHostLabel = reference["hostLabel"]?.isTrue == true
        shape.namespace = namespace(reference["xmlNamespace"]) ?? namespace(target["xmlNamespace"])
        switch target["timestampFormat"]?.text {
        case "iso8601": shape.timestampFormat = .iso8601
        case "rfc822": shape.timestampFormat = .httpDate
        case "unixTimestamp": shape.timestampFormat = .epochSeconds
        default: break
        }
        switch reference["location"]?.text {
        case "header": shape.location = .header
        case "headers": shape.location = .headers(prefix: shape.name ?? "")
        case "querystring": shape.location = .query
        case "uri": shape.location = .uri
        case "statusCode": shape.location = .status
        default: break
        }
        return shape
    }

    private func form(_ target: Document) -> Shape.Form {
        switch target["type"]?.text {
        case "structure" where target["document"]?.isTrue == true:
            return .any
        case "structure":
            let payload = target["payload"]?.text
            var members: [String: Shape] = [:]
            for (name, reference) in target["members"]?.members?.entries ?? [] {
                var member = shape(reference)
                if isEC2Input { member.name = member.name ?? MemberCase.capitalised.name(name) }
                if name == payload {
                    // The model repeats a payload's own name as its name on the wire, which says nothing; else the element
                    // is called as the type says, or as the type itself.
                    if member.name == name { member.name = nil }
                    if case .structure(let inner, let payload, let root) = member.resolved.form, member.name == nil {
                        let (namespace, location) = (member.namespace, member.location)
                        member = Shape(.structure(inner, payload: payload, root: root ?? reference["shape"]?.text))
                        (member.namespace, member.location) = (namespace, location)
                    }
                }
                members[name] = member
            }
            return .structure(members, payload: payload, root: target["locationName"]?.text)
        case "list": return .list(shape(target["member"] ?? .null))
        case "map": return .map(key: shape(target["key"] ?? .null), value: shape(target["value"] ?? .null))
        case "boolean": return .boolean
        case "integer", "long": return .integer
        case "float", "double": return .double
        case "blob": return .blob
        case "timestamp": return .timestamp
        default: return .string
        }
    }

    private func namespace(_ document: Document?) -> Shape.Namespace? {
        if let uri = document?.text { return Shape.Namespace(uri: uri, prefix: nil) }
        guard let uri = document?["uri"]?.text else { return nil }
        return Shape.Namespace(uri: uri, prefix: document?["prefix"]?.text)
    }

    /// The protocol that the model's service speaks.
    var wire: Wire {
        switch metadata["protocol"]?.text {
        case "json":
            .json(
                version: metadata["jsonVersion"]?.text ?? "", target: metadata["targetPrefix"]?.text ?? "",
                isQueryCompatible: metadata["awsQueryCompatible"] != nil)
        case "ec2":
            .query(version: metadata["apiVersion"]?.text ?? "", flattensLists: true)
        case "query":
            .query(version: metadata["apiVersion"]?.text ?? "")
        default:
            .restXML(namespace: nil)
        }
    }

    /// A document of a case's parameters or result, which are JSON, with the types that the shape says.
    func document(_ value: Document, _ shape: Shape) -> Document {
        switch (shape.resolved.form, value) {
        case (.structure(let shapes, _, _), .structure(let members)):
            var result: Document.Members = [:]
            for (name, value) in members.entries { result[name] = document(value, shapes[name] ?? Shape()) }
            return .structure(result)
        case (.list(let item), .list(let items)):
            return .list(items.map { document($0, item) })
        case (.map(_, let item), .structure(let members)):
            var result: Document.Members = [:]
            for (name, value) in members.entries { result[name] = document(value, item) }
            return .map(result)
        case (.blob, .string(let text)): return .blob(Data(text.utf8))
        case (.timestamp, .integer(let seconds)): return .timestamp(Date(timeIntervalSince1970: Double(seconds)))
        case (.timestamp, .double(let seconds)): return .timestamp(Date(timeIntervalSince1970: seconds))
        case (.double, .string(let text)): return Document.number(text).map { .double($0) } ?? value
        case (.double, .integer(let number)): return .double(Double(number))
        default: return value
        }
    }
}

extension Document {
    var isTrue: Bool {
        if case .bool(let flag) = self { flag } else { false }
    }

    /// The same for documents that mean the same, whatever the order of their members.
    var canonical: String {
        switch self {
        case .null: "null"
        case .bool(let flag): String(flag)
        case .integer(let number): JSONWriter.text(Double(number))
        case .double(let number): JSONWriter.text(number)
        case .string(let text): "\"\(text)\""
        case .blob(let data): "<\(data.base64EncodedString())>"
        case .timestamp(let date): "@\(Timestamp.text(date, .iso8601))"
        case .list(let items): "[" + items.map(\.canonical).joined(separator: ",") + "]"
        case .map(let members), .structure(let members):
            "{"
                + members.entries.filter { !$0.value.isNull }.map { "\($0.name):\($0.value.canonical)" }.sorted()
                .joined(separator: ",") + "}"
        case .elements(let elements): "elements \(elements)"
        }
    }
}

extension XMLElement {
    /// The same for elements that mean the same: without white space between elements, and with sorted attributes.
    var canonical: String {
        let attributes = attributes.map { " \($0.name)=\"\($0.value)\"" }.sorted().joined()
        // Members of a structure may stand in any order; items of a list have the same name, and keep theirs.
        let inside = children.isEmpty ? text : children.sorted { $0.name < $1.name }.map(\.canonical).joined()
        return "<\(name)\(attributes)>\(inside)</\(name)>"
    }
}
