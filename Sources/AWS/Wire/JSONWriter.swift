package import FoundationEssentials

/// Makes JSON of documents.
package enum JSONWriter {
    /// The document as UTF-8.
    package static func data(_ document: Document, _ shape: Shape = Shape()) -> Data {
        var text = ""
        write(document, shape, into: &text)
        return Data(text.utf8)
    }

    /// A number as AWS writes it: no exponent or point where it is whole, and words where JSON has no numbers.
    package static func text(_ number: Double) -> String {
        if number.isNaN { return "NaN" }
        if number.isInfinite { return number < 0 ? "-Infinity" : "Infinity" }
        if let whole = Int64(exactly: number), abs(number) < 9_007_199_254_740_992 { return String(whole) }
        return number.description
    }

    private static func write(_ document: Document, _ shape: Shape, into text: inout String) {
        let shape = shape.completed(by: document)
        switch document {
        case .null: text += "null"
        case .bool(let flag): text += flag ? "true" : "false"
        case .integer(let number): text += String(number)
        case .double(let number): number.isFinite ? text += self.text(number) : quote(self.text(number), into: &text)
        case .string(let value): quote(value, into: &text)
        case .blob(let data): quote(data.base64EncodedString(), into: &text)
        case .timestamp(let date):
            let format = shape.timestampFormat ?? .epochSeconds
            let value = Timestamp.text(date, format)
            format == .epochSeconds ? text += value : quote(value, into: &text)
        case .elements(let elements): quote(elements.first?.text ?? "", into: &text)
        case .list(let items):
            var item = Shape()
            if case .list(let known) = shape.form { item = known }
            text += "["
            for (index, value) in items.enumerated() {
                if index > 0 { text += "," }
                write(value, item, into: &text)
            }
            text += "]"
        case .map(let members):
            var value = Shape()
            if case .map(_, let known) = shape.form { value = known }
            write(members, into: &text) { _ in value }
        case .structure(let members):
            let shapes = shape.memberShapes
            write(members, into: &text) { shapes[$0] ?? Shape() }
        }
    }

    private static func write(_ members: Document.Members, into text: inout String, shape: (String) -> Shape) {
        text += "{"
        var isFirst = true
        for (name, value) in members.entries where !value.isNull {
            if !isFirst { text += "," }
            isFirst = false
            quote(name, into: &text)
            text += ":"
            write(value, shape(name), into: &text)
        }
        text += "}"
    }

    private static func quote(_ value: String, into text: inout String) {
        text += "\""
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            case "\r": text += "\\r"
            case "\t": text += "\\t"
            case "\u{0}"..."\u{1F}":
                let digits = String(scalar.value, radix: 16)
                text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: text.unicodeScalars.append(scalar)
            }
        }
        text += "\""
    }
}
