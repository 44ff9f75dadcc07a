import FoundationEssentials
import SlipwayHTTP
import Synchronization

@testable import SlipwayAWS

/// A network that answers with what a test says, one answer for each request, and remembers the requests.
final class StubTransport: HTTPTransport {
    typealias Answer = Result<HTTPResponse, HTTPError>

    private struct State {
        var answers: [Answer]
        var requests: [HTTPRequest] = []
    }

    private let state: Mutex<State>

    init(all answers: [Answer]) {
        state = Mutex(State(answers: answers))
    }

    init(_ answers: Answer...) {
        state = Mutex(State(answers: answers))
    }

    var requests: [HTTPRequest] { state.withLock { $0.requests } }

    /// The body of a request, as text.
    func body(_ index: Int = 0) -> String {
        guard requests.count > index, case .bytes(let data) = requests[index].body else { return "" }
        return String(decoding: data, as: UTF8.self)
    }

    func send(_ request: HTTPRequest) async throws(HTTPError) -> HTTPResponse {
        let answer: Answer = state.withLock { state in
            state.requests.append(request)
            return state.answers.isEmpty ? .success(HTTPResponse(status: 200)) : state.answers.removeFirst()
        }
        return try answer.get()
    }
}

extension Result where Success == HTTPResponse, Failure == HTTPError {
    static func ok(_ body: String = "", headers: HTTPHeaders = [:]) -> Self {
        .success(HTTPResponse(status: 200, headers: headers, body: Data(body.utf8)))
    }

    static func json(_ status: Int, _ code: String, _ message: String = "", headers: HTTPHeaders = [:]) -> Self {
        let body = #"{"__type":"\#(code)","message":"\#(message)"}"#
        return .success(HTTPResponse(status: status, headers: headers, body: Data(body.utf8)))
    }

    static func status(_ status: Int, headers: HTTPHeaders = [:], _ body: String = "") -> Self {
        .success(HTTPResponse(status: status, headers: headers, body: Data(body.utf8)))
    }

    static var reset: Self { .failure(.connectionClosed(endpoint: "h:443", sent: true, reason: "reset")) }
    static var refused: Self { .failure(.cannotConnect(endpoint: "h:443", reason: "refused")) }
}

/// A world in which time only passes by sleeping.
final class StillWorld: Sendable {
    private let state: Mutex<(now: Double, slept: [Double])>

    init(_ start: String = "2026-01-02T03:04:05Z") {
        state = Mutex((Timestamp.parse(start)?.timeIntervalSince1970 ?? 0, []))
    }

    var slept: [Double] { state.withLock { $0.slept } }

    var surroundings: Surroundings {
        Surroundings(
            now: { Date(timeIntervalSince1970: self.state.withLock { $0.now }) },
            sleep: { seconds in
                try Task.checkCancellation()
                self.state.withLock { state in
                    state.now += seconds
                    state.slept.append(seconds)
                }
            },
            random: { 0.5 }, uuid: { "00000000-0000-4000-8000-000000000000" })
    }
}

/// A client that talks to `transport` as somebody in eu-west-1.
func client(
    _ transport: StubTransport, world: StillWorld = StillWorld(), region: String? = "eu-west-1",
    credentials: Credentials? = Credentials(accessKeyID: "AKIDEXAMPLE", secretAccessKey: "secret"),
    endpoints: [String: String] = [:], attempts: Int = 3, onCall: (@Sendable (APICall) -> Void)? = nil
) -> AWSClient {
    let configuration = AWSConfiguration(
        region: region, credentials: FixedCredentials(credentials, name: "the test"), endpoints: endpoints,
        maxAttempts: attempts)
    return AWSClient(
        configuration: configuration, transport: transport, surroundings: world.surroundings, onCall: onCall)
}
