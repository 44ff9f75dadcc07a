import SlipwayDeclaration
package import SlipwayEngine
import SlipwayState
import Synchronization

/// An apply and the run of a pipeline as one graph: a task begins as soon as the tasks before it are done and the
/// resources that it mentions, with all that these depend on, are as they were planned.
///
/// Both keep their own rules: the journal for resources, the ledger for tasks. What joins them is a stream of addresses.
package struct UpRun: Sendable {
    private let deployment: Deployment
    private let plan: Plan
    private let request: RunRequest
    private let planner: RunPlanner
    private let runPlan: RunPlan

    /// Plans the run beside the plan of the resources; nothing is begun.
    /// - Throws: What ``RunPlanner/plan(_:pending:)`` throws.
    package init(_ deployment: Deployment, _ plan: Plan, _ request: RunRequest, _ table: TaskTable, time: Time) async throws {
        self.deployment = deployment
        self.plan = plan
        self.request = request
        planner = RunPlanner(deployment, table, time: time)
        runPlan = try await planner.plan(request, pending: plan.pending)
    }

    /// The tasks of the pipeline in its order, with how many resources each waits for.
    package var tasks: [(name: String, kind: String, awaits: Int)] {
        runPlan.tasks.map { ($0.name, $0.record.kind, runPlan.awaited[$0.name]?.count ?? 0) }
    }

    /// Carries both out as far as they can be.
    ///
    /// - Parameters:
    ///   - apply: Carries the plan out, telling of each operation.
    /// - Throws: `StateError` when the state can no longer be written, which ends everything at once.
    package func run(
        _ runner: PipelineRunner, apply: @escaping @Sendable (@escaping @Sendable (Event) -> Void) async throws -> Outcome
    ) async throws -> (outcome: Outcome, summary: RunSummary) {
        let (settlements, inbox) = AsyncStream.makeStream(of: Settlement.self)
        let open = Mutex(plan.pending)
        let settle: @Sendable (Address, Bool) -> Void = { address, isThere in
            guard open.withLock({ $0.remove(address) }) != nil else { return }
            inbox.yield(Settlement(address, isThere: isThere))
        }
        let resolver = try await planner.resolver(request, runPlan)
        async let applied = {
            defer {
                // What was not come to will not be there.
                for address in open.withLock({ $0 }).sorted() { settle(address, false) }
                inbox.finish()
            }
            return try await apply { event in
                guard case .ended(let operation, let result, _) = event, operation.makes else { return }
                if case .succeeded = result { settle(operation.key.address, true) } else { settle(operation.key.address, false) }
            }
        }()
        let summary = try await runner.run(runPlan, after: settlements, resolver)
        return (try await applied, summary)
    }
}

extension Plan {
    /// The resources that it makes, changes or looks at once more.
    fileprivate var pending: Set<Address> { Set(operations.filter(\.makes).map(\.key.address)) }
}

extension Operation {
    /// Whether its resource is there, as declared, once it is done.
    fileprivate var makes: Bool {
        switch verb {
        case .create, .update, .adopt, .record: true
        case .delete, .forget: false
        }
    }
}
