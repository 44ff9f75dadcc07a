import CSQLite

/// A connection to an SQLite file. Not shared: the store that owns it is an actor.
final class SQLite {
    private let handle: OpaquePointer

    /// Opens a file, making it if it is not there.
    init(path: String) throws {
        var opened: OpaquePointer?
        let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_FULLMUTEX | SQLITE_OPEN_EXRESCODE
        let code = sqlite3_open_v2(path, &opened, flags, nil)
        guard code == SQLITE_OK, let opened else {
            let message = opened.map { String(cString: sqlite3_errmsg($0)) } ?? "out of memory"
            sqlite3_close_v2(opened)
            throw StateError.database(code: code, message: message, doing: "open")
        }
        handle = opened
    }

    deinit { sqlite3_close_v2(handle) }

    /// Runs statements that return nothing.
    func run(_ sql: String, _ bindings: [Value] = []) throws {
        try query(sql, bindings) { _ in }
    }

    /// Runs one statement and hands each row to `body`.
    func query(
        _ sql: String, _ bindings: [Value] = [], _ body: (Row) throws -> Void
    ) throws {
        var prepared: OpaquePointer?
        let code = sqlite3_prepare_v2(handle, sql, -1, &prepared, nil)
        guard code == SQLITE_OK, let statement = prepared else { throw failure(code, sql) }
        defer { sqlite3_finalize(statement) }
        for (index, value) in bindings.enumerated() {
            let code = value.bind(to: statement, at: Int32(index + 1))
            guard code == SQLITE_OK else { throw failure(code, sql) }
        }
        var step = sqlite3_step(statement)
        while step == SQLITE_ROW {
            try body(Row(statement: statement))
            step = sqlite3_step(statement)
        }
        guard step == SQLITE_DONE else { throw failure(step, sql) }
    }

    private func failure(_ code: Int32, _ sql: String) -> StateError {
        let verb = sql.split(separator: " ", maxSplits: 1).first.map { $0.lowercased() } ?? sql
        return .database(code: code, message: String(cString: sqlite3_errmsg(handle)), doing: verb)
    }

    /// A value to bind to a statement.
    enum Value: Sendable, ExpressibleByStringLiteral, ExpressibleByIntegerLiteral {
        case null
        case int(Int)
        case double(Double)
        case text(String)

        init(stringLiteral value: String) { self = .text(value) }
        init(integerLiteral value: Int) { self = .int(value) }
        init(_ value: String?) { self = value.map(Value.text) ?? .null }
        init(_ value: Int?) { self = value.map(Value.int) ?? .null }
        init(_ value: Double?) { self = value.map(Value.double) ?? .null }

        func bind(to statement: OpaquePointer, at index: Int32) -> Int32 {
            switch self {
            case .null: return sqlite3_bind_null(statement, index)
            case .int(let value): return sqlite3_bind_int64(statement, index, Int64(value))
            case .double(let value): return sqlite3_bind_double(statement, index, value)
            case .text(let value):
                // SQLITE_TRANSIENT, a cast that Swift does not import: SQLite copies the string.
                let transient = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
                return sqlite3_bind_text(statement, index, value, Int32(value.utf8.count), transient)
            }
        }
    }

    /// A row of a result, valid while it is being visited.
    struct Row {
        fileprivate let statement: OpaquePointer

        func text(_ column: Int32) -> String { optionalText(column) ?? "" }
        func optionalText(_ column: Int32) -> String? {
            sqlite3_column_text(statement, column).map { String(cString: $0) }
        }
        func int(_ column: Int32) -> Int { Int(sqlite3_column_int64(statement, column)) }
        func optionalInt(_ column: Int32) -> Int? {
            sqlite3_column_type(statement, column) == SQLITE_NULL ? nil : int(column)
        }
        func double(_ column: Int32) -> Double { sqlite3_column_double(statement, column) }
        func optionalDouble(_ column: Int32) -> Double? {
            sqlite3_column_type(statement, column) == SQLITE_NULL ? nil : double(column)
        }
    }
}
