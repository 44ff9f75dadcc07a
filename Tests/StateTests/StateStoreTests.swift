import Foundation
import SlipwayDeclaration
import SlipwayState
import Synchronization
import Testing

@Suite struct StateStoreTests {
    let folder = FileManager.default.temporaryDirectory.appending(path: "slipway-state-\(UUID())").path
    let key = StateKey(stack: "demo", environment: "dev", target: "aws")

    func open(_ key: StateKey? = nil) throws -> StateStore {
        try StateStore(folder: folder, key: key ?? self.key, lineage: "L", secretKey: "S")
    }

    static func row(_ address: Address, generation: Int = 1) -> ResourceRow {
        ResourceRow(
            address: address, generation: generation, kind: "Test::Thing", schemaVersion: 1, account: "1", region: "r",
            identity: "id-\(address)", immutableID: "x", version: nil, nonce: "n",
            declared: StoredJSON(["A": 1]), attributes: StoredJSON(["Name": "a"]), dependencies: ["other", "more"],
            management: StoredManagement(
                protect: true, retain: false, createBeforeDestroy: true, replaceWhen: ["v1"]),
            settling: "modifying", createdAt: 1.5, updatedAt: 2.5)
    }

    static func record(_ id: String, _ address: Address = "a") -> OperationRecord {
        OperationRecord(
            id: id, apply: "ap", key: RowKey(address: address, generation: 1), kind: "Test::Thing", verb: .create,
            account: "1", region: "r", identity: nil, immutableID: nil, nonce: "n", token: "t",
            input: StoredJSON(["A": 1]), digest: "d", dependencies: ["b"],
            management: StoredManagement(protect: false, retain: true, createBeforeDestroy: false, replaceWhen: []),
            schemaVersion: 1, begunAt: 3)
    }

    @Test func `rows and operations are read back as they were written`() async throws {
        let store = try open()
        let row = Self.row("lake")
        let record = Self.record("1")
        try await store.commit(.put(row), .begin(record))
        let again = try open()
        #expect(try await again.read(.rows) == [row])
        #expect(try await again.read(.inDoubt) == [record])
    }

    @Test func `an operation with an outcome is no longer in doubt`() async throws {
        let store = try open()
        try await store.commit(.begin(Self.record("1")), .begin(Self.record("2")))
        try await store.commit(.end(operation: "1", .succeeded, message: nil, at: 9))
        #expect(try await store.read(.inDoubt).map(\.id) == ["2"])
        #expect(try await store.read(.operations(of: "ap")).map(\.outcome) == [.succeeded, nil])
    }

    @Test func `the lineage is born once and the serial rises with each commit`() async throws {
        let store = try open()
        let before = try await store.read(.header)
        try await store.commit(.pinAccount("123456789012"))
        let other = try StateStore(folder: folder, key: key, lineage: "other", secretKey: "other")
        let after = try await other.read(.header)
        #expect(after.lineage == "L")
        #expect(after.account == "123456789012")
        #expect(after.serial == before.serial + 1)
    }

    @Test func `changes that come together are committed together, and each is durable when it returns`() async throws {
        let commits = Mutex(0)
        let store = try StateStore(folder: folder, key: key, lineage: "L", secretKey: "S") { phase in
            if phase == .before { commits.withLock { $0 += 1 } }
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for index in 0..<200 {
                group.addTask {
                    try await store.commit(.put(Self.row(Address("r\(index)"))))
                    let rows = try await store.read(.rows)
                    #expect(rows.contains { $0.address == Address("r\(index)") })
                }
            }
            try await group.waitForAll()
        }
        #expect(try await open().read(.rows).count == 200)
        #expect(commits.withLock { $0 } < 200)
    }

    @Test func `a commit that fails changes nothing`() async throws {
        let store = try open()
        try await store.commit(.begin(Self.record("1")))
        await #expect(throws: StateError.self) {
            // The second operation has the identifier of the first.
            try await store.commit(.put(Self.row("lake")), .begin(Self.record("1")))
        }
        #expect(try await store.read(.rows).isEmpty)
        try await store.commit(.put(Self.row("lake")))
        #expect(try await store.read(.rows).count == 1)
    }

    @Test func `a file that is no state is told from a state`() throws {
        let path = "\(folder)/\(key.path)"
        try FileManager.default.createDirectory(
            atPath: URL(filePath: path).deletingLastPathComponent().path, withIntermediateDirectories: true)
        try Data("this is not a database, but it is long enough to look at".utf8).write(to: URL(filePath: path))
        #expect {
            try open()
        } throws: { error in
            if case StateError.damaged = error { true } else { false }
        }
    }

    @Test func `a state of another stack is refused`() async throws {
        let store = try open()
        try await store.commit(.put(Self.row("lake")))
        let other = StateKey(stack: "other", environment: "dev", target: "aws")
        try FileManager.default.createDirectory(atPath: "\(folder)/aws/other", withIntermediateDirectories: true)
        for suffix in ["", "-wal"] {
            try FileManager.default.copyItem(
                atPath: "\(folder)/\(key.path)\(suffix)", toPath: "\(folder)/\(other.path)\(suffix)")
        }
        #expect {
            try open(other)
        } throws: { error in
            if case StateError.belongsElsewhere(_, "stack", "other", "demo") = error { true } else { false }
        }
        withExtendedLifetime(store) {}
    }

    @Test func `a lock is held by one and names its holder to others`() throws {
        let path = try StateStore.lockPath(folder: folder, key: key)
        let holder = LockHolder(who: "ann@host", process: 7, command: "apply", since: 1)
        let lock = try StateLock(path: path, holder: holder)
        #expect(throws: StateError.locked(path: path, holder: holder)) {
            try StateLock(path: path, holder: LockHolder(who: "bob@host", process: 8, command: "plan", since: 2))
        }
        withExtendedLifetime(lock) {}
    }

    @Test func `a lock is free again when its holder is gone`() throws {
        let path = try StateStore.lockPath(folder: folder, key: key)
        let holder = LockHolder(who: "ann@host", process: 7, command: "apply", since: 1)
        do { _ = try StateLock(path: path, holder: holder) }
        _ = try StateLock(path: path, holder: holder)
    }

    @Test func `runs and tasks are kept in the ledger`() async throws {
        let store = try open()
        var run = RunRecord(id: "r", pipeline: "refresh", startedAt: 1, who: "ann@host")
        var task = TaskRecord(
            run: "r", name: "load", kind: "RunGlueJob", position: 0, token: "t", state: "started",
            record: StoredJSON(["JobRunID": "jr_1"]), startedAt: 2)
        try await store.commit(.putRun(run), .putTask(task))
        run.outcome = "succeeded"
        run.endedAt = 5
        task.state = "done"
        try await store.commit(.putRun(run), .putTask(task))
        #expect(try await store.read(.runs(limit: 5)) == [run])
        #expect(try await store.read(.runs(of: "other", limit: 5)) == [])
        #expect(try await store.read(.tasks(of: "r")) == [task])
    }
}
