import SlipwayDeclaration
import SlipwayEngine
import SlipwayFakeAWS
import SlipwayProvider
import SlipwayResources
import SlipwayState
import Testing

/// Glue's kinds as the engine treats them, while AWS takes its time.
@Suite struct GlueLifeTests {
    private let trial = EngineTrial()

    private struct Declared {
        var description: Text?
        var password: Secret = .environment("PASSWORD")
    }

    /// A database with a table, a crawler of it, a trigger of that, and a connection.
    private func stack(_ change: (inout Declared) -> Void = { _ in }) -> Stack {
        var declared = Declared()
        change(&declared)
        var stack = Stack("tickit", Settings())
        let catalog = stack.add("catalog", Glue.Database(description: declared.description))
        let users = stack.add(
            "users",
            Glue.Table(
                database: catalog.name, columns: [.init("userid", "int")], location: "s3://lake/users/", format: .parquet,
                description: declared.description))
        var crawler = Glue.Crawler(role: "etl", database: catalog.name, s3: ["s3://lake/raw/"])
        crawler.description = declared.description
        let raw = stack.add("raw", crawler)
        stack.add(
            "daily",
            Glue.Trigger(
                .schedule("cron(15 12 * * ? *)"), actions: [.crawler(raw.name)], startOnCreation: true,
                description: declared.description))
        var connection = Glue.Connection(.jdbc("jdbc:postgresql://tickit/tickit"), username: "etl", password: declared.password)
        connection.connectionInput.description = declared.description
        stack.add("source", connection)
        stack.output("table", users.arn)
        return stack
    }

    private func sent() -> [String] { trial.changes.map(\.operation).sorted() }

    private var password: JSON? {
        trial.fake.withServices {
            $0.glue.connections["tickit-dev-source"]?.definition["ConnectionProperties"]?["PASSWORD"]
        }
    }

    @Test func `what AWS fills in is no drift`() async throws {
        let outcome = try await trial.apply(stack())
        #expect(outcome.isComplete && outcome.unconverged.isEmpty)
        #expect(outcome.outputs["table"] == "arn:aws:glue:eu-west-1:123456789012:table/tickit_dev_catalog/tickit_dev_users")
        #expect(try await trial.plan(stack()).isEmpty)
    }

    @Test func `all that changes is sent once, and nothing that others wrote is lost`() async throws {
        try await trial.apply(stack())
        trial.fake.withServices {
            $0.glue.rewrite("tickit_dev_catalog/tickit_dev_users") { $0.setting(["Parameters", "crawled"], to: "yes") }
        }
        #expect(try await trial.plan(stack()).isEmpty)
        trial.fake.forgetCalls()
        let changed = stack { $0.description = "Users" }
        #expect(try await trial.apply(changed).isComplete)
        #expect(
            sent() == [
                "StartTrigger", "StopTrigger", "UpdateConnection", "UpdateCrawler", "UpdateDatabase", "UpdateTable",
                "UpdateTrigger",
            ])
        #expect(password == "Tickit2026")
        let table = trial.fake.withServices { $0.glue.tables["tickit_dev_catalog/tickit_dev_users"]?.definition }
        #expect(table?["Parameters"]?["crawled"] == "yes")
        #expect(try await trial.plan(changed).isEmpty)
        #expect(try await trial.apply(stack()).isComplete)
        #expect(try await trial.plan(stack()).isEmpty)
    }

    @Test func `another password is sent, and seen nowhere`() async throws {
        try await trial.apply(stack())
        let changed = stack { $0.password = .environment("NEXT") }
        let plan = try await trial.plan(changed)
        #expect(plan.operations.map { $0.changes.map(\.path) } == [[["ConnectionInput", "SecretProperties", "PASSWORD"]]])
        #expect(try await trial.apply(changed).isComplete)
        #expect(password == "Tickit2027")
        #expect(try await trial.plan(changed).isEmpty)
        let rows = try await trial.open().store.read(.rows)
        #expect(rows.allSatisfy { !$0.declared.text.contains("Tickit2027") && !$0.attributes.text.contains("Tickit2027") })
    }

    @Test func `a fresh role is waited for`() async throws {
        trial.fake.withServices { $0.glue.unassumableRoles = 3 }
        #expect(try await trial.apply(stack()).isComplete)
        #expect(trial.waits == ["InvalidInputException"])
    }

    @Test func `a crawl is waited for by an update`() async throws {
        try await trial.apply(stack())
        trial.fake.fail("glue", "UpdateCrawler", times: 5, code: "CrawlerRunningException")
        #expect(try await trial.apply(stack { $0.description = "Users" }).isComplete)
        #expect(trial.waits.contains("CrawlerRunningException"))
        #expect(!trial.fake.operations.contains("glue StopCrawler"))
    }

    @Test func `a crawl is stopped by a destroy, which leaves nothing`() async throws {
        try await trial.apply(stack())
        trial.fake.fail("glue", "DeleteCrawler", times: 2, code: "CrawlerRunningException")
        #expect(try await trial.apply(nil).isComplete)
        #expect(trial.fake.operations.count { $0 == "glue StopCrawler" } == 2)
        #expect(trial.fake.withServices { $0.inventory } == [])
    }

    @Test func `a trigger is waited for at each step`() async throws {
        trial.fake.withServices { $0.glue.triggerLooks = 2 }
        #expect(try await trial.apply(stack()).isComplete)
        trial.fake.forgetCalls()
        #expect(try await trial.apply(stack { $0.description = "Users" }).isComplete)
        let trigger = trial.fake.withServices { $0.glue.triggers["tickit-dev-daily"]?.definition }
        #expect(trigger?["State"] == "ACTIVATED")
        #expect(trigger?["Description"] == "Users")
        #expect(trial.fake.operations.count { $0 == "glue StopTrigger" } == 1)
        #expect(trial.fake.operations.count { $0 == "glue UpdateTrigger" } == 1)
    }

    @Test(arguments: [Moment.before, .after])
    func `a table whose create was not answered is found by its mark`(_ moment: Moment) async throws {
        trial.fake.drop("glue", "CreateTable", moment)
        #expect(try await trial.apply(stack()).isComplete)
        #expect(trial.fake.withServices { $0.glue.tables.count } == 1)
        #expect(try await trial.plan(stack()).isEmpty)
    }

    @Test func `somebody else's table is left alone, and taken over when told`() async throws {
        var stack = Stack("tickit", Settings())
        stack.add("mine", Glue.Table(database: "raw", name: "users"))
        trial.fake.withServices {
            GlueTableExample.prepare(&$0)
            $0.glue.tables["raw/users"] = .init(
                definition: [
                    "Name": "users", "DatabaseName": "raw", "CatalogId": .string(FakeAWS.account), "VersionId": "0",
                    "CreateTime": 1, "Parameters": ["crawled": "yes"],
                ])
        }
        #expect(try await trial.plan(stack).refusals.map(\.cause) == [.foreign(owner: nil)])
        let deployment = try await trial.open()
        var options = PlanOptions()
        options.adopt = true
        let plan = try await deployment.plan(stack.graph, options)
        let outcome = try await deployment.apply(
            plan, command: "apply", who: "t", interruption: Interruption(clock: trial.clock)) { _ in }
        #expect(outcome.isComplete)
        let parameters = trial.fake.withServices { $0.glue.tables["raw/users"]?.definition["Parameters"] }
        #expect(parameters?["crawled"] == "yes")
        #expect(parameters?["slipway:address"] == "mine")
    }
}
