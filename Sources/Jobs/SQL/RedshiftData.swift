import FoundationEssentials
import SlipwayAWS
import SlipwayDeclaration

/// The calls of Redshift's Data API about one database.
struct RedshiftData: Sendable {
    let warehouse: SQLDatabase.Warehouse
    let aws: AWSClient

    /// How many statements one transaction may have.
    /// Source: <https://docs.aws.amazon.com/redshift-data/latest/APIReference/API_BatchExecuteStatement.html>
    static let mostStatements = 40
    /// Bytes that a statement may have.
    /// Source: <https://docs.aws.amazon.com/redshift/latest/mgmt/data-api.html> (quotas: 100 KB)
    static let longestStatement = 100_000

    /// Statements that are given together.
    struct Submission: Hashable, Sendable {
        var statements: [SQLScript.Statement]
        /// Their parameters' values, by name.
        var parameters: [String: String]
        /// By it AWS knows a request that is sent again.
        var token: String
        /// By it we find what was given.
        var name: String
    }

    private struct Input: Encodable, Sendable {
        var sql: String?
        var sqls: [String]?
        var clusterIdentifier: String?
        var workgroupName: String?
        var database: String?
        var secretArn: String?
        var dbUser: String?
        // The members of a parameter are in lower case, so they are data here.
        var parameters: [[String: String]]?
        var clientToken: String
        var statementName: String
    }

    /// Gives statements to the database: several as one transaction.
    /// - Returns: The id by which to ask for them.
    func submit(_ submission: Submission) async throws(AWSError) -> String {
        struct Output: Decodable, Sendable { let id: String }
        let texts = submission.statements.map(\.text)
        let used = Set(submission.statements.flatMap(\.parameters))
        let parameters = submission.parameters.filter { used.contains($0.key) }.sorted { $0.key < $1.key }
        let input = Input(
            sql: texts.count == 1 ? texts[0] : nil, sqls: texts.count == 1 ? nil : texts,
            clusterIdentifier: warehouse.cluster?.literal, workgroupName: warehouse.workgroup?.literal,
            database: warehouse.database.literal, secretArn: warehouse.secret?.literal, dbUser: warehouse.user?.literal,
            parameters: parameters.isEmpty ? nil : parameters.map { ["name": $0.key, "value": $0.value] },
            clientToken: submission.token, statementName: submission.name)
        let operation = texts.count == 1 ? "ExecuteStatement" : "BatchExecuteStatement"
        return try await aws.call(.redshiftData, operation, input, as: Output.self, repeatability: .idempotent).id
    }

    func describe(_ id: String) async throws(AWSError) -> Description {
        struct Input: Encodable, Sendable { let id: String }
        return try await aws.call(.redshiftData, "DescribeStatement", Input(id: id), as: Description.self)
    }

    /// Asks for statements to be cancelled.
    /// - Returns: Why that was refused, if it was: what is over cannot be cancelled.
    func cancel(_ id: String) async throws(AWSError) -> String? {
        struct Input: Encodable, Sendable { let id: String }
        do {
            try await aws.call(.redshiftData, "CancelStatement", Input(id: id), repeatability: .idempotent)
            return nil
        } catch {
            guard error.code == "ValidationException" else { throw error }
            return error.message
        }
    }

    /// The ids of what was given under a name: AWS remembers it for 24 hours.
    func find(named name: String) async throws(AWSError) -> [String] {
        try await RedshiftData.find(named: name, aws).filter { $0.name == name }.map(\.id)
    }

    /// What was given under names that begin with a word, the latest first.
    static func find(
        named prefix: String, _ aws: AWSClient
    ) async throws(AWSError) -> [(id: String, name: String, status: Status)] {
        struct Input: Encodable, Sendable {
            let statementName: String
            let status = "ALL"
        }
        struct Output: Decodable, Sendable { let statements: [Item] }
        struct Item: Decodable, Sendable {
            let id: String
            let statementName: String?
            let status: Status?
        }
        var found: [(id: String, name: String, status: Status)] = []
        var pages = aws.pages(.redshiftData, "ListStatements", Input(statementName: prefix), as: Output.self)
            .makeAsyncIterator()
        while let page = try await pages.next(isolation: nil) {
            found += page.statements.map { ($0.id, $0.statementName ?? "", $0.status ?? .other("")) }
        }
        return found
    }

    /// The result of a statement.
    func result(_ id: String, title: String) async throws(AWSError) -> QueryResult {
        struct Input: Encodable, Sendable { let id: String }
        struct Output: Decodable, Sendable {
            let columnMetadata: [Column]
            let records: [[Field]]
            let totalNumRows: Int?
        }
        struct Column: Decodable, Sendable {
            let name: String?
            let label: String?
            let typeName: String?
        }
        var result = QueryResult(title: title, columns: [], rows: [])
        var pages = aws.pages(.redshiftData, "GetStatementResult", Input(id: id), as: Output.self).makeAsyncIterator()
        while let page = try await pages.next(isolation: nil) {
            if result.columns.isEmpty {
                result.columns = page.columnMetadata.map { .init($0.label ?? $0.name ?? "", $0.typeName ?? "") }
            }
            result.rows += page.records.map { $0.map(\.value) }
        }
        result.total = result.rows.count
        return result
    }

    /// A value, of which one member is there.
    ///
    /// Source: <https://docs.aws.amazon.com/redshift-data/latest/APIReference/API_Field.html>
    private struct Field: Decodable, Sendable {
        let isNull: Bool?
        let booleanValue: Bool?
        let longValue: Int64?
        let doubleValue: Double?
        let stringValue: String?
        let blobValue: Data?

        var value: SQLValue {
            if let booleanValue { return .bool(booleanValue) }
            if let longValue { return .int(longValue) }
            if let doubleValue { return .double(doubleValue) }
            if let stringValue { return .text(stringValue) }
            if let blobValue { return .bytes(Array(blobValue)) }
            return .null
        }
    }
}

extension RedshiftData {
    /// What DescribeStatement tells.
    ///
    /// Source: <https://docs.aws.amazon.com/redshift-data/latest/APIReference/API_DescribeStatement.html>
    struct Description: Decodable, Hashable, Sendable {
        let id: String
        let status: Status
        let error: String?
        /// Nanoseconds.
        let duration: Int?
        let hasResultSet: Bool?
        /// Of the result, or that were changed; -1 where that is not known.
        let resultRows: Int?
        let subStatements: [Part]

        /// One of several statements.
        struct Part: Decodable, Hashable, Sendable {
            let id: String
            let status: Status?
            let error: String?
            let hasResultSet: Bool?
            let resultRows: Int?
        }

        /// The statements one by one, also where there is but one.
        var parts: [Part] {
            guard subStatements.isEmpty else { return subStatements }
            return [Part(id: id, status: status, error: error, hasResultSet: hasResultSet, resultRows: resultRows)]
        }
    }

    /// How far a statement is.
    enum Status: Hashable, Sendable, Decodable {
        case submitted, picked, started, finished, failed, aborted
        /// A word that is newer than this program; it is waited for.
        case other(String)

        private static let words: [String: Status] = [
            "SUBMITTED": .submitted, "PICKED": .picked, "STARTED": .started, "FINISHED": .finished, "FAILED": .failed,
            "ABORTED": .aborted,
        ]

        init(from decoder: any Decoder) throws {
            let word = try decoder.singleValueContainer().decode(String.self)
            self = Status.words[word] ?? .other(word)
        }

        /// AWS's word.
        var word: String {
            if case .other(let word) = self { return word }
            return Status.words.first { $0.value == self }?.key ?? ""
        }

        /// Whether nothing will change any more.
        var isTerminal: Bool { self == .finished || self == .failed || self == .aborted }
    }
}
