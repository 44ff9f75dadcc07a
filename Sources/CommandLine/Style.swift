/// Colour, or none.
struct Style: Sendable {
    private let isColoured: Bool

    static let plain = Style(isColoured: false)

    private init(isColoured: Bool) { self.isColoured = isColoured }

    /// Colour only where a person reads on a terminal that has it, and has not asked for none.
    ///
    /// Source: <https://no-color.org>
    init(isTerminal: Bool, environment: [String: String], noColor: Bool) {
        let refused = noColor || !(environment["NO_COLOR"] ?? "").isEmpty
        isColoured = isTerminal && !refused && environment["TERM"] != "dumb"
    }

    func green(_ text: String) -> String { wrap(text, 32) }
    func yellow(_ text: String) -> String { wrap(text, 33) }
    func red(_ text: String) -> String { wrap(text, 31) }
    func cyan(_ text: String) -> String { wrap(text, 36) }
    func magenta(_ text: String) -> String { wrap(text, 35) }
    func bold(_ text: String) -> String { wrap(text, 1) }
    func dim(_ text: String) -> String { wrap(text, 2) }

    private func wrap(_ text: String, _ code: Int) -> String {
        isColoured && !text.isEmpty ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
    }
}
