import Synchronization

/// What is at work, a line each, kept below everything else that is written to a terminal.
///
/// Everything that goes to the terminal goes through it, so that what is written stands above the lines and the lines
/// are drawn again below. Between ``start()`` and ``stop()`` nothing else may write there.
final class LiveBlock: Sendable {
    /// Something that is at work.
    struct Entry: Hashable, Sendable {
        /// Such as `warehouse` or `loaded`.
        let name: String
        /// Such as `creating AWS::Redshift::Cluster`.
        let work: String
        /// Seconds on the clock of the block.
        let since: Double
        /// How long it took before; `nil` where nobody knows.
        var usual: Double?
        /// The last that it said.
        var words = ""
    }

    private struct State {
        var entries: [Entry] = []
        var isShown = false
        /// How many lines are on the terminal now.
        var drawn = 0
    }

    private let state = Mutex(State())
    private let style: Style
    private let width: Int
    private let now: @Sendable () -> Double
    private let write: @Sendable (String) -> Void

    /// How many lines at the most; the rest is counted.
    static let limit = 12

    /// - Parameters:
    ///   - now: Seconds on any clock.
    ///   - write: Writes to the terminal.
    init(
        style: Style, width: Int, now: @escaping @Sendable () -> Double = { LiveBlock.uptime },
        write: @escaping @Sendable (String) -> Void
    ) {
        self.style = style
        self.width = width
        self.now = now
        self.write = write
    }

    /// Shows the lines from now on.
    func start() { change { $0.isShown = true } }

    /// Takes the lines away.
    func stop() { change { $0.isShown = false } }

    /// Draws the lines anew: time has passed.
    func tick() { change { _ in } }

    func begin(_ name: String, _ work: String, usual: Double? = nil) {
        let entry = Entry(name: name, work: work, since: now(), usual: usual)
        change { state in
            state.entries.removeAll { $0.name == name }
            state.entries.append(entry)
        }
    }

    /// The last that something at work said.
    func say(_ name: String, _ words: String) {
        state.withLock { state in
            guard let index = state.entries.firstIndex(where: { $0.name == name }) else { return }
            state.entries[index].words = words
        }
    }

    func end(_ name: String) { change { state in state.entries.removeAll { $0.name == name } } }

    /// Writes something above the lines.
    /// - Parameter body: Writes it.
    func above(_ body: () -> Void) {
        state.withLock { state in
            erase(&state)
            body()
            draw(&state)
        }
    }

    private func change(_ body: (inout State) -> Void) {
        state.withLock { state in
            erase(&state)
            body(&state)
            draw(&state)
        }
    }

    private func erase(_ state: inout State) {
        // Up to the first line of the block, and everything below away.
        if state.drawn > 0 { write("\r\u{1B}[\(state.drawn)A\u{1B}[J") }
        state.drawn = 0
    }

    private func draw(_ state: inout State) {
        guard state.isShown else { return }
        let lines = LiveBlock.lines(state.entries, at: now(), width: width)
        if !lines.isEmpty { write(lines.map { style.dim($0) + "\n" }.joined()) }
        state.drawn = lines.count
    }

    /// The lines for what is at work, none longer than the terminal is wide.
    static func lines(_ entries: [Entry], at now: Double, width: Int) -> [String] {
        let shown = entries.prefix(limit)
        let names = shown.map(\.name.count).max() ?? 0
        var lines = shown.map { entry in
            let name = entry.name + String(repeating: " ", count: names - entry.name.count)
            let usual = entry.usual.map { " of about \(seconds($0))" } ?? ""
            let words = entry.words.isEmpty ? "" : "  \(entry.words)"
            return fitted("  \(name)  \(entry.work)  \(seconds(now - entry.since))\(usual)\(words)", width)
        }
        if entries.count > limit { lines.append("  and \(entries.count - limit) more") }
        return lines
    }

    /// Whole seconds, or minutes with them: `7 s`, `2 min 5 s`.
    private static func seconds(_ time: Double) -> String {
        let whole = max(0, Int(time.rounded()))
        return whole < 60 ? "\(whole) s" : "\(whole / 60) min \(whole % 60) s"
    }

    private static func fitted(_ line: String, _ width: Int) -> String {
        // A control character would move what is drawn elsewhere.
        let plain = String(line.map { $0.isNewline || $0 == "\t" || $0 == "\u{1B}" ? " " : $0 })
        // What reaches the last column may take a line more on some terminals.
        return Columns.cut(plain, to: max(width - 1, 1))
    }

    /// Seconds that only go forward.
    static var uptime: Double {
        let time = ContinuousClock().now
        let passed = origin.duration(to: time).components
        return Double(passed.seconds) + Double(passed.attoseconds) / 1e18
    }

    private static let origin = ContinuousClock().now
}

extension Console {
    /// The console whose writing goes above the lines of a block.
    func above(_ block: LiveBlock) -> Console {
        var console = self
        console.out = { text in block.above { out(text) } }
        console.error = { text in block.above { error(text) } }
        return console
    }
}
