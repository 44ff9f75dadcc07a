package import SlipwayDeclaration

/// One change to the state. Changes that are committed together become durable together.
package enum StateChange: Sendable {
    /// Records that an operation begins.
    case begin(OperationRecord)
    /// Records an identity that became known while an operation runs.
    case identify(operation: String, identity: String)
    /// Records how an operation ended.
    case end(operation: String, OperationRecord.Outcome, message: String?, at: Double)
    case put(ResourceRow)
    case remove(RowKey)
    /// Gives a row another address.
    case move(RowKey, to: Address)
    /// Pins the account; a state never moves to another.
    case pinAccount(String)
    /// Pins what tells the AWS from others whose accounts have the same number.
    case pinInstallation(String)
    /// Replaces all outputs.
    case outputs([String: String])
    /// Replaces the record of outputs that this stack reads of others, as (stack, name).
    case imports([ImportedOutput])
    case beginApply(ApplyRecord)
    case endApply(id: String, summary: String, at: Double)
    case putRun(RunRecord)
    case putTask(TaskRecord)

    /// Whether a plan could depend on it. The ledger of runs is of no concern to plans, so a run that goes on while a
    /// plan waits to be applied does not make it stale.
    var concernsPlans: Bool {
        switch self {
        case .putRun, .putTask: false
        default: true
        }
    }

    func write(to sqlite: SQLite) throws {
        switch self {
        case .begin(let record): try Rows.insert(record, into: sqlite)
        case .identify(let operation, let identity):
            try sqlite.run("update operation set identity = ? where id = ?", [.text(identity), .text(operation)])
        case .end(let operation, let outcome, let message, let time):
            try sqlite.run(
                "update operation set outcome = ?, message = ?, ended_at = ? where id = ?",
                [.text(outcome.rawValue), .init(message), .double(time), .text(operation)])
        case .put(let row): try Rows.put(row, into: sqlite)
        case .remove(let key):
            try sqlite.run(
                "delete from resource where address = ? and generation = ?",
                [.text(key.address.description), .int(key.generation)])
        case .move(let key, let address):
            try sqlite.run(
                "update resource set address = ? where address = ? and generation = ?",
                [.text(address.description), .text(key.address.description), .int(key.generation)])
        case .pinAccount(let account):
            try sqlite.run("insert or replace into meta values ('account', ?)", [.text(account)])
        case .pinInstallation(let installation):
            try sqlite.run("insert or replace into meta values ('installation', ?)", [.text(installation)])
        case .outputs(let outputs):
            try sqlite.run("delete from output")
            for (name, value) in outputs {
                try sqlite.run("insert into output values (?, ?)", [.text(name), .text(value)])
            }
        case .imports(let imports):
            try sqlite.run("delete from import")
            for item in imports {
                try sqlite.run(
                    "insert or ignore into import values (?, ?)", [.text(item.stack), .text(item.name)])
            }
        case .beginApply(let record):
            try sqlite.run(
                "insert into apply (id, command, started_at, who) values (?, ?, ?, ?)",
                [.text(record.id), .text(record.command), .double(record.startedAt), .text(record.who)])
        case .endApply(let id, let summary, let time):
            try sqlite.run(
                "update apply set ended_at = ?, summary = ? where id = ?",
                [.double(time), .text(summary), .text(id)])
        case .putRun(let record): try Rows.put(record, into: sqlite)
        case .putTask(let record): try Rows.put(record, into: sqlite)
        }
    }
}

/// An output of another stack that a stack reads.
package struct ImportedOutput: Hashable, Sendable, Codable {
    package let stack: String
    package let name: String
    package init(stack: String, name: String) {
        self.stack = stack
        self.name = name
    }
}
