package import FoundationEssentials

/// What is sent to AWS or came from it, between Swift's types on one side and the bytes of a protocol on the other.
package indirect enum Document: Sendable {
    /// JSON's null; a member that is null is never sent.
    case null
    case bool(Bool)
    case integer(Int64)
    case double(Double)
    case string(String)
    case blob(Data)
    case timestamp(Date)
    case list([Document])
    /// Its names are data, and are sent as they are.
    case map(Members)
    /// Its names are those of a type's members.
    case structure(Members)
    /// XML of which only its reader knows whether it is text, a structure, or a list: neighbours of the same name.
    case elements([XMLElement])
}

extension Document {
    /// Named documents in the order in which they were put in.
    package struct Members: Sendable, ExpressibleByDictionaryLiteral {
        /// Names and values.
        package private(set) var entries: [(name: String, value: Document)] = []
        /// What the type behind a structure says about its members, if it says anything.
        package var shape: Shape?

        private var positions: [String: Int] = [:]

        /// No members.
        package init() {}

        /// The members of the literal, in its order.
        package init(dictionaryLiteral elements: (String, Document)...) {
            for (name, value) in elements { self[name] = value }
        }

        /// The value with this name; setting it replaces a value in its place, `nil` removes it.
        package subscript(name: String) -> Document? {
            get {
                positions[name].map { entries[$0].value }
            }
            set {
                switch (positions[name], newValue) {
                case (let position?, let value?):
                    entries[position].value = value
                case (nil, let value?):
                    positions[name] = entries.count
                    entries.append((name, value))
                case (let position?, nil):
                    entries.remove(at: position)
                    positions = Dictionary(uniqueKeysWithValues: entries.enumerated().map { ($1.name, $0) })
                case (nil, nil):
                    break
                }
            }
        }

        /// Whether there are none.
        package var isEmpty: Bool { entries.isEmpty }
    }

    /// The members of a structure or a map.
    package var members: Members? {
        switch self {
        case .structure(let members), .map(let members): members
        default: nil
        }
    }

    /// The text of a string, or of XML.
    package var text: String? {
        switch self {
        case .string(let text): text
        case .elements(let elements): elements.first?.text
        default: nil
        }
    }

    /// Whether this is null.
    package var isNull: Bool {
        if case .null = self { true } else { false }
    }
}
