/// Encodes a kind's declared properties as a JSON tree, with CloudFormation's spelling of their names, and notes
/// which of them are marked.
///
/// The first letter of a property's name is made upper case (`jobName` is stored as `JobName`); a coding key that
/// already begins so is kept, and so are the keys of dictionaries.
package struct PropertyEncoder {
    package init() {}

    /// - Throws: `EncodingError` when a value cannot be written as JSON.
    package func encode(_ value: some Encodable) throws -> EncodedProperties {
        let marks = MarkCollector()
        let node = Node()
        try value.encode(to: NodeEncoder(node: node, path: nil, marks: marks))
        return EncodedProperties(tree: node.json, marks: marks.marks)
    }
}

/// What a ``PropertyEncoder`` makes.
package struct EncodedProperties: Hashable, Sendable {
    package var tree: JSON
    /// The marks by path; `*` stands for every element of a list.
    package var marks: [PropertyPath: Set<Mark>]

    package init(tree: JSON, marks: [PropertyPath: Set<Mark>]) {
        self.tree = tree
        self.marks = marks
    }
}

/// Names of members that lead to a property; `*` stands for every element of a list.
package typealias PropertyPath = [String]

/// A property's name as it is stored. Made of bytes, because it is made for every property of every resource.
func storedName(_ key: String) -> String {
    guard let first = key.utf8.first, first >= UInt8(ascii: "a"), first <= UInt8(ascii: "z") else { return key }
    var key = key
    return key.withUTF8 { bytes in
        String(unsafeUninitializedCapacity: bytes.count) { name in
            for index in bytes.indices { name.initializeElement(at: index, to: bytes[index]) }
            name[0] = first - 32
            return bytes.count
        }
    }
}

/// A tree in the making. Containers of `Encodable` are filled while others refer to them, hence a class.
private final class Node {
    enum Content {
        case nothing
        case leaf(JSON)
        case array([Node])
        case object([String: Node])
    }
    var content = Content.nothing

    var json: JSON {
        switch content {
        case .nothing: .object([:])
        case .leaf(let json): json
        case .array(let nodes): .array(nodes.map(\.json))
        case .object(let nodes): .object(nodes.mapValues(\.json))
        }
    }

    func child(_ key: String) -> Node {
        let child = Node()
        if case .object(var members) = content {
            content = .nothing  // keeps the dictionary uniquely referenced
            members[key] = child
            content = .object(members)
        } else {
            content = .object([key: child])
        }
        return child
    }

    func append() -> Node {
        let child = Node()
        if case .array(var elements) = content {
            content = .nothing
            elements.append(child)
            content = .array(elements)
        } else {
            content = .array([child])
        }
        return child
    }

    var count: Int { if case .array(let elements) = content { elements.count } else { 0 } }
}

private final class MarkCollector {
    var marks: [PropertyPath: Set<Mark>] = [:]
}

/// The way to the value being encoded, as a list from its end, so that no array is made until one is needed.
private final class Step {
    let name: String
    let before: Step?
    init(_ name: String, after before: Step?) {
        self.name = name
        self.before = before
    }
    var path: PropertyPath { (before?.path ?? []) + [name] }
}

private struct NodeEncoder: Encoder, MarkCollecting {
    let node: Node
    let path: Step?
    let marks: MarkCollector
    /// The keys of a dictionary are data, not names.
    var keepsKeys = false

    var codingPath: [any CodingKey] { (path?.path ?? []).map { AnyKey($0) } }
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    func collect(_ mark: Mark) { marks.marks[path?.path ?? [], default: []].insert(mark) }

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
        if case .nothing = node.content { node.content = .object([:]) }
        return KeyedEncodingContainer(Keyed<Key>(encoder: self))
    }

    func unkeyedContainer() -> any UnkeyedEncodingContainer {
        if case .nothing = node.content { node.content = .array([]) }
        return Unkeyed(encoder: self)
    }

    func singleValueContainer() -> any SingleValueEncodingContainer { Single(encoder: self) }

    func write(_ value: some Encodable) throws {
        switch value {
        case let string as String: node.content = .leaf(.string(string))
        case let bool as Bool: node.content = .leaf(.bool(bool))
        case let int as Int: node.content = .leaf(.int(int))
        case let double as Double: node.content = .leaf(.double(double))
        case let json as JSON: node.content = .leaf(json)
        case let integer as any BinaryInteger:
            guard let int = Int(exactly: integer) else {
                throw EncodingError.invalidValue(
                    value, .init(codingPath: codingPath, debugDescription: "\(integer) is too large"))
            }
            node.content = .leaf(.int(int))
        case let float as Float: node.content = .leaf(.double(Double(float)))
        case is any StringKeyed:
            var encoder = self
            encoder.keepsKeys = true
            if case .nothing = node.content { node.content = .object([:]) }
            try value.encode(to: encoder)
        default:
            var encoder = self
            encoder.keepsKeys = false
            try value.encode(to: encoder)
        }
    }

    func child(_ key: some CodingKey) -> NodeEncoder {
        let name = keepsKeys ? key.stringValue : storedName(key.stringValue)
        return NodeEncoder(node: node.child(name), path: Step(name, after: path), marks: marks)
    }

    func element() -> NodeEncoder {
        NodeEncoder(node: node.append(), path: Step("*", after: path), marks: marks)
    }
}

/// A dictionary whose keys are strings.
protocol StringKeyed {}
extension Dictionary: StringKeyed where Key == String {}

private struct Keyed<Key: CodingKey>: KeyedEncodingContainerProtocol {
    let encoder: NodeEncoder
    var codingPath: [any CodingKey] { encoder.codingPath }

    mutating func encodeNil(forKey key: Key) throws { encoder.child(key).node.content = .leaf(.null) }
    mutating func encode(_ value: some Encodable, forKey key: Key) throws { try encoder.child(key).write(value) }
    mutating func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type, forKey key: Key
    ) -> KeyedEncodingContainer<Nested> { encoder.child(key).container(keyedBy: type) }
    mutating func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
        encoder.child(key).unkeyedContainer()
    }
    mutating func superEncoder() -> any Encoder { encoder }
    mutating func superEncoder(forKey key: Key) -> any Encoder { encoder.child(key) }
}

private struct Unkeyed: UnkeyedEncodingContainer {
    let encoder: NodeEncoder
    var codingPath: [any CodingKey] { encoder.codingPath }
    var count: Int { encoder.node.count }

    mutating func encodeNil() throws { encoder.element().node.content = .leaf(.null) }
    mutating func encode(_ value: some Encodable) throws { try encoder.element().write(value) }
    mutating func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type) -> KeyedEncodingContainer<Nested> {
        encoder.element().container(keyedBy: type)
    }
    mutating func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer { encoder.element().unkeyedContainer() }
    mutating func superEncoder() -> any Encoder { encoder.element() }
}

private struct Single: SingleValueEncodingContainer {
    let encoder: NodeEncoder
    var codingPath: [any CodingKey] { encoder.codingPath }

    mutating func encodeNil() throws { encoder.node.content = .leaf(.null) }
    mutating func encode(_ value: some Encodable) throws { try encoder.write(value) }
}
