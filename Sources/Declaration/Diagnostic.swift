/// Something that is wrong with a declaration, and where.
public struct Diagnostic: Hashable, Sendable, Codable {
    /// Where it was declared; `nil` for a graph that came from a file.
    public var place: Place?
    /// The address, parameter or output that is wrong; empty for the stack as a whole.
    public var subject: String
    /// What is wrong, as a sentence without full stop.
    public var message: String
    /// What to try.
    public var hint: String?

    public init(place: Place? = nil, subject: String = "", message: String, hint: String? = nil) {
        self.place = place
        self.subject = subject
        self.message = message
        self.hint = hint
    }
}

extension Diagnostic: CustomStringConvertible {
    /// `stacks/tickit/Stack.swift:12: lake: message`
    public var description: String {
        let parts = [place?.description ?? "", subject, message].filter { !$0.isEmpty }
        return parts.joined(separator: ": ")
    }
}

/// The diagnostics of a declaration that cannot be planned.
public struct InvalidDeclaration: Error, Hashable, Sendable {
    public let diagnostics: [Diagnostic]
    public init(_ diagnostics: [Diagnostic]) { self.diagnostics = diagnostics }
}
