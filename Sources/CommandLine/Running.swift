import ArgumentParser
import SlipwayDeclaration
import SlipwayEngine
import SlipwayJobs
import SlipwayState

/// How a pipeline is run.
struct RunningOptions: ParsableArguments {
    @Flag(help: "Begin anew, whatever earlier runs did.") var fresh = false
    @Option(help: "What becomes of jobs at work on Ctrl-C: stop, or detach; the next run attaches to what goes on.")
    var onInterrupt: InterruptChoice = .stop
    @Option(help: "Which logs to show: output, all, last or none. (default: last on a terminal, else output)")
    var logs: LogChoice?
    @Option(help: "How the rows of queries are written: table, csv or json; the last two alone on the standard output.")
    var format: RowFormat = .table

    init() {}
}

/// Which logs of jobs a run shows.
enum LogChoice: String, ExpressibleByArgument, CaseIterable, Sendable {
    /// What scripts print.
    case output
    /// Also the error log, where Spark tells everything that it does.
    case all
    /// The last line, as long as its task is at work; when that fails, the end of its log.
    case last
    case none
}

/// ``OnInterrupt`` as it is typed.
enum InterruptChoice: String, ExpressibleByArgument, CaseIterable, Sendable {
    case stop, detach

    var choice: OnInterrupt { self == .stop ? .stop : .detach }
}

extension Session {
    /// A pipeline of a stack by its name; without one, the only one.
    /// - Throws: ``JobError/unknownPipeline(_:stack:known:)``.
    func pipeline(_ name: String?, of graph: StackGraph) throws -> Pipeline {
        if name == nil, graph.pipelines.count == 1 { return graph.pipelines[0] }
        guard let found = graph.pipelines.first(where: { $0.name == name }) else {
            throw JobError.unknownPipeline(name, stack: graph.stack, known: graph.pipelines.map(\.name))
        }
        return found
    }

    /// What carries out a run.
    /// - Parameter rows: Shows what queries answer.
    func runner(
        _ deployment: Deployment, _ interruption: Interruption, _ options: RunningOptions, rows: Reporter
    ) -> PipelineRunner {
        let logs = options.logs ?? (report.live == nil ? .output : .last)
        let progress = RunProgress(report, logs) { rows.rows($0, $1, as: options.format) }
        return PipelineRunner(
            store: deployment.store, aws: deployment.aws, interruption: interruption, time: program.time,
            directory: program.directory,
            words: { error in
                let failure = Failure(error)
                return TaskFailure(failure.message, hints: failure.details + (failure.hint.map { [$0] } ?? []))
            },
            report: { progress.tell($0) })
    }

    func status(of summary: RunSummary, signal: Int32?) -> ExitStatus {
        if summary.wasInterrupted, let signal, summary.outcome != .succeeded { return .interrupted(signal) }
        switch summary.outcome {
        case .succeeded, .partial: return .done
        case .failed: return .jobFailed
        case .stopped, .detached, .unsettled, .continued, nil: return .failed
        }
    }
}
