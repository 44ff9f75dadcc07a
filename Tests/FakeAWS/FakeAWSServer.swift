private import Foundation
private import SlipwayHTTP
private import SlipwayLoopback
private import Synchronization

/// A ``FakeAWS`` behind a port on loopback, for programs that run in a process of their own.
///
/// What stands behind the port can be exchanged, so that one server serves many tests.
package final class FakeAWSServer: Sendable {
    private let server: LoopbackServer
    private let current: Current

    /// What stands behind the port.
    package var fake: FakeAWS {
        get { current.fake.withLock { $0 } }
        set { current.fake.withLock { $0 = newValue } }
    }

    /// `http://127.0.0.1:<port>`
    package var url: String { server.url }

    /// Starts to listen.
    package init(_ fake: FakeAWS = FakeAWS()) throws {
        let current = Current(fake)
        self.current = current
        server = try LoopbackServer { request in FakeAWSServer.answer(request, current.fake.withLock { $0 }) }
    }

    deinit { server.stop() }

    private final class Current: Sendable {
        let fake: Mutex<FakeAWS>
        init(_ fake: FakeAWS) { self.fake = Mutex(fake) }
    }

    /// Waits for the answer on the connection's own thread, which has nothing else to do.
    private static func answer(_ request: LoopbackServer.Request, _ fake: FakeAWS) -> LoopbackServer.Reply {
        let parts = request.line.split(separator: " ")
        guard parts.count == 3 else { return .close }
        var headers = HTTPHeaders()
        for (name, value) in request.headers { headers.append(name, value) }
        let host = request.headers["host"] ?? "127.0.0.1"
        let forwarded = HTTPRequest(
            method: String(parts[0]), url: "http://\(host)\(parts[1])", headers: headers,
            body: request.body.isEmpty ? .none : .bytes(Data(request.body)))
        let box = Box()
        let done = DispatchSemaphore(value: 0)
        Task {
            // A connection that a test wants broken is closed without an answer.
            if let response = try? await fake.send(forwarded) {
                let headers = Dictionary(response.headers.fields.map { ($0.name, $0.value) }) { first, _ in first }
                box.reply.withLock {
                    $0 = .response(status: response.status, headers: headers, body: Array(response.body))
                }
            }
            done.signal()
        }
        done.wait()
        return box.reply.withLock { $0 }
    }

    private final class Box: Sendable {
        let reply = Mutex<LoopbackServer.Reply>(.close)
    }
}
