import Foundation
import SlipwayLoopback
import Glibc
import Testing

@testable import SlipwayHTTP

@Suite struct HTTPFailureTests {
    let client: HTTPClient

    init() throws {
        client = try HTTPClient()
    }

    /// Waits until something is so, for 5 s at most.
    private func eventually(_ condition: () -> Bool) async throws -> Bool {
        for _ in 0..<500 {
            if condition() { return true }
            try await Task.sleep(for: .milliseconds(10))
        }
        return condition()
    }

    @Test func `nobody listens`() async throws {
        let server = try LoopbackServer()
        let url = server.url
        let endpoint = "127.0.0.1:\(server.port)"
        server.stop()
        let error = await #expect(throws: HTTPError.self) { try await client.send(HTTPRequest(method: "GET", url: url)) }
        guard case .cannotConnect(endpoint, _) = error else { return #expect(error == nil) }
        #expect(error?.mayHaveReachedServer == false)
        #expect(error?.description.hasPrefix("cannot connect to \(endpoint): ") == true)
    }

    @Test func `a host that does not exist`() async throws {
        let error = await #expect(throws: HTTPError.self) {
            try await client.send(HTTPRequest(method: "GET", url: "http://no-such-host.invalid/"))
        }
        guard case .cannotResolve = error else { return #expect(error == nil) }
        #expect(error?.mayHaveReachedServer == false)
    }

    @Test func `a server without TLS is not trusted with a request`() async throws {
        let server = try LoopbackServer { _ in .close }
        defer { server.stop() }
        let error = await #expect(throws: HTTPError.self) {
            try await client.send(HTTPRequest(method: "POST", url: "https://127.0.0.1:\(server.port)/"))
        }
        guard case .tls = error else { return #expect(error == nil) }
        #expect(error?.mayHaveReachedServer == false)
    }

    @Test func `cancelling a task closes its connection`() async throws {
        let server = try LoopbackServer { _ in .silence }
        defer { server.stop() }
        let (client, url) = (client, server.url)
        let task = Task { try await client.send(HTTPRequest(method: "GET", url: url)) }
        #expect(try await eventually { server.requests.count == 1 })
        task.cancel()
        await #expect(throws: HTTPError.cancelled(sent: true)) { try await task.value }
        #expect(try await eventually { server.closedByClient == 1 })
    }

    @Test func `a task that was cancelled before sends nothing`() async throws {
        let server = try LoopbackServer()
        defer { server.stop() }
        let (client, url) = (client, server.url)
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return try await client.send(HTTPRequest(method: "GET", url: url))
        }
        await #expect(throws: HTTPError.cancelled(sent: false)) { try await task.value }
        #expect(server.requests.isEmpty)
    }

    @Test func `a request that waits for a connection can be cancelled, and takes no place`() async throws {
        let server = try LoopbackServer { _ in .silence }
        defer { server.stop() }
        let client = try HTTPClient(HTTPClient.Settings(connectionsPerHost: 1))
        let url = server.url
        let first = Task { try await client.send(HTTPRequest(method: "GET", url: url)) }
        #expect(try await eventually { server.requests.count == 1 })
        let second = Task { try await client.send(HTTPRequest(method: "GET", url: url)) }
        try await Task.sleep(for: .milliseconds(50))
        second.cancel()
        await #expect(throws: HTTPError.cancelled(sent: false)) { try await second.value }
        first.cancel()
        _ = await first.result
        #expect(server.requests.count == 1)
    }

    @Test func `a request that fails at its turn does not hold up those behind it`() async throws {
        let server = try LoopbackServer { _ in
            usleep(100_000)
            return .response()
        }
        defer { server.stop() }
        let client = try HTTPClient(HTTPClient.Settings(connectionsPerHost: 1))
        let url = server.url
        let bodies: [HTTPRequest.Body] = [.none, .file(path: "/nowhere", offset: 0, length: 1), .none]
        let outcomes = await withTaskGroup(of: Bool.self) { group in
            for body in bodies {
                group.addTask {
                    await Result { () async throws in
                        try await client.send(HTTPRequest(method: "PUT", url: url, body: body, mayBeSentTwice: true))
                    }.isSuccess
                }
                try? await Task.sleep(for: .milliseconds(20))
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(outcomes.filter { $0 }.count == 2)
    }

    @Test func `no answer in time`() async throws {
        let server = try LoopbackServer { _ in .silence }
        defer { server.stop() }
        let error = await #expect(throws: HTTPError.self) {
            try await client.send(
                HTTPRequest(method: "GET", url: server.url, timeouts: HTTPRequest.Timeouts(idle: 60, total: 0.2)))
        }
        #expect(error == .timedOut(.waiting, endpoint: "127.0.0.1:\(server.port)"))
        #expect(error?.mayHaveReachedServer == true)
    }

    @Test func `an answer that stops halfway`() async throws {
        let server = try LoopbackServer { _ in .bytes("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf") }
        defer { server.stop() }
        let error = await #expect(throws: HTTPError.self) {
            try await client.send(HTTPRequest(method: "GET", url: server.url, timeouts: HTTPRequest.Timeouts(idle: 1)))
        }
        #expect(error == .timedOut(.receiving, endpoint: "127.0.0.1:\(server.port)"))
    }

    @Test func `a connection that is not made in time has carried nothing`() async throws {
        // An address that is reserved for documentation: packets to it are lost, or refused by a router.
        let error = await #expect(throws: HTTPError.self) {
            try await client.send(
                HTTPRequest(method: "GET", url: "http://192.0.2.1/", timeouts: HTTPRequest.Timeouts(connect: 0.2)))
        }
        #expect(error?.mayHaveReachedServer == false)
    }

    @Test func `a request that may be sent twice survives a pooled connection that died`() async throws {
        let server = try LoopbackServer { $0.connection == 1 && $0.line.contains("second") ? .close : .text("ok") }
        defer { server.stop() }
        _ = try await client.send(HTTPRequest(method: "GET", url: server.url + "/first"))
        let response = try await client.send(
            HTTPRequest(method: "POST", url: server.url + "/second", body: .bytes(Data("x".utf8)), mayBeSentTwice: true))
        #expect(response.body == Data("ok".utf8))
        #expect(server.requests.count == 3)
    }

    @Test(arguments: [HTTPRequest.Body.bytes(Data("x".utf8)), .none])
    func `a request that may not be sent twice is not, whatever becomes of its connection`(body: HTTPRequest.Body)
        async throws
    {
        let server = try LoopbackServer { $0.line.contains("second") ? .close : .response() }
        defer { server.stop() }
        _ = try await client.send(HTTPRequest(method: "GET", url: server.url + "/first"))
        let error = await #expect(throws: HTTPError.self) {
            try await client.send(HTTPRequest(method: "POST", url: server.url + "/second", body: body))
        }
        guard case .connectionClosed(_, sent: true, _) = error else { return #expect(error == nil) }
        #expect(error?.mayHaveReachedServer == true)
        #expect(server.requests.filter { $0.line.contains("second") }.count == 1)
    }
}

extension Result where Failure == any Error {
    fileprivate init(_ body: () async throws -> Success) async {
        do { self = .success(try await body()) } catch { self = .failure(error) }
    }

    fileprivate var isSuccess: Bool {
        if case .success = self { true } else { false }
    }
}
