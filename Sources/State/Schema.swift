import CSQLite

/// The tables of a state, and what must hold before one is used.
enum Schema {
    /// The form that this version writes. Older ones are upgraded, newer ones refused.
    static let format = 1

    /// Marks the file as ours: "Slip".
    private static let applicationID = 0x536C_6970

    /// Makes the tables if the file is new, and checks that it is ours otherwise.
    static func prepare(
        _ sqlite: SQLite, path: String, key: StateKey, lineage: String, secretKey: String
    ) throws {
        // WAL with full synchronisation: a commit is durable when it returns, and readers never block the writer.
        // Others that only read may be opening or closing the same file just now: that is waited for.
        try sqlite.run("pragma busy_timeout = 5000")
        try sqlite.run("pragma journal_mode = wal")
        try sqlite.run("pragma synchronous = full")
        let id = try number(sqlite, "pragma application_id")
        let tables = try number(sqlite, "select count(*) from sqlite_master")
        if tables == 0 {
            try create(sqlite, key: key, lineage: lineage, secretKey: secretKey)
            return
        }
        guard id == applicationID else { throw StateError.damaged(path: path, reason: "it is not a Slipway state") }
        let found = try number(sqlite, "pragma user_version")
        guard found <= format else { throw StateError.newerFormat(path: path, found: found, known: format) }
        for (name, expected) in [
            ("stack", key.stack), ("environment", key.environment), ("target", key.target),
        ] {
            let value = try text(sqlite, "select value from meta where key = '\(name)'")
            guard value == expected else {
                throw StateError.belongsElsewhere(path: path, what: name, expected: expected, found: value)
            }
        }
    }

    /// Whether an SQLite error says that the file itself is bad.
    static func isDamage(_ code: Int32) -> Bool {
        let primary = code & 0xFF
        return primary == SQLITE_CORRUPT || primary == SQLITE_NOTADB
    }

    private static func create(
        _ sqlite: SQLite, key: StateKey, lineage: String, secretKey: String
    ) throws {
        try sqlite.run("begin immediate")
        for statement in statements { try sqlite.run(statement) }
        let meta = [
            ("lineage", lineage), ("secretKey", secretKey), ("stack", key.stack), ("environment", key.environment),
            ("target", key.target), ("serial", "0"),
        ]
        for (name, value) in meta {
            try sqlite.run("insert into meta values (?, ?)", [.text(name), .text(value)])
        }
        try sqlite.run("pragma application_id = \(applicationID)")
        try sqlite.run("pragma user_version = \(format)")
        try sqlite.run("commit")
    }

    private static let statements = [
        "create table meta (key text primary key, value text not null) without rowid",
        """
        create table resource (
            address text not null, generation integer not null, kind text not null, schema_version integer not null,
            account text not null, region text not null, identity text not null, immutable_id text, version text,
            nonce text not null, declared text not null, attributes text not null, dependencies text not null,
            management text not null, settling text, tainted integer not null, created_at real not null,
            updated_at real not null, primary key (address, generation)) without rowid
        """,
        """
        create table operation (
            sequence integer primary key, id text not null unique, apply text not null, address text not null,
            generation integer not null, kind text not null, verb text not null, account text not null,
            region text not null, identity text, immutable_id text, nonce text not null, token text not null,
            input text not null, digest text not null, dependencies text not null, management text not null,
            schema_version integer not null, begun_at real not null, outcome text, message text, ended_at real)
        """,
        "create index operation_in_doubt on operation (sequence) where outcome is null",
        """
        create table apply (
            sequence integer primary key, id text not null unique, command text not null, started_at real not null,
            ended_at real, who text not null, summary text)
        """,
        "create table output (name text primary key, value text not null) without rowid",
        // Outputs of other stacks that the last apply read, so that removing one that is used can be refused.
        "create table import (stack text not null, name text not null, primary key (stack, name)) without rowid",
        """
        create table run (
            sequence integer primary key, id text not null unique, pipeline text not null, started_at real not null,
            ended_at real, who text not null, outcome text)
        """,
        """
        create table task (
            run text not null, name text not null, kind text not null, position integer not null, token text not null,
            state text not null, record text not null, started_at real, ended_at real,
            primary key (run, name)) without rowid
        """,
    ]

    private static func number(_ sqlite: SQLite, _ sql: String) throws -> Int {
        var result = 0
        try sqlite.query(sql) { row in result = row.int(0) }
        return result
    }

    private static func text(_ sqlite: SQLite, _ sql: String) throws -> String {
        var result = ""
        try sqlite.query(sql) { row in result = row.text(0) }
        return result
    }
}
