import Foundation
import SlipwayLocalCloud
import Testing

@Suite struct LocalCloudTests {
    @Test func `it is installed once, started, found again, stopped and wiped`() async throws {
        let fake = try FakeServer()
        let cloud = fake.cloud()
        #expect(cloud.running() == nil)
        #expect(try await cloud.down() == nil)
        let first = try await cloud.up()
        #expect(fake.reported == ["installing for the first time", "installed", "starting", "started 97ec"])
        #expect(cloud.running() == first)
        #expect(try await fake.cloud().up() == first)
        #expect(fake.read("commands").split(separator: "\n").count == 1)
        #expect(try await cloud.down() == first)
        #expect(cloud.running() == nil)
        _ = try await cloud.up()
        try await cloud.reset()
        #expect(cloud.running() == nil)
        #expect(!FileManager.default.fileExists(atPath: fake.places.state))
    }

    @Test func `what it has is for its owner alone, and what is above that can be entered`() async throws {
        let fake = try FakeServer()
        _ = try await fake.cloud().up()
        func mode(_ path: String) throws -> Int? {
            try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        }
        #expect(try mode(fake.places.state) == 0o700)
        #expect(try #require(try mode(fake.places.cache)) & 0o011 == 0o011)
        let above = String(fake.places.state.prefix(upTo: try #require(fake.places.state.lastIndex(of: "/"))))
        #expect(try #require(try mode(above)) & 0o011 == 0o011)
        try await fake.cloud().down()
    }

    @Test func `a record that a killed server left is not believed`() async throws {
        let fake = try FakeServer()
        let cloud = fake.cloud()
        let running = try await cloud.up()
        // Its process number is somebody else's by now.
        let record = fake.read(".slipway/local/server.json").replacing("\"pid\": \(running.pid)", with: "\"pid\": \(getpid())")
        try await cloud.down()
        try record.write(toFile: "\(fake.places.state)/server.json", atomically: true, encoding: .utf8)
        #expect(cloud.running() == nil)
    }

    @Test func `a key to AWS is kept from the server`() async throws {
        let fake = try FakeServer()
        let cloud = fake.cloud(["AWS_SECRET_ACCESS_KEY": "real", "PIP_INDEX_URL": "https://packages.example"])
        _ = try await cloud.up()
        try await cloud.down()
        #expect(!fake.read("environment").contains("AWS_") && fake.read("environment").contains("PIP_INDEX_URL"))
    }

    @Test func `a Python of another version will not do`() async throws {
        let fake = try FakeServer(version: "3.12")
        #expect(await fake.failure() == .noPython(needed: "3.11", found: ["\(fake.folder)/bin/python3.11 (3.12)"]))
    }

    @Test func `an installation that fails shows the end of its log`() async throws {
        let fake = try FakeServer(install: "echo 'no such package' >&2; exit 1")
        #expect(
            await fake.failure()
                == .installFailed(log: "\(fake.folder)/cache/install.log", lastLines: ["no such package"]))
        #expect(fake.reported == ["installing for the first time"])
    }

    @Test func `a server that dies at its start shows the end of its log`() async throws {
        let fake = try FakeServer(up: "echo 'error: it did not start: a name is missing' >&2; exit 1")
        #expect(
            await fake.failure()
                == .notStarted(
                    log: "\(fake.places.state)/log", lastLines: ["error: it did not start: a name is missing"]))
    }

    @Test func `a port that is taken is told`() async throws {
        let fake = try FakeServer(up: #"echo "error: the local AWS did not start: error: port $port is taken" >&2; exit 1"#)
        #expect(await fake.failure(port: 4711) == .portTaken(4711))
    }

    @Test func `data that somebody else holds is left to them`() async throws {
        let fake = try FakeServer(
            up: """
                (flock 9; exec sleep 30) 9>"$state/lock" >/dev/null 2>&1 &
                echo "$!" > "$state/pid"
                while flock --nonblock --shared "$state/lock" true; do sleep 0.01; done
                exit 1
                """)
        #expect(await fake.failure() == .stateInUse(fake.places.state))
    }

    @Test func `a ready line that makes no sense is refused`() async throws {
        let fake = try FakeServer(up: "echo ready")
        guard case .unreadable = await fake.failure() else {
            Issue.record("it was believed")
            return
        }
    }
}
