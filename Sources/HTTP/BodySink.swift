internal import FoundationEssentials

#if canImport(Glibc)
    private import Glibc
#elseif canImport(Darwin)
    private import Darwin
#endif

/// Takes the bytes of a response's body, into memory or into a file.
struct BodySink: ~Copyable {
    /// What went into memory.
    private(set) var memory = Data()

    private let target: HTTPRequest.ResponseBody
    private var status = 0
    private var descriptor: Int32 = -1
    private var failure: HTTPError?

    init(_ target: HTTPRequest.ResponseBody) {
        self.target = target
    }

    deinit {
        if descriptor >= 0 { _ = systemClose(descriptor) }
    }

    /// A response with this status begins; whatever came before it did not belong to it.
    mutating func begin(status: Int) {
        self.status = status
        memory = Data()
    }

    /// Takes bytes in; `false` where they cannot be stored.
    mutating func write(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard case .file(let path) = target, (200..<300).contains(status) else {
            memory.append(contentsOf: bytes)
            return true
        }
        if !openFile(path) { return false }
        var rest = bytes[...]
        while !rest.isEmpty {
            let written = systemWrite(descriptor, UnsafeRawBufferPointer(rebasing: rest))
            guard written > 0 else {
                failure = .file(path: path, reason: lastSystemError(), sent: true)
                return false
            }
            rest = rest.dropFirst(written)
        }
        return true
    }

    /// Ends the body. A file exists afterwards, even when there was not a single byte for it.
    ///
    /// - Returns: the error where something could not be stored.
    mutating func close() -> HTTPError? {
        guard case .file(let path) = target, (200..<300).contains(status), failure == nil else { return failure }
        if openFile(path), systemClose(descriptor) != 0 {
            failure = .file(path: path, reason: lastSystemError(), sent: true)
        }
        descriptor = -1
        return failure
    }

    private mutating func openFile(_ path: String) -> Bool {
        if descriptor >= 0 { return true }
        if failure != nil { return false }
        descriptor = path.withCString { systemOpen($0, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666) }
        if descriptor < 0 { failure = .file(path: path, reason: lastSystemError(), sent: true) }
        return descriptor >= 0
    }
}

private func systemClose(_ descriptor: Int32) -> Int32 { close(descriptor) }

private func systemWrite(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Int {
    write(descriptor, bytes.baseAddress, bytes.count)
}
