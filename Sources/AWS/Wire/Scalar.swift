private import FoundationEssentials

/// Values without parts, as text.
package enum Scalar {
    /// The text of a value.
    ///
    /// - Parameter dates: the format of dates where the shape names none.
    package static func text(_ document: Document, _ shape: Shape, dates: TimestampFormat) -> String {
        switch document {
        case .bool(let flag): String(flag)
        case .integer(let number): String(number)
        case .double(let number): JSONWriter.text(number)
        case .string(let text): text
        case .blob(let data): data.base64EncodedString()
        case .timestamp(let date): Timestamp.text(date, shape.timestampFormat ?? dates)
        case .elements(let elements): elements.first?.text ?? ""
        case .null, .list, .map, .structure: ""
        }
    }
}
