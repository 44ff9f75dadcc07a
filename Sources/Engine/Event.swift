package import SlipwayAWS
package import SlipwayDeclaration

/// Something that happens during an apply, for whoever shows progress.
package enum Event: Sendable {
    case started(Operation)
    /// AWS is at work on it, or is not ready for it yet; `why` is AWS's own word or error code.
    case waiting(Operation, why: String)
    case ended(Operation, OperationResult, elapsed: Duration)
    /// An operation of an earlier apply whose outcome was not known has been settled.
    case recovered(subject: String, verb: String, Recovery.Decision)
}

/// How an operation ended.
package enum OperationResult: Sendable {
    case succeeded
    /// AWS accepted the change and is still at work on it, in AWS's own word.
    case settling(String)
    case failed(any Error)
    /// It is not known whether the last call took effect.
    case inDoubt(any Error)
}

/// How an apply ended.
package struct Outcome: Sendable {
    /// In the order in which they ended.
    package var results: [(operation: Operation, result: OperationResult)] = []
    /// Operations that were not begun, and the one that failed before them; `nil` when the work was stopped.
    package var notAttempted: [(operation: Operation, because: OperationID?)] = []
    package var wasInterrupted = false
    /// Properties that AWS does not show as they were set, by address.
    package var unconverged: [(address: Address, changes: [Change])] = []
    /// Why it could not be looked at whether AWS shows everything as it was set.
    package var proofError: AWSError?
    /// Outputs as they are now.
    package var outputs: [String: String] = [:]

    package init() {}

    package var succeeded: [Operation] {
        results.compactMap { if case .succeeded = $0.result { $0.operation } else { nil } }
    }
    package var settling: [(operation: Operation, status: String)] {
        results.compactMap { if case .settling(let status) = $0.result { ($0.operation, status) } else { nil } }
    }
    package var failed: [(operation: Operation, error: any Error)] {
        results.compactMap { if case .failed(let error) = $0.result { ($0.operation, error) } else { nil } }
    }
    package var inDoubt: [(operation: Operation, error: any Error)] {
        results.compactMap { if case .inDoubt(let error) = $0.result { ($0.operation, error) } else { nil } }
    }
    package var isComplete: Bool { failed.isEmpty && inDoubt.isEmpty && notAttempted.isEmpty && !wasInterrupted }
}
