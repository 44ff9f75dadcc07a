/// How fast a service may be called. The numbers are our own: low enough for AWS's published quotas, high enough not to be
/// felt.
package struct CallRate: Sendable, Equatable {
    package var perSecond: Double
    /// How many calls may be made at once after a pause.
    package var burst: Double

    package init(perSecond: Double = 20, burst: Double = 60) {
        self.perSecond = perSecond
        self.burst = burst
    }
}

/// Spaces calls out: a bucket of tokens, one for each call, whose rate is halved whenever AWS complains and grows again
/// with every success. A value: it is told the time, and says how long to wait.
package struct CallBudget: Sendable {
    private let rate: CallRate
    /// Tokens a second at the moment.
    package private(set) var perSecond: Double
    /// May be below zero: those who wait have taken theirs.
    private var tokens: Double
    private var updated: Double

    /// - Parameter now: in seconds, from any beginning.
    package init(_ rate: CallRate, now: Double) {
        self.rate = rate
        perSecond = rate.perSecond
        tokens = rate.burst
        updated = now
    }

    /// Takes a token, and says how many seconds to wait before using it.
    package mutating func take(now: Double) -> Double {
        refill(now)
        tokens -= 1
        return tokens >= 0 ? 0 : -tokens / perSecond
    }

    /// AWS said that it was too much.
    package mutating func throttled(now: Double) {
        refill(now)
        perSecond = max(0.5, perSecond / 2)
        tokens = min(tokens, 0)
    }

    /// AWS answered.
    package mutating func succeeded(now: Double) {
        refill(now)
        perSecond = min(rate.perSecond, perSecond + rate.perSecond / 100)
    }

    private mutating func refill(_ now: Double) {
        tokens = min(rate.burst, tokens + max(0, now - updated) * perSecond)
        updated = max(updated, now)
    }
}
