import FoundationEssentials

/// The Python that the local AWS is installed with.
enum Python {
    /// The packages of the local AWS are pinned for this version alone.
    static let version = "3.11"

    /// Finds one that is of the version and can make environments.
    ///
    /// - Parameter preferred: Tried first: where everything is installed already, that Python serves.
    /// - Throws: ``LocalCloudError/noPython(needed:found:)``.
    static func find(preferred: String, environment: [String: String], folder: String) async throws -> String {
        let folders = (environment["PATH"] ?? "/usr/bin:/bin").split(separator: ":").filter { $0.hasPrefix("/") }
        // By name first: what is called python3.11 is likely to be it.
        let named = ["python\(version)", "python3"].flatMap { name in folders.map { "\($0)/\(name)" } }
        var found: [String] = []
        for candidate in [preferred] + named where FileManager.default.isExecutableFile(atPath: candidate) {
            guard let answer = try await ask(candidate, environment, folder) else { continue }
            if answer == version { return candidate }
            found.append("\(candidate) (\(answer))")
        }
        throw LocalCloudError.noPython(needed: version, found: found)
    }

    /// The version of a Python; `nil` where it does not run, as what stands for a version that is not installed.
    private static func ask(_ path: String, _ environment: [String: String], _ folder: String) async throws -> String? {
        let question = """
            import sys
            try:
                import venv, ensurepip
                whole = ""
            except ImportError:
                whole = " without venv"
            print("%d.%d" % sys.version_info[:2] + whole)
            """
        let child = ChildProcess(
            program: path, arguments: ["-c", question], environment: environment, folder: folder)
        let end = try await child.run()
        guard end.status == 0, let line = end.output.split(whereSeparator: \.isNewline).first else { return nil }
        return String(line)
    }
}
