import Foundation
import SlipwayLocalCloud
import Synchronization

/// A local AWS made of shell scripts, in a folder of its own: a Python that understands what the real one is asked.
final class FakeServer: Sendable {
    let folder: String
    let places: LocalCloudPlaces
    private let events = Mutex<[LocalCloud.Event]>([])

    /// - Parameters:
    ///   - version: What the Python says that it is.
    ///   - install: What the installation does.
    ///   - up: What a start does; by default it starts a process that holds the state, and says that it is ready.
    init(version: String = "3.11", install: String = "true", up: String = FakeServer.starts) throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "slipway-local-\(UUID().uuidString)").path
        let manager = FileManager.default
        try manager.createDirectory(atPath: "\(folder)/assets/localcloud", withIntermediateDirectories: true)
        try manager.createDirectory(atPath: "\(folder)/bin", withIntermediateDirectories: true)
        try "".write(toFile: "\(folder)/assets/localcloud/install.py", atomically: true, encoding: .utf8)
        let python = """
            #!/bin/sh
            PATH=/usr/bin:/bin
            if [ "$1" = -c ]; then echo '\(version)'; exit 0; fi
            if [ "$1" != -m ]; then
                \(install)
                mkdir -p "$3/venv/bin" && cp "$0" "$3/venv/bin/python" && touch "$3/installed.json" && exit 0
            fi
            echo "$@" >> '\(folder)/commands'
            env >> '\(folder)/environment'
            command="$3" state="$5" port="$8"
            case "$command" in
            up)
                \(up) ;;
            down)
                kill "$(cat "$state/pid")" 2>/dev/null; rm -f "$state/server.json" ;;
            reset)
                kill "$(cat "$state/pid")" 2>/dev/null; rm -rf "$state" ;;
            esac
            """
        try python.write(toFile: "\(folder)/python", atomically: true, encoding: .utf8)
        // Another process makes what is run: a file that this one writes is busy as long as any child, begun by a test
        // beside this one, has not let go of it.
        let copy = Process()
        copy.executableURL = URL(filePath: "/bin/sh")
        copy.arguments = ["-c", "cp '\(folder)/python' '\(folder)/bin/python3.11' && chmod +x '\(folder)/bin/python3.11'"]
        try copy.run()
        copy.waitUntilExit()
        places = try LocalCloudPlaces(
            assets: ["\(folder)/assets"], environment: ["SLIPWAY_CACHE": "\(folder)/cache"], directory: folder)
    }

    deinit {
        // What a test did not stop.
        if let process = Int32(read(".slipway/local/pid").trimmingCharacters(in: .newlines)) { kill(process, SIGKILL) }
        try? FileManager.default.removeItem(atPath: folder)
    }

    /// Starts a process that holds the state's lock and writes the record.
    static let starts = """
        (flock 9; exec sleep 30) 9>"$state/lock" >/dev/null 2>&1 &
        echo "$!" > "$state/pid"
        echo '{"endpoint": "http://127.0.0.1:1", "access_key_id": "AKIA1", "secret_access_key": "s3cret", \
        "region": "us-east-1", "account": "123456789012", "uuid": "97ec", "pid": '"$!"', "log": "/l"}' \
        | tee "$state/server.json"
        while flock --nonblock --shared "$state/lock" true; do sleep 0.01; done
        """

    func cloud(_ environment: [String: String] = [:]) -> LocalCloud {
        let base = ["PATH": "\(folder)/bin", "HOME": folder]
        return LocalCloud(places: places, environment: base.merging(environment) { $1 }) { [weak self] event in
            self?.events.withLock { $0.append(event) }
        }
    }

    /// What was reported, by the names of the events.
    var reported: [String] {
        events.withLock { $0 }.map { event in
            switch event {
            case .installing(_, _, let isFirst): isFirst ? "installing for the first time" : "installing"
            case .stillInstalling: "still installing"
            case .installed: "installed"
            case .starting: "starting"
            case .started(let cloud, _): "started \(cloud.uuid)"
            }
        }
    }

    func read(_ path: String) -> String { (try? String(contentsOfFile: "\(folder)/\(path)", encoding: .utf8)) ?? "" }

    /// What goes wrong with a start.
    func failure(port: Int? = nil) async -> LocalCloudError? {
        do { _ = try await cloud().up(port: port) } catch { return error as? LocalCloudError }
        return nil
    }
}
