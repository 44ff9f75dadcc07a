import FoundationEssentials
#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Who holds a lock, for the message to whoever wants it.
package struct LockHolder: Hashable, Sendable, Codable {
    /// `user@host`
    package let who: String
    package let process: Int
    /// `apply`, `destroy`, …
    package let command: String
    /// Seconds since 1970.
    package let since: Double

    package init(who: String, process: Int, command: String, since: Double) {
        self.who = who
        self.process = process
        self.command = command
        self.since = since
    }
}

/// The lock of a state: the kernel's own (`flock`) on a file beside it, so that a dead process leaves none. The file
/// is closed on exec, so that no child keeps it. Released when the value goes.
package final class StateLock: Sendable {
    private let descriptor: Int32

    /// Takes the lock if it is free.
    ///
    /// - Throws: ``StateError/locked(path:holder:)`` when another process has it.
    package init(path: String, holder: LockHolder) throws {
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw StateError.file(path: path, reason: String(cString: strerror(errno))) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let code = errno
            close(descriptor)
            guard code == EWOULDBLOCK else { throw StateError.file(path: path, reason: String(cString: strerror(code))) }
            throw StateError.locked(path: path, holder: StateLock.holder(path))
        }
        self.descriptor = descriptor
        // The text only tells others who waits for whom; the lock itself is the kernel's.
        let text = Array((try? JSONEncoder().encode(holder)) ?? Data())
        ftruncate(descriptor, 0)
        _ = pwrite(descriptor, text, text.count, 0)
    }

    deinit {
        // A child that is being started has a copy of the descriptor until it becomes another program, and would keep
        // the lock as long.
        flock(descriptor, LOCK_UN)
        close(descriptor)
    }

    /// Who wrote their name into a lock file last; `nil` when that cannot be read.
    package static func holder(_ path: String) -> LockHolder? {
        guard let data = try? Data(contentsOf: URL(filePath: path)) else { return nil }
        return try? JSONDecoder().decode(LockHolder.self, from: data)
    }
}
