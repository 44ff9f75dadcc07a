import SlipwayAWS
import SlipwayDeclaration
import SlipwayProvider
import SlipwayResources
import Testing

/// What every kind must do, on the local AWS: the examples of ``Conformance`` against a real port.
///
/// What an example cannot do there is in its ``ConformanceExample/localGaps``, with the reason; that it really cannot is
/// tried too, so that the lists stay true.
@Suite(
    .serialized,
    .enabled(if: LocalAWS.endpoint != nil, "no local AWS is named, so nothing ran; 'make test-conformance' starts one"))
struct LocalConformance {
    @Test(arguments: Conformance.examples)
    func `the local AWS makes what is declared, and takes it down`(_ example: Example) async throws {
        func test<Some: ConformanceExample>(_ type: Some.Type) async throws {
            let scene = try await LocalScene(type)
            for kind in [scene.minimal, scene.full] {
                try await scene.with(kind) { bench, identity in
                    let found = try await bench.read(identity)
                    #expect(Comparison.differences(try Comparison(kind), try Comparison(found.properties)) == [])
                    guard bench.isOwned else { return }
                    #expect(found.tags.flatMap { Ownership(tags: $0) } == bench.ownership)
                    guard case .tagged = Some.Kind.identification else { return }
                    #expect(try await Some.Kind.find(bench.ownership.nonce, bench.aws) == identity)
                }
            }
        }
        try await test(example.type)
    }

    @Test(arguments: Conformance.examples)
    func `each property can be changed alone`(_ example: Example) async throws {
        func test<Some: ConformanceExample>(_ type: Some.Type) async throws {
            let scene = try await LocalScene(type)
            try await scene.with(scene.full) { bench, identity in
                for step in try Step.changes(from: scene.full, to: scene.changed) {
                    await scene.attempt("\(step.name) is changed") {
                        try await scene.reach(step.desired, bench, identity)
                        try await scene.reach(scene.full, bench, identity)
                    }
                }
            }
        }
        try await test(example.type)
    }

    @Test(arguments: Conformance.examples)
    func `each optional property can be removed`(_ example: Example) async throws {
        func test<Some: ConformanceExample>(_ type: Some.Type) async throws {
            let scene = try await LocalScene(type)
            var fresh: Comparison?
            try await scene.with(scene.minimal) { bench, identity in
                fresh = try Comparison(try await bench.read(identity).properties)
            }
            let minimal = try #require(fresh)
            try await scene.with(scene.full) { bench, identity in
                for step in try Step.removals(from: scene.full, minimal: minimal) {
                    await scene.attempt("\(step.name) is removed") {
                        var removing = bench
                        removing.resetting = [step.name]
                        try await scene.reach(step.desired, removing, identity)
                        let after = try Comparison(try await bench.read(identity).properties)
                        let there = after.tree[step.name]?.text ?? "absent"
                        #expect(step.isReset(after), "\(step.name) is \(there) after it was removed")
                        try await scene.reach(scene.full, bench, identity)
                    }
                }
            }
        }
        try await test(example.type)
    }

    @Test(arguments: Conformance.examples)
    func `what the local AWS cannot do is as listed`(_ example: Example) async throws {
        func test<Some: ConformanceExample>(_ type: Some.Type) async throws {
            let scene = try await LocalScene(type)
            for (property, reason) in Some.localGaps.sorted(by: { $0.key < $1.key }) {
                let others = Set(Some.localGaps.keys).subtracting([property])
                let kind = try LocalAWS.named(LocalAWS.without(others, Some.localFull), scene.names)
                print("not on the local AWS: \(Some.Kind.type) \(property): \(reason)")
                await withKnownIssue("\(property): \(reason)") {
                    try await scene.with(kind) { bench, identity in
                        let found = try Comparison(try await bench.read(identity).properties)
                        #expect(Comparison.differences(try Comparison(kind), found) == [])
                        let changed = try LocalAWS.named(LocalAWS.without(others, Some.localChanged), scene.names)
                        let name = Comparison.path(property)[0]
                        for step in try Step.changes(from: kind, to: changed) where [name, property].contains(step.name) {
                            try await scene.reach(step.desired, bench, identity)
                        }
                        for step in try Step.removals(from: kind, minimal: found)
                        where [name, property].contains(step.name) {
                            var removing = bench
                            removing.resetting = [step.name]
                            try await scene.reach(step.desired, removing, identity)
                        }
                    }
                }
            }
        }
        try await test(example.type)
    }
}

/// An example in the words of a local AWS that has what it needs.
private struct LocalScene<Some: ConformanceExample> {
    let aws: AWSClient
    let names: [String: String]
    let minimal, full, changed: Some.Kind

    init(_ example: Some.Type) async throws {
        aws = try await LocalAWS.client()
        names = try await Some.prepareLocal(aws)
        let gaps = Some.localGaps.keys
        minimal = try LocalAWS.named(Some.minimal, names)
        full = try LocalAWS.named(LocalAWS.without(gaps, Some.localFull), names)
        changed = try LocalAWS.named(LocalAWS.without(gaps, Some.localChanged), names)
    }

    /// Makes a resource, does something with it, and deletes it twice, whatever becomes of the rest.
    func with(_ kind: Some.Kind, _ body: (Workbench<Some>, String) async throws -> Void) async throws {
        let bench = Workbench(Some.self, on: aws, full, try interest(kind))
        var failure: (any Error)?
        var identity = kind.identity(bench.creation.name)?.literal
        do {
            let made = try await bench.make(kind)
            identity = made
            try await body(bench, made)
        } catch {
            failure = error
        }
        if identity == nil { identity = try await Some.Kind.find(bench.ownership.nonce, aws) }
        if let identity {
            try await bench.delete(full, identity)
            #expect(try await bench.isAbsent(identity), "it is there after it was deleted")
            try await bench.delete(full, identity)
        }
        if let failure { throw failure }
    }

    /// Every property of the kind and of the full example: what the engine would look at.
    private func interest(_ kind: Some.Kind) throws -> Interest {
        let trees = try [kind, full, changed].map { try PropertyEncoder().encode($0).tree.object ?? [:] }
        return .only(Set(trees.flatMap(\.keys)).union(["Tags"]))
    }

    /// Brings the resource to what is desired, and looks whether it is that.
    func reach(_ desired: Some.Kind, _ bench: Workbench<Some>, _ identity: String) async throws {
        let before = try await bench.read(identity).properties
        try await bench.change(identity, from: before, to: desired, sent: desired)
        let after = try Comparison(try await bench.read(identity).properties)
        let left = Comparison.differences(try Comparison(desired), after)
        guard left.isEmpty else {
            throw Unexpected("\(left) stay different: \(left.map { "\($0) = \(after.tree[$0]?.text ?? "absent")" })")
        }
    }

    /// Goes on with the next property when one fails.
    func attempt(_ what: String, _ body: () async throws -> Void) async {
        do { try await body() } catch { Issue.record("when \(what): \(error)") }
    }
}

extension Workbench {
    /// Whether the resource itself says whose it is.
    var isOwned: Bool { if case .child = Kind.identification { false } else { true } }
}
