import FoundationEssentials
#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The local AWS of a folder: a program of its own, in Python, that speaks AWS's protocols on a port of the loopback.
///
/// It outlives this process; its own command line starts and stops it. What runs is read from the record that it keeps
/// in its state: its ready line.
package struct LocalCloud: Sendable {
    package let places: LocalCloudPlaces
    private let environment: [String: String]
    private let report: @Sendable (Event) -> Void

    /// What happens while it starts.
    package enum Event: Hashable, Sendable {
        /// What it needs is being installed.
        /// - Parameter isFirst: Whether nothing is there yet.
        case installing(cache: String, log: String, isFirst: Bool)
        /// It is still at it.
        case stillInstalling(elapsed: Duration)
        case installed(elapsed: Duration)
        case starting(state: String)
        case started(RunningCloud, elapsed: Duration)
    }

    /// - Parameter environment: That of this process; what it says about AWS is kept from the server.
    package init(
        places: LocalCloudPlaces, environment: [String: String], report: @escaping @Sendable (Event) -> Void = { _ in }
    ) {
        self.places = places
        // A search path of modules that is meant for another program would break this one.
        var environment = environment.filter { name, _ in
            !name.hasPrefix("AWS_") && name != "PYTHONPATH" && name != "PYTHONHOME"
        }
        // Its jobs call it, and no proxy can.
        let direct = environment["no_proxy"] ?? environment["NO_PROXY"]
        let all = [direct, "127.0.0.1,localhost,::1"].compactMap(\.self).filter { !$0.isEmpty }.joined(separator: ",")
        environment["no_proxy"] = all
        environment["NO_PROXY"] = all
        self.environment = environment
        self.report = report
    }

    /// The one that runs; `nil` where none does.
    package func running() -> RunningCloud? {
        guard let data = FileManager.default.contents(atPath: "\(places.state)/server.json"),
            let cloud = try? RunningCloud(line: String(decoding: data, as: UTF8.self))
        else { return nil }
        // The record of a server that was killed stays, and its number may be another process's by now: the lock tells.
        guard kill(cloud.pid, 0) == 0 || errno == EPERM, isHeld else { return nil }
        return cloud
    }

    /// Starts it, installing what it needs first; or finds the one that runs.
    ///
    /// - Parameter port: `nil` for the one it had, or the usual one where that is free.
    package func up(port: Int? = nil) async throws -> RunningCloud {
        if let running = running() { return running }
        try makeFolder(places.cache)
        let python = try await Python.find(
            preferred: places.python, environment: environment, folder: places.cache)
        try await install(python)
        // There are keys in it.
        try makeFolder(places.state, isPrivate: true)
        report(.starting(state: places.state))
        let start = ContinuousClock.now
        let end = try await command("up", ["--detach"] + (port.map { ["--port", "\($0)"] } ?? []))
        guard end.status == 0 else {
            if let port, end.error.contains("port \(port) is taken") { throw LocalCloudError.portTaken(port) }
            // The server that did not start has ended, so that somebody else holds it.
            if isHeld { throw LocalCloudError.stateInUse(places.state) }
            throw LocalCloudError.notStarted(log: "\(places.state)/log", lastLines: end.lastLines)
        }
        let cloud = try RunningCloud(line: end.output)
        report(.started(cloud, elapsed: ContinuousClock.now - start))
        return cloud
    }

    /// Stops it and all that it started.
    /// - Returns: What ran; `nil` where nothing did.
    @discardableResult
    package func down() async throws -> RunningCloud? {
        let running = running()
        // What a killed server left behind is swept as well, by what is installed; without that nothing was started.
        guard FileManager.default.fileExists(atPath: places.python),
            FileManager.default.fileExists(atPath: places.state)
        else {
            guard running == nil else {
                throw LocalCloudError.cannotRun(program: places.python, reason: "it is not there any more")
            }
            return nil
        }
        try await succeed("down")
        return running
    }

    /// Stops it and wipes its data: the next one is another, with another UUID.
    package func reset() async throws {
        guard FileManager.default.fileExists(atPath: places.state) else { return }
        try makeFolder(places.cache)
        if !FileManager.default.fileExists(atPath: places.python) {
            let python = try await Python.find(
                preferred: places.python, environment: environment, folder: places.cache)
            try await install(python)
        }
        try await succeed("reset")
    }

    // MARK: Installing

    /// Brings what is installed to what the package asks for; that is quick where it is so already.
    private func install(_ python: String) async throws {
        let log = "\(places.cache)/install.log"
        let isFirst = !FileManager.default.fileExists(atPath: "\(places.cache)/installed.json")
        let start = ContinuousClock.now
        var isTold = false
        func tell() {
            report(.installing(cache: places.cache, log: log, isFirst: isFirst))
            isTold = true
        }
        if isFirst { tell() }
        let child = ChildProcess(
            program: python, arguments: ["\(places.package)/install.py", "--cache", places.cache],
            environment: environment, folder: places.cache, log: log)
        var told = Duration.zero
        let end = try await child.run { elapsed in
            // A second or two is what it takes to see that there is nothing to do.
            if !isTold, elapsed >= .seconds(3) { tell() }
            if isTold, elapsed - told >= .seconds(15) {
                report(.stillInstalling(elapsed: elapsed))
                told = elapsed
            }
        }
        guard end.status == 0 else {
            let text = FileManager.default.contents(atPath: log).map { String(decoding: $0, as: UTF8.self) } ?? ""
            throw LocalCloudError.installFailed(log: log, lastLines: ChildProcess.End.lastLines(of: text))
        }
        if isTold { report(.installed(elapsed: ContinuousClock.now - start)) }
    }

    // MARK: Its command line

    private func succeed(_ name: String) async throws {
        let end = try await command(name)
        guard end.status == 0 else { throw LocalCloudError.failed(command: name, lastLines: end.lastLines) }
    }

    private func command(_ name: String, _ arguments: [String] = []) async throws -> ChildProcess.End {
        let child = ChildProcess(
            program: places.python, arguments: ["-m", "localaws", name, "--state", places.state] + arguments,
            environment: environment, folder: places.cache)
        return try await child.run()
    }

    // MARK: Files

    /// Whether some process holds its state.
    private var isHeld: Bool {
        let descriptor = open("\(places.state)/lock", O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return false }
        defer {
            flock(descriptor, LOCK_UN)
            close(descriptor)
        }
        return flock(descriptor, LOCK_SH | LOCK_NB) != 0
    }

    /// - Parameter isPrivate: Whether it is for its owner alone; never what is above it, since engines that root starts
    ///   run as a user who has to get there.
    private func makeFolder(_ path: String, isPrivate: Bool = false) throws(LocalCloudError) {
        do {
            let above = path.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
            try FileManager.default.createDirectory(atPath: above, withIntermediateDirectories: true)
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true, attributes: isPrivate ? [.posixPermissions: 0o700] : [:])
        } catch { throw .folder(path: path, reason: "\(error)") }
    }
}
