/// What a kind says of a property where the property stands.
package enum Mark: String, Hashable, Sendable, Codable {
    /// AWS takes it only when the resource is made: changing it replaces the resource.
    case createOnly
    /// AWS never gives it back: it is compared with what was last sent, not with what is there.
    case writeOnly
    /// A list whose order means nothing.
    case unordered
    /// A dictionary that the declaration owns entirely: what it does not name is taken away.
    case whole
}

/// A property that AWS lets you set only when the resource is made: changing it replaces the resource.
@propertyWrapper
public struct CreateOnly<Value: Codable & Hashable & Sendable>: Marked {
    public var wrappedValue: Value
    public init(wrappedValue: Value) { self.wrappedValue = wrappedValue }
    package static var mark: Mark { .createOnly }
    public init(from decoder: any Decoder) throws { wrappedValue = try Value(from: decoder) }
    public func encode(to encoder: any Encoder) throws { try encodeMarked(to: encoder) }
}

/// A property that AWS never gives back.
@propertyWrapper
public struct WriteOnly<Value: Codable & Hashable & Sendable>: Marked {
    public var wrappedValue: Value
    public init(wrappedValue: Value) { self.wrappedValue = wrappedValue }
    package static var mark: Mark { .writeOnly }
    public init(from decoder: any Decoder) throws { wrappedValue = try Value(from: decoder) }
    public func encode(to encoder: any Encoder) throws { try encodeMarked(to: encoder) }
}

/// A list whose order means nothing.
@propertyWrapper
public struct Unordered<Value: Codable & Hashable & Sendable>: Marked {
    public var wrappedValue: Value
    public init(wrappedValue: Value) { self.wrappedValue = wrappedValue }
    package static var mark: Mark { .unordered }
    public init(from decoder: any Decoder) throws { wrappedValue = try Value(from: decoder) }
    public func encode(to encoder: any Encoder) throws { try encodeMarked(to: encoder) }
}

/// A dictionary that the declaration owns entirely: members that others added are a difference, and are taken away.
/// Without this mark they are left alone.
@propertyWrapper
public struct Whole<Value: Codable & Hashable & Sendable>: Marked {
    public var wrappedValue: Value
    public init(wrappedValue: Value) { self.wrappedValue = wrappedValue }
    package static var mark: Mark { .whole }
    public init(from decoder: any Decoder) throws { wrappedValue = try Value(from: decoder) }
    public func encode(to encoder: any Encoder) throws { try encodeMarked(to: encoder) }
}

/// The property wrappers that mark. They encode exactly as the value inside.
public protocol Marked: Codable, Hashable, Sendable {
    associatedtype Value: Codable & Hashable & Sendable
    var wrappedValue: Value { get }
    init(wrappedValue: Value)
}

extension Marked where Self: MarkNaming {
    fileprivate func encodeMarked(to encoder: any Encoder) throws {
        (encoder as? any MarkCollecting)?.collect(Self.mark)
        try wrappedValue.encode(to: encoder)
    }
}

/// The mark that a wrapper stands for; apart from ``Marked`` so that it need not be public.
package protocol MarkNaming { static var mark: Mark { get } }
extension CreateOnly: MarkNaming {}
extension WriteOnly: MarkNaming {}
extension Unordered: MarkNaming {}
extension Whole: MarkNaming {}

/// An encoder that wants to know which of the values it encodes are marked.
package protocol MarkCollecting { func collect(_ mark: Mark) }

// Marks may be nested (`@CreateOnly @Unordered var zones: [Text]?`), so a mark of something that can be nil can be
// nil itself.
extension CreateOnly: ExpressibleByNilLiteral where Value: ExpressibleByNilLiteral {
    public init(nilLiteral: ()) { self.init(wrappedValue: nil) }
}
extension WriteOnly: ExpressibleByNilLiteral where Value: ExpressibleByNilLiteral {
    public init(nilLiteral: ()) { self.init(wrappedValue: nil) }
}
extension Whole: ExpressibleByNilLiteral where Value: ExpressibleByNilLiteral {
    public init(nilLiteral: ()) { self.init(wrappedValue: nil) }
}
extension Unordered: ExpressibleByNilLiteral where Value: ExpressibleByNilLiteral {
    public init(nilLiteral: ()) { self.init(wrappedValue: nil) }
}

// A compiler-made `Codable` conformance asks the containers for a wrapper as for any value, and would then demand a
// key for every marked optional. These overloads are more specific than the standard library's, so they win.
extension KeyedDecodingContainer {
    /// A missing key decodes as `nil`, as it does for an unmarked optional.
    public func decode<M: Marked>(_ type: M.Type, forKey key: Key) throws -> M where M.Value: ExpressibleByNilLiteral {
        try decodeIfPresent(type, forKey: key) ?? M(wrappedValue: nil)
    }
}

extension KeyedEncodingContainer {
    /// A marked `nil` is left out, as an unmarked one is.
    public mutating func encode<M: Marked>(_ marked: M, forKey key: Key) throws where M.Value: ExpressibleByNilLiteral {
        if isNil(marked.wrappedValue) { return }
        try encodeIfPresent(marked as M?, forKey: key)
    }
}

/// Whether a value is `nil`, also inside marks.
private func isNil(_ value: some Any) -> Bool {
    if let marked = value as? any Marked { return isNil(marked.wrappedValue) }
    return (value as? any Nillable)?.isNone ?? false
}

private protocol Nillable { var isNone: Bool { get } }

extension Optional: Nillable {
    fileprivate var isNone: Bool { if case .none = self { true } else { false } }
}
