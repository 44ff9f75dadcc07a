public import SlipwayAWS
public import SlipwayDeclaration

/// Fails unless something holds in a database.
///
/// ```swift
/// refresh.add("filled", Expect(rows: "sales", atLeast: 1, on: warehouse), after: [loaded])
/// refresh.add("whole", Expect("select count(*) = 0, count(*) as orphans from sales where …", on: warehouse, "no orphans"))
/// ```
///
/// A condition is a query whose one row begins with a boolean; what else is in the row is told when it does not hold.
public struct Expect: TaskKind {
    public static let type = "Expect"

    /// What is expected, for people.
    public var name: Text?
    /// The table whose rows are counted.
    public var table: Text?
    public var atLeast: Int?
    public var atMost: Int?
    /// One statement whose one row begins with a boolean.
    public var condition: SQLText?
    public var database: SQLDatabase
    /// Values by name: in SQL a parameter is `:name`. None may be empty.
    public var parameters: [String: Text]

    /// Counts rows.
    /// - Parameter table: A table or view as SQL writes it, such as `public.sales`.
    public init(rows table: Text, atLeast: Int? = nil, atMost: Int? = nil, on database: SQLDatabase, _ name: Text? = nil) {
        self.name = name
        self.table = table
        self.atLeast = atLeast
        self.atMost = atMost
        self.database = database
        parameters = [:]
    }

    /// Counts rows, of which there must be exactly so many.
    public init(rows table: Text, exactly count: Int, on database: SQLDatabase, _ name: Text? = nil) {
        self.init(rows: table, atLeast: count, atMost: count, on: database, name)
    }

    /// A condition in SQL.
    public init(_ sql: Text, on database: SQLDatabase, parameters: [String: Text] = [:], _ name: Text? = nil) {
        self.name = name
        condition = .text(sql)
        self.database = database
        self.parameters = parameters
    }

    /// A condition in a file.
    public init(file: Asset, on database: SQLDatabase, parameters: [String: Text] = [:], _ name: Text? = nil) {
        self.name = name
        condition = .file(file)
        self.database = database
        self.parameters = parameters
    }

    public static let permissions = SQLDatabase.permissions.union(["redshift-data:GetStatementResult"])

    public func check() -> [Problem] {
        var problems = database.check()
        if let table {
            if atLeast == nil, atMost == nil {
                problems.append(
                    Problem("AtLeast", "how many rows are expected is missing", hint: "atLeast:, atMost: or exactly:"))
            }
            if let least = atLeast, let most = atMost, least > most {
                problems.append(Problem("AtMost", "\(most) is less than \(least), which there are to be at least"))
            }
            if let name = table.literal, name.isEmpty || name.contains(where: { $0.isWhitespace || $0 == ";" || $0 == "'" })
            {
                problems.append(
                    Problem("Table", "'\(name)' is no name of a table", hint: "a query is `Expect(\"select …\")`"))
            }
        }
        return problems + (condition?.check(parameters.keys) ?? [])
    }

    public func run(_ context: TaskContext) async throws -> TaskOutcome {
        let sql = condition ?? .text("select count(*) as \"rows\" from \(table ?? "")")
        switch try await SQLQuestion(sql, database, parameters).ask(name?.literal ?? "", context) {
        case .ended(let outcome): return outcome
        case .rows(let answer):
            let result = answer.mapTexts { context.masked($0) }
            guard let table = table?.literal else {
                try await context.note { $0.result = result.kept }
                return judge(result)
            }
            guard case .int(let count)? = result.rows.first?.first else {
                return .failed(TaskFailure("the rows of \(table) could not be counted"))
            }
            try await context.note { $0.rows = Int(count) }
            if Int(count) >= atLeast ?? 0, Int(count) <= atMost ?? .max { return .succeeded }
            return .failed(TaskFailure("\(label("rows of \(table)")): expected \(wanted), found \(count)"))
        }
    }

    private func judge(_ result: QueryResult) -> TaskOutcome {
        let sql = label(condition?.origin ?? condition?.text?.literal ?? "")
        guard result.rows.count == 1, let row = result.rows.first, let first = row.first else {
            return .failed(
                TaskFailure(
                    "\(sql): expected one row, found \(result.total)", hints: ["`select count(*) = 0 from …` answers with one"]))
        }
        let found = zip(result.columns, row).dropFirst().map { "\($0.name) \($1.text ?? "null")" }
        switch first {
        case .bool(true): return .succeeded
        case .bool, .null:
            let words = ([first.text ?? "null"] + found).joined(separator: ", ")
            return .failed(TaskFailure("\(sql): expected true, found \(words)"))
        default:
            return .failed(
                TaskFailure(
                    "\(sql): its first column is no boolean, but \(first.text ?? "")",
                    hints: ["compare it: `select count(*) = 0 from …`"]))
        }
    }

    private func label(_ otherwise: String) -> String { name?.literal ?? otherwise }

    private var wanted: String {
        switch (atLeast, atMost) {
        case (let least?, let most?): least == most ? "\(least)" : "\(least) to \(most)"
        case (let least?, nil): "at least \(least)"
        case (nil, let most?): "at most \(most)"
        case (nil, nil): "any"
        }
    }

    public static func isActive(_ notes: TaskNotes, token: String, _ aws: AWSClient) async throws -> Bool {
        try await SQLTask.isActive(notes, token: token, aws)
    }
}
