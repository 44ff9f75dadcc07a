package import SlipwayHTTP

/// Decides whether a call is sent again. A value without side effects: what it decides is done elsewhere.
package struct RetryPolicy: Sendable, Equatable {
    /// How often a request is sent at most.
    package var maxAttempts: Int
    /// Seconds; the longest wait between two attempts that is our own choice.
    package var longestWait: Double
    /// Seconds; the longest wait that AWS may ask for. What asks for more is not waited for.
    package var longestRequestedWait: Double

    package init(maxAttempts: Int = 3, longestWait: Double = 20, longestRequestedWait: Double = 60) {
        self.maxAttempts = max(1, maxAttempts)
        self.longestWait = longestWait
        self.longestRequestedWait = longestRequestedWait
    }

    /// How an attempt failed.
    package enum Failure: Sendable {
        /// AWS answered; `requestedWait` is what it asked for, in seconds.
        case answered(AWSError.Kind, status: Int, requestedWait: Double?)
        /// AWS said that our clock is wrong, and the clock has just been set right.
        case clockCorrected
        case unanswered(HTTPError)
    }

    /// What to do.
    package enum Decision: Sendable, Equatable {
        case giveUp
        /// Seconds.
        case sendAgain(after: Double)
    }

    /// Whether the request may have been carried out although the attempt failed.
    package static func isAmbiguous(_ failure: Failure) -> Bool {
        switch failure {
        // A service that throttles says so before it begins.
        case .answered(let kind, let status, _): status >= 500 && kind != .throttled
        case .clockCorrected: false
        case .unanswered(let error): error.mayHaveReachedServer
        }
    }

    /// - Parameters:
    ///   - attempt: the number of the attempt that failed, from 1.
    ///   - random: from 0 up to but not including 1.
    package func decide(_ failure: Failure, _ repeatability: Repeatability, attempt: Int, random: Double) -> Decision {
        if attempt >= maxAttempts { return .giveUp }
        if repeatability == .once, Self.isAmbiguous(failure) { return .giveUp }
        switch failure {
        case .clockCorrected:
            return .sendAgain(after: 0)
        case .answered(let kind, _, let requestedWait):
            guard kind == .throttled || kind == .transient else { return .giveUp }
            if let requestedWait {
                return requestedWait <= longestRequestedWait ? .sendAgain(after: requestedWait) : .giveUp
            }
            // Throttling is answered with longer waits: half a second and more.
            return .sendAgain(after: backoff(attempt, base: kind == .throttled ? 1 : 0.1, random: random))
        case .unanswered(let error):
            switch error {
            case .cancelled, .tls, .file: return .giveUp
            case .cannotResolve, .cannotConnect, .timedOut, .connectionClosed, .other:
                return .sendAgain(after: backoff(attempt, base: 0.1, random: random))
            }
        }
    }

    /// Full jitter: anything from nothing to `base` doubled with each attempt.
    ///
    /// Source: https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
    private func backoff(_ attempt: Int, base: Double, random: Double) -> Double {
        var ceiling = base
        for _ in 1..<max(1, attempt) { ceiling = min(longestWait, ceiling * 2) }
        return random * min(longestWait, ceiling)
    }
}

/// What a client may spend on sending again, so that it does not make an outage worse. Successes earn it back.
///
/// Source: https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html (retry quota)
package struct RetryBudget: Sendable, Equatable {
    private static let full = 500
    private static let cost = 5
    package private(set) var left = RetryBudget.full

    package init() {}

    /// Pays for one more attempt; `false` where there is not enough left.
    package mutating func spend() -> Bool {
        if left < Self.cost { return false }
        left -= Self.cost
        return true
    }

    /// A call succeeded: what its last retry cost comes back, and a little for a call without any.
    package mutating func earn(retried: Bool) {
        left = min(Self.full, left + (retried ? Self.cost : 1))
    }
}
