/// Where the logs of a run of a Glue job are.
enum JobLogs {
    /// The streams of the driver. Executors have streams of their own, which tell little to whoever waits for a job.
    ///
    /// Up to Glue 4 the driver's stream has the run's id as its name, and continuous logging is a third group; from
    /// Glue 5 on the name ends in `-driver`, and prefixes of group and stream can be chosen.
    ///
    /// Source: <https://docs.aws.amazon.com/glue/latest/dg/monitor-continuous-logging.html> and
    /// <https://docs.aws.amazon.com/glue/latest/dg/aws-glue-programming-etl-glue-arguments.html>
    static func sources(_ run: JobRun, _ defaults: [String: String]) -> [LogSource] {
        let arguments = defaults.merging(run.arguments ?? [:]) { _, own in own }
        var base = arguments["--custom-logGroup-prefix"] ?? run.logGroupName ?? "/aws-glue/jobs"
        while base.hasSuffix("/") { base.removeLast() }
        var streams = [run.id, "\(run.id)-driver"]
        if let prefix = arguments["--custom-logStream-prefix"] {
            streams = ["\(prefix)-driver", "\(prefix)-\(run.id)-driver"] + streams
        }
        var sources = [
            LogSource(.output, group: "\(base)/output", streams: streams),
            LogSource(.error, group: "\(base)/error", streams: streams),
        ]
        let flag = arguments["--enable-continuous-cloudwatch-log"]
        if let group = arguments["--continuous-log-logGroup"] ?? (isOn(flag) ? "\(base)/logs-v2" : nil),
            flag == nil || isOn(flag)
        {
            let prefix = arguments["--continuous-log-logStreamPrefix"] ?? run.id
            sources.append(LogSource(.output, group: group, streams: ["\(prefix)-driver", prefix]))
        }
        return sources
    }

    private static func isOn(_ flag: String?) -> Bool { flag.map { $0.lowercased() != "false" } ?? false }
}
