/// An element of an XML document. Namespaces are not kept apart from other attributes, as AWS never needs that.
package struct XMLElement: Sendable, Equatable {
    /// Without its prefix.
    package var name: String
    /// Names are with their prefix, such as `xsi:type`; namespaces are declared by `xmlns` and `xmlns:prefix`.
    package var attributes: [Attribute] = []
    /// The elements inside.
    package var children: [XMLElement] = []
    /// All text directly inside, white space included.
    package var text = ""

    /// An attribute of an element.
    package struct Attribute: Sendable, Equatable {
        package var name: String
        package var value: String
    }

    package init(_ name: String, text: String = "", children: [XMLElement] = []) {
        self.name = name
        self.text = text
        self.children = children
    }

    /// The first child with this name.
    package func child(_ name: String) -> XMLElement? {
        children.first { $0.name == name }
    }

    /// The value of an attribute, looked for by its full name.
    package func attribute(_ name: String) -> String? {
        attributes.first { $0.name == name }?.value
    }
}
