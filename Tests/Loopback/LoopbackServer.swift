import Foundation
import Glibc
import Synchronization

/// An HTTP server on loopback, small enough to live in a test: a thread for each connection, keep-alive, no chunks.
package final class LoopbackServer: Sendable {
    /// What a client sent.
    package struct Request: Sendable {
        /// Method, target and version.
        package var line: String
        /// Names are in lower case.
        package var headers: [String: String]
        package var body: [UInt8]
        /// The number of its connection, from 1.
        package var connection: Int
    }

    /// What it is answered.
    package enum Reply: Sendable {
        case response(status: Int = 200, headers: [String: String] = [:], body: [UInt8] = [])
        /// Nothing is said until the client goes away.
        case silence
        /// The connection is closed.
        case close
        /// These bytes, and then silence.
        case bytes(String)
    }

    private struct State {
        var requests: [Request] = []
        var connections = 0
        var closedByClient = 0
    }

    /// The port that it listens on.
    package let port: UInt16
    private let listener: Int32
    private let state = Mutex(State())
    private let answer: @Sendable (Request) -> Reply

    /// `http://127.0.0.1:<port>`
    package var url: String { "http://127.0.0.1:\(port)" }
    /// Everything that was asked for so far.
    package var requests: [Request] { state.withLock { $0.requests } }
    /// How many connections were made so far.
    package var connections: Int { state.withLock { $0.connections } }
    /// How many connections the client closed while nothing was said.
    package var closedByClient: Int { state.withLock { $0.closedByClient } }

    /// Starts to listen.
    package init(_ answer: @escaping @Sendable (Request) -> Reply = { _ in .response() }) throws {
        self.answer = answer
        listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let descriptor = listener
        let bound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                bind(descriptor, pointer, size) == 0 && listen(descriptor, 1024) == 0
                    && getsockname(descriptor, pointer, &size) == 0
            }
        }
        struct NotBound: Error {}
        guard bound else { throw NotBound() }
        port = UInt16(bigEndian: address.sin_port)
        Thread.detachNewThread { [self] in acceptAll() }
    }

    /// Listens no more; connections end with their clients.
    package func stop() {
        shutdown(listener, Int32(SHUT_RDWR))
        close(listener)
    }

    private func acceptAll() {
        while true {
            let connection = accept(listener, nil, nil)
            if connection < 0 { return }
            let number = state.withLock { state in
                state.connections += 1
                return state.connections
            }
            Thread.detachNewThread { [self] in serve(connection, number) }
        }
    }

    private func serve(_ connection: Int32, _ number: Int) {
        defer { close(connection) }
        var buffer: [UInt8] = []
        while let request = read(connection, &buffer, number) {
            state.withLock { $0.requests.append(request) }
            switch answer(request) {
            case .response(let status, let headers, let body):
                var text = "HTTP/1.1 \(status) Words\r\n"
                for (name, value) in headers where name.lowercased() != "content-length" {
                    text += "\(name): \(value)\r\n"
                }
                let length = headers.first { $0.key.lowercased() == "content-length" }?.value ?? String(body.count)
                text += "Content-Length: \(length)\r\n\r\n"
                write(connection, Array(text.utf8) + (request.line.hasPrefix("HEAD ") ? [] : body))
            case .bytes(let text):
                write(connection, Array(text.utf8))
                waitForClose(connection)
                return
            case .silence:
                waitForClose(connection)
                return
            case .close:
                return
            }
        }
    }

    private func waitForClose(_ connection: Int32) {
        var byte: UInt8 = 0
        while recv(connection, &byte, 1, 0) > 0 {}
        state.withLock { $0.closedByClient += 1 }
    }

    private func write(_ connection: Int32, _ bytes: [UInt8]) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            if count <= 0 { return }
            rest = rest.dropFirst(count)
        }
    }

    private func read(_ connection: Int32, _ buffer: inout [UInt8], _ number: Int) -> Request? {
        let end = Array("\r\n\r\n".utf8)
        var headEnd = buffer.firstRange(of: end)
        while headEnd == nil {
            // 22 begins a TLS handshake, which this server does not speak.
            if !fill(connection, &buffer) || buffer.first == 22 { return nil }
            headEnd = buffer.firstRange(of: end)
        }
        guard let headEnd else { return nil }
        let lines = String(decoding: buffer[..<headEnd.lowerBound], as: UTF8.self).components(separatedBy: "\r\n")
        var headers: [String: String] = [:]
        for line in lines.dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            headers[parts[0].lowercased()] = parts[1].trimmingCharacters(in: .whitespaces)
        }
        buffer.removeSubrange(..<headEnd.upperBound)
        let length = headers["content-length"].flatMap { Int($0) } ?? 0
        while buffer.count < length {
            if !fill(connection, &buffer) { return nil }
        }
        let body = Array(buffer[..<length])
        buffer.removeSubrange(..<length)
        return Request(line: lines[0], headers: headers, body: body, connection: number)
    }

    private func fill(_ connection: Int32, _ buffer: inout [UInt8]) -> Bool {
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        let count = recv(connection, &chunk, chunk.count, 0)
        if count > 0 { buffer += chunk[..<count] }
        return count > 0
    }
}

extension LoopbackServer.Reply {
    /// A response whose body is a text.
    package static func text(_ body: String, status: Int = 200, headers: [String: String] = [:]) -> Self {
        .response(status: status, headers: headers, body: Array(body.utf8))
    }
}
