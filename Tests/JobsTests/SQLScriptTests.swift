import SlipwayDeclaration
import Testing

@testable import SlipwayJobs

@Suite struct SQLScriptTests {
    func texts(_ sql: String) throws -> [String] { try SQLScript(sql).statements.map(\.text) }

    @Test func `semicolons divide, and a last one divides nothing`() throws {
        #expect(try texts("select 1;\n select 2 ;;\n\n") == ["select 1", "select 2"])
        #expect(try texts("  ;; \n -- nothing\n") == [])
    }

    @Test(arguments: [
        "select ';'", "select 'it''s; so'", #"select '\'; so'"#, "select \"a;b\"", "select \"a\"\";b\"",
        "create procedure p() as $$ begin; end; $$ language plpgsql", "select $body$ a; $$ b; $body$", "select 1 -- a; b\n+ 1",
        "select /* a; /* b; */ c; */ 1", "select 1 / 2 - 3", "select a$b$c, d$b$e",
    ])
    func `a semicolon inside something divides nothing`(_ sql: String) throws {
        #expect(try texts(sql + "; select 2") == [sql, "select 2"])
    }

    @Test func `comments before a statement are left out, and its line is told`() throws {
        let script = try SQLScript("-- a\n/* b\n c */\nselect\n 1;\n\n select 2")
        #expect(script.statements.map(\.line) == [4, 7])
        #expect(script.statements.map(\.text) == ["select\n 1", "select 2"])
        #expect(script.statements[0].beginning == "select")
        #expect(script.statements[0].verb == "SELECT")
    }

    @Test(arguments: [
        ("select 1;\nselect 'a", 2, "a string"), ("\n/* a /* b */", 2, "a comment"), ("select \"a", 1, "a quoted name"),
        ("$a$ $$ $b$", 1, "what $a$ quotes"),
    ])
    func `what does not end is told with its line`(_ sql: String, _ line: Int, _ what: String) {
        #expect(throws: SQLProblem(line: line, reason: "\(what) begins here and does not end")) { try SQLScript(sql) }
    }

    @Test func `parameters are found outside of strings, comments and casts`() throws {
        let script = try SQLScript("select :b::int, ':no', x=:a_1 -- :no\n, \"a:no\", $$ :no $$, :b")
        #expect(script.statements[0].parameters == ["a_1", "b"])
        #expect(script.disagreement(with: ["a_1", "b"]) == nil)
        #expect(script.disagreement(with: ["b"]) == "the parameter 'a_1' is not given")
        #expect(script.disagreement(with: ["a_1", "b", "c"]) == "no statement uses the parameter 'c'")
    }
}
