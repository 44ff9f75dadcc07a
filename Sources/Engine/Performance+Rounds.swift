import SlipwayAWS
import SlipwayDeclaration
import SlipwayProvider

extension Performance {
    /// Brings about what a comparison finds different, in as many rounds as AWS needs.
    ///
    /// One update is enough for kinds whose changes are complete when the call returns. Of others, AWS refuses a part of
    /// the change while the part before it is under way. Sending the whole update again would begin with the part that
    /// was accepted, and so never come to the next. So after each refusal the resource is waited for and looked at, and
    /// the next update begins with what it is now. What an update has left for later is sent as well, for as long as
    /// each round leaves less.
    ///
    /// - Parameters:
    ///   - sent: The desired properties as they are sent.
    ///   - isNew: See ``patiently(_:retriesBusy:isNew:_:)``.
    /// - Returns: What was found last; `nil` when nothing had to be looked at.
    func bringAbout(
        _ kind: AnyKind, _ identity: String, _ first: Comparison, sent: JSON, _ interest: Interest,
        isNew: Bool = false
    ) async throws -> Settled? {
        var comparison = first
        var difference = Difference(comparison)
        var settled: Settled?
        var (waited, attempt) = (Duration.zero, 0)
        while !difference.isEmpty {
            let current = comparison.current
            let target = difference.target(declared: sent, canonical: comparison.desired.tree)
            var isComplete = true
            do {
                try await patiently(kind, retriesBusy: kind.patience == .none, isNew: isNew) {
                    try await kind.update(identity, current, target, executor.secrets, aws)
                }
            } catch let error as AWSError where error.kind == .busy && kind.patience != .none {
                guard let wait = Performance.wait(for: error, attempt: attempt, waited: waited, kind.patience) else {
                    throw error
                }
                executor.report(.waiting(operation, why: error.code))
                try await executor.interruption.sleep(for: wait)
                waited += wait
                attempt += 1
                isComplete = false
            }
            guard kind.patience != .none else { return nil }
            let now = try await settle(kind, identity, interest)
            guard case .present(let found) = now else { return now }
            settled = now
            if isComplete {
                // What cannot be read back is there from now on.
                let known = Overlay.union(comparison.previous?.tree ?? .object([:]), comparison.desired.tree)
                comparison.previous = EncodedProperties(tree: known, marks: comparison.marks)
            }
            comparison.observed = found.properties
            comparison.unread = found.unread
            let left = Difference(comparison)
            if isComplete, left.changes.count >= difference.changes.count { break }
            difference = left
        }
        return settled
    }
}
