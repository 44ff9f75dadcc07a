import SlipwayAWS
import SlipwayDeclaration

/// One statement that answers with rows.
struct SQLQuestion: Sendable {
    let sql: SQLText
    let database: SQLDatabase
    let parameters: [String: Text]

    init(_ sql: SQLText, _ database: SQLDatabase, _ parameters: [String: Text] = [:]) {
        self.sql = sql
        self.database = database
        self.parameters = parameters
    }

    enum Answer: Sendable {
        case rows(QueryResult)
        case ended(TaskOutcome)
    }

    func ask(_ title: String, _ context: TaskContext) async throws -> Answer {
        let task: SQLTask
        do {
            task = try SQLTask(sql, on: database, parameters: parameters, isRead: true, context)
            if task.script.statements.count > 1 {
                throw TaskFailure(
                    "there are \(task.script.statements.count) statements, and a question is one",
                    hints: ["`RunSQL` runs what comes before it"])
            }
        } catch let failure as TaskFailure { return .ended(.failed(failure)) }
        switch try await task.run() {
        case .ended(let outcome): return .ended(outcome)
        case .finished(let parts):
            guard let part = parts.first, part.hasResultSet == true else {
                return .ended(
                    .failed(
                        TaskFailure(
                            "\(task.name(of: 0)) has no result", hints: ["`RunSQL` runs what answers with no rows"])))
            }
            do { return .rows(try await task.data.result(part.id, title: title)) } catch {
                if error.kind == .denied { return .ended(.failed(task.failure("reading the result of \(part.id)", error))) }
                throw error
            }
        }
    }
}
