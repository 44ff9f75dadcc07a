import SlipwayDeclaration
import SlipwayEngine
import SlipwayProvider
import Testing

@Suite struct DifferenceTests {
    let kind = AnyKind(Box.self)

    func difference(
        _ desired: Box, _ observed: Box, previous: Box? = nil, ignored: [String] = [], unread: Set<String> = []
    ) throws -> Difference {
        func normal(_ box: Box) throws -> EncodedProperties { try kind.normal(PropertyEncoder().encode(box).tree) }
        return Difference(
            Comparison(
                desired: try normal(desired), observed: try normal(observed).tree,
                previous: try previous.map(normal), removals: kind.removals, ignored: ignored, unread: unread))
    }

    func paths(_ difference: Difference) -> [String] { difference.changes.map { $0.path.joined(separator: ".") } }

    @Test func `a property left nil is never a difference`() throws {
        let found = try difference(Box(size: 1), Box(size: 1, text: "AWS's own", inner: .init(a: "x")))
        #expect(found.changes.isEmpty)
    }

    @Test func `only what differs is changed, by its path`() throws {
        let found = try difference(
            Box(size: 2, text: "a", inner: .init(a: "new")), Box(size: 1, text: "a", inner: .init(a: "old", b: "kept")))
        #expect(paths(found) == ["Inner.A", "Size"])
        #expect(found.target["Inner"] == ["A": "new", "B": "kept"])
    }

    @Test func `the canonical form is what is compared`() throws {
        #expect(try difference(Box(mode: "ON"), Box(mode: "on")).isEmpty)
    }

    @Test func `what is sent is what was declared, not its canonical form`() throws {
        let declared = try PropertyEncoder().encode(Box(size: 1, mode: "ON")).tree
        let found = try difference(Box(size: 1, mode: "ON"), Box(size: 1, mode: "off"))
        #expect(found.target["Mode"] == "on")
        #expect(found.target(declared: declared, canonical: ["Size": 1, "Mode": "on"])["Mode"] == "ON")
    }

    @Test func `lists compare in order, unordered ones do not`() throws {
        #expect(try difference(Box(labels: ["a", "b"]), Box(labels: ["b", "a"])).isEmpty)
        #expect(
            paths(
                try difference(
                    Box(list: [.init(a: "1"), .init(a: "2")]), Box(list: [.init(a: "2"), .init(a: "1")]))) == ["List"])
        #expect(paths(try difference(Box(labels: ["a", "a"]), Box(labels: ["a", "b"]))) == ["Labels"])
    }

    @Test func `what AWS fills in inside a list is no difference`() throws {
        #expect(try difference(Box(list: [.init(a: "1")]), Box(list: [.init(a: "1", b: "AWS's own")])).isEmpty)
    }

    @Test func `what was declared and is no more is left out of the update`() throws {
        let found = try difference(Box(size: 1), Box(size: 1, text: "a"), previous: Box(size: 1, text: "a"))
        #expect(found.changes == [Change(path: ["Text"], before: "a", after: nil, effect: .reset)])
        #expect(found.target == ["Size": 1])
    }

    @Test func `a sentinel takes the place of what is no longer declared, and is no difference afterwards`() throws {
        let found = try difference(Box(), Box(mode: "on"), previous: Box(mode: "on"))
        #expect(found.target["Mode"] == "off")
        #expect(!found.isEmpty)
        #expect(try difference(Box(), Box(mode: "off"), previous: Box(mode: "on")).changes.isEmpty)
    }

    @Test func `what AWS cannot clear stays, and nothing is sent`() throws {
        let found = try difference(Box(), Box(forever: true), previous: Box(forever: true))
        #expect(found.changes.map(\.effect) == [.stays])
        #expect(found.isEmpty)
    }

    @Test func `what only a new resource clears replaces`() throws {
        let found = try difference(Box(), Box(shape: "round"), previous: Box(shape: "round"))
        #expect(found.changes.map(\.replaces) == [true])
    }

    @Test func `a create-only property replaces`() throws {
        let found = try difference(Box(zone: "b", size: 2), Box(zone: "a", size: 1))
        #expect(found.changes.map(\.replaces) == [false, true])
    }

    @Test func `a write-only property is compared with what was sent`() throws {
        let old = Secret(.environment("A"))
        #expect(try difference(Box(password: old), Box(), previous: Box(password: old)).isEmpty)
        let new = Secret(.environment("B"))
        #expect(paths(try difference(Box(password: new), Box(), previous: Box(password: old))) == ["Password"])
    }

    @Test func `what an answer says nothing of counts as it was`() throws {
        #expect(
            try difference(Box(tags: ["a": "b"]), Box(), previous: Box(tags: ["a": "b"]), unread: ["Tags"]).isEmpty)
        #expect(paths(try difference(Box(tags: ["a": "b"]), Box(), previous: Box(tags: ["a": "b"]))) == ["Tags"])
    }

    @Test func `ignored properties are not compared, nor are those inside them`() throws {
        #expect(try difference(Box(size: 2), Box(size: 1), ignored: ["Size"]).isEmpty)
        let found = try difference(Box(inner: .init(a: "n", b: "n")), Box(inner: .init(a: "o", b: "o")), ignored: ["Inner.A"])
        #expect(paths(found) == ["Inner.B"])
        #expect(found.target["Inner"] == ["A": "o", "B": "n"])
    }

    @Test func `a tag that was taken out is reset and a foreign one is left alone`() throws {
        let found = try difference(
            Box(tags: ["a": "1"]), Box(tags: ["a": "1", "b": "2", "theirs": "x"]),
            previous: Box(tags: ["a": "1", "b": "2"]))
        #expect(paths(found) == ["Tags.b"])
        #expect(found.target["Tags"] == ["a": "1", "theirs": "x"])
    }

    @Test func `what is declared as a whole has nothing beside it`() throws {
        let found = try difference(
            Box(all: ["a": "1"]), Box(all: ["a": "1", "b": "2", "theirs": "x"]), previous: Box(all: ["a": "1", "b": "2"]))
        #expect(paths(found) == ["All.b", "All.theirs"])
        #expect(found.target["All"] == ["a": "1"])
        #expect(try difference(Box(), Box(all: ["theirs": "x"])).isEmpty)
    }

    @Test func `a write-only property inside a part is compared with what was sent`() throws {
        let sent = Box(deep: .init(secret: .environment("A"), a: "x"))
        #expect(try difference(sent, Box(deep: .init(a: "x")), previous: sent).isEmpty)
        let other = Box(deep: .init(secret: .environment("B"), a: "x"))
        #expect(paths(try difference(other, Box(deep: .init(a: "x")), previous: sent)) == ["Deep.Secret"])
    }

    @Test func `an unknown value differs from whatever is there`() throws {
        let unknown = Text(.attribute(Reference(resource: "x", attribute: "Name")))
        #expect(paths(try difference(Box(text: unknown), Box(text: "a"))) == ["Text"])
    }
}
