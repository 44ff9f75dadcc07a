import SlipwayGraph
import Testing

@Suite struct GraphTests {
    @Test func `each node comes after those before it, free ones in the order given`() throws {
        let graph = try Graph(["c", "a", "b", "d"]) { ["c": ["a", "b"], "d": ["c"]][$0] ?? [] }
        #expect(graph.sorted == ["a", "b", "c", "d"])
        #expect(graph.dependents(of: ["a"]) == ["c", "d"])
        #expect(graph.dependencies(of: ["d"]) == ["a", "b", "c"])
    }

    @Test func `a cycle is named from its smallest node`() {
        #expect(throws: CycleError(cycle: ["a", "c", "b"])) {
            try Graph(["b", "a", "c"]) { ["a": ["c"], "c": ["b"], "b": ["a"]][$0] ?? [] }
        }
    }

    @Test func `a long chain is no problem`() throws {
        let graph = try Graph(Array(0..<100_000)) { $0 == 0 ? [] : [$0 - 1] }
        #expect(graph.sorted.last == 99_999)
    }

    @Test func `a walk starts what is free and blocks what waits for a failure`() throws {
        let graph = try Graph(["a", "b", "c", "d"]) { ["c": ["a"], "d": ["b"]][$0] ?? [] }
        var walk = Walk(graph)
        #expect(walk.start { _ in true } == ["a", "b"])
        #expect(walk.start { _ in true } == [])
        walk.failed("a")
        walk.succeeded("b")
        #expect(walk.start { _ in true } == ["d"])
        walk.succeeded("d")
        #expect(walk.isFinished)
        #expect(walk.blockedNodes == ["c": "a"])
    }

    @Test func `a walk that was stopped starts nothing more`() throws {
        var walk = Walk(try Graph(["a", "b"]) { $0 == "b" ? ["a"] : [] })
        #expect(walk.start { _ in true } == ["a"])
        walk.stop()
        walk.succeeded("a")
        #expect(walk.start { _ in true } == [])
        #expect(walk.isFinished)
        #expect(walk.pending == ["b"])
    }
}
