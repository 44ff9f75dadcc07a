import FoundationEssentials
import SlipwayDeclaration
import SlipwayFakeAWS
import Testing

@testable import SlipwayJobs

@Suite struct QueryTests {
    let warehouse = TaskTrial.warehouse

    @Test func `rows have their types, and nulls are nulls`() async throws {
        let trial = try await TaskTrial()
        let columns = [("a", "bool"), ("b", "int8"), ("c", "float8"), ("d", "numeric"), ("e", "varchar"), ("f", "varbyte"), ("g", "date")]
        trial.answer(
            "select",
            .rows(
                columns,
                [[
                    ["booleanValue": false], ["longValue": 9_007_199_254_740_993], ["doubleValue": .double(0.5)], ["stringValue": "12.340"],
                    ["stringValue": ""], ["blobValue": "AP8="], ["isNull": true],
                ]]))
        #expect(try await trial.outcome(Query("all kinds", "select 1", on: warehouse)) == .succeeded)
        let result = try #require(trial.shown.first)
        #expect(result.title == "all kinds")
        #expect(result.columns.map(\.name) == ["a", "b", "c", "d", "e", "f", "g"])
        #expect(result.columns.map(\.isNumber) == [false, true, true, true, false, false, false])
        #expect(result.rows == [[.bool(false), .int(9_007_199_254_740_993), .double(0.5), .text("12.340"), .text(""), .bytes([0, 255]), .null]])
        let notes = try await trial.notes()
        #expect(notes.rows == 1)
        // Bytes become hexadecimal digits by being kept.
        #expect(notes.result?.rows == [[.bool(false), .int(9_007_199_254_740_993), .double(0.5), .text("12.340"), .text(""), .text("00ff"), .null]])
    }

    @Test func `all pages are read, and the ledger keeps the first hundred rows`() async throws {
        let trial = try await TaskTrial()
        trial.trial.fake.withServices { $0.redshiftData.pageSize = 100 }
        trial.answer("select", .rows([("n", "int4")], (0..<250).map { [["longValue": .int($0)]] }))
        try await trial.run(Query("numbers", "select n", on: warehouse))
        #expect(trial.shown.first?.rows == (0..<250).map { [.int($0)] })
        let notes = try await trial.notes()
        #expect(notes.rows == 250)
        #expect(notes.result?.rows.count == 100)
        #expect(notes.result?.total == 250)
        #expect(trial.trial.fake.calls.count { $0.operation == "GetStatementResult" } == 3)
    }

    @Test func `the ledger keeps no more than 32 KB of rows`() {
        let text = String(repeating: "x", count: 10_000)
        let result = QueryResult(title: "", columns: [.init("a", "varchar")], rows: Array(repeating: [.text(text)], count: 50))
        #expect(result.kept.rows.count == 3)
        #expect(result.kept.total == 50)
    }

    @Test func `a question is one statement with an answer`() async throws {
        let trial = try await TaskTrial()
        #expect(try await trial.failure(Query("q", "select 1; select 2", on: warehouse))?.message == "there are 2 statements, and a question is one")
        #expect(try await trial.failure(Query("q", "analyze", on: warehouse))?.message == "the statement 'analyze' at line 1 has no result")
        #expect(trial.shown.isEmpty)
    }

    @Test func `an answer that AWS has forgotten is asked for anew`() async throws {
        let trial = try await TaskTrial()
        trial.answer("select", .rows([("n", "int4")], [[["longValue": 1]]]))
        trial.trial.fake.drop("redshift-data", "DescribeStatement", times: 200, .before)
        let task = Query("q", "select 1", on: warehouse)
        #expect(try await trial.run(task).outcome == .unsettled)
        trial.trial.fake.withServices { $0.redshiftData.forget() }
        #expect(try await trial.outcome(task) == .succeeded)
        #expect(trial.shown.count == 1)
        #expect(trial.given.count == 1)
    }

    // MARK: Expectations

    func counting(_ count: Int) async throws -> TaskTrial {
        let trial = try await TaskTrial()
        trial.answer("from public.sales", .rows([("rows", "int8")], [[["longValue": .int(count)]]]))
        return trial
    }

    @Test(arguments: [
        (0, 1, nil, "expected at least 1, found 0"), (5, nil, 4, "expected at most 4, found 5"), (5, 6, 7, "expected 6 to 7, found 5"),
        (5, 6, 6, "expected 6, found 5"),
    ] as [(Int, Int?, Int?, String)])
    func `a count that is not as expected is told with both`(_ count: Int, _ least: Int?, _ most: Int?, _ words: String) async throws {
        let trial = try await counting(count)
        let task = Expect(rows: "public.sales", atLeast: least, atMost: most, on: warehouse)
        #expect(try await trial.outcome(task) == .failed(TaskFailure("rows of public.sales: \(words)")))
        #expect(try await trial.notes().rows == count)
    }

    @Test func `a count that is as expected is a success`() async throws {
        let trial = try await counting(5)
        #expect(try await trial.outcome(Expect(rows: "public.sales", atLeast: 5, on: warehouse)) == .succeeded)
        #expect(try await trial.outcome(Expect(rows: "public.sales", exactly: 5, on: warehouse)) == .succeeded)
        #expect(trial.given[0].texts == ["select count(*) as \"rows\" from public.sales"])
    }

    @Test(arguments: [
        (["booleanValue": true], nil), (["booleanValue": false], "no orphans: expected true, found false, orphans 3"),
        (["isNull": true], "no orphans: expected true, found null, orphans 3"),
        (["longValue": 1], "no orphans: its first column is no boolean, but 1"),
    ] as [(JSON, String?)])
    func `a condition holds only when it is true`(_ field: JSON, _ words: String?) async throws {
        let trial = try await TaskTrial()
        trial.answer("select", .rows([("ok", "bool"), ("orphans", "int8")], [[field, ["longValue": 3]]]))
        let outcome = try await trial.outcome(Expect("select count(*) = 0, count(*) from x", on: warehouse, "no orphans"))
        #expect(outcome?.failure?.message == words)
        #expect((outcome == .succeeded) == (words == nil))
    }

    @Test func `a condition has one row`() async throws {
        let trial = try await TaskTrial()
        trial.answer("select", .rows([("ok", "bool")], []))
        #expect(try await trial.failure(Expect("select a from x", on: warehouse))?.message == "select a from x: expected one row, found 0")
    }

    @Test func `mistakes in an expectation are found before it runs`() {
        #expect(Expect(rows: "a", on: warehouse).check().map(\.property) == ["AtLeast"])
        #expect(Expect(rows: "a", atLeast: 2, atMost: 1, on: warehouse).check().map(\.property) == ["AtMost"])
        #expect(Expect(rows: "a; drop table b", atLeast: 2, on: warehouse).check().map(\.property) == ["Table"])
        #expect(Expect("select :a", on: warehouse).check().map(\.property) == ["Parameters"])
        #expect(RunSQL("select :a", on: warehouse, parameters: ["a": "1"], secrets: ["a": .environment("A")]).check().map(\.property) == ["Secrets"])
    }
}
