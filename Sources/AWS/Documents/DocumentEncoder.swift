private import FoundationEssentials

/// Whether the names of a service's members begin with an upper-case letter.
public enum MemberCase: Sendable {
    /// Swift's `jobName` is `JobName` on the wire.
    case capitalised
    /// Swift's names are those on the wire.
    case asWritten

    /// The name of a Swift property on the wire.
    package func name(_ property: String) -> String {
        guard self == .capitalised, let first = property.first, first.isLowercase else { return property }
        return first.uppercased() + property.dropFirst()
    }
}

/// Makes documents of Swift values.
package struct DocumentEncoder: Sendable {
    /// How the names of members are written.
    package var memberCase: MemberCase

    package init(memberCase: MemberCase) {
        self.memberCase = memberCase
    }

    /// The value as a document. What is `nil` is left out; a type without members is an empty structure.
    ///
    /// - Throws: whatever the value's `encode(to:)` throws; `EncodingError` for an integer beyond 64 bits with sign.
    package func encode(_ value: some Encodable) throws -> Document {
        switch value {
        case let value as Date: return .timestamp(value)
        case let value as Data: return .blob(value)
        case let value as Document: return value
        default:
            let node = Node()
            node.isMap = value is any WireMap
            node.shape = (type(of: value) as? any WireShaped.Type)?.shape
            try value.encode(to: NodeEncoder(node: node, codingPath: [], encoder: self))
            return node.document
        }
    }
}

/// A dictionary whose keys are data, and not names of members.
protocol WireMap {}
extension Dictionary: WireMap where Key: CodingKeyRepresentable {}

/// A document that is being built. Containers share it.
private final class Node {
    var scalar: Document?
    var members: [(name: String, node: Node)]?
    var items: [Node]?
    var isMap = false
    var shape: Shape?

    var document: Document {
        if let scalar { return scalar }
        if let items { return .list(items.map(\.document)) }
        var result = Document.Members()
        result.shape = shape
        for (name, node) in members ?? [] {
            let value = node.document
            if !value.isNull { result[name] = value }
        }
        return isMap ? .map(result) : .structure(result)
    }
}

private struct NodeEncoder: Encoder {
    let node: Node
    let codingPath: [any CodingKey]
    let encoder: DocumentEncoder
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
        if node.members == nil { node.members = [] }
        return KeyedEncodingContainer(Keyed<Key>(node: node, codingPath: codingPath, encoder: encoder))
    }

    func unkeyedContainer() -> any UnkeyedEncodingContainer {
        if node.items == nil { node.items = [] }
        return Unkeyed(node: node, codingPath: codingPath, encoder: encoder)
    }

    func singleValueContainer() -> any SingleValueEncodingContainer {
        Single(node: node, codingPath: codingPath, encoder: encoder)
    }
}

/// What all three containers have in common: turning a value into a document.
private protocol Container {
    var codingPath: [any CodingKey] { get }
    var encoder: DocumentEncoder { get }
}

extension Container {
    func document(_ value: some BinaryInteger) throws -> Document {
        guard let integer = Int64(exactly: value) else {
            let context = EncodingError.Context(codingPath: codingPath, debugDescription: "\(value) does not fit in 64 bits")
            throw EncodingError.invalidValue(value, context)
        }
        return .integer(integer)
    }

    func document(_ value: some Encodable) throws -> Document {
        switch value {
        case let value as String: .string(value)
        case let value as Bool: .bool(value)
        case let value as any BinaryInteger: try document(value)
        case let value as Double: .double(value)
        // By way of its text, as 1.1 is not 1.10000002384185791.
        case let value as Float: .double(Double(value.description) ?? Double(value))
        default: try encoder.encode(value)
        }
    }
}

private struct Keyed<Key: CodingKey>: KeyedEncodingContainerProtocol, Container {
    let node: Node
    let codingPath: [any CodingKey]
    let encoder: DocumentEncoder

    private func add(_ key: any CodingKey) -> Node {
        let child = Node()
        node.members?.append((node.isMap ? key.stringValue : encoder.memberCase.name(key.stringValue), child))
        return child
    }

    mutating func encodeNil(forKey key: Key) {}

    mutating func encode(_ value: some Encodable, forKey key: Key) throws {
        let value = try document(value)
        add(key).scalar = value
    }

    mutating func nestedContainer<Nested: CodingKey>(
        keyedBy keyType: Nested.Type, forKey key: Key
    ) -> KeyedEncodingContainer<Nested> {
        NodeEncoder(node: add(key), codingPath: codingPath + [key], encoder: encoder).container(keyedBy: keyType)
    }

    mutating func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
        NodeEncoder(node: add(key), codingPath: codingPath + [key], encoder: encoder).unkeyedContainer()
    }

    mutating func superEncoder() -> any Encoder {
        NodeEncoder(node: node, codingPath: codingPath, encoder: encoder)
    }

    mutating func superEncoder(forKey key: Key) -> any Encoder {
        NodeEncoder(node: add(key), codingPath: codingPath + [key], encoder: encoder)
    }
}

private struct Unkeyed: UnkeyedEncodingContainer, Container {
    let node: Node
    let codingPath: [any CodingKey]
    let encoder: DocumentEncoder
    var count: Int { node.items?.count ?? 0 }

    private func add() -> Node {
        let child = Node()
        node.items?.append(child)
        return child
    }

    mutating func encodeNil() { add().scalar = .null }

    mutating func encode(_ value: some Encodable) throws {
        let value = try document(value)
        add().scalar = value
    }

    mutating func nestedContainer<Nested: CodingKey>(keyedBy keyType: Nested.Type) -> KeyedEncodingContainer<Nested> {
        NodeEncoder(node: add(), codingPath: codingPath, encoder: encoder).container(keyedBy: keyType)
    }

    mutating func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer {
        NodeEncoder(node: add(), codingPath: codingPath, encoder: encoder).unkeyedContainer()
    }

    mutating func superEncoder() -> any Encoder {
        NodeEncoder(node: add(), codingPath: codingPath, encoder: encoder)
    }
}

private struct Single: SingleValueEncodingContainer, Container {
    let node: Node
    let codingPath: [any CodingKey]
    let encoder: DocumentEncoder

    mutating func encodeNil() { node.scalar = .null }
    mutating func encode(_ value: some Encodable) throws { node.scalar = try document(value) }
}

extension Document: Encodable {
    /// A document is its own encoding; no other encoder than `DocumentEncoder` may be given one.
    package func encode(to encoder: any Encoder) throws {
        let context = EncodingError.Context(
            codingPath: encoder.codingPath, debugDescription: "a document of AWS's protocols")
        throw EncodingError.invalidValue(self, context)
    }
}
