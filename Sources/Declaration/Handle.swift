/// A resource that has been added to a stack. Its attributes read as ``Text`` and ``Input``:
///
/// ```swift
/// let lake = stack.add("lake", S3.Bucket())
/// lake.arn        // Text, spelt ${lake.arn} until the bucket exists
/// ```
///
/// What a handle stores itself is underscored, so that it shadows no attribute.
@dynamicMemberLookup
public struct Handle<Kind: Resource>: Hashable, Sendable {
    public let _address: Address
    package init(_ address: Address) { _address = address }

    public subscript(dynamicMember attribute: KeyPath<Kind.Attributes, String>) -> Text { _text(attribute) }
    public subscript(dynamicMember attribute: KeyPath<Kind.Attributes, String?>) -> Text { _text(attribute) }
    public subscript(dynamicMember attribute: KeyPath<Kind.Attributes, Int>) -> Input<Int> { Input(_text(attribute)) }
    public subscript(dynamicMember attribute: KeyPath<Kind.Attributes, Int?>) -> Input<Int> { Input(_text(attribute)) }
    public subscript(dynamicMember attribute: KeyPath<Kind.Attributes, Bool>) -> Input<Bool> { Input(_text(attribute)) }
    public subscript(dynamicMember attribute: KeyPath<Kind.Attributes, Bool?>) -> Input<Bool> {
        Input(_text(attribute))
    }

    private func _text<Property: Equatable>(_ attribute: KeyPath<Kind.Attributes, Property>) -> Text {
        // A kind whose attributes are no flat struct has none that can be named; validation then says so.
        let name = Names.of(attribute) ?? ""
        return Text(.attribute(Reference(resource: _address, attribute: name)))
    }
}

/// Anything that has an address in a stack, whatever its kind.
public protocol Referable: Sendable {
    var _address: Address { get }
}

extension Handle: Referable {}

extension DefaultStringInterpolation {
    /// A handle is no string: name one of its attributes, in a `Text`.
    @available(*, deprecated, message: "a resource is no string; use one of its attributes, in a `Text`")
    public mutating func appendInterpolation<Kind>(_ handle: Handle<Kind>) {
        appendInterpolation("\(Text.misplaced)\(handle._address.description)" as String)
    }
}
