internal import FoundationEssentials
internal import SlipwayHTTP
private import Synchronization

/// What all copies of a client share: it addresses, signs, sends and, where that is safe, sends again.
final class ClientCore: Sendable {
    /// A call that is ready but for its date and its signature.
    struct Call: Sendable {
        var service: Service
        var operation: String
        var request: WireRequest
        var repeatability: Repeatability
        var bucket: String?
        var responseBody: HTTPRequest.ResponseBody = .memory
    }

    let configuration: AWSConfiguration
    let surroundings: Surroundings
    private let transport: any HTTPTransport
    private let policy: RetryPolicy
    private let onCall: (@Sendable (APICall) -> Void)?
    private let state = Mutex(State())

    private struct State {
        var retries = RetryBudget()
        var budgets: [String: CallBudget] = [:]
        /// Seconds that AWS's clock is ahead of ours.
        var clockSkew: Double = 0
    }

    init(
        configuration: AWSConfiguration, transport: any HTTPTransport, surroundings: Surroundings, policy: RetryPolicy,
        onCall: (@Sendable (APICall) -> Void)?
    ) {
        self.configuration = configuration
        self.transport = transport
        self.surroundings = surroundings
        self.policy = policy
        self.onCall = onCall
    }

    /// Sends a call until it succeeds or there is no point in sending it again.
    ///
    /// - Returns: a successful response.
    func send(_ call: Call) async throws(AWSError) -> HTTPResponse {
        let endpoint = try endpoint(call)
        var attempt = 0
        var mayHaveHappened = false
        var hasCorrectedClock = false
        while true {
            attempt += 1
            let trace = Trace(call: call, endpoint: endpoint, attempts: attempt, mayHaveHappened: mayHaveHappened)
            if endpoint.isAWS { try await pace(call, trace) }
            let (request, signedAt) = try await signed(call, endpoint, trace)
            tell(call, attempt, .begins, since: nil)
            let start = ContinuousClock.now
            let failure: RetryPolicy.Failure
            let error: AWSError
            do throws(HTTPError) {
                let response = try await transport.send(request)
                guard let refused = refusal(response, call) else {
                    tell(call, attempt, .succeeded, since: start)
                    succeeded(call, retried: attempt > 1)
                    return response
                }
                tell(call, attempt, .failed(code: refused.code, status: response.status), since: start)
                if !hasCorrectedClock, correctClock(refused.code, response, signedAt: signedAt) {
                    hasCorrectedClock = true
                    failure = .clockCorrected
                } else {
                    failure = .answered(refused.kind, status: refused.status, requestedWait: requestedWait(response))
                }
                mayHaveHappened = mayHaveHappened || isInDoubt(failure, call)
                error = trace.error(refused, response, mayHaveHappened: mayHaveHappened)
                if refused.kind == .throttled { throttled(call) }
            } catch let lost {
                tell(call, attempt, .unanswered, since: start)
                failure = .unanswered(lost)
                mayHaveHappened = mayHaveHappened || isInDoubt(failure, call)
                error = trace.error(lost, mayHaveHappened: mayHaveHappened)
            }
            let decision = policy.decide(failure, call.repeatability, attempt: attempt, random: surroundings.random())
            guard case .sendAgain(let wait) = decision, state.withLock({ $0.retries.spend() }) else { throw error }
            try await sleep(wait, else: error)
        }
    }

    // MARK: Before an attempt

    private func endpoint(_ call: Call) throws(AWSError) -> Endpoint {
        var question = Endpoint.Question(service: call.service, region: configuration.region)
        question.useFIPS = configuration.useFIPS
        question.useDualStack = configuration.useDualStack
        question.custom = configuration.endpoint(of: call.service)
        question.bucket = call.bucket
        question.pathStyle = question.custom != nil
        do throws(EndpointProblem) {
            return try Endpoint(question)
        } catch {
            throw AWSError(
                service: call.service.name, operation: call.operation, message: error.reason, kind: .misconfigured,
                attempts: 0)
        }
    }

    private func pace(_ call: Call, _ trace: Trace) async throws(AWSError) {
        let now = surroundings.now().timeIntervalSince1970
        let wait = state.withLock { state in
            state.budgets[call.service.name, default: CallBudget(call.service.rate, now: now)].take(now: now)
        }
        if wait > 0 {
            let cancelled = trace.error(.cancelled(sent: false), mayHaveHappened: trace.mayHaveHappened)
            try await sleep(wait, else: cancelled)
        }
    }

    private func sleep(_ seconds: Double, else failure: AWSError) async throws(AWSError) {
        do {
            try await surroundings.sleep(seconds)
        } catch {
            throw failure.cancelled
        }
    }

    private func signed(
        _ call: Call, _ endpoint: Endpoint, _ trace: Trace
    ) async throws(AWSError) -> (request: HTTPRequest, date: Date) {
        let credentials: Credentials
        do throws(CredentialProblem) {
            guard let found = try await configuration.credentials.credentials() else {
                throw CredentialProblem(reason: "no credentials in \(configuration.credentials.name)")
            }
            credentials = found
        } catch {
            throw trace.problem(error.reason, .badCredentials)
        }
        let skew = state.withLock { $0.clockSkew }
        let date = surroundings.now().addingTimeInterval(skew)
        if let expiry = credentials.expiry, expiry <= date {
            let text =
                "the credentials from \(configuration.credentials.name) expired at \(Timestamp.text(expiry, .iso8601))"
            throw trace.problem(text, .badCredentials)
        }
        do throws(HTTPError) {
            let request = try RequestSigner(call: call, endpoint: endpoint, credentials: credentials, date: date).request()
            return (request, date)
        } catch {
            throw trace.error(error, mayHaveHappened: trace.mayHaveHappened)
        }
    }

    // MARK: After an attempt

    /// An answer that is no success.
    private struct Refusal {
        var code: String
        var message: String
        var requestID: String?
        var kind: AWSError.Kind
        var status: Int
    }

    private func refusal(_ response: HTTPResponse, _ call: Call) -> Refusal? {
        let isHidden = WireFailure.isHidden(in: response, of: call.operation, call.service.wire)
        if (200..<300).contains(response.status), !isHidden { return nil }
        let failure = WireFailure(call.service.wire, response)
        // An error under a status of success is one of the server's.
        let status = isHidden ? 500 : response.status
        let kind = ErrorTable.kind(
            service: call.service.name, code: failure.code, message: failure.message, status: status)
        return Refusal(
            code: failure.code, message: failure.message, requestID: failure.requestID, kind: kind, status: status)
    }

    private func isInDoubt(_ failure: RetryPolicy.Failure, _ call: Call) -> Bool {
        call.repeatability != .read && RetryPolicy.isAmbiguous(failure)
    }

    /// Where AWS says that our clock is wrong, takes its own from now on.
    ///
    /// - Returns: whether the clock is right now and was not before.
    private func correctClock(_ code: String, _ response: HTTPResponse, signedAt: Date) -> Bool {
        // Source: https://github.com/aws/aws-sdk-go-v2/blob/main/aws/retry/retryable_error.go and
        // https://github.com/aws/aws-sdk-js-v3/blob/main/packages/service-error-classification/src/constants.ts
        let codes: Set = [
            "RequestTimeTooSkewed", "RequestExpired", "RequestInTheFuture", "InvalidSignatureException",
            "SignatureDoesNotMatch", "AuthFailure",
        ]
        guard codes.contains(code), let date = response.headers["Date"].flatMap(Timestamp.parse) else { return false }
        let skew = date.timeIntervalSince(surroundings.now())
        // A signature may also be wrong because the secret is.
        guard abs(date.timeIntervalSince(signedAt)) > 240 else { return false }
        state.withLock { $0.clockSkew = skew }
        return true
    }

    private func succeeded(_ call: Call, retried: Bool) {
        let now = surroundings.now().timeIntervalSince1970
        state.withLock { state in
            state.retries.earn(retried: retried)
            state.budgets[call.service.name]?.succeeded(now: now)
        }
    }

    private func throttled(_ call: Call) {
        let now = surroundings.now().timeIntervalSince1970
        state.withLock { $0.budgets[call.service.name]?.throttled(now: now) }
    }

    /// Seconds.
    private func requestedWait(_ response: HTTPResponse) -> Double? {
        if let milliseconds = response.headers["x-amz-retry-after"].flatMap({ Double($0) }) { return milliseconds / 1000 }
        guard let text = response.headers["Retry-After"] else { return nil }
        if let seconds = Double(text) { return max(0, seconds) }
        let sent = response.headers["Date"].flatMap(Timestamp.parse) ?? surroundings.now()
        return Timestamp.parse(text).map { max(0, $0.timeIntervalSince(sent)) }
    }

    private func tell(
        _ call: Call, _ attempt: Int, _ outcome: APICall.Outcome, since start: ContinuousClock.Instant?
    ) {
        onCall?(
            APICall(
                service: call.service.name, operation: call.operation, attempt: attempt, outcome: outcome,
                elapsed: start.map { ContinuousClock.now - $0 }))
    }

    /// What the errors of one attempt have in common.
    private struct Trace {
        var call: Call
        var endpoint: Endpoint
        var attempts: Int
        /// Because of the attempts before.
        var mayHaveHappened: Bool

        func error(_ refusal: Refusal, _ response: HTTPResponse, mayHaveHappened: Bool) -> AWSError {
            AWSError(
                service: call.service.name, operation: call.operation, code: refusal.code, message: refusal.message,
                status: response.status, requestID: refusal.requestID, kind: refusal.kind,
                mayHaveHappened: mayHaveHappened, endpoint: endpoint.url, attempts: attempts)
        }

        func error(_ error: HTTPError, mayHaveHappened: Bool) -> AWSError {
            var kind = AWSError.Kind.unreachable
            if case .cancelled = error { kind = .cancelled }
            if case .file = error { kind = .invalid }
            return AWSError(
                service: call.service.name, operation: call.operation, message: error.description, kind: kind,
                mayHaveHappened: mayHaveHappened, endpoint: endpoint.url, attempts: attempts, transport: error)
        }

        func problem(_ reason: String, _ kind: AWSError.Kind) -> AWSError {
            AWSError(
                service: call.service.name, operation: call.operation, message: reason, kind: kind,
                mayHaveHappened: mayHaveHappened, endpoint: endpoint.url, attempts: attempts - 1)
        }
    }
}

extension AWSError {
    /// The same error of a call whose task was cancelled while it waited to be sent again.
    fileprivate var cancelled: AWSError {
        AWSError(
            service: service, operation: operation, code: code, message: message.isEmpty ? "cancelled" : message,
            status: status, requestID: requestID, kind: .cancelled, mayHaveHappened: mayHaveHappened, endpoint: endpoint,
            attempts: attempts, transport: transport)
    }
}
