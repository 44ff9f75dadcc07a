import FoundationEssentials
#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A program that is run to its end. What it needs to know that is secret is in no argument.
struct ChildProcess {
    let program: String
    let arguments: [String]
    let environment: [String: String]
    /// Where it works: never the caller's folder, in which a file could stand for one of Python's modules.
    let folder: String
    /// Where its standard error goes; `nil` to keep it.
    var log: String?

    /// How a program ended, and what it said.
    struct End: Hashable, Sendable {
        /// 128 and the signal's number where one ended it.
        let status: Int32
        let output: String
        let error: String

        var lastLines: [String] { End.lastLines(of: error) }

        /// The end of a text.
        static func lastLines(of text: String) -> [String] {
            text.split(whereSeparator: \.isNewline).suffix(12).map(String.init)
        }
    }

    /// Runs it.
    ///
    /// - Parameter onWait: Told every second how long it has taken.
    /// - Throws: ``LocalCloudError/cannotRun(program:reason:)``, `CancellationError`; the program is ended then.
    func run(onWait: (Duration) -> Void = { _ in }) async throws -> End {
        let output = try Pipe(of: program)
        let error = try Pipe(of: program)
        let process = try spawn(output, error)
        output.closeWriting()
        error.closeWriting()
        let start = ContinuousClock.now
        var told = Duration.seconds(1)
        var status: Int32 = 0
        while waitpid(process, &status, WNOHANG) == 0 {
            // Read meanwhile: a program that says much would otherwise wait for its reader.
            output.drain()
            error.drain()
            let elapsed = ContinuousClock.now - start
            if elapsed >= told {
                onWait(elapsed)
                told = elapsed + .seconds(1)
            }
            do { try await Task.sleep(for: .milliseconds(elapsed < .seconds(2) ? 5 : 50)) } catch {
                kill(process, SIGTERM)
                waitpid(process, &status, 0)
                throw error
            }
        }
        output.drain()
        error.drain()
        // As a shell counts.
        let signal = status & 0x7F
        let code = signal == 0 ? (status >> 8) & 0xFF : 128 + signal
        return End(status: code, output: output.text, error: error.text)
    }

    private func spawn(_ output: Pipe, _ error: Pipe) throws(LocalCloudError) -> pid_t {
        #if canImport(Glibc)
            var actions = posix_spawn_file_actions_t()
            var attributes = posix_spawnattr_t()
        #else
            var actions: posix_spawn_file_actions_t?
            var attributes: posix_spawnattr_t?
        #endif
        posix_spawn_file_actions_init(&actions)
        posix_spawnattr_init(&attributes)
        defer {
            posix_spawn_file_actions_destroy(&actions)
            posix_spawnattr_destroy(&attributes)
        }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, output.writing, 1)
        if let log {
            posix_spawn_file_actions_addopen(&actions, 2, log, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        } else {
            posix_spawn_file_actions_adddup2(&actions, error.writing, 2)
        }
        // What this process ignores or holds back, the program is to have as usual.
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        sigaddset(&signals, SIGPIPE)
        posix_spawnattr_setsigdefault(&attributes, &signals)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK) | Int16(POSIX_SPAWN_SETSIGDEF))

        // Glibc's module has no addchdir; a shell changes the folder and becomes the program.
        let shell = ["/bin/sh", "-c", #"cd "$0" && exec "$@""#, folder, program]
        var words = (shell + arguments).map { strdup($0) }
        var variables = environment.map { strdup("\($0.key)=\($0.value)") }
        defer { for word in words + variables { free(word) } }
        words.append(nil)
        variables.append(nil)
        var process: pid_t = 0
        let code = posix_spawn(&process, shell[0], &actions, &attributes, words, variables)
        guard code == 0 else { throw .cannotRun(program: program, reason: String(cString: strerror(code))) }
        return process
    }
}

/// A pipe that is read without waiting.
private final class Pipe {
    private let reading: Int32
    private(set) var writing: Int32
    private var bytes: [UInt8] = []

    init(of program: String) throws(LocalCloudError) {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else {
            throw .cannotRun(program: program, reason: String(cString: strerror(errno)))
        }
        (reading, writing) = (ends[0], ends[1])
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        _ = fcntl(reading, F_SETFL, O_NONBLOCK)
    }

    deinit {
        close(reading)
        closeWriting()
    }

    func closeWriting() {
        if writing >= 0 { close(writing) }
        writing = -1
    }

    /// Takes what is there.
    func drain() {
        var buffer = [UInt8](repeating: 0, count: 16384)
        while true {
            let count = read(reading, &buffer, buffer.count)
            guard count > 0 else { return }
            bytes += buffer[..<count]
        }
    }

    var text: String { String(decoding: bytes, as: UTF8.self) }
}
