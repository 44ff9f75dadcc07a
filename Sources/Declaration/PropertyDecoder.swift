/// Decodes a kind's declared properties from the tree that a ``PropertyEncoder`` makes.
package struct PropertyDecoder {
    /// Values of secrets, by source; a secret that is not among them decodes without its value.
    package var secrets: [Secret.Source: String]

    package init(secrets: [Secret.Source: String] = [:]) { self.secrets = secrets }

    /// - Throws: `DecodingError`, whose path has the stored names.
    package func decode<Value: Decodable>(_ type: Value.Type, from tree: JSON) throws -> Value {
        var info: [CodingUserInfoKey: Any] = [:]
        if let key = CodingUserInfoKey.secrets { info[key] = secrets }
        return try TreeDecoder(tree: tree, way: nil, userInfo: info).unwrap(type)
    }
}

extension DecodingError {
    /// The error in a few words: where, and what is wrong there.
    package var summary: String {
        let (context, missing): (Context, String?) =
            switch self {
            case .keyNotFound(let key, let context): (context, "'\(storedName(key.stringValue))' is missing")
            case .valueNotFound(_, let context), .typeMismatch(_, let context), .dataCorrupted(let context):
                (context, nil)
            @unknown default: (Context(codingPath: [], debugDescription: "cannot be read"), nil)
            }
        let path = context.codingPath.map { $0.intValue.map { "[\($0)]" } ?? storedName($0.stringValue) }
        let place = path.isEmpty ? "" : path.joined(separator: ".") + ": "
        return place + (missing ?? context.debugDescription)
    }
}

/// The way to the value being decoded, as a list from its end: an array for each value would cost more than decoding it.
private final class Way {
    let key: any CodingKey
    let before: Way?
    init(_ key: any CodingKey, after before: Way?) {
        self.key = key
        self.before = before
    }
    var path: [any CodingKey] { (before?.path ?? []) + [key] }
}

private struct TreeDecoder: Decoder {
    let tree: JSON
    let way: Way?
    let userInfo: [CodingUserInfoKey: Any]
    var keepsKeys = false

    var codingPath: [any CodingKey] { way?.path ?? [] }

    func unwrap<Value: Decodable>(_ type: Value.Type) throws -> Value {
        if type is String.Type, case .string(let value) = tree, let value = value as? Value { return value }
        if type is JSON.Type, let value = tree as? Value { return value }
        var decoder = self
        decoder.keepsKeys = type is any StringKeyed.Type
        return try Value(from: decoder)
    }

    func mismatch(_ type: Any.Type) -> DecodingError {
        let found =
            switch tree {
            case .null: "null"
            case .bool: "a boolean"
            case .int, .double: "a number"
            case .string: "a string"
            case .array: "a list"
            case .object: "an object"
            }
        return .typeMismatch(
            type, .init(codingPath: codingPath, debugDescription: "expected \(type) but found \(found)"))
    }

    func at(_ key: any CodingKey, _ tree: JSON) -> TreeDecoder {
        TreeDecoder(tree: tree, way: Way(key, after: way), userInfo: userInfo)
    }

    func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
        guard case .object(let members) = tree else { throw mismatch([String: JSON].self) }
        return KeyedDecodingContainer(Keyed<Key>(decoder: self, members: members))
    }

    func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
        guard case .array(let elements) = tree else { throw mismatch([JSON].self) }
        return Unkeyed(decoder: self, elements: elements)
    }

    func singleValueContainer() throws -> any SingleValueDecodingContainer { Single(decoder: self) }

    func integer<Value: FixedWidthInteger>(_ type: Value.Type) throws -> Value {
        switch tree {
        case .int(let int):
            guard let value = Value(exactly: int) else { throw mismatch(type) }
            return value
        case .double(let double):
            guard let value = Value(exactly: double) else { throw mismatch(type) }
            return value
        default: throw mismatch(type)
        }
    }

    func double() throws -> Double {
        switch tree {
        case .double(let double): return double
        case .int(let int): return Double(int)
        default: throw mismatch(Double.self)
        }
    }
}

private struct Keyed<Key: CodingKey>: KeyedDecodingContainerProtocol {
    let decoder: TreeDecoder
    let members: [String: JSON]
    var codingPath: [any CodingKey] { decoder.codingPath }
    var allKeys: [Key] {
        members.keys.compactMap { name in
            // The keys of a compiler-made enumeration are its cases, which begin in lower case.
            Key(stringValue: name) ?? Key(stringValue: name.prefix(1).lowercased() + name.dropFirst())
        }
    }

    private func member(_ key: Key) -> JSON? {
        members[decoder.keepsKeys ? key.stringValue : storedName(key.stringValue)]
    }
    private func child(_ key: Key) throws -> TreeDecoder {
        guard let tree = member(key) else {
            throw DecodingError.keyNotFound(key, .init(codingPath: codingPath, debugDescription: ""))
        }
        return decoder.at(key, tree)
    }

    func contains(_ key: Key) -> Bool { member(key) != nil }
    func decodeNil(forKey key: Key) throws -> Bool { member(key) == .null }
    func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value {
        try child(key).unwrap(type)
    }
    func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type, forKey key: Key
    ) throws -> KeyedDecodingContainer<Nested> { try child(key).container(keyedBy: type) }
    func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
        try child(key).unkeyedContainer()
    }
    func superDecoder() throws -> any Decoder { decoder }
    func superDecoder(forKey key: Key) throws -> any Decoder { try child(key) }
}

private struct Unkeyed: UnkeyedDecodingContainer {
    let decoder: TreeDecoder
    let elements: [JSON]
    var codingPath: [any CodingKey] { decoder.codingPath }
    var currentIndex = 0
    var count: Int? { elements.count }
    var isAtEnd: Bool { currentIndex >= elements.count }

    private func child() throws -> TreeDecoder {
        guard !isAtEnd else {
            throw DecodingError.valueNotFound(
                JSON.self, .init(codingPath: codingPath, debugDescription: "the list has ended"))
        }
        return decoder.at(Index(currentIndex), elements[currentIndex])
    }

    mutating func decodeNil() throws -> Bool {
        guard !isAtEnd, elements[currentIndex] == .null else { return false }
        currentIndex += 1
        return true
    }
    mutating func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
        let value = try child().unwrap(type)
        currentIndex += 1
        return value
    }
    mutating func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type
    ) throws -> KeyedDecodingContainer<Nested> {
        let container = try child().container(keyedBy: type)
        currentIndex += 1
        return container
    }
    mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer {
        let container = try child().unkeyedContainer()
        currentIndex += 1
        return container
    }
    mutating func superDecoder() throws -> any Decoder { try child() }

    private struct Index: CodingKey {
        let intValue: Int?
        var stringValue: String { intValue.map(String.init) ?? "" }
        init(_ index: Int) { intValue = index }
        init?(stringValue: String) { nil }
        init?(intValue: Int) { self.intValue = intValue }
    }
}

private struct Single: SingleValueDecodingContainer {
    let decoder: TreeDecoder
    var codingPath: [any CodingKey] { decoder.codingPath }

    func decodeNil() -> Bool { decoder.tree == .null }
    func decode(_ type: Bool.Type) throws -> Bool {
        guard case .bool(let value) = decoder.tree else { throw decoder.mismatch(type) }
        return value
    }
    func decode(_ type: String.Type) throws -> String {
        guard case .string(let value) = decoder.tree else { throw decoder.mismatch(type) }
        return value
    }
    func decode(_ type: Double.Type) throws -> Double { try decoder.double() }
    func decode(_ type: Float.Type) throws -> Float { Float(try decoder.double()) }
    func decode(_ type: Int.Type) throws -> Int { try decoder.integer(type) }
    func decode(_ type: Int8.Type) throws -> Int8 { try decoder.integer(type) }
    func decode(_ type: Int16.Type) throws -> Int16 { try decoder.integer(type) }
    func decode(_ type: Int32.Type) throws -> Int32 { try decoder.integer(type) }
    func decode(_ type: Int64.Type) throws -> Int64 { try decoder.integer(type) }
    func decode(_ type: UInt.Type) throws -> UInt { try decoder.integer(type) }
    func decode(_ type: UInt8.Type) throws -> UInt8 { try decoder.integer(type) }
    func decode(_ type: UInt16.Type) throws -> UInt16 { try decoder.integer(type) }
    func decode(_ type: UInt32.Type) throws -> UInt32 { try decoder.integer(type) }
    func decode(_ type: UInt64.Type) throws -> UInt64 { try decoder.integer(type) }
    func decode<Value: Decodable>(_ type: Value.Type) throws -> Value { try decoder.unwrap(type) }
}
