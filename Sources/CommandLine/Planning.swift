import FoundationEssentials
import SlipwayAWS
import SlipwayDeclaration
import SlipwayEngine
import SlipwayJobs
import SlipwayProvider
import SlipwayState

/// A plan with the state that it was made from, which stays locked.
struct Planned: Sendable {
    let deployment: Deployment
    let plan: Plan
    /// What was declared; `nil` for a destroy and for a plan that was saved.
    var graph: StackGraph?
}

extension Session {
    /// What a plan is asked for with.
    struct PlanRequest {
        let stack: StackOptions
        /// `nil` for a destroy.
        let declaration: DeclarationOptions?
        let planning: PlanningOptions
        let aws: AWSOptions
        /// The word for the lock.
        let command: String
    }

    /// Declares, opens the state, settles what is in doubt, and plans.
    func plan(_ request: PlanRequest) async throws -> Planned {
        let configuration = try await configuration(request.aws, request.stack.place.cloud)
        let aws = try client(configuration)
        var graph: StackGraph?
        if let declaration = request.declaration {
            graph = try await declare(request.stack, declaration, region: aws.region, aws: aws).graph
            try check(graph, request)
        }
        let name = "\(request.stack.stack) in \(request.stack.place.environment)"
        let purpose = Purpose(request.command, request.planning.looking.working, request.declaration)
        let deployment = try await doing("opening \(name)") { try await open(request.stack, purpose, aws: aws) }
        try await recover(deployment)
        let options = try await options(request.planning, graph, deployment)
        let refresh = request.planning.looking.refresh
        let plan = try await doing("planning \(name)") { try await deployment.plan(graph, options, refresh: refresh) }
        return Planned(deployment: deployment, plan: plan, graph: graph)
    }

    /// Finds mistakes before AWS is asked for anything, so that they are found without credentials too.
    private func check(_ graph: StackGraph?, _ request: PlanRequest) throws {
        guard let graph else { return }
        let purpose = Purpose(request.command, request.planning.looking.working, request.declaration)
        let diagnostics = Deployment.diagnostics(of: graph, opening(request.stack, purpose))
        guard diagnostics.isEmpty else { throw InvalidDeclaration(diagnostics) }
    }

    private func options(
        _ planning: PlanningOptions, _ graph: StackGraph?, _ deployment: Deployment
    ) async throws -> PlanOptions {
        let rows = try await deployment.store.read(.rows).map(\.address.description)
        let known = Set(rows + (graph?.resources.map(\.address.description) ?? []))
        for (option, names) in [
            ("target", planning.targets), ("exclude", planning.excludes), ("replace", planning.replacements),
        ] {
            for name in names {
                // A component's segment stands for all below it.
                let isKnown = known.contains(name) || (option != "replace" && known.contains { $0.hasPrefix(name + "/") })
                guard isKnown else {
                    throw CommandLineError.unknownAddress(name, option: option, known: known.sorted())
                }
            }
        }
        var options = PlanOptions()
        options.targets = planning.targets.map { Address($0) }
        options.excludes = planning.excludes.map { Address($0) }
        options.replace = planning.replacements.map { Address($0) }
        options.adopt = planning.adopt
        return options
    }

    /// Shows a plan.
    /// - Throws: ``CommandLineError/refused(_:count:)`` when something speaks against it.
    func show(_ planned: Planned, isBrief: Bool = false) throws {
        report.plan(planned.plan, assets: isBrief ? [:] : assets(planned), isBrief: isBrief)
        let statuses = planned.plan.refusals.map(\.failure.status)
        if let status = statuses.min(by: { $0.rank < $1.rank }) {
            throw CommandLineError.refused(status, count: statuses.count)
        }
    }

    /// The assets that a plan sends, by the digests that it was made with.
    private func assets(_ planned: Planned) -> [String: ValueText.KnownAsset] {
        guard !report.isJSON else { return [:] }
        var known: [String: ValueText.KnownAsset] = [:]
        for operation in planned.plan.operations where operation.verb != .record {
            operation.desired.visitAssets { asset in
                // Planning has read it; should it have gone since, its size is left out.
                guard let file = try? planned.deployment.assets.file(asset) else { return }
                known[file.digest] = ValueText.KnownAsset(path: asset.path, size: file.size)
            }
        }
        return known
    }

    // MARK: Apply

    /// Asks for a yes, carries a plan out and says how it ended.
    ///
    /// - Parameters:
    ///   - question: Such as `Apply this to lakehouse in dev?`
    ///   - command: The command that goes on should not everything be done.
    func carryOut(
        _ planned: Planned, word: String, question: String, yes: Bool, goOn command: String
    ) async throws -> ExitStatus {
        let plan = planned.plan
        if plan.isEmpty {
            // What only the state does not know yet is recorded without asking.
            if !plan.operations.isEmpty {
                _ = try await planned.deployment.apply(
                    plan, command: word, who: program.user, interruption: Interruption(), report: { _ in })
            }
            return .done
        }
        try confirm(question, yes: yes)
        let before = try await planned.deployment.store.read(.rows)
        let interruption = Interruption()
        let progress = Progress(report)
        let watch = watch(interruption, planned.deployment.store)
        defer { watch.end() }
        let outcome: Outcome
        do {
            outcome = try await report.showing {
                try await planned.deployment.apply(
                    plan, command: word, who: program.user, interruption: interruption,
                    report: { progress.tell($0) })
            }
        } catch let error as StateError where progress.hasBegun {
            throw CommandLineError.stateLost(error)
        }
        let after = try await planned.deployment.store.read(.rows)
        let status = status(of: outcome, hasChanged: before != after, signal: watch.first)
        report.outcome(outcome, status, goOn: command)
        if outcome.isComplete { report.outputs(outcome.outputs) }
        return status
    }

    /// Watches for signals while an apply is at work.
    /// - Parameter jobs: What becomes of jobs that are at work beside it.
    func watch(_ interruption: Interruption, _ store: StateStore, jobs: OnInterrupt? = nil) -> SignalWatch {
        SignalWatch(
            program.signals, interruption,
            onFirst: { [report] in
                let work = jobs.map { $0 == .stop ? ", jobs at work are stopped" : ", jobs at work go on" } ?? ""
                report.note(
                    "stopping: nothing new begins\(work), and calls in flight get 5 seconds; once more ends at once")
            },
            beforeEnd: { [report] in
                // What cannot be read now is found by the next plan all the same.
                let doubtful = (try? await store.read(.inDoubt)) ?? []
                for record in doubtful {
                    report.note("in doubt: \(record.key) (\(record.verb.rawValue) \(record.kind))")
                }
                report.note("ended at once; the next plan finds out what became of this")
            })
    }

    func status(of outcome: Outcome, hasChanged: Bool, signal: Int32?) -> ExitStatus {
        if outcome.wasInterrupted, let signal { return .interrupted(signal) }
        if outcome.isComplete { return .done }
        let isPart = hasChanged || !outcome.inDoubt.isEmpty || outcome.succeeded.contains { $0.verb != .record }
        if isPart { return .partly }
        let statuses = outcome.failed.map { Failure($0.error).status }
        return statuses.min { $0.rank < $1.rank } ?? .failed
    }

    /// Asks for a yes.
    /// - Throws: ``CommandLineError/declined``, or ``CommandLineError/needsYes(command:)`` where nobody can be asked.
    func confirm(_ question: String, yes: Bool) throws {
        if yes { return }
        guard program.console.inIsTerminal, !report.isJSON else {
            throw CommandLineError.needsYes(command: commandLine)
        }
        program.console.error("\(question) Only 'yes' goes on: ")
        let answer = program.console.readLine() ?? ""
        guard answer.split(whereSeparator: \.isWhitespace) == ["yes"] else { throw CommandLineError.declined }
    }

    /// The command as it was typed.
    var commandLine: String {
        (["slipway"] + arguments.map(Session.quoted)).joined(separator: " ")
    }

    /// The command as it was typed, without its agreement in advance.
    var commandLineWithoutYes: String {
        (["slipway"] + arguments.filter { $0 != "--yes" }.map(Session.quoted)).joined(separator: " ")
    }

    /// A word as a shell reads it.
    static func quoted(_ argument: String) -> String {
        let isPlain = !argument.isEmpty && argument.allSatisfy { $0.isLetter || $0.isNumber || "-_=./:,@+".contains($0) }
        return isPlain ? argument : "'" + argument.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
    }
}
