package import FoundationEssentials

/// Makes XML of documents.
package enum XMLWriter {
    /// The elements of a member: none for null, several for a flattened list.
    package static func elements(_ name: String, _ document: Document, _ shape: Shape) -> [XMLElement] {
        let shape = shape.completed(by: document)
        switch document {
        case .null:
            return []
        case .elements(let elements):
            return elements
        case .list(let items):
            return list(name, items, shape)
        case .map(let members):
            return map(name, members, shape)
        case .structure(let members):
            return [structure(name, members, shape)]
        default:
            var element = XMLElement(name, text: Scalar.text(document, shape, dates: .iso8601))
            declare(shape.namespace, in: &element)
            return [element]
        }
    }

    /// The whole document, as UTF-8.
    package static func data(_ element: XMLElement) -> Data {
        var text = ""
        write(element, into: &text)
        return Data(text.utf8)
    }

    private static func list(_ name: String, _ items: [Document], _ shape: Shape) -> [XMLElement] {
        var item = Shape()
        if case .list(let known) = shape.form { item = known }
        if shape.isFlattened {
            item.namespace = shape.namespace ?? item.namespace
            return items.flatMap { elements(name, $0, item) }
        }
        var element = XMLElement(name, children: items.flatMap { elements(item.name ?? "member", $0, item) })
        declare(shape.namespace, in: &element)
        return [element]
    }

    private static func map(_ name: String, _ members: Document.Members, _ shape: Shape) -> [XMLElement] {
        var (key, value) = (Shape(), Shape())
        if case .map(let knownKey, let knownValue) = shape.form { (key, value) = (knownKey, knownValue) }
        let entries = members.entries.map { entry in
            XMLElement(
                shape.isFlattened ? name : "entry",
                children: elements(key.name ?? "key", .string(entry.name), key)
                    + elements(value.name ?? "value", entry.value, value))
        }
        if shape.isFlattened {
            return entries.map { entry in
                var entry = entry
                declare(shape.namespace, in: &entry)
                return entry
            }
        }
        var element = XMLElement(name, children: entries)
        declare(shape.namespace, in: &element)
        return [element]
    }

    private static func structure(_ name: String, _ members: Document.Members, _ shape: Shape) -> XMLElement {
        var element = XMLElement(name)
        declare(shape.namespace, in: &element)
        let shapes = shape.memberShapes
        for (name, value) in members.entries {
            let shape = shapes[name] ?? Shape()
            if shape.location != nil { continue }
            if shape.isAttribute {
                let text = Scalar.text(value, shape, dates: .iso8601)
                element.attributes.append(.init(name: shape.name ?? name, value: text))
            } else {
                element.children += elements(shape.name ?? name, value, shape)
            }
        }
        return element
    }

    private static func declare(_ namespace: Shape.Namespace?, in element: inout XMLElement) {
        guard let namespace else { return }
        let name = namespace.prefix.map { "xmlns:\($0)" } ?? "xmlns"
        element.attributes.insert(.init(name: name, value: namespace.uri), at: 0)
    }

    private static func write(_ element: XMLElement, into text: inout String) {
        text += "<\(element.name)"
        for attribute in element.attributes {
            text += " \(attribute.name)=\""
            escape(attribute.value, into: &text)
            text += "\""
        }
        text += ">"
        escape(element.text, into: &text)
        for child in element.children { write(child, into: &text) }
        text += "</\(element.name)>"
    }

    private static func escape(_ value: String, into text: inout String) {
        for scalar in value.unicodeScalars {
            switch scalar {
            case "&": text += "&amp;"
            case "<": text += "&lt;"
            case ">": text += "&gt;"
            case "\"": text += "&quot;"
            // A parser would turn these into spaces or line feeds.
            case "\r": text += "&#xD;"
            case "\n": text += "&#xA;"
            case "\t": text += "&#x9;"
            case "\u{85}": text += "&#x85;"
            case "\u{2028}": text += "&#x2028;"
            default: text.unicodeScalars.append(scalar)
            }
        }
    }
}
