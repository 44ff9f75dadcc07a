import ArgumentParser

/// A command: it reads its arguments, asks the engine, and says what came of it.
protocol ToolCommand: ParsableCommand {
    var output: OutputOptions { get }
    /// - Throws: whatever ``Failure`` can put into words.
    func run(_ session: Session) async throws -> ExitStatus
}
