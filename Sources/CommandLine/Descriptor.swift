#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif
import Synchronization

/// A file descriptor that texts are written to.
///
/// Once the reader has gone (`EPIPE`), what is written is dropped: an apply whose output is piped into `head` goes on.
/// `SIGPIPE` must be ignored.
package final class Descriptor: Sendable {
    private let number: Int32
    private let isClosed = Mutex(false)

    package init(_ number: Int32) { self.number = number }

    /// Writes a text as a whole, unless its reader has gone.
    package func write(_ text: String) {
        isClosed.withLock { isClosed in
            guard !isClosed else { return }
            let bytes = Array(text.utf8)
            var start = 0
            while start < bytes.count {
                let written = bytes[start...].withUnsafeBytes { systemWrite(number, $0.baseAddress, $0.count) }
                if written > 0 {
                    start += written
                } else if errno != EINTR, errno != EAGAIN {
                    isClosed = true
                    return
                }
            }
        }
    }

    /// Whether a person sees what is written.
    package var isTerminal: Bool { isatty(number) == 1 }

    /// Columns of the terminal; 80 where there is none.
    package var width: Int {
        var size = winsize()
        guard ioctl(number, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
        return Int(size.ws_col)
    }
}

private func systemWrite(_ number: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
    // The method of the same name would be found before the C function.
    write(number, bytes, count)
}

extension Console {
    /// The console of the process.
    package static func process() -> Console {
        let out = Descriptor(1)
        let error = Descriptor(2)
        return Console(
            out: { out.write($0) }, error: { error.write($0) }, readLine: { Swift.readLine() },
            outIsTerminal: out.isTerminal, errorIsTerminal: error.isTerminal, inIsTerminal: Descriptor(0).isTerminal,
            width: error.isTerminal ? error.width : out.width, isLive: error.isTerminal)
    }
}
