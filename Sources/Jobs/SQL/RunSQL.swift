public import SlipwayAWS
public import SlipwayDeclaration

/// Runs SQL.
///
/// ```swift
/// let made = refresh.add("schema", RunSQL(file: .asset("tickit/schema.sql"), on: warehouse))
/// refresh.add("swap", RunSQL("call swap(:day)", on: warehouse, parameters: ["day": "2026-01-31"]), after: [made])
/// ```
///
/// The statements are one transaction, of which there may be 40; `.each` makes each a transaction of its own, as VACUUM and
/// CREATE EXTERNAL TABLE need it. They run once, whatever happens to the machine that asks for them. A task that failed or
/// was stopped begins again with its first statement.
public struct RunSQL: TaskKind {
    public static let type = "RunSQL"

    /// How statements belong together.
    public enum Mode: String, Codable, Hashable, Sendable {
        /// All of them happen, or none.
        case transaction
        /// One after the other, each by itself; the first that fails ends the task.
        case each
    }

    public var sql: SQLText
    public var database: SQLDatabase
    /// Values by name: in SQL a parameter is `:name`. None may be empty.
    public var parameters: [String: Text]
    /// Parameters whose values are secrets. Redshift shows them for a day to whoever may describe statements.
    public var secrets: [String: Secret]
    public var mode: Mode

    /// - Parameter sql: One or more statements.
    public init(
        _ sql: Text, on database: SQLDatabase, parameters: [String: Text] = [:], secrets: [String: Secret] = [:],
        _ mode: Mode = .transaction
    ) {
        self.init(.text(sql), database, parameters, secrets, mode)
    }

    /// Runs a file.
    public init(
        file: Asset, on database: SQLDatabase, parameters: [String: Text] = [:], secrets: [String: Secret] = [:],
        _ mode: Mode = .transaction
    ) {
        self.init(.file(file), database, parameters, secrets, mode)
    }

    private init(
        _ sql: SQLText, _ database: SQLDatabase, _ parameters: [String: Text], _ secrets: [String: Secret], _ mode: Mode
    ) {
        self.sql = sql
        self.database = database
        self.parameters = parameters
        self.secrets = secrets
        self.mode = mode
    }

    public static let permissions = SQLDatabase.permissions

    public func check() -> [Problem] {
        var problems = database.check() + sql.check(Array(parameters.keys) + Array(secrets.keys))
        for name in secrets.keys.sorted() where parameters[name] != nil {
            problems.append(Problem("Secrets", "'\(name)' is among the parameters too"))
        }
        return problems
    }

    public func run(_ context: TaskContext) async throws -> TaskOutcome {
        let task: SQLTask
        do {
            task = try SQLTask(
                sql, on: database, parameters: parameters, secrets: secrets, isEach: mode == .each, context)
        } catch let failure as TaskFailure { return .failed(failure) }
        let shown = parameters.mapValues { $0.literal ?? "" }
        try await context.note { $0.arguments = shown }
        switch try await task.run() {
        case .ended(let outcome): return outcome
        case .finished: return .succeeded
        }
    }

    public static func isActive(_ notes: TaskNotes, token: String, _ aws: AWSClient) async throws -> Bool {
        try await SQLTask.isActive(notes, token: token, aws)
    }
}
