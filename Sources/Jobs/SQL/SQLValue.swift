import FoundationEssentials
package import SlipwayDeclaration

/// A value in a row.
public enum SQLValue: Hashable, Sendable {
    case null
    case bool(Bool)
    case int(Int64)
    case double(Double)
    /// Everything that has no kind of its own: texts, dates, and decimals with all their digits.
    case text(String)
    case bytes([UInt8])

    /// As people read it; bytes as hexadecimal digits. `nil` for null.
    public var text: String? {
        switch self {
        case .null: nil
        case .bool(let flag): flag ? "true" : "false"
        case .int(let number): String(number)
        case .double(let number): "\(number)"
        case .text(let text): text
        case .bytes(let bytes): bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        }
    }

    /// As JSON: decimals, dates and numbers that JSON has no word for are strings, bytes are hexadecimal digits.
    package var json: JSON {
        switch self {
        case .null: .null
        case .bool(let flag): .bool(flag)
        case .int(let number): .int(Int(number))
        case .double(let number): number.isFinite ? .double(number) : .string("\(number)")
        case .text, .bytes: .string(text ?? "")
        }
    }
}

/// Encodes as ``json``, so bytes become a text by being stored.
extension SQLValue: Codable {
    public init(from decoder: any Decoder) throws {
        switch try JSON(from: decoder) {
        case .null: self = .null
        case .bool(let flag): self = .bool(flag)
        case .int(let number): self = .int(Int64(number))
        case .double(let number): self = .double(number)
        case .string(let text): self = .text(text)
        case let other: self = .text(other.text)
        }
    }

    public func encode(to encoder: any Encoder) throws { try json.encode(to: encoder) }
}

/// What a query answered.
public struct QueryResult: Codable, Hashable, Sendable {
    public struct Column: Codable, Hashable, Sendable {
        public var name: String
        /// The database's own name of the type, such as `int4`.
        public var type: String

        public init(_ name: String, _ type: String) {
            self.name = name
            self.type = type
        }

        /// Whether its values are numbers.
        ///
        /// Source: <https://docs.aws.amazon.com/redshift/latest/dg/c_Supported_data_types.html>
        public var isNumber: Bool {
            let name = type.lowercased().prefix { $0 != "(" }
            return [
                "int2", "int4", "int8", "float4", "float8", "numeric", "decimal", "smallint", "integer", "int", "bigint",
                "real", "float", "double precision",
            ].contains(String(name))
        }
    }

    /// What it is called.
    public var title: String
    public var columns: [Column]
    /// As many values as there are columns.
    public var rows: [[SQLValue]]
    /// How many rows there were; `rows` may be the first of them.
    public var total: Int

    public init(title: String, columns: [Column], rows: [[SQLValue]], total: Int? = nil) {
        self.title = title
        self.columns = columns
        self.rows = rows
        self.total = total ?? rows.count
    }

    /// What the ledger keeps: the first rows, 100 at most and 32 KB of them.
    package var kept: QueryResult {
        var result = self
        var size = 0
        result.rows = Array(
            rows.prefix(100).prefix { row in
                size += row.reduce(0) { $0 + ($1.text?.utf8.count ?? 4) }
                return size <= 32 << 10
            })
        return result
    }

    /// With each text passed through `change`.
    package func mapTexts(_ change: (String) -> String) -> QueryResult {
        var result = self
        result.rows = rows.map { row in
            row.map { value in if case .text(let text) = value { .text(change(text)) } else { value } }
        }
        return result
    }
}
