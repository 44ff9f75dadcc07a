private import FoundationEssentials

/// Gives JSON the types that a shape knows: dates and bytes, and which objects are maps.
package enum JSONShaper {
    /// The document with its known parts typed. What is not known stays as it is.
    package static func document(_ document: Document, _ shape: Shape) -> Document {
        let shape = shape.resolved
        switch (shape.form, document) {
        case (.structure(let shapes, _, _), .structure(let members)):
            var result: Document.Members = [:]
            for (name, value) in members.entries where !value.isNull {
                if let shape = shapes[name] { result[name] = self.document(value, shape) }
            }
            return .structure(result)
        case (.list(let item), .list(let items)):
            return .list(items.map { self.document($0, item) })
        case (.map(_, let value), .structure(let members)):
            var result: Document.Members = [:]
            for entry in members.entries { result[entry.name] = self.document(entry.value, value) }
            return .map(result)
        case (.blob, .string(let text)):
            return Data(base64Encoded: text).map { .blob($0) } ?? document
        case (.timestamp, .string(let text)):
            return Timestamp.parse(text).map { .timestamp($0) } ?? document
        case (.timestamp, .integer(let seconds)):
            return .timestamp(Date(timeIntervalSince1970: Double(seconds)))
        case (.timestamp, .double(let seconds)):
            return .timestamp(Date(timeIntervalSince1970: seconds))
        case (.double, .string(let text)):
            return Document.number(text).map { .double($0) } ?? document
        case (.double, .integer(let number)):
            return .double(Double(number))
        default:
            return document
        }
    }
}
