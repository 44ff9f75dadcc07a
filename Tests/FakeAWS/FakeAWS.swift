private import SlipwayDeclaration
package import SlipwayHTTP
private import Synchronization

/// An AWS small enough to live in a test: it answers requests from memory, as the real one does.
///
/// ```swift
/// let fake = FakeAWS()
/// let aws = AWSClient(transport: fake, …)
/// fake.fail("s3", "PutBucketPolicy", code: "MalformedPolicy")
/// …
/// fake.calls.map(\.operation)
/// ```
///
/// Its clock starts at the same moment and advances one second with each request, and its identifiers are counted, so
/// that a test sees the same values whenever it runs.
package final class FakeAWS: HTTPTransport {
    /// The account that all callers belong to.
    package static let account = "123456789012"

    private let state: Mutex<State>
    private let records: Bool

    /// An account in which nothing exists.
    ///
    /// - Parameter records: Whether the calls are to be checked against the models that AWS publishes.
    package init(records: Bool = true) {
        state = Mutex(State())
        self.records = records
    }

    deinit {
        if records { CallRecord.write(calls) }
    }

    package func send(_ request: HTTPRequest) async throws(HTTPError) -> HTTPResponse {
        let endpoint = FakeCall.host(of: request.url)
        if Task.isCancelled { throw .cancelled(sent: false) }
        let (decoded, fault) = state.withLock { state in
            let decoded = FakeCall.decode(request, date: state.tick(), serial: state.calls.count, seed: state.seed)
            var fault: Fault?
            if case .success(let call) = decoded {
                state.calls.append(RecordedCall(call))
                fault = state.takeFault(for: call)
            }
            return (decoded, fault)
        }
        let call: FakeCall
        switch decoded {
        case .success(let decoded): call = decoded
        case .failure(let refusal): return refusal.answer.response(to: refusal.call)
        }
        if let delay = fault?.delay {
            do { try await Task.sleep(for: delay) } catch { throw .cancelled(sent: true) }
        }
        if let fault, fault.moment == .before {
            if fault.drops { throw .connectionClosed(endpoint: endpoint, sent: true, reason: "dropped by a test") }
            if let answer = fault.answer { return answer.response(to: call) }
        }
        let answer = state.withLock { $0.carryOut(call) }
        if let fault, fault.moment == .after {
            if fault.drops { throw .connectionClosed(endpoint: endpoint, sent: true, reason: "dropped by a test") }
            if let answer = fault.answer { return answer.response(to: call) }
        }
        return try answer.response(to: call).stored(request.responseBody)
    }

    /// Everything that was asked for so far, in order.
    package var calls: [RecordedCall] { state.withLock { $0.calls } }

    /// The names of the operations that were asked for so far, in order, such as `s3 CreateBucket`.
    package var operations: [String] { calls.map { "\($0.service) \($0.operation)" } }

    /// Forgets the calls made so far, but nothing that they did.
    package func forgetCalls() { state.withLock { $0.calls = [] } }

    /// The calls as JSON lines, for checking them against the models that AWS publishes.
    package var callLines: String { calls.map { $0.json.text + "\n" }.joined() }

    /// Looks at what exists, or changes it behind everyone's back.
    package func withServices<Result: Sendable>(
        _ body: (inout FakeServices) throws -> Result
    ) rethrows -> Result {
        try state.withLock { try body(&$0.services) }
    }
}

/// When a fault strikes.
package enum Moment: Sendable {
    /// Before the operation has any effect.
    case before
    /// After the operation was carried out.
    case after
}

extension FakeAWS {
    /// Makes the next calls of an operation fail with an error of AWS's.
    ///
    /// - Parameters:
    ///   - operation: `nil` for every operation of the service.
    ///   - skipping: how many calls succeed before.
    package func fail(
        _ service: String, _ operation: String?, times: Int = 1, skipping: Int = 0, code: String, status: Int = 400,
        message: String = "made to fail by a test", _ moment: Moment = .before
    ) {
        let answer = FakeAnswer.error(code, message, status: status)
        add(Fault(service: service, operation: operation, skip: skipping, times: times, moment: moment, answer: answer))
    }

    /// Breaks the connection of the next calls of an operation, before or after it was carried out.
    package func drop(
        _ service: String, _ operation: String?, times: Int = 1, skipping: Int = 0, _ moment: Moment = .after
    ) {
        add(Fault(service: service, operation: operation, skip: skipping, times: times, moment: moment, drops: true))
    }

    /// Makes the next calls of an operation take longer.
    package func delay(_ service: String, _ operation: String?, times: Int = .max, by duration: Duration) {
        add(Fault(service: service, operation: operation, skip: 0, times: times, moment: .before, delay: duration))
    }

    /// Makes a service eventually consistent: after a call that changed something, the next calls see it as it was
    /// before. Reads do so in any case; with `writes`, also calls that then find what they are about absent.
    package func lag(_ service: String, calls: Int, writes: Bool = false) {
        state.withLock { $0.lags[service] = Lag(calls: calls, writes: writes) }
    }

    /// Makes lists come in another order each time, where AWS promises none.
    package func shuffle(seed: UInt64 = 1) { state.withLock { $0.seed = seed } }

    private func add(_ fault: Fault) { state.withLock { $0.faults.append(fault) } }
}

/// Something that goes wrong.
private struct Fault: Sendable {
    let service: String
    let operation: String?
    var skip: Int
    var times: Int
    let moment: Moment
    var drops = false
    var delay: Duration?
    var answer: FakeAnswer?
}

/// How far reads of a service are behind.
private struct Lag: Sendable {
    /// How many calls a change stays unseen.
    let calls: Int
    let writes: Bool
    /// How many calls are still to see `before`.
    var left = 0
    var before: FakeServices?
}

private struct State: Sendable {
    var services = FakeServices()
    var calls: [RecordedCall] = []
    var faults: [Fault] = []
    var lags: [String: Lag] = [:]
    var seed: UInt64?
    /// 2026-01-01T00:00:00Z
    private var now = 1_767_225_600

    mutating func tick() -> Int {
        now += 1
        return now
    }

    mutating func takeFault(for call: FakeCall) -> Fault? {
        let match = faults.firstIndex { fault in
            fault.service == call.service && (fault.operation ?? call.operation) == call.operation && fault.times > 0
        }
        guard let match else { return nil }
        if faults[match].skip > 0 {
            faults[match].skip -= 1
            return nil
        }
        if faults[match].times < .max { faults[match].times -= 1 }
        return faults[match]
    }

    mutating func carryOut(_ call: FakeCall) -> FakeAnswer {
        guard var lag = lags[call.service] else { return services.handle(call) }
        if lag.left > 0, var before = lag.before {
            let answer = before.handle(call)
            if call.isRead || (lag.writes && answer.isNotFound) {
                lag.left -= 1
                lags[call.service] = lag
                return answer
            }
        }
        if call.isRead { return services.handle(call) }
        let before = services
        let answer = services.handle(call)
        if !answer.isError {
            // A second change while the first is unseen leaves both unseen.
            if lag.left == 0 { lag.before = before }
            lag.left = lag.calls
            lags[call.service] = lag
        }
        return answer
    }
}
