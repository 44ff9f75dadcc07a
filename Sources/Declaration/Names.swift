/// Finds the stored names of a type's properties by decoding a made-up value of it.
///
/// So neither attributes nor properties need a table of names beside their declaration.
enum Names {
    /// The stored names of the properties that `Value` decodes, in order; what comes after a property whose value
    /// cannot be made up (an enumeration of its own form) is not among them, and then `complete` is false.
    static func of<Value: Decodable>(_ type: Value.Type) -> (names: [String], complete: Bool) {
        let notes = Notes(target: nil)
        let complete = (try? Value(from: MadeUp(notes: notes))) != nil
        return (notes.names, complete)
    }

    /// The stored name of a property of flat type `Value`, which holds strings, numbers and booleans.
    static func of<Value: Decodable, Property: Equatable>(_ property: KeyPath<Value, Property>) -> String? {
        guard let plain = try? Value(from: MadeUp(notes: Notes(target: nil))) else { return nil }
        return of(Value.self).names.first { name in
            guard let marked = try? Value(from: MadeUp(notes: Notes(target: name))) else { return false }
            return marked[keyPath: property] != plain[keyPath: property]
        }
    }
}

/// Which names were asked for, and which of them shall have another value than the rest.
private final class Notes {
    var names: [String] = []
    let target: String?
    init(target: String?) { self.target = target }
}

private struct MadeUp: Decoder {
    let notes: Notes
    var codingPath: [any CodingKey] { [] }
    var userInfo: [CodingUserInfoKey: Any] { [:] }
    func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
        KeyedDecodingContainer(Keyed(notes: notes))
    }
    func unkeyedContainer() throws -> any UnkeyedDecodingContainer { throw unsupported }
    func singleValueContainer() throws -> any SingleValueDecodingContainer { throw unsupported }

    struct Keyed<Key: CodingKey>: KeyedDecodingContainerProtocol {
        let notes: Notes
        var codingPath: [any CodingKey] { [] }
        var allKeys: [Key] { [] }
        func contains(_ key: Key) -> Bool {
            note(key)
            return notes.target == storedName(key.stringValue)
        }
        func decodeNil(forKey key: Key) -> Bool { notes.target != storedName(key.stringValue) }
        func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value {
            note(key)
            let isTarget = notes.target == storedName(key.stringValue)
            let values: [Any] = isTarget ? ["target", 1, true, 1.0] : ["", 0, false, 0.0]
            for case let value as Value in values { return value }
            let inner = Notes(target: nil)
            return try Value(from: MadeUpValue(notes: inner))
        }
        private func note(_ key: Key) {
            let name = storedName(key.stringValue)
            if !notes.names.contains(name) { notes.names.append(name) }
        }
        func nestedContainer<Nested: CodingKey>(
            keyedBy type: Nested.Type, forKey key: Key
        ) throws -> KeyedDecodingContainer<Nested> { throw unsupported }
        func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer { throw unsupported }
        func superDecoder() throws -> any Decoder { throw unsupported }
        func superDecoder(forKey key: Key) throws -> any Decoder { throw unsupported }
    }
}

/// Makes up the value of a property that is no plain string, number or boolean.
private struct MadeUpValue: Decoder {
    let notes: Notes
    var codingPath: [any CodingKey] { [] }
    var userInfo: [CodingUserInfoKey: Any] { [:] }
    func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
        try MadeUp(notes: notes).container(keyedBy: type)
    }
    func unkeyedContainer() throws -> any UnkeyedDecodingContainer { try PropertyDecoder.emptyList() }
    func singleValueContainer() throws -> any SingleValueDecodingContainer { try PropertyDecoder.emptyString() }
}

extension PropertyDecoder {
    fileprivate static func emptyList() throws -> any UnkeyedDecodingContainer {
        try PropertyDecoder().decode(Captured.self, from: []).decoder.unkeyedContainer()
    }
    fileprivate static func emptyString() throws -> any SingleValueDecodingContainer {
        try PropertyDecoder().decode(Captured.self, from: "").decoder.singleValueContainer()
    }
}

/// Keeps the decoder that it was decoded from.
private struct Captured: Decodable {
    let decoder: any Decoder
    init(from decoder: any Decoder) throws { self.decoder = decoder }
}

private let unsupported = DecodingError.typeMismatch(
    String.self, .init(codingPath: [], debugDescription: "no value can be made up for this"))

extension Decodable {
    /// The stored name of a property of a flat type; empty when it has none that can be found.
    package static func storedName<Property: Equatable>(of property: KeyPath<Self, Property>) -> String {
        Names.of(property) ?? ""
    }

    /// The stored names of the type's properties, as far as they can be found, and whether those are all.
    package static var storedNames: (names: [String], complete: Bool) { Names.of(Self.self) }
}
