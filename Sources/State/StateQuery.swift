/// A question to the state.
package struct StateQuery<Value: Sendable>: Sendable {
    let run: @Sendable (SQLite) throws -> Value
}

extension StateQuery where Value == [ResourceRow] {
    /// All rows, by address and generation.
    package static var rows: StateQuery {
        StateQuery { sqlite in
            var rows: [ResourceRow] = []
            try sqlite.query("select \(Rows.resourceColumns) from resource order by address, generation") {
                row in rows.append(try Rows.resource(row))
            }
            return rows
        }
    }
}

extension StateQuery where Value == [OperationRecord] {
    /// Operations that were begun and have no outcome, in the order they began.
    package static var inDoubt: StateQuery { operations(where: "outcome is null order by sequence") }

    /// The operations of an apply, in the order they began.
    package static func operations(of apply: String) -> StateQuery {
        operations(where: "apply = ? order by sequence", [.text(apply)])
    }

    private static func operations(where condition: String, _ bindings: [SQLite.Value] = []) -> StateQuery {
        StateQuery { sqlite in
            var records: [OperationRecord] = []
            try sqlite.query("select \(Rows.operationColumns) from operation where \(condition)", bindings) {
                row in records.append(try Rows.operation(row))
            }
            return records
        }
    }
}

extension StateQuery where Value == StateHeader {
    /// What the state says of itself.
    package static var header: StateQuery {
        StateQuery { sqlite in
            var meta: [String: String] = [:]
            try sqlite.query("select key, value from meta") { row in
                meta[row.text(0)] = row.text(1)
            }
            return StateHeader(
                lineage: meta["lineage"] ?? "", serial: meta["serial"].flatMap { Int($0) } ?? 0,
                account: meta["account"], secretKey: meta["secretKey"] ?? "", installation: meta["installation"])
        }
    }
}

extension StateQuery where Value == [String: String] {
    /// The outputs that the last apply left, by name.
    package static var outputs: StateQuery {
        StateQuery { sqlite in
            var outputs: [String: String] = [:]
            try sqlite.query("select name, value from output") { row in
                outputs[row.text(0)] = row.text(1)
            }
            return outputs
        }
    }
}

extension StateQuery where Value == [ImportedOutput] {
    /// The outputs of other stacks that the last apply read.
    package static var imports: StateQuery {
        StateQuery { sqlite in
            var imports: [ImportedOutput] = []
            try sqlite.query("select stack, name from import order by stack, name") { row in
                imports.append(ImportedOutput(stack: row.text(0), name: row.text(1)))
            }
            return imports
        }
    }
}

extension StateQuery where Value == [ApplyRecord] {
    /// The latest applies, newest first.
    package static func applies(limit: Int) -> StateQuery {
        StateQuery { sqlite in
            var records: [ApplyRecord] = []
            try sqlite.query(
                "select id, command, started_at, ended_at, who, summary from apply order by sequence desc limit ?",
                [.int(limit)]
            ) { row in
                records.append(
                    ApplyRecord(
                        id: row.text(0), command: row.text(1), startedAt: row.double(2),
                        endedAt: row.optionalDouble(3), who: row.text(4), summary: row.optionalText(5)))
            }
            return records
        }
    }
}

extension StateQuery where Value == [RunRecord] {
    /// The latest runs, newest first; of one pipeline if it is named.
    package static func runs(of pipeline: String? = nil, limit: Int) -> StateQuery {
        StateQuery { sqlite in
            var records: [RunRecord] = []
            try sqlite.query(
                """
                select id, pipeline, started_at, ended_at, who, outcome from run
                where ?1 is null or pipeline = ?1 order by sequence desc limit ?2
                """, [.init(pipeline), .int(limit)]
            ) { row in
                records.append(
                    RunRecord(
                        id: row.text(0), pipeline: row.text(1), startedAt: row.double(2),
                        endedAt: row.optionalDouble(3), who: row.text(4), outcome: row.optionalText(5)))
            }
            return records
        }
    }
}

extension StateQuery where Value == [TaskRecord] {
    /// The tasks of a run, in the pipeline's order.
    package static func tasks(of run: String) -> StateQuery {
        StateQuery { sqlite in
            var records: [TaskRecord] = []
            try sqlite.query(
                """
                select run, name, kind, position, token, state, record, started_at, ended_at from task
                where run = ? order by position
                """, [.text(run)]
            ) { row in
                records.append(
                    TaskRecord(
                        run: row.text(0), name: row.text(1), kind: row.text(2), position: row.int(3),
                        token: row.text(4), state: row.text(5), record: StoredJSON(text: row.text(6)),
                        startedAt: row.optionalDouble(7), endedAt: row.optionalDouble(8)))
            }
            return records
        }
    }
}

/// What a state says of itself.
package struct StateHeader: Hashable, Sendable {
    /// 32 hexadecimal digits, born with the state.
    package let lineage: String
    /// Rises with every commit that a plan could depend on.
    package let serial: Int
    /// Twelve digits; `nil` until the first apply.
    package let account: String?
    /// The key for fingerprints of secrets, in hexadecimal.
    package let secretKey: String
    /// What tells the AWS of the last apply from others whose accounts have the same number; `nil` for AWS itself.
    package let installation: String?

    package init(lineage: String, serial: Int, account: String?, secretKey: String, installation: String? = nil) {
        self.lineage = lineage
        self.serial = serial
        self.account = account
        self.secretKey = secretKey
        self.installation = installation
    }
}
