import SlipwayAWS
import SlipwayDeclaration
import SlipwayEngine
import SlipwayProvider
import SlipwayState
import Testing

/// Builds plans without AWS: a stack, what the state says and what AWS has.
struct Scene {
    static let location = Location(account: "123456789012", region: "eu-west-1")
    static let lineage = "lineage"
    let kinds = KindTable([Box.self])
    var stack = Stack("demo", Settings())
    var rows: [ResourceRow] = []
    var observations: [RowKey: AnyObservation] = [:]
    var strangers: [Address: AnyObservation] = [:]
    var options = PlanOptions()
    var outputs: [String: String] = [:]
    var foreignOutputs: [ImportedOutput: String] = [:]
    var consumers: [String: [String]] = [:]

    /// Puts a box into the state, as an apply would have.
    mutating func has(
        _ address: Address, _ box: Box = Box(), generation: Int = 1, dependencies: [Address] = [],
        management: StoredManagement = StoredManagement(
            protect: false, retain: false, createBeforeDestroy: false, replaceWhen: []), nonce: String = "nonce"
    ) throws {
        let suffix = generation > 1 ? "-\(generation)" : ""
        let name = "demo-dev-\(address)\(suffix)"
        rows.append(
            ResourceRow(
                address: address, generation: generation, kind: Box.type, schemaVersion: 1, account: "123456789012",
                region: "eu-west-1", identity: name, nonce: nonce,
                declared: StoredJSON(try PropertyEncoder().encode(box).tree), attributes: Self.attributes(name),
                dependencies: dependencies, management: management, createdAt: 0, updatedAt: 0))
    }

    static func attributes(_ name: String) -> StoredJSON {
        StoredJSON(["Name": .string(name), "Arn": .string(location.arn("box", name)), "Version": "1"])
    }

    /// What AWS says of a box.
    static func found(
        _ box: Box, name: String = "x", lineage: String? = Scene.lineage, address: Address = "a", nonce: String = "nonce"
    ) throws -> AnyObservation {
        let ownership = lineage.map { Ownership(lineage: $0, address: address, generation: 1, nonce: nonce) }
        return .present(
            AnyFound(
                properties: try PropertyEncoder().encode(box).tree, attributes: try attributes(name).tree(),
                tags: ownership?.tags ?? [:]))
    }

    func plan(destroy: Bool = false) throws -> Plan {
        try Planner(kinds: kinds).plan(
            PlanInput(
                key: StateKey(stack: "demo", environment: "dev", target: "aws"), location: Self.location,
                header: StateHeader(lineage: Self.lineage, serial: 3, account: nil, secretKey: "k"),
                graph: destroy ? nil : stack.graph, rows: rows, observations: observations, strangers: strangers,
                outputs: outputs, foreignOutputs: foreignOutputs, consumers: consumers, options: options))
    }
}

extension Plan {
    /// The operations as words, in their order.
    var words: [String] { operations.map(\.id.description) }

    /// What an operation waits for, as words.
    func after(_ word: String) -> [String] {
        operations.first { $0.id.description == word }?.after.map(\.description) ?? []
    }
}

@Suite struct PlannerTests {
    @Test func `what is declared and not there is created, after what it refers to`() throws {
        var scene = Scene()
        let a = scene.stack.add("a", Box())
        scene.stack.add("b", Box(text: a.arn))
        let plan = try scene.plan()
        #expect(plan.words == ["create a", "create b"])
        #expect(plan.after("create b") == ["create a"])
    }

    @Test func `what follows from names is known at plan time, and what does not is spelt`() throws {
        var scene = Scene()
        let a = scene.stack.add("a", Box())
        scene.stack.add("b", Box(text: "\(a.arn)/x", inner: .init(b: a.version)))
        let desired = try #require(try scene.plan().operations.last?.desired)
        #expect(desired["Text"] == "arn:aws:box:eu-west-1:123456789012:demo-dev-a/x")
        #expect(desired["Inner"]?["B"]?.hasExpressions == true)
    }

    @Test func `nothing to do is an empty plan`() throws {
        var scene = Scene()
        let a = scene.stack.add("a", Box(size: 1))
        scene.stack.add("b", Box(text: a.arn))
        try scene.has("a", Box(size: 1))
        try scene.has("b", Box(text: "arn:aws:box:eu-west-1:123456789012:demo-dev-a"), dependencies: ["a"])
        let plan = try scene.plan()
        #expect(plan.isEmpty)
        #expect(plan.unchanged == ["a", "b"])
        #expect(plan.operations.isEmpty)
    }

    @Test func `what was changed behind our back is changed back, and nothing else`() throws {
        var scene = Scene()
        scene.stack.add("a", Box(size: 1, text: "ours"))
        try scene.has("a", Box(size: 1, text: "ours"))
        scene.observations[RowKey(address: "a", generation: 1)] = try Scene.found(
            Box(size: 1, text: "theirs"), name: "demo-dev-a")
        let plan = try scene.plan()
        #expect(plan.words == ["update a"])
        #expect(plan.operations[0].changes.map(\.path) == [["Text"]])
    }

    @Test func `what was deleted behind our back is created anew`() throws {
        var scene = Scene()
        scene.stack.add("a", Box())
        try scene.has("a")
        scene.observations[RowKey(address: "a", generation: 1)] = .absent
        let plan = try scene.plan()
        #expect(plan.words == ["create a"])
        #expect(plan.operations[0].reason == .vanished)
    }

    @Test func `a create-only change replaces, deleting first`() throws {
        var scene = Scene()
        let a = scene.stack.add("a", Box(zone: "2"))
        scene.stack.add("b", Box(text: a.version))
        try scene.has("a", Box(zone: "1"))
        try scene.has("b", Box(text: "1"), dependencies: ["a"])
        let plan = try scene.plan()
        #expect(plan.words == ["delete a", "create a", "update b"])
        #expect(plan.after("create a") == ["delete a"])
        #expect(plan.after("update b") == ["create a"])
    }

    @Test func `creating first keeps the old one until what refers to it has let go`() throws {
        var scene = Scene()
        let a = scene.stack.add("a", Box(zone: "2"), createBeforeDestroy: true)
        scene.stack.add("b", Box(text: a.arn))
        try scene.has("a", Box(zone: "1"))
        try scene.has("b", Box(text: "arn:aws:box:eu-west-1:123456789012:demo-dev-a"), dependencies: ["a"])
        let plan = try scene.plan()
        #expect(plan.words == ["create a#2", "update b", "delete a"])
        #expect(plan.after("delete a") == ["create a#2", "update b"])
        #expect(plan.operations[0].identity == "demo-dev-a-2")
    }

    @Test func `a replacement spreads to what takes its new value only at creation`() throws {
        var scene = Scene()
        let a = scene.stack.add("a", Box(zone: "2"))
        scene.stack.add("b", Box(zone: a.version))
        try scene.has("a", Box(zone: "1"))
        try scene.has("b", Box(zone: "1"), dependencies: ["a"])
        let plan = try scene.plan()
        #expect(plan.words == ["delete b", "delete a", "create a", "create b"])
    }

    @Test func `creating first spreads to what is replaced beneath it`() throws {
        var scene = Scene()
        let a = scene.stack.add("a", Box(zone: "2"))
        scene.stack.add("b", Box(zone: a.version), createBeforeDestroy: true)
        try scene.has("a", Box(zone: "1"))
        try scene.has("b", Box(zone: "1"), dependencies: ["a"])
        #expect(try scene.plan().words == ["create a#2", "create b#2", "delete b", "delete a"])
    }

    @Test func `what is no longer declared is deleted after what referred to it`() throws {
        var scene = Scene()
        try scene.has("a")
        try scene.has("b", dependencies: ["a"])
        let plan = try scene.plan()
        #expect(plan.words == ["delete b", "delete a"])
    }

    @Test func `what is let go of is deleted after the update that lets go`() throws {
        var scene = Scene()
        scene.stack.add("b", Box(text: "alone"))
        try scene.has("a")
        try scene.has("b", Box(text: "a"), dependencies: ["a"])
        #expect(try scene.plan().words == ["update b", "delete a"])
    }

    @Test func `a deposed resource is deleted`() throws {
        var scene = Scene()
        scene.stack.add("a", Box())
        try scene.has("a")
        try scene.has("a", generation: 2)
        let plan = try scene.plan()
        #expect(plan.words == ["delete a"])
        #expect(plan.operations[0].reason == .deposed)
    }

    @Test func `a deposed resource is deleted only when what referred to it has let go`() throws {
        var scene = Scene()
        let a = scene.stack.add("a", Box())
        scene.stack.add("b", Box(text: a.arn))
        try scene.has("a")
        try scene.has("a", generation: 2)
        try scene.has("b", Box(text: "arn:aws:box:eu-west-1:123456789012:demo-dev-a"), dependencies: ["a"])
        let plan = try scene.plan()
        #expect(plan.words == ["update b", "delete a"])
        #expect(plan.after("delete a") == ["update b"])
    }

    @Test func `what is protected is neither deleted nor replaced`() throws {
        var scene = Scene()
        let protected = StoredManagement(protect: true, retain: false, createBeforeDestroy: false, replaceWhen: [])
        scene.stack.add("b", Box(zone: "2"), protect: true)
        try scene.has("a", management: protected)
        try scene.has("b", Box(zone: "1"), management: protected)
        let plan = try scene.plan()
        #expect(plan.refusals.map(\.cause) == [.protected, .protected])
        #expect(plan.words == [])
        #expect(try scene.plan(destroy: true).refusals.count == 2)
    }

    @Test func `what is to be kept is forgotten instead of deleted`() throws {
        var scene = Scene()
        try scene.has(
            "a", management: StoredManagement(protect: false, retain: true, createBeforeDestroy: false, replaceWhen: []))
        #expect(try scene.plan().words == ["forget a"])
        #expect(try scene.plan(destroy: true).words == ["forget a"])
    }

    @Test func `what belongs to somebody else is refused, and taken over only when told`() throws {
        var scene = Scene()
        scene.stack.add("a", Box())
        scene.strangers["a"] = try Scene.found(Box(), lineage: "theirs")
        #expect(try scene.plan().refusals.map(\.cause) == [.foreign(owner: "theirs")])
        scene.strangers["a"] = try Scene.found(Box(), lineage: nil)
        #expect(try scene.plan().refusals.map(\.cause) == [.foreign(owner: nil)])
        scene.options.adopt = true
        #expect(try scene.plan().words == ["adopt a"])
    }

    @Test func `what is ours although the state does not know it is taken back`() throws {
        var scene = Scene()
        scene.stack.add("a", Box())
        scene.strangers["a"] = try Scene.found(Box(), nonce: "older")
        let plan = try scene.plan()
        #expect(plan.words == ["adopt a"])
        #expect(plan.warnings.map(\.cause) == [.stateRolledBack])
    }

    @Test func `a row whose resource somebody else has made anew is refused`() throws {
        var scene = Scene()
        scene.stack.add("a", Box())
        try scene.has("a")
        scene.observations[RowKey(address: "a", generation: 1)] = try Scene.found(Box(), lineage: "theirs")
        #expect(try scene.plan().refusals.map(\.cause) == [.foreign(owner: "theirs")])
    }

    @Test func `replaceWhen and --replace replace what does not differ`() throws {
        var scene = Scene()
        scene.stack.add("a", Box(), replaceWhen: ["2"])
        scene.stack.add("b", Box())
        try scene.has(
            "a", management: StoredManagement(protect: false, retain: false, createBeforeDestroy: false, replaceWhen: ["1"]))
        try scene.has("b")
        scene.options.replace = ["b"]
        let plan = try scene.plan()
        #expect(plan.words == ["delete a", "create a", "delete b", "create b"])
        #expect(plan.operations.map(\.reason) == [.replaceWhen, .replaceWhen, .requested, .requested])
    }

    @Test func `replacement that depends on values says why`() throws {
        var scene = Scene()
        scene.stack.add("a", Box(size: 1))
        try scene.has("a", Box(size: 2))
        let plan = try scene.plan()
        #expect(plan.words == ["delete a", "create a"])
        #expect(plan.operations[1].changes.first?.reason == "a box cannot shrink")
    }

    @Test func `a target brings what it needs, an exclude takes what needs it`() throws {
        var scene = Scene()
        let a = scene.stack.add("a", Box())
        let b = scene.stack.add("b", Box(text: a.arn))
        scene.stack.add("c", Box(text: b.arn))
        scene.stack.add("d", Box())
        scene.options.targets = ["b"]
        #expect(try scene.plan().words == ["create a", "create b"])
        scene.options.targets = []
        scene.options.excludes = ["b"]
        #expect(try scene.plan().words == ["create a", "create d"])
        #expect(try scene.plan().isPartial)
    }

    @Test func `destroying a target takes what needs it, too`() throws {
        var scene = Scene()
        try scene.has("a")
        try scene.has("b", dependencies: ["a"])
        try scene.has("c")
        scene.options.targets = ["a"]
        #expect(try scene.plan(destroy: true).words == ["delete b", "delete a"])
    }

    @Test func `outputs are filled in as far as they are known`() throws {
        var scene = Scene()
        let a = scene.stack.add("a", Box())
        scene.stack.output("arn", a.arn)
        scene.stack.output("version", a.version)
        let plan = try scene.plan()
        #expect(plan.outputs["arn"]?.literal == "arn:aws:box:eu-west-1:123456789012:demo-dev-a")
        #expect(plan.outputs["version"]?.literal == nil)
        #expect(plan.outputsChange)
    }

    @Test func `an output that another stack reads is not taken away`() throws {
        var scene = Scene()
        scene.outputs = ["arn": "x"]
        scene.consumers = ["arn": ["other"]]
        #expect(try scene.plan().refusals.map(\.cause) == [.outputInUse(by: ["other"])])
    }

    @Test func `another stack's output is read, and refused when it is not there`() throws {
        var scene = Scene()
        let vpc = Output<Text>(of: "network", "vpc")
        scene.stack.add("a", Box(text: scene.stack.read(vpc)))
        #expect(try scene.plan().refusals.map(\.cause) == [.outputMissing(stack: "network", name: "vpc")])
        scene.foreignOutputs[ImportedOutput(stack: "network", name: "vpc")] = "vpc-1"
        let plan = try scene.plan()
        #expect(plan.operations.first?.desired["Text"] == "vpc-1")
        #expect(plan.imports.map(\.value) == ["vpc-1"])
    }

    @Test func `a plan survives its file`() throws {
        var scene = Scene()
        let a = scene.stack.add("a", Box(zone: "2", password: .environment("P")), replaceWhen: ["x"])
        scene.stack.add("b", Box(text: a.version))
        scene.stack.output("o", a.version)
        try scene.has("a", Box(zone: "1"))
        try scene.has("gone")
        let plan = try scene.plan()
        let tree = try PropertyEncoder().encode(plan).tree
        #expect(try PropertyDecoder().decode(Plan.self, from: JSON(parsing: tree.text)) == plan)
    }

    @Test func `the same input gives the same plan`() throws {
        var scene = Scene()
        for index in 0..<30 { scene.stack.add("r\(index)", Box(size: index)) }
        #expect(try scene.plan() == scene.plan())
    }
}
