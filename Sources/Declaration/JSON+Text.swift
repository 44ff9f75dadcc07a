package import FoundationEssentials

extension JSON {
    /// The value as JSON on one line, with sorted keys: equal values have equal texts.
    package var text: String {
        var out: [UInt8] = []
        out.reserveCapacity(256)
        write(to: &out, indent: nil)
        return String(decoding: out, as: UTF8.self)
    }

    /// The value as JSON over several lines, indented by two spaces, with sorted keys.
    package var prettyText: String {
        var out: [UInt8] = []
        write(to: &out, indent: 0)
        return String(decoding: out, as: UTF8.self)
    }

    /// Reads JSON.
    /// - Throws: `DecodingError` when it is not valid JSON.
    package init(parsing data: Data) throws { self = try JSONDecoder().decode(JSON.self, from: data) }

    /// Reads JSON.
    /// - Throws: `DecodingError` when it is not valid JSON.
    package init(parsing text: String) throws { try self.init(parsing: Data(text.utf8)) }

    private func write(to out: inout [UInt8], indent: Int?) {
        switch self {
        case .null: out.append(contentsOf: "null".utf8)
        case .bool(let value): out.append(contentsOf: (value ? "true" : "false").utf8)
        case .int(let value): out.append(contentsOf: String(value).utf8)
        case .double(let value): out.append(contentsOf: "\(value)".utf8)
        case .string(let value): JSON.write(value, to: &out)
        case .array(let elements):
            JSON.writeList(elements, open: "[", close: "]", indent: indent, to: &out) { element, indent, out in
                element.write(to: &out, indent: indent)
            }
        case .object(let members):
            let sorted = members.sorted { $0.key < $1.key }
            JSON.writeList(sorted, open: "{", close: "}", indent: indent, to: &out) { member, indent, out in
                JSON.write(member.key, to: &out)
                out.append(UInt8(ascii: ":"))
                if indent != nil { out.append(UInt8(ascii: " ")) }
                member.value.write(to: &out, indent: indent)
            }
        }
    }

    private static func writeList<Element>(
        _ elements: [Element], open: Unicode.Scalar, close: Unicode.Scalar, indent: Int?, to out: inout [UInt8],
        each: (Element, Int?, inout [UInt8]) -> Void
    ) {
        out.append(UInt8(ascii: open))
        for (index, element) in elements.enumerated() {
            if index > 0 { out.append(UInt8(ascii: ",")) }
            newline(indent.map { $0 + 1 }, to: &out)
            each(element, indent.map { $0 + 1 }, &out)
        }
        if !elements.isEmpty { newline(indent, to: &out) }
        out.append(UInt8(ascii: close))
    }

    private static func newline(_ indent: Int?, to out: inout [UInt8]) {
        guard let indent else { return }
        out.append(UInt8(ascii: "\n"))
        out.append(contentsOf: repeatElement(UInt8(ascii: " "), count: indent * 2))
    }

    private static func write(_ string: String, to out: inout [UInt8]) {
        out.append(UInt8(ascii: "\""))
        for byte in string.utf8 {
            switch byte {
            case UInt8(ascii: "\""): out.append(contentsOf: #"\""#.utf8)
            case UInt8(ascii: "\\"): out.append(contentsOf: #"\\"#.utf8)
            case 0x0A: out.append(contentsOf: #"\n"#.utf8)
            case 0x0D: out.append(contentsOf: #"\r"#.utf8)
            case 0x09: out.append(contentsOf: #"\t"#.utf8)
            case 0..<0x20:
                let digits = Array("0123456789abcdef".utf8)
                out.append(contentsOf: #"\u00"#.utf8)
                out.append(digits[Int(byte >> 4)])
                out.append(digits[Int(byte & 15)])
            default: out.append(byte)
            }
        }
        out.append(UInt8(ascii: "\""))
    }
}
