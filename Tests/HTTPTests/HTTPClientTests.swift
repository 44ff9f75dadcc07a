import Foundation
import SlipwayLoopback
import Testing

@testable import SlipwayHTTP

@Suite struct HTTPClientTests {
    let client: HTTPClient

    init() throws {
        client = try HTTPClient()
    }

    @Test func `a response has its status, headers and body`() async throws {
        let server = try LoopbackServer { _ in .text("short", status: 418, headers: ["X-Tea": " pot "]) }
        defer { server.stop() }
        let response = try await client.send(HTTPRequest(method: "GET", url: server.url + "/a?b=c"))
        #expect(response.status == 418)
        #expect(response.headers["x-tea"] == "pot")
        #expect(response.body == Data("short".utf8))
        #expect(server.requests.map(\.line) == ["GET /a?b=c HTTP/1.1"])
    }

    @Test func `requests after each other share a connection`() async throws {
        let server = try LoopbackServer()
        defer { server.stop() }
        for method in ["GET", "POST", "HEAD", "DELETE", "PUT", "GET"] {
            let body = method == "POST" ? HTTPRequest.Body.bytes(Data("x".utf8)) : .none
            _ = try await client.send(
                HTTPRequest(method: method, url: server.url, body: body, mayBeSentTwice: method == "PUT"))
        }
        #expect(server.connections == 1)
        #expect(server.requests.count == 6)
    }

    @Test func `a body from memory is sent whole, with its length and without Expect`() async throws {
        let server = try LoopbackServer()
        defer { server.stop() }
        let body = Data((0..<3_000_000).map { UInt8(truncatingIfNeeded: $0) })
        _ = try await client.send(
            HTTPRequest(method: "PUT", url: server.url, headers: ["X-Empty": ""], body: .bytes(body)))
        let request = try #require(server.requests.first)
        #expect(request.body == Array(body))
        #expect(request.headers["content-length"] == "3000000")
        #expect(request.headers["expect"] == nil)
        #expect(request.headers["transfer-encoding"] == nil)
        #expect(request.headers["content-type"] == nil)
        #expect(request.headers["x-empty"]?.isEmpty == true)
    }

    @Test func `a POST without a body says that it is empty`() async throws {
        let server = try LoopbackServer()
        defer { server.stop() }
        _ = try await client.send(HTTPRequest(method: "POST", url: server.url))
        #expect(server.requests.first?.headers["content-length"] == "0")
    }

    @Test func `a piece of a file is sent, and an answer is stored in a file`() async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let source = folder.appendingPathComponent("source").path
        let target = folder.appendingPathComponent("target").path
        try Data("0123456789".utf8).write(to: URL(fileURLWithPath: source))
        let server = try LoopbackServer { request in .response(body: request.body.reversed()) }
        defer { server.stop() }
        let response = try await client.send(
            HTTPRequest(
                method: "PUT", url: server.url, body: .file(path: source, offset: 2, length: 5),
                responseBody: .file(path: target)))
        #expect(response.body.isEmpty)
        #expect(server.requests.first?.body == Array("23456".utf8))
        #expect(try String(contentsOfFile: target, encoding: .utf8) == "65432")
    }

    @Test func `an error's body goes into memory and leaves the file alone`() async throws {
        let server = try LoopbackServer { _ in .text("<Error/>", status: 404) }
        defer { server.stop() }
        let target = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
        let response = try await client.send(
            HTTPRequest(method: "GET", url: server.url, responseBody: .file(path: target)))
        #expect(response.body == Data("<Error/>".utf8))
        #expect(!FileManager.default.fileExists(atPath: target))
    }

    @Test func `a file that is missing or too short is an error that names it`() async throws {
        let server = try LoopbackServer()
        defer { server.stop() }
        await #expect(throws: HTTPError.file(path: "/nowhere/x", reason: "No such file or directory", sent: false)) {
            try await client.send(
                HTTPRequest(method: "PUT", url: server.url, body: .file(path: "/nowhere/x", offset: 0, length: 5)))
        }
        let path = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
        try Data("abc".utf8).write(to: URL(fileURLWithPath: path))
        defer { try? FileManager.default.removeItem(atPath: path) }
        let error = await #expect(throws: HTTPError.self) {
            try await client.send(
                HTTPRequest(method: "PUT", url: server.url, body: .file(path: path, offset: 0, length: 5)))
        }
        #expect(error == .file(path: path, reason: "the file is shorter than it was", sent: false))
    }

    @Test func `a path is sent as it is, dots and double slashes included`() async throws {
        let server = try LoopbackServer()
        defer { server.stop() }
        _ = try await client.send(HTTPRequest(method: "GET", url: server.url + "/a/../b//c/./%2E"))
        #expect(server.requests.first?.line == "GET /a/../b//c/./%2E HTTP/1.1")
    }

    @Test func `a redirect is an answer like any other`() async throws {
        let server = try LoopbackServer { _ in .response(status: 307, headers: ["Location": "http://127.0.0.1:1/"]) }
        defer { server.stop() }
        let response = try await client.send(HTTPRequest(method: "GET", url: server.url))
        #expect(response.status == 307)
    }

    @Test func `an interim answer is not the answer`() async throws {
        let server = try LoopbackServer { _ in
            .bytes("HTTP/1.1 103 Early\r\nX-Early: 1\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
        }
        defer { server.stop() }
        let response = try await client.send(HTTPRequest(method: "GET", url: server.url))
        #expect(response.status == 200)
        #expect(response.headers["X-Early"] == nil)
        #expect(response.body == Data("ok".utf8))
    }

    @Test func `500 requests at once take one thread and few connections`() async throws {
        let server = try LoopbackServer { request in .text(request.line) }
        defer { server.stop() }
        let client = try HTTPClient(HTTPClient.Settings(connectionsPerHost: 20))
        let url = server.url
        let threads = try loopThreads()
        let bodies = try await withThrowingTaskGroup(of: (Int, Data).self) { group in
            for number in 0..<500 {
                group.addTask {
                    (number, try await client.send(HTTPRequest(method: "GET", url: "\(url)/\(number)")).body)
                }
            }
            var bodies: [Int: Data] = [:]
            for try await (number, body) in group { bodies[number] = body }
            return bodies
        }
        #expect(bodies.count == 500)
        #expect(bodies.allSatisfy { $0.value == Data("GET /\($0.key) HTTP/1.1".utf8) })
        #expect(server.connections <= 20)
        // Other tests run at the same time and have clients of their own, so only their number is an upper bound.
        #expect(try loopThreads() <= threads + 40)
    }

    @Test func `a client's thread ends with the client`() async throws {
        let server = try LoopbackServer()
        defer { server.stop() }
        weak var released: HTTPClient?
        do {
            let client = try HTTPClient()
            released = client
            _ = try await client.send(HTTPRequest(method: "GET", url: server.url))
        }
        #expect(released == nil)
    }

    /// How many threads this process has.
    private func loopThreads() throws -> Int {
        try FileManager.default.contentsOfDirectory(atPath: "/proc/self/task").count
    }
}
