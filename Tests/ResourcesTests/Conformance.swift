import FoundationEssentials
import SlipwayAWS
import SlipwayDeclaration
import SlipwayFakeAWS
import SlipwayProvider
import SlipwayResources
import Testing

/// What every kind must do, on ``FakeAWS``.
@Suite struct Conformance {
    /// One line for each kind.
    static let examples: [Example] = [
        Example(BucketExample.self),
        Example(ObjectExample.self),
        Example(IAMRoleExample.self),
        Example(GlueConnectionExample.self),
        Example(GlueCrawlerExample.self),
        Example(GlueDatabaseExample.self),
        Example(GlueJobExample.self),
        Example(GlueTableExample.self),
        Example(GlueTriggerExample.self),
        Example(LogsLogGroupExample.self),
        Example(RedshiftClusterExample.self),
        Example(RedshiftParameterGroupExample.self),
        Example(RedshiftSubnetGroupExample.self),
        Example(EC2SecurityGroupExample.self),
        Example(SecretsManagerSecretExample.self),
        Example(IAMManagedPolicyExample.self),
    ]

    @Test func `every kind has an example`() {
        let covered = Set(Self.examples.map { $0.kind.type })
        #expect(AllKinds.all.map { $0.type }.filter { !covered.contains($0) } == [])
    }

    @Test func `no two kinds have one name`() {
        #expect(Set(AllKinds.all.map { $0.type }).count == AllKinds.all.count)
    }

    @Test(arguments: examples) func `the example names every property`(_ example: Example) throws {
        func test<Some: ConformanceExample>(_ type: Some.Type) throws {
            let (names, complete) = Some.Kind.storedNames
            #expect(complete)
            let tree = try PropertyEncoder().encode(Some.full).tree.object ?? [:]
            #expect(names.filter { tree[$0] == nil && Some.uncovered[$0] == nil } == [])
            let inner = Comparison.flat(.object(tree))
            #expect(Some.wrapped.filter { inner[$0] == nil && Some.uncovered[$0] == nil } == [])
        }
        try test(example.type)
    }

    @Test(arguments: examples) func `properties survive being stored`(_ example: Example) throws {
        func test<Some: ConformanceExample>(_ type: Some.Type) throws {
            for kind in [Some.minimal, Some.full, Some.changed] {
                let tree = try PropertyEncoder().encode(kind).tree
                #expect(try PropertyDecoder().decode(Some.Kind.self, from: tree) == kind)
                #expect(kind.canonical().canonical() == kind.canonical())
                #expect(kind.check() == [])
            }
        }
        try test(example.type)
    }

    @Test(arguments: examples) func `creating is one call that changes something`(_ example: Example) async throws {
        func test<Some: ConformanceExample>(_ type: Some.Type) async throws {
            for kind in [Some.minimal, Some.full] {
                let bench = Workbench(type)
                let created = try await bench.revealed(kind).create(bench.creation, bench.aws)
                #expect(bench.fake.calls.filter { !$0.isRead }.count == 1)
                let said = Comparison.differences(try Comparison(created.properties), try Comparison(kind))
                let invented = said.filter { (try? Comparison(kind).tree[$0]) != nil }
                #expect(invented == [], "the create says that it made something else than was declared")
            }
        }
        try await test(example.type)
    }

    @Test(arguments: examples) func `what was created reads back as declared`(_ example: Example) async throws {
        func test<Some: ConformanceExample>(_ type: Some.Type) async throws {
            for kind in [Some.minimal, Some.full] {
                let bench = Workbench(type)
                bench.fake.shuffle()
                let identity = try await bench.make(kind)
                for _ in 0..<3 {
                    let found = try await bench.read(identity)
                    #expect(Comparison.differences(try Comparison(kind), try Comparison(found.properties)) == [])
                    let interest = try Properties.interest(kind)
                    let less = try await bench.read(identity, interest)
                    #expect(Comparison.differences(try Comparison(kind), try Comparison(less.properties)) == [])
                    bench.fake.forgetCalls()
                    try await bench.change(identity, from: found.properties, to: kind)
                    #expect(bench.fake.operations == [], "an update of what does not differ makes no call")
                }
            }
        }
        try await test(example.type)
    }

    @Test(arguments: examples) func `what was created says whose it is`(_ example: Example) async throws {
        func test<Some: ConformanceExample>(_ type: Some.Type) async throws {
            if case .child = Some.Kind.identification { return }
            let bench = Workbench(type)
            let identity = try await bench.make(Some.full)
            let tags = try await bench.read(identity).tags
            #expect(tags.flatMap { Ownership(tags: $0) } == bench.ownership)
            let observed = try await bench.read(identity).properties
            try await bench.change(identity, from: observed, to: Some.changed)
            let later = try await bench.read(identity).tags
            #expect(later.flatMap { Ownership(tags: $0) } == bench.ownership, "an update keeps the ownership")
        }
        try await test(example.type)
    }

    @Test(arguments: examples) func `what AWS named is found by its nonce`(_ example: Example) async throws {
        func test<Some: ConformanceExample>(_ type: Some.Type) async throws {
            guard case .tagged = Some.Kind.identification else { return }
            let bench = Workbench(type)
            #expect(Some.full.identity(bench.creation.name) == nil)
            #expect(try await Some.Kind.find(bench.ownership.nonce, bench.aws) == nil)
            let identity = try await bench.make(Some.minimal)
            bench.fake.forgetCalls()
            #expect(try await Some.Kind.find(bench.ownership.nonce, bench.aws) == identity)
            #expect(try await Some.Kind.find(String(repeating: "4", count: 32), bench.aws) == nil)
            let actions = bench.fake.calls.reduce(into: Set<String>()) { $0.formUnion($1.actions) }
            #expect(actions.subtracting(Some.Kind.permissions.list).subtracting(Some.Kind.permissions.read) == [])
        }
        try await test(example.type)
    }

    @Test(arguments: examples) func `what is foreseen comes true`(_ example: Example) async throws {
        func test<Some: ConformanceExample>(_ type: Some.Type) async throws {
            let bench = Workbench(type)
            let identity = try await bench.make(Some.full)
            if let expected = Some.full.identity(bench.creation.name)?.literal { #expect(expected == identity) }
            let attributes = try PropertyEncoder().encode(try await bench.read(identity).attributes).tree
            for (name, value) in Some.full.foreseen(identity, at: bench.location).values {
                #expect(attributes[name] == value)
            }
        }
        try await test(example.type)
    }

    @Test(arguments: examples) func `each property can be changed alone`(_ example: Example) async throws {
        func test<Some: ConformanceExample>(_ type: Some.Type) async throws {
            for step in try Step.changes(from: Some.full, to: Some.changed) {
                let (name, desired) = (step.name, step.desired)
                let bench = Workbench(type)
                let identity = try await bench.make(Some.full)
                let before = try await bench.read(identity)
                try await bench.change(identity, from: before.properties, to: desired, sent: desired)
                let after = try await bench.read(identity)
                let left = Comparison.differences(try Comparison(desired), try Comparison(after.properties))
                #expect(left == [], "after \(name) was changed")
                try expectStable(before.attributes, after.attributes, Some.Kind.volatileAttributes, name)
            }
        }
        try await test(example.type)
    }

    private func expectStable(
        _ before: some Encodable, _ after: some Encodable, _ volatile: Set<String>, _ name: String
    ) throws {
        let (before, after) = (try PropertyEncoder().encode(before).tree, try PropertyEncoder().encode(after).tree)
        let changed = (before.object ?? [:]).keys.filter { before[$0] != after[$0] && !volatile.contains($0) }
        #expect(changed == [], "attributes that are not volatile stay when \(name) is changed")
    }

    @Test(arguments: examples) func `each optional property can be removed`(_ example: Example) async throws {
        func test<Some: ConformanceExample>(_ type: Some.Type) async throws {
            let baseline = Workbench(type)
            let fresh = try Comparison(try await baseline.read(try await baseline.make(Some.minimal)).properties)
            for step in try Step.removals(from: Some.full, minimal: fresh) {
                var bench = Workbench(type)
                let identity = try await bench.make(Some.full)
                bench.resetting = [step.name]
                let found = try await bench.read(identity).properties
                try await bench.change(identity, from: found, to: step.desired, sent: step.desired)
                let after = try Comparison(try await bench.read(identity).properties)
                let left = Comparison.differences(try Comparison(step.desired), after)
                #expect(left == [], "after \(step.name) was removed")
                let there = after.tree[step.name]?.text ?? "absent"
                #expect(step.isReset(after), "\(step.name) is \(there) after it was removed")
            }
        }
        try await test(example.type)
    }

    @Test(arguments: examples) func `what disappears is absent`(_ example: Example) async throws {
        func test<Some: ConformanceExample>(_ type: Some.Type) async throws {
            let bench = Workbench(type)
            let identity = try await bench.make(Some.full)
            bench.fake.withServices { Some.disappear(identity, &$0) }
            #expect(try await bench.isAbsent(identity))
            try await Some.full.delete(identity, bench.aws)
        }
        try await test(example.type)
    }

    @Test(arguments: examples) func `what is deleted is absent and can be deleted again`(_ example: Example) async throws {
        func test<Some: ConformanceExample>(_ type: Some.Type) async throws {
            let bench = Workbench(type)
            let identity = try await bench.make(Some.full)
            try await Some.full.delete(identity, bench.aws)
            #expect(try await bench.isAbsent(identity))
            try await Some.full.delete(identity, bench.aws)
        }
        try await test(example.type)
    }

    @Test(arguments: examples) func `a list sees what a read sees`(_ example: Example) async throws {
        func test<Some: ConformanceExample>(_ type: Some.Type) async throws {
            guard Some.Kind.listCalls(for: 2) != nil else { return }
            let bench = Workbench(type)
            let identity = try await bench.make(Some.full)
            let found = try await bench.read(identity)
            let interest = try Properties.interest(Some.full)
            let gone = identity.dropLast() + "0"
            bench.fake.forgetCalls()
            let seen = try await Some.Kind.list(
                [Listed(identity, interest), Listed(String(gone), interest)], bench.aws)
            let actions = bench.fake.calls.reduce(into: Set<String>()) { $0.formUnion($1.actions) }
            #expect(actions.subtracting(Some.Kind.permissions.list).subtracting(Some.Kind.permissions.read) == [])
            #expect(Array(seen.keys) == [identity])
            switch seen[identity] {
            case .version(let version): #expect(version == found.version)
            case .observed(.present(let listed)):
                var declared = try Comparison(Some.full)
                declared.tree = declared.tree.filter { !listed.unread.contains($0.key) }
                #expect(Comparison.differences(declared, try Comparison(listed.properties)) == [])
            default: Issue.record("the list does not see it")
            }
        }
        try await test(example.type)
    }

    @Test(arguments: examples) func `no call needs an action that is not declared`(_ example: Example) async throws {
        func test<Some: ConformanceExample>(_ type: Some.Type) async throws {
            let bench = Workbench(type)
            let permissions = Some.Kind.permissions
            func check(_ declared: Set<String>, _ phase: String) {
                let used = bench.fake.calls.reduce(into: Set<String>()) { $0.formUnion($1.actions) }
                #expect(used.subtracting(declared) == [], "in \(phase)")
                bench.fake.forgetCalls()
            }
            let created = try await bench.revealed(Some.full).create(bench.creation, bench.aws)
            check(permissions.create, "create")
            try await bench.change(created.identity, from: created.properties, to: Some.full)
            check(permissions.update, "the update after create")
            let found = try await bench.read(created.identity)
            check(permissions.read, "read")
            try await bench.change(created.identity, from: found.properties, to: Some.changed)
            check(permissions.update, "update")
            try await Some.full.delete(created.identity, bench.aws)
            check(permissions.delete, "delete")
        }
        try await test(example.type)
    }

    /// Where `SLIPWAY_RECORDS` names a folder, it is left there for comparing it with CloudFormation's schemas
    /// (`Tests/Models`).
    @Test func `what the kinds say of their properties is recorded`() throws {
        var kinds: [String: JSON] = [:]
        for example in Self.examples {
            func note<Some: ConformanceExample>(_ type: Some.Type) throws {
                let names = Some.Kind.storedNames.names
                let createOnly = try names.filter { try Properties.marks(of: $0, Some.self).contains(.createOnly) }
                kinds[Some.Kind.type] = [
                    "createOnly": .array(createOnly.sorted().map { .string($0) }),
                    "properties": .array(names.sorted().map { .string($0) }),
                ]
            }
            try note(example.type)
        }
        #expect(kinds.count == AllKinds.all.count)
        // Source: https://github.com/aws-cloudformation/cfn-lint (data/schemas/providers, AWS::S3::Bucket); the prefix
        // and the namespace of a name are no properties here.
        #expect(kinds["AWS::S3::Bucket"]?["createOnly"] == ["BucketName"])
        #expect(kinds["Slipway::S3::Object"]?["createOnly"] == ["Bucket", "Key"])
        try Records.write("kinds.json", JSON.object(kinds).prettyText)
    }
}

/// What kinds say of single properties.
enum Properties {
    /// The properties that are declared.
    static func interest(_ kind: some ResourceKind) throws -> Interest {
        .only((try PropertyEncoder().encode(kind.canonical()).tree.object ?? [:]).keys)
    }

    /// The marks of a property. They are collected from values, so one is made up where the example has none.
    static func marks<Some: ConformanceExample>(of name: String, _ example: Some.Type) throws -> Set<Mark> {
        let full = try PropertyEncoder().encode(Some.full)
        if full.tree[name] != nil { return full.marks[[name]] ?? [] }
        for value: JSON in ["x", true, 1, [], [:], ["x"]] {
            let tree = full.tree.setting([name], to: value)
            guard let kind = try? PropertyDecoder().decode(Some.Kind.self, from: tree) else { continue }
            return try PropertyEncoder().encode(kind).marks[[name]] ?? []
        }
        return []
    }
}

/// Files that tests leave for others to check.
enum Records {
    static func write(_ name: String, _ text: String) throws {
        guard let folder = ProcessInfo.processInfo.environment["SLIPWAY_RECORDS"] else { return }
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try Data(text.utf8).write(to: URL(filePath: "\(folder)/\(name)"))
    }
}

extension Conformance {
    @Test func `README lists every kind`() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let text = String(decoding: try Data(contentsOf: root.appending(path: "README.md")), as: UTF8.self)
        for kind in AllKinds.all {
            let name = String(reflecting: kind).split(separator: ".").dropFirst().joined(separator: ".")
            let row = "| `\(kind.type)` | `\(name)` |"
            #expect(text.contains(row), "README.md has no row \(row)")
        }
    }
}
