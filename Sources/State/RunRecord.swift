/// One run of a pipeline, in the ledger.
package struct RunRecord: Hashable, Sendable {
    /// 32 hexadecimal digits.
    package let id: String
    package let pipeline: String
    /// Seconds since 1970.
    package let startedAt: Double
    package var endedAt: Double?
    /// `user@host`
    package let who: String
    /// `succeeded`, `failed`, `stopped`, `detached`; `nil` while it runs or when its process died.
    package var outcome: String?

    package init(
        id: String, pipeline: String, startedAt: Double, endedAt: Double? = nil, who: String, outcome: String? = nil
    ) {
        self.id = id
        self.pipeline = pipeline
        self.startedAt = startedAt
        self.endedAt = endedAt
        self.who = who
        self.outcome = outcome
    }
}

/// One task of a run, in the ledger.
package struct TaskRecord: Hashable, Sendable {
    package let run: String
    package let name: String
    package let kind: String
    /// The task's place in its pipeline, from 0.
    package let position: Int
    /// Goes along with what the task starts, so that it can be found again: 32 hexadecimal digits.
    package let token: String
    /// A word of the job runner's.
    package var state: String
    /// What the runner notes: arguments, code digest, run id, timings, rows, DPU-hours, error.
    package var record: StoredJSON
    /// Seconds since 1970.
    package var startedAt: Double?
    package var endedAt: Double?

    package init(
        run: String, name: String, kind: String, position: Int, token: String, state: String, record: StoredJSON,
        startedAt: Double? = nil, endedAt: Double? = nil
    ) {
        self.run = run
        self.name = name
        self.kind = kind
        self.position = position
        self.token = token
        self.state = state
        self.record = record
        self.startedAt = startedAt
        self.endedAt = endedAt
    }
}
