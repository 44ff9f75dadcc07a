import FoundationEssentials
import SlipwayDeclaration

/// Writes records to their tables and reads them back.
enum Rows {
    static let resourceColumns = """
        address, generation, kind, schema_version, account, region, identity, immutable_id, version, nonce, declared,
        attributes, dependencies, management, settling, tainted, created_at, updated_at
        """

    static func put(_ row: ResourceRow, into sqlite: SQLite) throws {
        try sqlite.run(
            """
            insert or replace into resource (\(resourceColumns))
            values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                .text(row.address.description), .int(row.generation), .text(row.kind), .int(row.schemaVersion),
                .text(row.account), .text(row.region), .text(row.identity), .init(row.immutableID),
                .init(row.version), .text(row.nonce), .text(row.declared.text), .text(row.attributes.text),
                .text(text(row.dependencies)), .text(text(row.management)), .init(row.settling),
                .int(row.tainted ? 1 : 0), .double(row.createdAt), .double(row.updatedAt),
            ])
    }

    static func resource(_ row: SQLite.Row) throws -> ResourceRow {
        ResourceRow(
            address: Address(row.text(0)), generation: row.int(1), kind: row.text(2), schemaVersion: row.int(3),
            account: row.text(4), region: row.text(5), identity: row.text(6), immutableID: row.optionalText(7),
            version: row.optionalText(8), nonce: row.text(9), declared: StoredJSON(text: row.text(10)),
            attributes: StoredJSON(text: row.text(11)), dependencies: addresses(row.text(12)),
            management: try management(row.text(13), row.text(0)), settling: row.optionalText(14),
            tainted: row.int(15) != 0, createdAt: row.double(16), updatedAt: row.double(17))
    }

    static let operationColumns = """
        id, apply, address, generation, kind, verb, account, region, identity, immutable_id, nonce, token, input,
        digest, dependencies, management, schema_version, begun_at, outcome, message, ended_at
        """

    static func insert(_ record: OperationRecord, into sqlite: SQLite) throws {
        try sqlite.run(
            """
            insert into operation (\(operationColumns))
            values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                .text(record.id), .text(record.apply), .text(record.key.address.description),
                .int(record.key.generation), .text(record.kind), .text(record.verb.rawValue), .text(record.account),
                .text(record.region), .init(record.identity), .init(record.immutableID), .text(record.nonce),
                .text(record.token), .text(record.input.text), .text(record.digest),
                .text(text(record.dependencies)), .text(text(record.management)), .int(record.schemaVersion),
                .double(record.begunAt), .init(record.outcome?.rawValue), .init(record.message),
                .init(record.endedAt),
            ])
    }

    static func operation(_ row: SQLite.Row) throws -> OperationRecord {
        guard let verb = OperationRecord.Verb(rawValue: row.text(5)) else {
            throw StateError.damaged(path: "operation \(row.text(0))", reason: "'\(row.text(5))' is no verb")
        }
        var record = OperationRecord(
            id: row.text(0), apply: row.text(1), key: RowKey(address: Address(row.text(2)), generation: row.int(3)),
            kind: row.text(4), verb: verb, account: row.text(6), region: row.text(7), identity: row.optionalText(8),
            immutableID: row.optionalText(9), nonce: row.text(10), token: row.text(11),
            input: StoredJSON(text: row.text(12)), digest: row.text(13), dependencies: addresses(row.text(14)),
            management: try management(row.text(15), row.text(2)), schemaVersion: row.int(16),
            begunAt: row.double(17))
        record.outcome = row.optionalText(18).flatMap(OperationRecord.Outcome.init)
        record.message = row.optionalText(19)
        record.endedAt = row.optionalDouble(20)
        return record
    }

    static func put(_ record: RunRecord, into sqlite: SQLite) throws {
        try sqlite.run(
            """
            insert into run (id, pipeline, started_at, ended_at, who, outcome) values (?, ?, ?, ?, ?, ?)
            on conflict (id) do update set ended_at = excluded.ended_at, outcome = excluded.outcome
            """,
            [
                .text(record.id), .text(record.pipeline), .double(record.startedAt), .init(record.endedAt),
                .text(record.who), .init(record.outcome),
            ])
    }

    static func put(_ record: TaskRecord, into sqlite: SQLite) throws {
        try sqlite.run(
            """
            insert or replace into task (run, name, kind, position, token, state, record, started_at, ended_at)
            values (?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                .text(record.run), .text(record.name), .text(record.kind), .int(record.position),
                .text(record.token), .text(record.state), .text(record.record.text), .init(record.startedAt),
                .init(record.endedAt),
            ])
    }

    /// Addresses have no spaces, so they are stored with one between them.
    private static func text(_ addresses: [Address]) -> String {
        addresses.map(\.description).joined(separator: " ")
    }
    private static func addresses(_ text: String) -> [Address] { text.split(separator: " ").map { Address(String($0)) } }

    private static func text(_ management: StoredManagement) -> String {
        // Flags and strings always encode.
        let flags = [
            management.protect ? "protect" : nil, management.retain ? "retain" : nil,
            management.createBeforeDestroy ? "createBeforeDestroy" : nil,
        ].compactMap { $0 }
        return JSON.object([
            "flags": .array(flags.map(JSON.string)), "replaceWhen": .array(management.replaceWhen.map(JSON.string)),
        ]).text
    }

    private static func management(_ text: String, _ address: String) throws -> StoredManagement {
        if text == plainText { return plain }
        guard let tree = try? JSON(parsing: text), let flags = tree["flags"]?.array?.compactMap(\.string) else {
            throw StateError.damaged(path: "resource \(address)", reason: "its management cannot be read")
        }
        return StoredManagement(
            protect: flags.contains("protect"), retain: flags.contains("retain"),
            createBeforeDestroy: flags.contains("createBeforeDestroy"),
            replaceWhen: (tree["replaceWhen"]?.array ?? []).compactMap(\.string))
    }

    /// Nearly every row has this one, so it is compared before it is parsed.
    private static let plain = StoredManagement(
        protect: false, retain: false, createBeforeDestroy: false, replaceWhen: [])
    private static let plainText = text(plain)
}
