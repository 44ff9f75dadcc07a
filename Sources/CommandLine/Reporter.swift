import FoundationEssentials
import SlipwayAWS
import SlipwayDeclaration

/// Says what happens, as text for people or as JSON lines for programs.
///
/// As text, data goes to the standard output and everything else to the standard error. With `--json` everything is
/// one JSON object a line on the standard output, with a `type` and a `time` (RFC 3339, UTC); errors are told on the
/// standard error too.
///
/// | `type` | when | members |
/// |---|---|---|
/// | `stack` | `stacks` | `name`, `summary`, `parameters` (`name`, `help`, `form`, `default`), `environments` |
/// | `recovered` | an operation of an earlier apply was settled | `address`, `verb`, `decision`, `reason` |
/// | `operation` | what a plan does to one resource | `address`, `generation`, `kind`, `action`, `identity`, `reason`, `place`, `properties`, `changes` (`path`, `before`, `after`, `effect`, `replaces`, `reason`, `outside`) |
/// | `output` | an output, or the change of one | `name`, `value`, `before` |
/// | `warning` | something to know before a yes | `subject`, `message` |
/// | `refusal` | a reason not to begin | `subject`, `message`, `hint`, `place`, `exit` |
/// | `plan` | the end of a plan | `stack`, `environment`, `account`, `region`, `purpose`, `changes`, `create`, `update`, `replace`, `delete`, `adopt`, `forget`, `unchanged` |
/// | `started` | an operation begins | `address`, `generation`, `kind`, `action` |
/// | `waiting` | AWS is at work on it | as `started`, and `why` |
/// | `ended` | an operation ended | as `started`, and `result` (`succeeded`, `settling`, `failed`, `in doubt`), `message`, `milliseconds` |
/// | `applied` | the end of an apply or destroy | `summary`, `succeeded`, `settling`, `failed`, `inDoubt`, `notAttempted`, `unconverged`, `interrupted`, `exit` |
/// | `drift` | `drift`: a resource is not as the state says | `address`, `generation`, `kind`, `identity`, `status` (`changed`, `vanished`, `failed`, `foreign`), `changes` (`path`, `expected`, `found`) |
/// | `checked` | the end of `drift` | `resources`, `drifted` |
/// | `resource` | `state list`, `state show` | `address`, `generation`, `kind`, `identity`; `show` has all |
/// | `moved`, `forgotten` | `state mv`, `state rm` | `address`, `to` |
/// | `apply` | `history` | `id`, `command`, `who`, `startedAt`, `endedAt`, `summary` |
/// | `journal` | `history STACK ID` | `address`, `generation`, `kind`, `verb`, `identity`, `begunAt`, `endedAt`, `outcome`, `message` |
/// | `run` | a run begins, or is listed by `runs` | `id`, `pipeline`, `from`; listed also `who`, `startedAt`, `endedAt`, `outcome`, `dpuHours` |
/// | `willRun` | `up`: what is run once a yes is given | `pipeline`, `task`, `kind`, `awaits` (resources) |
/// | `skipped` | a task is not carried out | `task`, `reason`, `run` |
/// | `task` | a task begins, or is shown by `runs STACK ID` | `task`, `kind`, `attaches`; shown also `outcome`, `subject`, `ids`, `phase`, `arguments`, `code`, `token`, `startedAt`, `endedAt`, `dpuHours`, `rows`, `statements`, `crawls`, `transfer`, `files`, `doneIn`, `message`, `hints` |
/// | `progress` | a task got further | `task`, `message` |
/// | `log` | a line of a job's log | `task`, `channel` (`output`, `error`), `at`, `message` |
/// | `rows` | a query's answer, or one that `runs STACK ID` shows again | `task`, `title`, `columns` (`name`, `type`), `rows` (lists), `total` |
/// | `taskEnded` | a task ended | `task`, `outcome`, `message`, `hints`, `ids`, `seconds`, `dpuHours`, `rows` |
/// | `blocked` | a task is never begun | `task`, `by` |
/// | `ran` | the end of a run | as `run`, and `summary`, `interrupted`, `exit` |
/// | `identity` | `whoami` | `account`, `arn`, `region`, `endpoint`, `target` |
/// | `local` | `local up`, `local status` | `running`, `state`; of what runs `endpoint`, `account`, `region`, `uuid`, `pid`, `log` |
/// | `variables` | `local env` | the variables |
/// | `version` | `version` | `version` |
/// | `note` | anything else worth saying | `message` |
/// | `diagnostic` | a mistake in a declaration | `place`, `subject`, `message`, `hint` |
/// | `error` | the command failed | `message`, `details`, `hint`, `exit` |
struct Reporter: Sendable {
    var console: Console
    let isJSON: Bool
    /// For the standard output.
    let style: Style
    /// For the standard error.
    let errorStyle: Style
    /// What is at work, where a terminal shows it; `nil` elsewhere.
    let live: LiveBlock?
    private let now: @Sendable () -> Date

    init(_ program: Program, isJSON: Bool, noColor: Bool) {
        self.isJSON = isJSON
        let console = program.console
        style = Style(isTerminal: console.outIsTerminal, environment: program.environment, noColor: noColor)
        errorStyle = Style(isTerminal: console.errorIsTerminal, environment: program.environment, noColor: noColor)
        now = program.surroundings.now
        let isDumb = (program.environment["TERM"] ?? "dumb") == "dumb"
        live = console.isLive && !isJSON && !isDumb
            ? LiveBlock(style: errorStyle, width: console.width, write: console.error) : nil
        self.console = live.map { console.above($0) } ?? console
    }

    /// Shows what is at work while a body goes on.
    func showing<Value>(_ body: () async throws -> Value) async rethrows -> Value {
        guard let live else { return try await body() }
        live.start()
        let ticker = Task {
            while !Task.isCancelled {
                // Cancellation ends the wait early, and the loop with it.
                try? await Task.sleep(for: .milliseconds(500))
                live.tick()
            }
        }
        defer {
            ticker.cancel()
            live.stop()
        }
        return try await body()
    }

    /// Something begins to be at work: a line, or one that stays until its end.
    /// - Parameters:
    ///   - kind: Such as `AWS::S3::Bucket`.
    ///   - doing: Such as `creating`; `nil` where there is nothing to say but that it begins.
    func begin(_ name: String, _ kind: String, doing: String? = nil, usual: Double? = nil) {
        guard let live else { return message("\(name): \(doing ?? "beginning") \(kind)") }
        live.begin(name, [doing, kind].compactMap(\.self).joined(separator: " "), usual: usual)
    }

    /// Something at work got further.
    func say(_ name: String, _ words: String) {
        if let live { live.say(name, words) } else { message("\(name): \(words)") }
    }

    /// Something is no longer at work; what is said of it stays.
    func end(_ name: String, _ words: String) {
        live?.end(name)
        message("\(name): \(words)")
    }

    /// A line of data, for people.
    func line(_ text: String = "") { if !isJSON { console.out(text + "\n") } }

    /// A line on the standard error, for people.
    func message(_ text: String) { if !isJSON { console.error(text + "\n") } }

    /// A line on the standard error, also with `--json`.
    func always(_ text: String) { console.error(text + "\n") }

    /// A document that a command is there to write, whatever the form asked for.
    func document(_ text: String) { console.out(text.hasSuffix("\n") ? text : text + "\n") }

    /// One JSON line, for programs. Members that are `nil` are left out.
    func event(_ type: String, _ members: @autoclosure () -> [String: JSON?]) {
        guard isJSON else { return }
        var object = members().compactMapValues { $0 }
        object["type"] = .string(type)
        object["time"] = .string(Moment.text(now(), precise: true))
        console.out(JSON.object(object).text + "\n")
    }

    /// Something worth saying that no other form fits.
    func note(_ text: String) {
        message(text)
        event("note", ["message": .string(text)])
    }

    /// Something that should be known.
    func warning(_ subject: String, _ text: String) {
        let whole = subject.isEmpty ? text : "\(subject): \(text)"
        message("\(errorStyle.yellow("warning:")) \(whole)")
        event("warning", ["subject": .string(subject), "message": .string(text)])
    }

    /// Says what went wrong, and with which status that ends.
    func failed(_ error: any Error) -> ExitStatus {
        let failure = Failure(error)
        self.failure(failure)
        return failure.status
    }

    /// What went wrong.
    private func failure(_ failure: Failure) {
        for diagnostic in failure.diagnostics {
            console.error("\(diagnostic)\n")
            if let hint = diagnostic.hint { console.error("    \(errorStyle.cyan("hint:")) \(hint)\n") }
            event(
                "diagnostic",
                [
                    "place": diagnostic.place.map { .string($0.description) }, "subject": .string(diagnostic.subject),
                    "message": .string(diagnostic.message), "hint": diagnostic.hint.map { .string($0) },
                ])
        }
        console.error("\(errorStyle.red("error:")) \(failure.message)\n")
        for line in failure.details { console.error("    \(line)\n") }
        if let hint = failure.hint { console.error("\(errorStyle.cyan("hint:")) \(hint)\n") }
        event(
            "error",
            [
                "message": .string(failure.message), "details": .array(failure.details.map { .string($0) }),
                "hint": failure.hint.map { .string($0) }, "exit": .int(Int(failure.status.code)),
            ])
    }
}

/// Points in time as texts.
enum Moment {
    /// RFC 3339 in UTC, with milliseconds if it is to be precise: `2026-01-01T00:00:00.000Z`.
    static func text(_ date: Date, precise: Bool = false) -> String {
        date.formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: precise))
    }

    /// - Parameter seconds: since 1970.
    static func text(_ seconds: Double) -> String { text(Date(timeIntervalSince1970: seconds)) }

    /// A duration for people, or `nil` when it is too short to be worth telling: `3.2 s`, `4 min 10 s`.
    static func elapsed(_ duration: Duration) -> String? {
        let seconds = Double(duration.components.seconds) + Double(duration.components.attoseconds) / 1e18
        guard seconds >= 1 else { return nil }
        let tenths = Int((seconds * 10).rounded())
        if seconds < 60 { return "\(tenths / 10).\(tenths % 10) s" }
        return "\(Int(seconds) / 60) min \(Int(seconds) % 60) s"
    }
}
