private import FoundationEssentials

#if canImport(Glibc)
    private import Glibc
#elseif canImport(Darwin)
    private import Darwin
#endif

/// Gives out the bytes of a request's body, from memory or from a file.
struct BodySource: ~Copyable {
    /// How many bytes there are in all.
    let length: Int64
    /// Why the file could not be read.
    private(set) var failure: HTTPError?

    private let body: HTTPRequest.Body
    private var position: Int64 = 0
    private var descriptor: Int32 = -1

    init(_ body: HTTPRequest.Body) {
        self.body = body
        length =
            switch body {
            case .none: 0
            case .bytes(let data): Int64(data.count)
            case .file(_, _, let length): length
            }
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
    }

    /// Whether any byte was given out since the beginning or the last `rewind`.
    var isStarted: Bool { position > 0 }

    /// Whether every byte was given out.
    var isExhausted: Bool { position >= length }

    /// Opens the file, if there is one.
    ///
    /// - Returns: the error where it cannot be opened.
    mutating func open() -> HTTPError? {
        guard case .file(let path, _, _) = body, descriptor < 0 else { return nil }
        descriptor = path.withCString { systemOpen($0, O_RDONLY | O_CLOEXEC) }
        if descriptor < 0 { failure = .file(path: path, reason: lastSystemError(), sent: false) }
        return failure
    }

    /// Goes back to the first byte.
    mutating func rewind() -> Bool {
        position = 0
        return true
    }

    /// Copies the next bytes, at most `capacity`, and says how many they were. What cannot be read makes libcurl give up.
    mutating func read(into buffer: UnsafeMutablePointer<CChar>?, _ capacity: Int) -> Int {
        guard let buffer else { return abort }
        let count = min(capacity, Int(length - position))
        guard count > 0 else { return 0 }
        switch body {
        case .none:
            return 0
        case .bytes(let data):
            let start = data.startIndex + Int(position)
            data.copyBytes(
                to: UnsafeMutableRawBufferPointer(start: buffer, count: count), from: start..<(start + count))
            position += Int64(count)
            return count
        case .file(let path, let offset, _):
            let got = pread(descriptor, buffer, count, off_t(offset + position))
            guard got > 0 else {
                let reason = got == 0 ? "the file is shorter than it was" : lastSystemError()
                failure = .file(path: path, reason: reason, sent: false)
                return abort
            }
            position += Int64(got)
            return got
        }
    }

    /// libcurl's `CURL_READFUNC_ABORT`.
    private var abort: Int { 0x1000_0000 }
}

/// `open` by another name: a method of the same name hides it.
func systemOpen(_ path: UnsafePointer<CChar>, _ flags: Int32, _ mode: UInt32 = 0) -> Int32 {
    #if canImport(Darwin)
        open(path, flags, mode_t(mode))
    #else
        open(path, flags, mode)
    #endif
}

/// What the system says about `errno`.
func lastSystemError() -> String {
    String(cString: strerror(errno))
}
