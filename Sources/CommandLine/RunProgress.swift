import SlipwayDeclaration
import SlipwayJobs
import Synchronization

/// Tells of a run's tasks as they begin, work and end.
final class RunProgress: Sendable {
    private let report: Reporter
    private let choice: LogChoice
    private let showRows: @Sendable (String, QueryResult) -> Void
    /// The last lines of logs that are not shown, by task.
    private let unseen = Mutex<[String: [String]]>([:])

    /// How many lines of a log are shown when its task fails.
    private static let tail = 15

    /// - Parameter showRows: Shows what a query of a task answered.
    init(_ report: Reporter, _ choice: LogChoice, showRows: @escaping @Sendable (String, QueryResult) -> Void) {
        self.report = report
        self.choice = choice
        self.showRows = showRows
    }

    func tell(_ event: RunEvent) {
        switch event {
        case .started(let run, let pipeline, let from):
            let before = from.map { ", going on from \($0.prefix(8))" } ?? ""
            report.message("run \(run.prefix(8)) of \(pipeline)\(before)")
            report.event(
                "run", ["id": .string(run), "pipeline": .string(pipeline), "from": from.map { .string($0) }])
        case .skipped(let task, let why):
            // What nobody asked for needs no mention.
            if case .done(let run) = why { report.message("\(task): done in run \(run.prefix(8)), skipped") }
            report.event("skipped", ["task": .string(task), "reason": .string(why.word), "run": why.run.map { .string($0) }])
        case .begun(let task, let kind, let attaches, let usual):
            report.begin(task, kind, doing: attaches ? "going on with" : nil, usual: usual)
            report.event("task", ["task": .string(task), "kind": .string(kind), "attaches": .bool(attaches)])
        case .progress(let task, let words):
            report.say(task, words)
            report.event("progress", ["task": .string(task), "message": .string(words)])
        case .log(let task, let line): show(line, of: task)
        case .rows(let task, let result): showRows(task, result)
        case .ended(let task, let outcome, let notes, let took): end(task, outcome, notes, took)
        case .blocked(let task, let cause):
            report.message("\(task): not begun, because of \(cause)")
            report.event("blocked", ["task": .string(task), "by": .string(cause)])
        }
    }

    private func show(_ line: LogLine, of task: String) {
        guard choice == .all || (choice == .output && line.channel == .output) else {
            if !report.isJSON {
                report.live?.say(task, "| \(line.text)")
                unseen.withLock { $0[task, default: []] = $0[task, default: []].suffix(RunProgress.tail - 1) + [line.text] }
            }
            return
        }
        report.line("\(report.style.dim("\(task) |")) \(line.text)")
        report.event("log", line.members(of: task))
    }

    private func end(_ task: String, _ outcome: TaskOutcome, _ notes: TaskNotes, _ took: Double) {
        if case .failed = outcome, let lines = unseen.withLock({ $0[task] }) {
            report.message("\(task): the end of its log:")
            for line in lines { report.message("    \(line)") }
        }
        let time = Moment.elapsed(.seconds(took)).map { " in \($0)" } ?? ""
        let cost = notes.dpuHours.map { ", \(Amount.text($0)) DPU-hours" } ?? ""
        report.end(task, "\(outcome.words(report.errorStyle))\(time)\(cost)")
        report.event(
            "taskEnded",
            [
                "task": .string(task), "outcome": .string(outcome.state.rawValue),
                "message": outcome.failure.map { .string($0.message) },
                "hints": outcome.failure.map { .array($0.hints.map { .string($0) }) },
                "ids": .array(notes.ids.map { .string($0) }), "seconds": .double(took),
                "dpuHours": notes.dpuHours.map { .double($0) }, "rows": notes.rows.map { .int($0) },
            ])
    }
}

/// Amounts as texts.
enum Amount {
    /// Three digits after the point; `<0.001` for what is less but not nothing.
    static func text(_ amount: Double) -> String {
        if amount > 0, amount < 0.001 { return "<0.001" }
        let thousandths = Int((amount * 1000).rounded())
        let rest = String(thousandths % 1000)
        return "\(thousandths / 1000).\(String(repeating: "0", count: 3 - rest.count))\(rest)"
    }
}

extension LogLine {
    func members(of task: String) -> [String: JSON?] {
        [
            "task": .string(task), "channel": .string(channel.rawValue), "at": .string(Moment.text(time)),
            "message": .string(text),
        ]
    }
}

extension Skip {
    fileprivate var word: String {
        switch self {
        case .done: "done"
        case .notAsked: "not asked for"
        }
    }

    fileprivate var run: String? { if case .done(let run) = self { run } else { nil } }
}

extension TaskOutcome {
    fileprivate func words(_ style: Style) -> String {
        switch self {
        case .succeeded: style.green("done")
        case .failed: style.red("failed")
        case .stopped: style.yellow("stopped")
        case .detached: style.yellow("left alone; it goes on")
        case .unsettled: style.red("unsettled")
        }
    }
}
