package import FoundationEssentials

/// Reads JSON (RFC 8259).
package struct JSONReader {
    /// Why bytes are not JSON.
    package struct Failure: Error, Sendable, Equatable {
        /// What was wrong.
        package let reason: String
        /// The byte at which it was, from 0.
        package let offset: Int
    }

    private let bytes: [UInt8]
    private var position = 0
    private var depth = 0

    /// Reads one value; objects become structures, and the order of their members is kept.
    package static func parse(_ data: Data) throws(Failure) -> Document {
        var reader = JSONReader(bytes: [UInt8](data))
        let document = try reader.value()
        reader.skipSpace()
        if reader.position < reader.bytes.count { throw reader.failure("something follows the value") }
        return document
    }

    private init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    private mutating func value() throws(Failure) -> Document {
        skipSpace()
        guard position < bytes.count else { throw failure("the value is missing") }
        switch bytes[position] {
        case UInt8(ascii: "{"): return try nested { reader throws(Failure) in try reader.object() }
        case UInt8(ascii: "["): return try nested { reader throws(Failure) in try reader.array() }
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        default: return try number()
        }
    }

    private mutating func nested(
        _ body: (inout JSONReader) throws(Failure) -> Document
    ) throws(Failure) -> Document {
        depth += 1
        defer { depth -= 1 }
        if depth > 256 { throw failure("more than 256 levels") }
        position += 1
        return try body(&self)
    }

    private mutating func object() throws(Failure) -> Document {
        var members = Document.Members()
        skipSpace()
        if skip("}") { return .structure(members) }
        repeat {
            skipSpace()
            let name = try string()
            skipSpace()
            if !skip(":") { throw failure("a colon is missing") }
            members[name] = try value()
            skipSpace()
        } while skip(",")
        if !skip("}") { throw failure("a brace is missing") }
        return .structure(members)
    }

    private mutating func array() throws(Failure) -> Document {
        var items: [Document] = []
        skipSpace()
        if skip("]") { return .list(items) }
        repeat {
            items.append(try value())
            skipSpace()
        } while skip(",")
        if !skip("]") { throw failure("a bracket is missing") }
        return .list(items)
    }

    private mutating func string() throws(Failure) -> String {
        if !skip("\"") { throw failure("a string is missing") }
        var start = position
        var text = ""
        while position < bytes.count {
            switch bytes[position] {
            case UInt8(ascii: "\""):
                text += String(decoding: bytes[start..<position], as: UTF8.self)
                position += 1
                return text
            case UInt8(ascii: "\\"):
                text += String(decoding: bytes[start..<position], as: UTF8.self)
                text.unicodeScalars.append(try escaped())
                start = position
            default:
                position += 1
            }
        }
        throw failure("a string does not end")
    }

    private mutating func escaped() throws(Failure) -> Unicode.Scalar {
        position += 2
        guard position <= bytes.count else { throw failure("a string does not end") }
        switch bytes[position - 1] {
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{C}"
        case UInt8(ascii: "u"): return try unicode()
        case let byte where byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") || byte == UInt8(ascii: "/"):
            return Unicode.Scalar(byte)
        default: throw failure("an unknown escape")
        }
    }

    private mutating func unicode() throws(Failure) -> Unicode.Scalar {
        let first = try hex()
        if (0xD800..<0xDC00).contains(first), skip("\\"), skip("u") {
            let second = try hex()
            if (0xDC00..<0xE000).contains(second) {
                return Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00)) ?? "\u{FFFD}"
            }
        }
        // Half of a surrogate pair is no character.
        return Unicode.Scalar(first) ?? "\u{FFFD}"
    }

    private mutating func hex() throws(Failure) -> UInt32 {
        guard position + 4 <= bytes.count,
            let value = UInt32(String(decoding: bytes[position..<(position + 4)], as: UTF8.self), radix: 16)
        else { throw failure("four hexadecimal digits are missing") }
        position += 4
        return value
    }

    private mutating func number() throws(Failure) -> Document {
        let start = position
        while position < bytes.count, isPartOfNumber(bytes[position]) { position += 1 }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        if text.first != "+" {
            if let integer = Int64(text) { return .integer(integer) }
            if let number = Double(text), number.isFinite { return .double(number) }
        }
        position = start
        throw failure("not a value")
    }

    private func isPartOfNumber(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "."),
            UInt8(ascii: "e"), UInt8(ascii: "E"):
            true
        default: false
        }
    }

    private mutating func word(_ word: StaticString, _ document: Document) throws(Failure) -> Document {
        let end = position + word.utf8CodeUnitCount
        guard end <= bytes.count, String(decoding: bytes[position..<end], as: UTF8.self) == word.description else {
            throw failure("not a value")
        }
        position = end
        return document
    }

    private mutating func skip(_ character: Unicode.Scalar) -> Bool {
        guard position < bytes.count, bytes[position] == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    private mutating func skipSpace() {
        while position < bytes.count {
            switch bytes[position] {
            case 0x20, 0x0A, 0x0D, 0x09: position += 1
            default: return
            }
        }
    }

    private func failure(_ reason: String) -> Failure {
        Failure(reason: reason, offset: position)
    }
}
