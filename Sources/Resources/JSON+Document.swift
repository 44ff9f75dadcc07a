import FoundationEssentials
import SlipwayAWS
import SlipwayDeclaration

// Between the trees that properties are kept in and what the client sends, for operations whose members are the
// properties themselves. Names and strings stay as they are.

extension JSON {
    /// The tree as a document.
    var document: Document {
        switch self {
        case .null: .null
        case .bool(let value): .bool(value)
        case .int(let value): .integer(Int64(value))
        case .double(let value): .double(value)
        case .string(let value): .string(value)
        case .array(let elements): .list(elements.map(\.document))
        case .object(let members):
            .map(
                members.sorted { $0.key < $1.key }.reduce(into: Document.Members()) { $0[$1.key] = $1.value.document })
        }
    }

    /// What AWS answered as a tree.
    init(_ document: Document) {
        switch document {
        case .null: self = .null
        case .bool(let value): self = .bool(value)
        case .integer(let value): self = .int(Int(value))
        case .double(let value): self = .double(value)
        case .string(let value): self = .string(value)
        case .list(let elements): self = .array(elements.map { JSON($0) })
        case .map(let members), .structure(let members):
            self = .object(Dictionary(members.entries.map { ($0.name, JSON($0.value)) }) { _, last in last })
        case .blob(let data): self = .string(data.base64EncodedString())
        case .timestamp(let date): self = .double(date.timeIntervalSince1970)
        case .elements(let elements): self = .string(elements.first?.text ?? "")
        }
    }
}
