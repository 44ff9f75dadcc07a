/// Header fields in the order they are sent or were received. Names are compared without regard to letter case.
package struct HTTPHeaders: Sendable, Equatable, ExpressibleByDictionaryLiteral {
    /// One line of a header.
    package struct Field: Sendable, Equatable {
        /// As it was written.
        package let name: String
        /// Without white space around it.
        package let value: String

        package init(name: String, value: String) {
            self.name = name
            self.value = value
        }
    }

    /// All fields; one name may occur more than once.
    package private(set) var fields: [Field] = []

    /// No fields.
    package init() {}

    /// The fields of the literal, in its order.
    package init(dictionaryLiteral elements: (String, String)...) {
        fields = elements.map { Field(name: $0.0, value: $0.1) }
    }

    /// The value of the first field with this name; setting it replaces every such field, and `nil` removes them.
    package subscript(name: String) -> String? {
        get {
            fields.first { Self.same($0.name, name) }?.value
        }
        set {
            let position = fields.firstIndex { Self.same($0.name, name) }
            fields.removeAll { Self.same($0.name, name) }
            if let newValue {
                fields.insert(Field(name: name, value: newValue), at: min(position ?? fields.count, fields.count))
            }
        }
    }

    /// Adds a field behind the others, whether or not its name occurs already.
    package mutating func append(_ name: String, _ value: String) {
        fields.append(Field(name: name, value: value))
    }

    /// Whether two names mean the same field.
    package static func same(_ one: String, _ other: String) -> Bool {
        one.utf8.count == other.utf8.count && one.lowercased() == other.lowercased()
    }
}
