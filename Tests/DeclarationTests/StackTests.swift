import SlipwayDeclaration
import Testing

private struct Thing: Resource {
    static let type = "Test::Thing"
    struct Attributes: Codable, Hashable { let name: String }
    var text: Text?
    init(text: Text? = nil) { self.text = text }
}

private enum Size: String, CaseIterable, ParameterValue { case small, large }

extension Parameter where Value == Int {
    fileprivate static let workers = Parameter("workers", default: 2, in: 2...10, help: "How many.")
}
extension Parameter where Value == Size {
    fileprivate static let size = Parameter("size", help: "How large.")
}

@Suite struct StackTests {
    @Test func `resources keep their addresses, places and dependencies`() throws {
        var stack = Stack("demo", Settings())
        let first = stack.add("first", Thing(), file: "/src/stacks/Demo.swift", line: 7)
        stack.within("inner") { stack in stack.add("second", Thing(text: "\(first.name)/x"), after: []) }
        stack.add("third", Thing(), after: [first])
        let graph = stack.graph.relative(to: "/src")
        #expect(graph.resources.map(\.address) == ["first", "inner/second", "third"])
        #expect(graph.resources[0].place?.description == "stacks/Demo.swift:7")
        #expect(graph.resources.map(\.dependencies) == [[], ["first"], ["first"]])
    }

    @Test func `a graph survives its file`() throws {
        var stack = Stack("demo", Settings())
        let first = stack.add("first", Thing(text: "a"), protect: true, ignoreChanges: ["Text"])
        stack.output("name", first.name, help: "The name.")
        stack.tags = ["team": "data"]
        let tree = try PropertyEncoder().encode(stack.graph).tree
        #expect(try PropertyDecoder().decode(StackGraph.self, from: JSON(parsing: tree.text)) == stack.graph)
    }

    @Test func `parameters come with defaults, ranges and enumerations`() throws {
        let settings = Settings(values: ["size": "large"])
        #expect(settings[.workers] == 2)
        #expect(settings[.size] == .large)
        #expect(Parameter.workers.problem(with: "11") == "11 is not between 2 and 10")
        #expect(Parameter.workers.problem(with: "many") == "'many' is not a whole number")
        #expect(Parameter<Size>.size.problem(with: "medium") == "'medium' is not one of small, large")
    }

    @Test func `everything that is wrong with parameters is told at once`() {
        let definition = StackDefinition("demo", "", parameters: [Parameter.workers, Parameter<Size>.size]) {
            Stack("demo", $0)
        }
        let found = definition.problems(with: ["worker": "3", "workers": "x"])
        #expect(found.map(\.subject) == ["worker", "workers", "size"])
        #expect(found.first?.hint == "did you mean 'workers'?")
    }

    @Test func `reading a parameter that the stack does not list is a diagnostic`() throws {
        let definition = StackDefinition("demo", "") { settings in
            var stack = Stack("demo", settings)
            stack.add("thing", Thing(text: Text(verbatim: settings[.size].rawValue)))
            return stack
        }
        let graph = try definition.declare(Settings(), values: [:])
        #expect(graph.diagnostics.map(\.subject) == ["size"])
    }

    @Test func `an output of another stack is read by its type`() {
        let output = Output<Text>(of: "network", "vpc")
        let stack = Stack("demo", Settings())
        #expect(stack.read(output).spelling == "${network:vpc}")
    }

    @Test(arguments: [("lake", true), ("ingest/orders", true), ("", false), ("a//b", false), ("9a", false), ("a b", false)])
    func `addresses are checked`(path: String, isGood: Bool) {
        #expect((Address(path).problem == nil) == isGood)
    }

    @Test func `a name that is nearly right is found`() {
        #expect(["bucket", "role"].closest(to: "bukcet") == "bucket")
        #expect(["bucket", "role"].closest(to: "cluster") == nil)
    }
}
