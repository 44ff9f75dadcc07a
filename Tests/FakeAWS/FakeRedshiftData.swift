package import SlipwayDeclaration

/// Redshift's Data API: statements and what comes of them, as a test wants it.
///
/// Source of codes and words: <https://docs.aws.amazon.com/redshift-data/latest/APIReference/API_ExecuteStatement.html>
/// and its neighbours.
package struct FakeRedshiftData: Sendable {
    /// What comes of a statement.
    package struct Answer: Sendable {
        /// Names and types; `nil` for a statement without a result.
        package var columns: [(name: String, type: String)]?
        /// Fields such as `["longValue": 1]`.
        package var rows: [[JSON]] = []
        /// How many rows it changes.
        package var changed = 0
        /// The database's own words when it fails.
        package var error: String?
        /// The states that looking at the statement takes it to before its end.
        package var course = ["PICKED", "STARTED"]

        package init() {}

        package static func rows(_ columns: [(name: String, type: String)], _ rows: [[JSON]]) -> Answer {
            var answer = Answer()
            answer.columns = columns
            answer.rows = rows
            return answer
        }
        package static func changed(_ count: Int) -> Answer {
            var answer = Answer()
            answer.changed = count
            return answer
        }
        package static func failing(_ words: String) -> Answer {
            var answer = Answer()
            answer.error = words
            return answer
        }
        /// One that never ends by itself.
        package static var endless: Answer {
            var answer = Answer()
            answer.course = ["PICKED", "STARTED", "STARTED"]
            answer.isEndless = true
            return answer
        }
        fileprivate var isEndless = false
    }

    package struct Statement: Sendable {
        package var id: String
        package var texts: [String]
        package var isBatch: Bool
        package var name: String
        package var parameters: [String: String]
        package var status = "SUBMITTED"
        package var input: JSON
        fileprivate var course: [String]
        fileprivate var end: String
        fileprivate var created: Int
    }

    /// What comes of statements that contain a text; the first that does counts.
    package var answers: [(contains: String, answer: Answer)] = []
    /// What was given, in order; a request that was sent again with its token is not here twice.
    package private(set) var statements: [Statement] = []
    /// Ids by ClientToken.
    package var tokens: [String: String] = [:]
    package var pageSize = 1000

    package init() {}

    /// Forgets what 24 hours have passed over.
    package mutating func forget() {
        statements = []
        tokens = [:]
    }

    /// Takes a statement to its end.
    package mutating func end(_ id: String, _ status: String = "FINISHED") {
        guard let index = statements.firstIndex(where: { $0.id == id }) else { return }
        statements[index].course = []
        statements[index].status = status
    }

    /// Carries a call out.
    package mutating func handle(_ call: FakeCall) -> FakeAnswer {
        do {
            switch call.operation {
            case "ExecuteStatement": return .ok(try submit(call, [call["Sql"] ?? ""], isBatch: false))
            case "BatchExecuteStatement":
                return .ok(try submit(call, (call.input["Sqls"]?.array ?? []).compactMap(\.string), isBatch: true))
            case "DescribeStatement": return .ok(try describe(call))
            case "CancelStatement": return .ok(try cancel(call))
            case "GetStatementResult": return .ok(try result(call))
            case "ListStatements": return .ok(list(call))
            default: return .unknown(call)
            }
        } catch let refusal as Refused {
            return refusal.answer
        } catch {
            return .error("InternalServerException", "\(error)", status: 500)
        }
    }

    private func answer(to text: String) -> Answer {
        answers.first { text.contains($0.contains) }?.answer ?? Answer()
    }

    private mutating func submit(_ call: FakeCall, _ texts: [String], isBatch: Bool) throws -> JSON {
        if texts.isEmpty || texts.count > 40 {
            throw Refused("ValidationException", "Member must have length less than or equal to 40")
        }
        if let long = texts.first(where: { $0.utf8.count > 100_000 }) {
            throw Refused("ValidationException", "Query size \(long.utf8.count) exceeds the limit of 100000")
        }
        var parameters: [String: String] = [:]
        for parameter in call.input["Parameters"]?.array ?? [] {
            guard let name = parameter["name"]?.string, let value = parameter["value"]?.string, !value.isEmpty else {
                throw Refused("ValidationException", "a parameter has a name and a value of one character at least")
            }
            parameters[name] = value
        }
        if let unused = parameters.keys.sorted().first(where: { name in !texts.contains { $0.contains(":\(name)") } }) {
            throw Refused("ValidationException", "Parameters list contains unused parameters. Unused parameters: [\(unused)]")
        }
        if let token = call["ClientToken"], let id = tokens[token], let found = statements.first(where: { $0.id == id }) {
            if found.texts != texts { throw Refused("ValidationException", "The ClientToken was used with other parameters.") }
            return ["Id": .string(id)]
        }
        let digits = FakeCall.identifier(call.serial, length: 12).lowercased()
        let id = "00000000-0000-4000-8000-\(digits)"
        let fails = texts.contains { answer(to: $0).error != nil }
        let isEndless = texts.contains { answer(to: $0).isEndless }
        statements.append(
            Statement(
                id: id, texts: texts, isBatch: isBatch, name: call["StatementName"] ?? "", parameters: parameters,
                input: call.input, course: texts.map { answer(to: $0).course }.max { $0.count < $1.count } ?? [],
                end: isEndless ? "STARTED" : fails ? "FAILED" : "FINISHED", created: call.date))
        if let token = call["ClientToken"] { tokens[token] = id }
        return ["Id": .string(id)]
    }

    private func index(_ call: FakeCall) throws -> Int {
        let id = String((call["Id"] ?? "").prefix { $0 != ":" })
        guard let index = statements.firstIndex(where: { $0.id == id }) else {
            throw Refused("ResourceNotFoundException", "Query does not exist.")
        }
        return index
    }

    private mutating func describe(_ call: FakeCall) throws -> JSON {
        let index = try index(call)
        if !["FINISHED", "FAILED", "ABORTED"].contains(statements[index].status) {
            statements[index].status = statements[index].course.isEmpty ? statements[index].end : statements[index].course.removeFirst()
        }
        let statement = statements[index]
        let failing = statement.texts.firstIndex { answer(to: $0).error != nil }
        var parts: [JSON] = []
        for (number, text) in statement.texts.enumerated() {
            let answer = answer(to: text)
            var status = statement.status
            if let failing, status == "FAILED" { status = number < failing ? "FINISHED" : number == failing ? "FAILED" : "ABORTED" }
            var members = described(answer, status)
            members["Id"] = .string(statement.isBatch ? "\(statement.id):\(number + 1)" : statement.id)
            members["QueryString"] = .string(text)
            parts.append(.object(members))
        }
        guard statement.isBatch else { return parts[0] }
        let error = failing.flatMap { answer(to: statement.texts[$0]).error }
        var members: [String: JSON] = [
            "Id": .string(statement.id), "Status": .string(statement.status), "SubStatements": .array(parts),
            "ResultRows": -1, "HasResultSet": false, "Duration": 2_000_000_000,
        ]
        if statement.status == "FAILED", let failing, let error { members["Error"] = .string("Query #\(failing + 1) failed with \(error)") }
        return .object(members)
    }

    private func described(_ answer: Answer, _ status: String) -> [String: JSON] {
        let isDone = status == "FINISHED"
        var members: [String: JSON] = [
            "Status": .string(status), "HasResultSet": .bool(isDone && answer.columns != nil), "Duration": 1_000_000_000,
            "ResultRows": .int(isDone ? (answer.columns == nil ? answer.changed : answer.rows.count) : -1),
        ]
        if status == "FAILED", let error = answer.error { members["Error"] = .string(error) }
        return members
    }

    private mutating func cancel(_ call: FakeCall) throws -> JSON {
        let index = try index(call)
        let status = statements[index].status
        if ["FINISHED", "FAILED", "ABORTED"].contains(status) {
            throw Refused(
                "ValidationException",
                "Could not cancel a query that is already in \(status) state with ID: \(statements[index].id)")
        }
        statements[index].course = []
        statements[index].end = "ABORTED"
        return ["Status": true]
    }

    private func result(_ call: FakeCall) throws -> JSON {
        let statement = statements[try index(call)]
        let number = (call["Id"] ?? "").split(separator: ":").dropFirst().first.flatMap { Int($0) } ?? 1
        let answer = answer(to: statement.texts[number - 1])
        guard statement.status == "FINISHED", let columns = answer.columns else {
            throw Refused("ResourceNotFoundException", "Query does not have result. Please check query status with DescribeStatement.")
        }
        let start = call["NextToken"].flatMap { Int($0) } ?? 0
        let end = min(start + pageSize, answer.rows.count)
        var output: [String: JSON] = [
            "ColumnMetadata": .array(columns.map { ["name": .string($0.name), "label": .string($0.name), "typeName": .string($0.type)] }),
            "Records": .array(answer.rows[start..<end].map { .array($0) }), "TotalNumRows": .int(answer.rows.count),
        ]
        if end < answer.rows.count { output["NextToken"] = .string(String(end)) }
        return .object(output)
    }

    /// Only those that are finished, unless all are asked for; the latest first.
    private func list(_ call: FakeCall) -> JSON {
        let found = statements.reversed().filter { statement in
            statement.name.hasPrefix(call["StatementName"] ?? "")
                && (call["Status"] == "ALL" || statement.status == call["Status"] ?? "FINISHED")
        }
        return [
            "Statements": .array(
                found.map { ["Id": .string($0.id), "StatementName": .string($0.name), "Status": .string($0.status), "CreatedAt": .int($0.created)] })
        ]
    }
}
