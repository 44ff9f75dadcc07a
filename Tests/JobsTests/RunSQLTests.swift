import FoundationEssentials
import SlipwayDeclaration
import SlipwayEngine
import SlipwayFakeAWS
import SlipwayState
import Synchronization
import Testing

@testable import SlipwayJobs

@Suite struct RunSQLTests {
    let warehouse = TaskTrial.warehouse

    // MARK: What is sent

    @Test func `one statement goes alone, with its database, its parameters and the task's token`() async throws {
        let trial = try await TaskTrial()
        trial.answer("insert", .changed(3))
        let task = RunSQL("insert into sales select :day", on: warehouse, parameters: ["day": "2026-01-31"])
        #expect(try await trial.outcome(task) == .succeeded)
        let call = try #require(trial.trial.fake.calls.first { $0.service == "redshift-data" })
        let token = try await trial.trial.tasks()[0].token
        #expect(call.operation == "ExecuteStatement")
        #expect(
            call.input == [
                "Sql": "insert into sales select :day", "ClusterIdentifier": "tickit", "Database": "dev",
                "SecretArn": "arn:aws:secretsmanager:eu-west-1:123456789012:secret:tickit",
                "Parameters": [["name": "day", "value": "2026-01-31"]], "ClientToken": .string(token),
                "StatementName": .string("slipway-\(token)"),
            ])
        let notes = try await trial.notes()
        #expect(notes.subject == "tickit/dev")
        #expect(notes.ids == [trial.given[0].id])
        #expect(notes.rows == 3)
        #expect(notes.phase == "FINISHED")
        #expect(notes.arguments == ["day": "2026-01-31"])
    }

    @Test(arguments: [
        (SQLDatabase.redshift(cluster: "c", database: "d", user: "u"), ["ClusterIdentifier", "Database", "DbUser"]),
        (SQLDatabase.redshift(cluster: "c", database: "d"), ["ClusterIdentifier", "Database"]),
        (SQLDatabase.redshift(workgroup: "w", database: "d"), ["Database", "WorkgroupName"]),
        (SQLDatabase.redshift(workgroup: "w", database: "d", secret: "s"), ["Database", "SecretArn", "WorkgroupName"]),
    ])
    func `a database is spoken to as somebody`(_ database: SQLDatabase, _ members: [String]) async throws {
        let trial = try await TaskTrial()
        try await trial.run(RunSQL("analyze", on: database))
        let input = try #require(trial.given.first?.input.object)
        #expect(Set(input.keys).subtracting(["Sql", "ClientToken", "StatementName"]).sorted() == members)
    }

    @Test func `the statements of a file are one transaction`() async throws {
        let trial = try await TaskTrial()
        try trial.trial.write("schema.sql", "-- tables\ncreate table a (x int);\n\ninsert into a values (1), (2);\ncopy a from 's3://l/a';\n")
        trial.answer("insert", .changed(2))
        trial.answer("copy", .changed(40))
        #expect(try await trial.outcome(RunSQL(file: .asset("schema.sql"), on: warehouse)) == .succeeded)
        #expect(trial.given.map(\.isBatch) == [true])
        #expect(trial.given[0].texts == ["create table a (x int)", "insert into a values (1), (2)", "copy a from 's3://l/a'"])
        let notes = try await trial.notes()
        #expect(notes.rows == 42)
        #expect(notes.statements?.map(\.line) == [2, 4, 5])
        #expect(notes.statements?.map(\.rows) == [0, 2, 40])
        #expect(trial.trial.progress.last == "FINISHED, 3 of 3 statements")
    }

    @Test func `each statement can be by itself, and gets the parameters that it uses`() async throws {
        let trial = try await TaskTrial()
        trial.answer("delete", .changed(5))
        let task = RunSQL("vacuum; delete from a where day = :day; analyze", on: warehouse, parameters: ["day": "1"], .each)
        #expect(try await trial.outcome(task) == .succeeded)
        let token = try await trial.trial.tasks()[0].token
        #expect(trial.given.map(\.texts) == [["vacuum"], ["delete from a where day = :day"], ["analyze"]])
        #expect(trial.given.map(\.parameters) == [[:], ["day": "1"], [:]])
        #expect(trial.given.map { $0.input["ClientToken"]?.string } == ["\(token)-1", "\(token)-2", "\(token)-3"])
        let notes = try await trial.notes()
        #expect(notes.ids == trial.given.map(\.id))
        #expect(notes.rows == 5)
        #expect(notes.statements?.count == 3)
    }

    @Test func `a secret parameter is sent and neither shown nor recorded`() async throws {
        let trial = try await TaskTrial()
        trial.answer("insert", .failing("ERROR: hunter22 is too short"))
        var options = Trial.Options()
        options.environment = ["PASSWORD": "hunter22"]
        let task = RunSQL("insert into keys select :key", on: warehouse, secrets: ["key": .environment("PASSWORD")])
        try await trial.run(task, options)
        #expect(trial.given[0].parameters == ["key": "hunter22"])
        for record in try await trial.trial.tasks() { #expect(!record.record.text.contains("hunter22")) }
        #expect(!trial.trial.events.withLock { "\($0)" }.contains("hunter22"))
    }

    @Test func `the calls are among the permissions`() async throws {
        let trial = try await TaskTrial()
        trial.answer("select", .rows([("n", "int8")], [[["longValue": 1]]]))
        try await trial.run(RunSQL("vacuum; analyze", on: warehouse))
        try await trial.run(Query("q", "select 1", on: .redshift(cluster: "c", database: "d")))
        let made = trial.trial.fake.calls.reduce(into: Set<String>()) { $0.formUnion($1.actions) }
        #expect(made.isSubset(of: Query.permissions))
        #expect(RunSQL.permissions.union(["redshift-data:GetStatementResult"]) == Query.permissions)
    }

    // MARK: What is wrong

    @Test func `a statement that fails is told with its number, its line and Redshift's own words`() async throws {
        let trial = try await TaskTrial()
        try trial.trial.write("schema.sql", "create table a (x int);\n\ncreate table b (\n  y itn\n);\ncreate table c (z int);")
        trial.answer("itn", .failing("ERROR: type \"itn\" does not exist"))
        let failure = try #require(try await trial.failure(RunSQL(file: .asset("schema.sql"), on: warehouse)))
        #expect(
            failure.message
                == "statement 2 of 3 'create table b (' at schema.sql:3 failed: ERROR: type \"itn\" does not exist")
        #expect(failure.hints == ["all of it was one transaction, so nothing was changed"])
        #expect(try await trial.notes().statements?.map(\.phase) == ["FINISHED", "FAILED", "ABORTED"])
        #expect(try await trial.notes().rows == 0)
    }

    @Test func `of statements by themselves the first that fails ends the task`() async throws {
        let trial = try await TaskTrial()
        trial.answer("two", .failing("ERROR: no"))
        let failure = try await trial.failure(RunSQL("call one();\ncall two();\ncall three()", on: warehouse, .each))
        #expect(failure == TaskFailure("statement 2 of 3 'call two()' at line 2 failed: ERROR: no"))
        #expect(trial.given.count == 2)
    }

    @Test func `a refusal is told in AWS's words and changes nothing`() async throws {
        let trial = try await TaskTrial()
        trial.trial.fake.fail("redshift-data", "ExecuteStatement", code: "ValidationException", message: "Redshift endpoint doesn't exist in this region.")
        let failure = try #require(try await trial.failure(RunSQL("analyze", on: warehouse)))
        #expect(failure.message.hasPrefix("running SQL on tickit/dev: redshift-data ExecuteStatement: ValidationException: Redshift endpoint doesn't exist in this region"))
        #expect(trial.given.isEmpty)
    }

    @Test(arguments: [
        ("", "there is no statement in it"), ("select 'a", "line 1: a string begins here and does not end"),
        ("select :day", "the parameter 'day' is not given"),
    ])
    func `SQL that makes no sense is refused before anything is sent`(_ sql: String, _ words: String) async throws {
        let trial = try await TaskTrial()
        await #expect(throws: InvalidDeclaration.self) { try await trial.run(RunSQL(Text(verbatim: sql), on: warehouse)) }
        try trial.trial.write("a.sql", sql)
        let failure = try #require(try await trial.failure(RunSQL(file: .asset("a.sql"), on: warehouse)))
        #expect(failure.message == words.replacing("line 1", with: "a.sql:1").replacing("in it", with: "in 'a.sql'"))
        #expect(trial.given.isEmpty)
    }

    @Test func `more than forty statements are no transaction, but may be by themselves`() async throws {
        let trial = try await TaskTrial()
        let sql = Text(verbatim: (1...41).map { "call p\($0)()" }.joined(separator: ";"))
        #expect(try await trial.failure(RunSQL(sql, on: warehouse))?.message == "there are 41 statements, and one transaction may have 40")
        #expect(try await trial.outcome(RunSQL(sql, on: warehouse, .each)) == .succeeded)
        #expect(trial.given.count == 41)
    }

    @Test func `what Redshift would not take is told beforehand`() async throws {
        let trial = try await TaskTrial()
        let long = Text(verbatim: "select '\(String(repeating: "x", count: 100_000))'")
        #expect(try await trial.failure(RunSQL(long, on: warehouse))?.message.hasSuffix("is longer than 100 KB, which Redshift's Data API does not take") == true)
        #expect(try await trial.failure(RunSQL("begin; analyze; commit", on: warehouse))?.message == "statement 1 of 3 'begin' at line 1 begins or ends a transaction, which the task itself does")
        #expect(try await trial.failure(RunSQL("select :a", on: warehouse, parameters: ["a": ""]))?.message == "the parameter 'a' is empty, which Redshift's Data API does not take")
        #expect(trial.given.isEmpty)
    }

    // MARK: What is lacking

    @Test func `what a COPY lacks is told with the line that grants it and its place`() async throws {
        let trial = try await TaskTrial()
        let words = "ERROR: S3ServiceException:Access Denied,Status 403,Error AccessDenied,Rid 1,CanRetry 1"
        trial.answer("copy", .failing(words))
        let task = RunSQL("copy a from 's3://lake/raw/a.csv' iam_role 'arn:aws:iam::123456789012:role/lake-dev-etl'", on: warehouse)
        let failure = try #require(try await trial.failure(task))
        #expect(
            failure.hints == [
                ".allow(\"s3:GetObject\", on: \"arn:aws:s3:::lake/raw/a.csv*\") would grant what is lacking: add it to the policies of 'etl', stacks/lake.swift:7",
                ".allow(\"s3:ListBucket\", on: \"arn:aws:s3:::lake\") would grant what is lacking: add it to the policies of 'etl', stacks/lake.swift:7",
            ])
    }

    @Test func `a denied call names the line, and the caller's role if the stack declares it`() async throws {
        let trial = try await TaskTrial()
        trial.trial.fake.fail(
            "redshift-data", "ExecuteStatement", code: "AccessDeniedException",
            message: "User: arn:aws:sts::123456789012:assumed-role/lake-dev-etl/ann is not authorized to perform: redshift-data:ExecuteStatement on resource: arn:aws:redshift:eu-west-1:123456789012:cluster:tickit because no identity-based policy allows the redshift-data:ExecuteStatement action")
        #expect(
            try await trial.failure(RunSQL("analyze", on: warehouse))?.hints == [
                ".allow(\"redshift-data:ExecuteStatement\", on: \"arn:aws:redshift:eu-west-1:123456789012:cluster:tickit\") would grant what is lacking: add it to the policies of 'etl', stacks/lake.swift:7"
            ])
    }

    @Test func `a role that the cluster does not have is named`() async throws {
        let trial = try await TaskTrial()
        trial.answer("copy", .failing("ERROR: User arn:aws:redshift:eu-west-1:123456789012:dbuser:tickit/admin is not authorized to assume IAM Role arn:aws:iam::123456789012:role/lake-dev-etl"))
        let failure = try await trial.failure(RunSQL("copy a from 's3://l/a'", on: warehouse))
        #expect(failure?.hints == ["the cluster must have arn:aws:iam::123456789012:role/lake-dev-etl among its roles, and the role must trust redshift.amazonaws.com: it is 'etl', stacks/lake.swift:7"])
    }

    // MARK: Trouble on the way

    @Test func `a database that has too many statements is waited for`() async throws {
        let trial = try await TaskTrial()
        trial.trial.fake.fail("redshift-data", "ExecuteStatement", times: 3, code: "ActiveStatementsExceededException")
        #expect(try await trial.outcome(RunSQL("analyze", on: warehouse)) == .succeeded)
        #expect(trial.given.count == 1)
    }

    @Test func `AWS out of reach for a while does not fail what goes on`() async throws {
        let trial = try await TaskTrial()
        trial.trial.fake.fail("redshift-data", "DescribeStatement", times: 5, skipping: 1, code: "InternalServerException", status: 500)
        #expect(try await trial.outcome(RunSQL("analyze", on: warehouse)) == .succeeded)
    }

    @Test func `what somebody else cancels has failed`() async throws {
        let trial = try await TaskTrial()
        trial.answer("analyze", .endless)
        var options = Trial.Options()
        options.onEvent = { event in
            guard case .progress(_, let words) = event, words.hasSuffix("STARTED") else { return }
            trial.trial.fake.withServices { $0.redshiftData.end($0.redshiftData.statements[0].id, "ABORTED") }
        }
        #expect(try await trial.outcome(RunSQL("analyze", on: warehouse), options)?.failure?.message.hasPrefix("it was cancelled") == true)
    }

    // MARK: Interruption

    func interrupting(_ trial: TaskTrial, _ mode: OnInterrupt) async throws -> RunSummary {
        var options = Trial.Options()
        let interruption = Interruption(clock: trial.trial.clock)
        options.interruption = interruption
        options.onInterrupt = mode
        options.onEvent = { event in
            if case .progress(_, let words) = event, words.hasSuffix("STARTED") { interruption.request() }
        }
        return try await trial.run(RunSQL("call long()", on: warehouse), options)
    }

    @Test func `an interruption cancels the statement, and the next run gives it anew`() async throws {
        let trial = try await TaskTrial()
        trial.answer("long", .endless)
        let summary = try await interrupting(trial, .stop)
        #expect(summary.outcome == .stopped)
        #expect(trial.given.map(\.status) == ["ABORTED"])
        trial.trial.fake.withServices { $0.redshiftData.answers = [] }
        #expect(try await trial.outcome(RunSQL("call long()", on: warehouse)) == .succeeded)
        #expect(trial.given.map(\.status) == ["ABORTED", "FINISHED"])
    }

    @Test func `an interruption that detaches leaves the statement alone, and the next run attaches to it`() async throws {
        let trial = try await TaskTrial()
        trial.answer("long", .endless)
        #expect(try await interrupting(trial, .detach).outcome == .detached)
        let notes = try await trial.notes()
        #expect(try await RunSQL.isActive(notes, token: try await trial.trial.tasks()[0].token, trial.trial.fake.client()))
        let id = trial.given[0].id
        trial.trial.fake.withServices { $0.redshiftData.end(id) }
        #expect(try await !RunSQL.isActive(notes, token: try await trial.trial.tasks()[0].token, trial.trial.fake.client()))
        #expect(try await trial.outcome(RunSQL("call long()", on: warehouse)) == .succeeded)
        #expect(trial.given.count == 1)
        #expect(trial.trial.progress.contains("attached to \(id)"))
    }

    @Test func `a statement that cannot be cancelled is not forgotten`() async throws {
        let trial = try await TaskTrial()
        trial.answer("long", .endless)
        trial.trial.fake.fail("redshift-data", "CancelStatement", times: 9, code: "AccessDeniedException")
        #expect(try await interrupting(trial, .stop).outcome == .unsettled)
        trial.trial.fake.withServices { $0.redshiftData.end($0.redshiftData.statements[0].id) }
        #expect(try await trial.outcome(RunSQL("call long()", on: warehouse)) == .succeeded)
        #expect(trial.given.count == 1)
    }
}
