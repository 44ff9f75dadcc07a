/// Where a command's words go and where answers come from.
package struct Console: Sendable {
    /// Writes to the standard output: data.
    package var out: @Sendable (String) -> Void
    /// Writes to the standard error: progress and messages.
    package var error: @Sendable (String) -> Void
    /// Reads one line of an answer; `nil` at the end of the input.
    package var readLine: @Sendable () -> String?
    /// Whether somebody reads the standard output on a terminal.
    package var outIsTerminal: Bool
    /// Whether somebody reads the standard error on a terminal.
    package var errorIsTerminal: Bool
    /// Whether somebody can answer.
    package var inIsTerminal: Bool
    /// Columns.
    package var width: Int
    /// Whether what is at work may be drawn over and over on the standard error.
    package var isLive: Bool

    package init(
        out: @escaping @Sendable (String) -> Void, error: @escaping @Sendable (String) -> Void,
        readLine: @escaping @Sendable () -> String? = { nil }, outIsTerminal: Bool = false,
        errorIsTerminal: Bool = false, inIsTerminal: Bool = false, width: Int = 80, isLive: Bool = false
    ) {
        self.out = out
        self.error = error
        self.readLine = readLine
        self.outIsTerminal = outIsTerminal
        self.errorIsTerminal = errorIsTerminal
        self.inIsTerminal = inIsTerminal
        self.width = width
        self.isLive = isLive
    }
}
