import SlipwayAWS
import SlipwayDeclaration

/// The statements of one task, on their way through Redshift's Data API.
struct SQLTask: Sendable {
    let source: SQLText
    let script: SQLScript
    let data: RedshiftData
    /// Values by name, secrets among them.
    let parameters: [String: String]
    /// Whether each statement is a transaction of its own.
    let isEach: Bool
    /// Whether running it twice does no harm: it only reads.
    let isRead: Bool
    let context: TaskContext

    /// - Throws: `TaskFailure` for SQL or parameters that cannot be sent.
    init(
        _ source: SQLText, on database: SQLDatabase, parameters: [String: Text] = [:], secrets: [String: Secret] = [:],
        isEach: Bool = false, isRead: Bool = false, _ context: TaskContext
    ) throws {
        guard let warehouse = database.redshift else { throw TaskFailure("it names no database") }
        self.source = source
        script = try source.script()
        data = RedshiftData(warehouse: warehouse, aws: context.aws)
        self.parameters = parameters.mapValues { $0.literal ?? "" }
            .merging(secrets.mapValues { $0.reveal() ?? "" }) { _, secret in secret }
        self.isEach = isEach
        self.isRead = isRead
        self.context = context
        try check()
    }

    private func check() throws {
        if script.statements.isEmpty {
            throw TaskFailure("there is no statement in \(source.origin.map { "'\($0)'" } ?? "it")")
        }
        if let words = script.disagreement(with: parameters.keys) { throw TaskFailure(words) }
        // Source: <https://docs.aws.amazon.com/redshift-data/latest/APIReference/API_SqlParameter.html>
        for (name, value) in parameters.sorted(by: { $0.key < $1.key }) where value.isEmpty {
            throw TaskFailure(
                "the parameter '\(name)' is empty, which Redshift's Data API does not take",
                hints: ["give a word for it and compare in SQL: nullif(:\(name), 'none')"])
        }
        if !isEach, script.statements.count > RedshiftData.mostStatements {
            throw TaskFailure(
                "there are \(script.statements.count) statements, and one transaction may have \(RedshiftData.mostStatements)",
                hints: ["`.each` makes each statement a transaction of its own", "divide the file among several tasks"])
        }
        for (index, statement) in script.statements.enumerated() {
            if statement.text.utf8.count > RedshiftData.longestStatement {
                throw TaskFailure("\(name(of: index)) is longer than 100 KB, which Redshift's Data API does not take")
            }
            // Source: <https://docs.aws.amazon.com/redshift/latest/mgmt/data-api.html>: there is no connection that would
            // stay open from one statement to the next.
            if ["BEGIN", "START", "COMMIT", "ROLLBACK", "ABORT", "END"].contains(statement.verb) {
                let way = isEach ? "without `.each`" : "leave it out:"
                throw TaskFailure(
                    "\(name(of: index)) begins or ends a transaction, which the task itself does",
                    hints: ["\(way) all statements are one transaction"])
            }
        }
    }

    /// What came of it.
    enum Ending: Sendable {
        /// By statement, each with the id under which its result is.
        case finished([RedshiftData.Description.Part])
        case ended(TaskOutcome)
    }

    /// Runs the statements, or goes on with those that are under way.
    /// - Parameter again: Whether a result that AWS has forgotten may be asked for anew.
    func run(again: Bool = true) async throws -> Ending {
        let submissions = self.submissions
        let label = data.warehouse.label
        try await context.note { $0.subject = label }
        var parts: [RedshiftData.Description.Part] = []
        for (index, submission) in submissions.enumerated() {
            let id: String
            switch try await start(submission, at: index) {
            case .at(let started): id = started
            case .ended(let outcome): return .ended(outcome)
            }
            switch try await watch(id, submission, from: parts) {
            case .finished(let description):
                parts += description.parts
                if index < submissions.count - 1, context.isInterrupted { return .ended(.stopped) }
            case .gone where isRead && again:
                // Its record is gone after 24 hours, and asking again is as good.
                try await context.note { $0.ids = [] }
                return try await run(again: false)
            case .gone:
                let words = "Redshift remembers statements for 24 hours, so it is no longer known how \(id) ended"
                return .ended(
                    .unsettled(TaskFailure(words, hints: ["look whether it was done; `--fresh` runs it once more"])))
            case .ended(let outcome): return .ended(outcome)
            }
        }
        return .finished(parts)
    }

    private var submissions: [RedshiftData.Submission] {
        let groups = isEach ? script.statements.map { [$0] } : [script.statements]
        return groups.enumerated().map { index, group in
            let token = groups.count == 1 ? context.token : "\(context.token)-\(index + 1)"
            return RedshiftData.Submission(
                statements: group, parameters: parameters, token: token, name: SQLTask.name(token))
        }
    }

    /// The name under which statements are given, by their token.
    static func name(_ token: String) -> String { "slipway-\(token)" }

    /// `statement 3 of 12, 'create table sales (' at schema.sql:41,`
    func name(of index: Int) -> String {
        let statement = script.statements[index]
        let count = script.statements.count
        let number = count == 1 ? "the statement" : "statement \(index + 1) of \(count)"
        return "\(number) '\(statement.beginning)' at \(source.place(line: statement.line))"
    }

    /// Whether AWS is still at work on the statements of a task.
    static func isActive(_ notes: TaskNotes, token: String, _ aws: AWSClient) async throws -> Bool {
        if notes.ids.isEmpty, notes.sentAt == nil { return false }
        return try await RedshiftData.find(named: name(token), aws).contains { !$0.status.isTerminal }
    }
}
