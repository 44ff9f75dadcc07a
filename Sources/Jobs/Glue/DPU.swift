/// What runs of Glue jobs cost, in seconds of data processing units (DPU).
enum DPU {
    /// How many units one worker of a type is.
    ///
    /// Source: <https://docs.aws.amazon.com/glue/latest/dg/worker-types.html>; of the memory-optimised types (`R`) the
    /// units are memory-optimised ones, whose price is another.
    static func perWorker(_ type: String) -> Double? {
        switch type {
        case "Standard": return 1
        case "G.025X": return 0.25
        default:
            guard let dot = type.firstIndex(of: "."), type.hasSuffix("X") else { return nil }
            return ["G", "R", "Z"].contains(type[..<dot])
                ? Double(type[type.index(after: dot)...].dropLast()) : nil
        }
    }

    /// The seconds that Glue bills for a run; `nil` while that cannot be known.
    ///
    /// A run that scales by itself is billed for what it used. Any other is billed for all its workers as long as it
    /// took, and at least for a minute. One that never got to run is not billed.
    ///
    /// Source: <https://aws.amazon.com/glue/pricing/>
    static func seconds(_ run: JobRun, isPythonShell: Bool) -> Double? {
        guard run.jobRunState.isTerminal else { return nil }
        if let used = run.dpuSeconds, used > 0 { return used }
        guard let time = run.executionTime else { return nil }
        guard time > 0 else { return 0 }
        return units(run, isPythonShell).map { Double(max(time, 60)) * $0 }
    }

    private static func units(_ run: JobRun, _ isPythonShell: Bool) -> Double? {
        if !isPythonShell, let type = run.workerType, let count = run.numberOfWorkers {
            return perWorker(type).map { $0 * Double(count) }
        }
        return run.maxCapacity ?? (isPythonShell ? 0.0625 : nil)
    }
}
