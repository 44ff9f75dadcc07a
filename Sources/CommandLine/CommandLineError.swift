import SlipwayState

/// What a command finds wrong before it asks the engine.
enum CommandLineError: Error, Hashable, Sendable {
    case unknownCommand(String, known: [String])
    /// There is no such stack, neither declared nor, where that would do, in the state.
    case unknownStack(String, known: [String])
    /// `--target` and the like name an address that is neither declared nor in the state.
    case unknownAddress(String, option: String, known: [String])
    /// An address cannot be one.
    case badAddress(String, reason: String)
    /// A `--var` is no `name=value`.
    case badVariable(String)
    /// A file that was named cannot be read or written, or makes no sense.
    case file(path: String, reason: String)
    /// A graph file is for another stack or environment.
    case graphElsewhere(path: String, what: String, expected: String, found: String)
    /// A file was written by a newer version.
    case newerFile(path: String, found: Int, known: Int)
    /// Two options exclude each other.
    case contradiction(String)
    /// The function that declares the stack failed.
    case declaration(stack: String, reason: String)
    /// A look-up gave no answer.
    case lookup(parameter: String, reason: String)
    /// Nothing says which region.
    case noRegion
    /// Nothing was ever applied.
    case noState(StateKey)
    /// There is no terminal to ask on, and `--yes` was not given.
    case needsYes(command: String)
    /// Somebody was asked and did not say yes.
    case declined
    /// The plan has reasons not to begin; they have been shown.
    case refused(ExitStatus, count: Int)
    /// What an earlier apply left in doubt cannot be settled yet; it has been shown.
    case undecided(count: Int)
    /// The state must not be edited while operations are in doubt.
    case inDoubt([String])
    /// The state could no longer be written while AWS was being changed.
    case stateLost(StateError)
    case unknownOutput(String, known: [String])
    case unknownApply(String)
}

/// An error with what was being done when it came.
struct Circumstance: Error {
    /// Such as `planning lakehouse in dev`.
    let doing: String
    let error: any Error
}
