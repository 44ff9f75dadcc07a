private import FoundationEssentials

/// Makes documents of XML elements.
package enum XMLReader {
    /// How to tell a list whose items have an element of their own around them from one whose items have not, where no
    /// shape says it.
    package enum Lists: Sendable {
        /// The items are inside an element that has the list's name, whatever they are called (the query protocol).
        case named
        /// Items that are called `member` are inside an element that has the list's name; others are the list's elements
        /// themselves (S3).
        case memberOrFlattened
    }

    /// The value of a member whose elements these are. Where the shape says nothing, they are left for their reader.
    package static func document(_ elements: [XMLElement], _ shape: Shape) -> Document {
        guard let first = elements.first else { return .null }
        let shape = shape.resolved
        switch shape.form {
        case .any, .reference:
            return .elements(elements)
        case .structure(let shapes, _, _):
            return .structure(structure(first, shapes))
        case .list(let item):
            let items = shape.isFlattened ? elements : first.children
            return .list(items.map { document([$0], item) })
        case .map(let key, let value):
            return .map(map(shape.isFlattened ? elements : first.children, key: key, value: value))
        case .string:
            return .string(first.text)
        case .boolean:
            return .bool(first.text == "true")
        case .integer:
            return Int64(first.text).map { .integer($0) } ?? .string(first.text)
        case .double:
            return Document.number(first.text).map { .double($0) } ?? .string(first.text)
        case .blob:
            return Data(base64Encoded: first.text).map { .blob($0) } ?? .string(first.text)
        case .timestamp:
            return Timestamp.parse(first.text).map { .timestamp($0) } ?? .string(first.text)
        }
    }

    /// A structure of which only some members may be known. Those that are not known stay elements.
    package static func structure(_ element: XMLElement, _ shapes: [String: Shape]) -> Document.Members {
        let found = members([element])
        var result: Document.Members = [:]
        for (name, shape) in shapes {
            guard let value = found[shape.name ?? name] else { continue }
            if case .elements(let elements) = value {
                result[name] = document(elements, shape)
            } else {
                result[name] = value
            }
        }
        return result
    }

    /// The attributes and the children of an element, by name.
    package static func members(_ elements: [XMLElement]) -> Document.Members {
        var result: Document.Members = [:]
        for attribute in elements.first?.attributes ?? [] { result[attribute.name] = .string(attribute.value) }
        for child in elements.first?.children ?? [] {
            if case .elements(let neighbours) = result[child.name] {
                result[child.name] = .elements(neighbours + [child])
            } else {
                result[child.name] = .elements([child])
            }
        }
        return result
    }

    /// A list of which nothing is known but its elements.
    package static func list(_ elements: [XMLElement], _ lists: Lists) -> [Document] {
        guard elements.count == 1, let first = elements.first else { return elements.map { .elements([$0]) } }
        if first.children.isEmpty {
            return first.text.allSatisfy(\.isWhitespace) ? [] : [.elements(elements)]
        }
        let isWrapped = lists == .named || first.children.allSatisfy { $0.name == "member" }
        return (isWrapped ? first.children : elements).map { .elements([$0]) }
    }

    /// A map of which nothing is known but its elements: its entries are called `entry`, or have no element around them.
    package static func map(_ elements: [XMLElement]) -> Document.Members {
        guard elements.count == 1, let first = elements.first, first.child("key") == nil else {
            return map(elements, key: Shape(), value: Shape())
        }
        return map(first.children, key: Shape(), value: Shape())
    }

    private static func map(_ entries: [XMLElement], key: Shape, value: Shape) -> Document.Members {
        var result: Document.Members = [:]
        for entry in entries {
            guard let name = entry.child(key.name ?? "key")?.text else { continue }
            result[name] = entry.child(value.name ?? "value").map { document([$0], value) } ?? .null
        }
        return result
    }
}
