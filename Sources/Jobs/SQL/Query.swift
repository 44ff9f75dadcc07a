public import SlipwayAWS
public import SlipwayDeclaration

/// Asks a question and shows the rows.
///
/// ```swift
/// refresh.add("sellers", Query("top sellers", file: .asset("tickit/top-sellers.sql"), on: warehouse), after: [loaded])
/// ```
///
/// The ledger keeps the first hundred rows, so that `runs show` tells them again.
public struct Query: TaskKind {
    public static let type = "Query"

    /// What the result is called.
    public var title: Text
    /// One statement.
    public var sql: SQLText
    public var database: SQLDatabase
    /// Values by name: in SQL a parameter is `:name`. None may be empty.
    public var parameters: [String: Text]

    /// - Parameters:
    ///   - title: What the result is called.
    ///   - sql: One statement.
    public init(_ title: Text, _ sql: Text, on database: SQLDatabase, parameters: [String: Text] = [:]) {
        self.title = title
        self.sql = .text(sql)
        self.database = database
        self.parameters = parameters
    }

    /// Asks what is in a file, which has one statement.
    public init(_ title: Text, file: Asset, on database: SQLDatabase, parameters: [String: Text] = [:]) {
        self.title = title
        sql = .file(file)
        self.database = database
        self.parameters = parameters
    }

    public static let permissions = SQLDatabase.permissions.union(["redshift-data:GetStatementResult"])

    public func check() -> [Problem] { database.check() + sql.check(parameters.keys) }

    public func run(_ context: TaskContext) async throws -> TaskOutcome {
        let shown = parameters.mapValues { $0.literal ?? "" }
        try await context.note { $0.arguments = shown }
        switch try await SQLQuestion(sql, database, parameters).ask(title.literal ?? "", context) {
        case .ended(let outcome): return outcome
        case .rows(let result):
            let hidden = result.mapTexts { context.masked($0) }
            try await context.note { notes in
                notes.rows = hidden.total
                notes.result = hidden.kept
            }
            context.show(hidden)
            return .succeeded
        }
    }

    public static func isActive(_ notes: TaskNotes, token: String, _ aws: AWSClient) async throws -> Bool {
        try await SQLTask.isActive(notes, token: token, aws)
    }
}
