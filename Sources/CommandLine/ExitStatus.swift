/// How the process ends. Where several apply, the first of this table does:
///
/// | exit | meaning |
/// |---|---|
/// | 129, 130, 143 | interrupted |
/// | 3 | the declaration, a parameter or the command line is wrong |
/// | 4 | no credentials, or AWS refused them before anything changed |
/// | 5 | the state is locked, stale, damaged, or belongs elsewhere; a resource belongs to somebody else |
/// | 6 | refused: protected resource, failed precondition or policy, or nobody said yes |
/// | 7 | applied in part |
/// | 8 | a job, query or expectation failed |
/// | 1 | failed otherwise |
/// | 2 | `plan --detailed-exitcode`: there are changes; `drift`: there is drift |
/// | 0 | done |
package enum ExitStatus: Hashable, Sendable {
    /// By the number of the signal.
    case interrupted(Int32)
    case invalid
    case credentials
    case state
    case refused
    case partly
    case jobFailed
    case failed
    case changes
    case done

    /// What the shell sees.
    package var code: Int32 {
        switch self {
        case .interrupted(let signal): 128 + signal
        case .invalid: 3
        case .credentials: 4
        case .state: 5
        case .refused: 6
        case .partly: 7
        case .jobFailed: 8
        case .failed: 1
        case .changes: 2
        case .done: 0
        }
    }

    /// The place in the table: of several, the lowest decides.
    var rank: Int {
        switch self {
        case .interrupted: 0
        case .invalid: 1
        case .credentials: 2
        case .state: 3
        case .refused: 4
        case .partly: 5
        case .jobFailed: 6
        case .failed: 7
        case .changes: 8
        case .done: 9
        }
    }
}
