private import FoundationEssentials

/// Makes Swift values of documents.
///
/// It is lenient, as services add members at any time and protocols differ in how they write the same value: unknown
/// members are ignored, numbers and booleans may be text, and a list or dictionary that is missing is empty.
package struct DocumentDecoder: Sendable {
    /// How the names of members are written; one that is missing is also looked for as Swift writes it.
    package var memberCase: MemberCase
    /// How XML is read where no shape says so.
    package var lists: XMLReader.Lists

    package init(memberCase: MemberCase, lists: XMLReader.Lists = .named) {
        self.memberCase = memberCase
        self.lists = lists
    }

    /// - Throws: `DecodingError`, with the path of the member.
    package func decode<Value: Decodable>(_ type: Value.Type, from document: Document) throws -> Value {
        try Source(document: document, path: [], decoder: self).value(type)
    }
}

/// A list that is empty where it is missing.
private protocol EmptyIfMissing { static var empty: Self { get } }
extension Array: EmptyIfMissing { static var empty: [Element] { [] } }
extension Set: EmptyIfMissing { static var empty: Set<Element> { [] } }
extension Dictionary: EmptyIfMissing { static var empty: [Key: Value] { [:] } }

/// A document at its place in the whole, and the type that is made of it.
private struct Source: Decoder {
    let document: Document
    let codingPath: [any CodingKey]
    let decoder: DocumentDecoder
    var isMap = false
    /// What the type that is being decoded says about its members.
    var shape: Shape?
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    init(document: Document, path: [any CodingKey], decoder: DocumentDecoder) {
        self.document = document
        codingPath = path
        self.decoder = decoder
    }

    func value<Value: Decodable>(_ type: Value.Type) throws -> Value {
        let special: Any? =
            switch type {
            case is Date.Type: try date()
            case is Data.Type: try data()
            case is Document.Type: document
            default: nil
            }
        if let special {
            guard let value = special as? Value else { throw mismatch(type) }
            return value
        }
        var source = self
        source.isMap = type is any WireMap.Type
        source.shape = (type as? any WireShaped.Type)?.shape
        return try Value(from: source)
    }

    func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
        let members: Document.Members
        switch document {
        case .structure(let found), .map(let found):
            members = found
        case .elements(let elements):
            members = isMap ? XMLReader.map(elements) : XMLReader.members(elements)
        case .null:
            members = [:]
        default:
            throw mismatch([String: Document].self)
        }
        return KeyedDecodingContainer(Keyed<Key>(source: self, members: members))
    }

    func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
        switch document {
        case .list(let items): Unkeyed(source: self, items: items)
        case .elements(let elements): Unkeyed(source: self, items: XMLReader.list(elements, decoder.lists))
        case .null: Unkeyed(source: self, items: [])
        default: throw mismatch([Document].self)
        }
    }

    func singleValueContainer() throws -> any SingleValueDecodingContainer {
        Single(source: self)
    }

    func child(_ document: Document, _ key: any CodingKey) -> Source {
        Source(document: document, path: codingPath + [key], decoder: decoder)
    }

    func string() throws -> String {
        switch document {
        case .string(let text): text
        case .elements(let elements): elements.first?.text ?? ""
        case .integer(let number): String(number)
        case .double(let number): JSONWriter.text(number)
        case .bool(let flag): String(flag)
        default: throw mismatch(String.self)
        }
    }

    func bool() throws -> Bool {
        if case .bool(let flag) = document { return flag }
        switch document.text?.lowercased() {
        case "true": return true
        case "false": return false
        default: throw mismatch(Bool.self)
        }
    }

    func integer<Number: FixedWidthInteger>(_ type: Number.Type) throws -> Number {
        let number: Number? =
            switch document {
            case .integer(let number): Number(exactly: number)
            case .double(let number): Number(exactly: number)
            default: document.text.flatMap { Number($0) }
            }
        guard let number else { throw mismatch(type) }
        return number
    }

    func double() throws -> Double {
        switch document {
        case .integer(let number): return Double(number)
        case .double(let number): return number
        default:
            guard let number = document.text.flatMap(Document.number) else { throw mismatch(Double.self) }
            return number
        }
    }

    private func date() throws -> Date {
        switch document {
        case .timestamp(let date): return date
        case .integer(let seconds): return Date(timeIntervalSince1970: Double(seconds))
        case .double(let seconds): return Date(timeIntervalSince1970: seconds)
        default:
            guard let date = document.text.flatMap(Timestamp.parse) else { throw mismatch(Date.self) }
            return date
        }
    }

    private func data() throws -> Data {
        if case .blob(let data) = document { return data }
        guard let data = document.text.flatMap({ Data(base64Encoded: $0) }) else { throw mismatch(Data.self) }
        return data
    }

    func mismatch(_ type: Any.Type) -> DecodingError {
        .typeMismatch(type, DecodingError.Context(codingPath: codingPath, debugDescription: "not a \(type)"))
    }
}

extension Document {
    /// Reads a number as AWS writes it, `NaN` and `Infinity` included.
    package static func number(_ text: String) -> Double? {
        switch text {
        case "NaN": .nan
        case "Infinity": .infinity
        case "-Infinity": -.infinity
        default: Double(text)
        }
    }
}

private struct Keyed<Key: CodingKey>: KeyedDecodingContainerProtocol {
    let source: Source
    let members: Document.Members
    var codingPath: [any CodingKey] { source.codingPath }

    var allKeys: [Key] { members.entries.compactMap { Key(stringValue: $0.name) } }

    func contains(_ key: Key) -> Bool { find(key) != nil }

    private func find(_ key: any CodingKey) -> Document? {
        if source.isMap { return members[key.stringValue] }
        let name = source.decoder.memberCase.name(key.stringValue)
        let hint = source.shape?.memberShapes[name]
        let wireName = hint?.location == nil ? hint?.name ?? name : name
        guard let found = members[wireName] ?? members[name] ?? members[key.stringValue] else { return nil }
        if case .elements(let elements) = found, let hint {
            return XMLReader.document(elements, hint)
        }
        return found
    }

    private func require(_ key: Key) throws -> Source {
        guard let document = find(key) else {
            let text = "no member \(source.decoder.memberCase.name(key.stringValue))"
            throw DecodingError.keyNotFound(key, .init(codingPath: codingPath, debugDescription: text))
        }
        return source.child(document, key)
    }

    func decodeNil(forKey key: Key) -> Bool { find(key)?.isNull ?? true }

    func decode(_ type: String.Type, forKey key: Key) throws -> String { try require(key).string() }
    func decode(_ type: Bool.Type, forKey key: Key) throws -> Bool { try require(key).bool() }
    func decode(_ type: Double.Type, forKey key: Key) throws -> Double { try require(key).double() }
    func decode(_ type: Float.Type, forKey key: Key) throws -> Float { Float(try require(key).double()) }
    func decode<Number: FixedWidthInteger & Decodable>(_ type: Number.Type, forKey key: Key) throws -> Number {
        try require(key).integer(type)
    }

    func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value {
        if find(key)?.isNull ?? true, let empty = (type as? any EmptyIfMissing.Type)?.empty as? Value { return empty }
        return try require(key).value(type)
    }

    func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type, forKey key: Key
    ) throws -> KeyedDecodingContainer<Nested> {
        try require(key).container(keyedBy: type)
    }

    func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
        try require(key).unkeyedContainer()
    }

    func superDecoder() -> any Decoder { source }
    func superDecoder(forKey key: Key) throws -> any Decoder { try require(key) }
}

private struct ItemKey: CodingKey {
    let intValue: Int?
    var stringValue: String { "[\(intValue ?? 0)]" }
    init(intValue: Int) { self.intValue = intValue }
    init?(stringValue: String) { nil }
}

private struct Unkeyed: UnkeyedDecodingContainer {
    let source: Source
    let items: [Document]
    var codingPath: [any CodingKey] { source.codingPath }
    var count: Int? { items.count }
    var currentIndex = 0
    var isAtEnd: Bool { currentIndex >= items.count }

    init(source: Source, items: [Document]) {
        self.source = source
        self.items = items
    }

    private mutating func next() throws -> Source {
        let key = ItemKey(intValue: currentIndex)
        guard currentIndex < items.count else {
            let context = DecodingError.Context(codingPath: codingPath + [key], debugDescription: "no more items")
            throw DecodingError.valueNotFound(Document.self, context)
        }
        currentIndex += 1
        return source.child(items[currentIndex - 1], key)
    }

    mutating func decodeNil() throws -> Bool {
        guard currentIndex < items.count, items[currentIndex].isNull else { return false }
        currentIndex += 1
        return true
    }

    mutating func decode(_ type: String.Type) throws -> String { try next().string() }
    mutating func decode(_ type: Bool.Type) throws -> Bool { try next().bool() }
    mutating func decode(_ type: Double.Type) throws -> Double { try next().double() }
    mutating func decode(_ type: Float.Type) throws -> Float { Float(try next().double()) }
    mutating func decode<Number: FixedWidthInteger & Decodable>(_ type: Number.Type) throws -> Number {
        try next().integer(type)
    }
    mutating func decode<Value: Decodable>(_ type: Value.Type) throws -> Value { try next().value(type) }

    mutating func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type) throws -> KeyedDecodingContainer<Nested> {
        try next().container(keyedBy: type)
    }

    mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer { try next().unkeyedContainer() }
    mutating func superDecoder() throws -> any Decoder { try next() }
}

private struct Single: SingleValueDecodingContainer {
    let source: Source
    var codingPath: [any CodingKey] { source.codingPath }

    func decodeNil() -> Bool { source.document.isNull }
    func decode(_ type: String.Type) throws -> String { try source.string() }
    func decode(_ type: Bool.Type) throws -> Bool { try source.bool() }
    func decode(_ type: Double.Type) throws -> Double { try source.double() }
    func decode(_ type: Float.Type) throws -> Float { Float(try source.double()) }
    func decode<Number: FixedWidthInteger & Decodable>(_ type: Number.Type) throws -> Number { try source.integer(type) }
    func decode<Value: Decodable>(_ type: Value.Type) throws -> Value { try source.value(type) }
}

extension Document: Decodable {
    /// A document is its own decoding; no other decoder than `DocumentDecoder` can make one.
    package init(from decoder: any Decoder) throws {
        let context = DecodingError.Context(
            codingPath: decoder.codingPath, debugDescription: "a document of AWS's protocols")
        throw DecodingError.typeMismatch(Document.self, context)
    }
}
