import FoundationEssentials
package import SlipwayDeclaration
package import SlipwayEngine
import SlipwayGraph
import SlipwayState

/// Finds out everything that a run needs before it begins.
package struct RunPlanner: Sendable {
    private let deployment: Deployment
    private let table: TaskTable
    private let time: Time

    package init(_ deployment: Deployment, _ table: TaskTable, time: Time = .real) {
        self.deployment = deployment
        self.table = table
        self.time = time
    }

    /// - Parameter pending: Resources that are being made while the run goes on. A task that mentions one of them, or
    ///   something that depends on one, waits, and is planned by ``resolver(_:_:)``.
    /// - Throws: ``JobError`` when the run is refused, `InvalidDeclaration` with all mistakes of the graph,
    ///   `EngineError` for assets and secrets, `StateError`.
    package func plan(_ request: RunRequest, pending: Set<Address> = []) async throws -> RunPlan {
        var checked = request.graph
        if !checked.pipelines.contains(request.pipeline) { checked.pipelines.append(request.pipeline) }
        let mistakes = Validation(kinds: deployment.kinds, tasks: table.checks).diagnostics(of: checked)
        guard mistakes.isEmpty else { throw InvalidDeclaration(mistakes) }

        let pipeline = request.pipeline
        let graph = try order(of: pipeline, request.selection)
        let awaited = try awaited(pipeline, request.graph, pending)
        let run = RunRecord(id: Identifier.make(), pipeline: pipeline.name, startedAt: time.now(), who: request.who)
        let applied = try await applied(request)
        let last = try await last(pipeline.name, before: run.id)
        var resumption = resumption(graph, request, last)
        var planned: [String: PlannedTask] = [:]
        let declared = Dictionary(pipeline.tasks.map { ($0.name, $0) }) { first, _ in first }
        for name in graph.sorted {
            guard let task = declared[name] else { continue }
            // Whether it is done is known only once all before it is decided.
            let isOpen = awaited[name] != nil || graph.predecessors(of: name).contains { resumption.steps[$0] == nil }
            planned[name] = isOpen
                ? try waiting(task, request, run, applied, last)
                : try await plan(task, request, run, applied, last, &resumption)
        }
        let tasks = pipeline.tasks.compactMap { planned[$0.name] }
        let refused = request.usesWorkingCopy ? [] : tasks.flatMap(\.changedCode)
        guard refused.isEmpty else { throw JobError.otherCode(refused) }
        return RunPlan(
            run: run, from: resumption.from, graph: graph, steps: resumption.steps, tasks: tasks, awaited: awaited,
            onInterrupt: request.onInterrupt)
    }

    /// Plans the tasks that a run left open, each when its time comes.
    package func resolver(_ request: RunRequest, _ plan: RunPlan) async throws -> TaskResolver {
        let last = try await last(request.pipeline.name, before: plan.run.id)
        var resumption = resumption(plan.graph, request, last)
        for (name, step) in plan.steps { resumption.adopt(step, for: name) }
        return TaskResolver(planner: self, request: request, run: plan.run, last: last, resumption: resumption)
    }

    func applied(_ request: RunRequest) async throws -> AppliedStack {
        var mentioned = StackGraph(stack: request.graph.stack, environment: request.graph.environment)
        mentioned.pipelines = [request.pipeline]
        return try AppliedStack(
            graph: request.graph, rows: await deployment.store.read(.rows),
            outputs: await deployment.foreignOutputs(mentioned))
    }

    private func awaited(
        _ pipeline: Pipeline, _ graph: StackGraph, _ pending: Set<Address>
    ) throws -> [String: Set<Address>] {
        guard !pending.isEmpty else { return [:] }
        let before = Dictionary(graph.resources.map { ($0.address, $0.dependencies) }) { first, _ in first }
        let resources = try Graph(graph.resources.map(\.address)) { before[$0] ?? [] }
        var awaited: [String: Set<Address>] = [:]
        for task in pipeline.tasks {
            let mentioned = Set(task.references.map(\.resource))
            let needed = resources.dependencies(of: mentioned).union(mentioned).intersection(pending)
            if !needed.isEmpty { awaited[task.name] = needed }
        }
        return awaited
    }

    private func order(of pipeline: Pipeline, _ selection: Selection) throws -> Graph<String> {
        let names = pipeline.tasks.map(\.name)
        switch selection {
        case .all: break
        case .from(let task), .only(let task):
            guard names.contains(task) else {
                throw JobError.unknownTask(task, pipeline: pipeline.name, known: names)
            }
        }
        let after = Dictionary(pipeline.tasks.map { ($0.name, $0.after) }) { first, _ in first }
        return try Graph(names) { after[$0] ?? [] }
    }

    private func last(
        _ pipeline: String, before run: String
    ) async throws -> (run: RunRecord, tasks: [TaskRecord])? {
        let runs = try await deployment.store.read(.runs(of: pipeline, limit: 2))
        guard let last = runs.first(where: { $0.id != run }) else { return nil }
        return (last, try await deployment.store.read(.tasks(of: last.id)))
    }

    private func resumption(
        _ graph: Graph<String>, _ request: RunRequest, _ last: (run: RunRecord, tasks: [TaskRecord])?
    ) -> Resumption {
        let kinds = Dictionary(request.pipeline.tasks.map { ($0.name, $0.kind) }) { first, _ in first }
        return Resumption(graph, kinds: kinds, selection: request.selection, last: last, fresh: request.isFresh)
    }

    // MARK: One task

    /// A task with everything filled in.
    private struct Prepared: Sendable {
        let properties: JSON
        let secrets: SecretValues
        let fingerprint: String
        /// SHA-256 by asset path.
        let code: [String: String]
        let changes: [CodeChange]
    }

    private func prepare(
        _ task: DeclaredTask, _ applied: AppliedStack, _ request: RunRequest
    ) async throws -> Prepared {
        guard let kind = table[type: task.kind] else { throw JobError.unknownKind(task.kind, task: task.name) }
        var assets: Set<Asset> = []
        var sources: Set<Secret.Source> = []
        task.properties.visitAssets { assets.insert($0) }
        task.properties.visitSecrets { sources.insert($0) }
        var files: [Asset: AssetFile] = [:]
        for asset in assets { files[asset] = try deployment.assets.file(asset) }
        var secrets: SecretValues = [:]
        var prints: [Secret.Source: String] = [:]
        for source in sources {
            let value = try await deployment.value(of: source)
            secrets[source] = value
            prints[source] = Fingerprint.make(value, of: source, key: deployment.header.secretKey)
        }
        let digests = files.mapValues(\.digest)
        let tree = task.properties.resolved { applied.value($0, digests: digests) }
        var unknown: String?
        tree.visitExpressions { unknown = unknown ?? $0.description }
        if let unknown { throw JobError.notApplied(task: task.name, what: unknown) }

        let identity = try CodeIdentity(of: task, applied, deployment.assets)
        var code = identity.digests
        if request.usesWorkingCopy { for change in identity.changes { code[change.asset] = change.found } }
        for (asset, digest) in digests { code[asset.path] = digest }
        do {
            for (path, digest) in try kind.inputs(tree, deployment.directory) { code[path] = digest }
        } catch let failure as TaskFailure {
            throw JobError.missingInput(task: task.name, failure)
        }
        let stored = tree.withDigests(digests).withFingerprints(prints)
        let whole: JSON = [
            "kind": .string(task.kind), "properties": stored, "code": .object(code.mapValues { .string($0) }),
        ]
        return Prepared(
            properties: tree.withFiles(files), secrets: secrets, fingerprint: Digest.sha256(whole.text), code: code,
            changes: identity.changes)
    }

    // MARK: What becomes of it

    /// Decides what becomes of a task, and fills it in.
    func plan(
        _ declared: DeclaredTask, _ request: RunRequest, _ run: RunRecord, _ applied: AppliedStack,
        _ last: (run: RunRecord, tasks: [TaskRecord])?, _ resumption: inout Resumption
    ) async throws -> PlannedTask {
        var result: Result<Prepared, any Error>
        do { result = .success(try await prepare(declared, applied, request)) } catch {
            // A task that is not asked for may lack what it needs.
            result = .failure(error)
        }
        let fingerprint = (try? result.get().fingerprint) ?? ""
        let earlier = last?.tasks.first { $0.name == declared.name }
        let step = try await decide(declared, fingerprint, earlier, &resumption)
        var notes = TaskNotes()
        var (properties, secrets, changes) = (JSON.null, SecretValues(), [CodeChange]())
        switch step {
        case .run, .attach:
            let task = try result.get()
            (properties, secrets) = (task.properties, task.secrets)
            (notes.fingerprint, notes.code) = (task.fingerprint, task.code)
            // What is at work runs what it began with.
            if try !isAtWork(step) { changes = task.changes }
        case .skip, .keep: break
        }
        var (token, state) = (Identifier.make(), TaskState.waiting)
        switch step {
        case .run: break
        case .attach(let record), .keep(let record):
            notes = try record.notes()
            token = record.token
            state = try record.taskState()
        case .skip(.done(let id)):
            notes = try earlier?.notes() ?? notes
            notes.doneIn = id
            token = earlier?.token ?? token
            state = .doneBefore
        case .skip(.notAsked): state = .notAsked
        }
        return try planned(
            declared, request, applied, properties: properties, secrets: secrets, changes: changes, notes: notes,
            earlier: earlier, record: (run.id, token, state))
    }

    /// A task that is planned when its time comes. What an earlier run began stays in the ledger as it is, so that it
    /// is found again whatever happens until then.
    private func waiting(
        _ declared: DeclaredTask, _ request: RunRequest, _ run: RunRecord, _ applied: AppliedStack,
        _ last: (run: RunRecord, tasks: [TaskRecord])?
    ) throws -> PlannedTask {
        let earlier = request.isFresh || last?.run.outcome == RunOutcome.succeeded.rawValue
            ? nil : last?.tasks.first { $0.name == declared.name && $0.kind == declared.kind }
        var notes = try earlier?.notes() ?? TaskNotes()
        var state = try earlier?.taskState() ?? .waiting
        if state == .succeeded, let last {
            notes.doneIn = last.run.id
            state = .doneBefore
        } else if !state.isInFlight, state != .doneBefore {
            (notes, state) = (TaskNotes(), .waiting)
        }
        return try planned(
            declared, request, applied, notes: notes, earlier: last?.tasks.first { $0.name == declared.name },
            record: (run.id, state == .waiting ? Identifier.make() : earlier?.token ?? Identifier.make(), state))
    }

    private func planned(
        _ declared: DeclaredTask, _ request: RunRequest, _ applied: AppliedStack, properties: JSON = .null,
        secrets: SecretValues = [:], changes: [CodeChange] = [], notes: TaskNotes, earlier: TaskRecord?,
        record: (run: String, token: String, state: TaskState)
    ) throws -> PlannedTask {
        guard let kind = table[type: declared.kind] else {
            throw JobError.unknownKind(declared.kind, task: declared.name)
        }
        let position = request.pipeline.tasks.firstIndex { $0.name == declared.name } ?? 0
        return PlannedTask(
            name: declared.name, kind: kind, properties: properties, secrets: secrets, changedCode: changes,
            applied: applied,
            record: TaskRecord(
                run: record.run, name: declared.name, kind: declared.kind, position: position, token: record.token,
                state: record.state.rawValue, record: notes.stored),
            notes: notes, usual: earlier?.took)
    }

    private func isAtWork(_ step: Step) throws -> Bool {
        if case .attach(let record) = step { try !record.notes().ids.isEmpty } else { false }
    }

    private func decide(
        _ declared: DeclaredTask, _ fingerprint: String, _ earlier: TaskRecord?, _ resumption: inout Resumption
    ) async throws -> Step {
        do { return try resumption.decide(declared.name, fingerprint: fingerprint) } catch
            JobError.otherTaskInFlight(let task, let run, let ids)
        {
            guard let earlier, let kind = table[type: earlier.kind],
                try await !kind.isActive(earlier.notes(), earlier.token, deployment.aws)
            else { throw JobError.otherTaskInFlight(task: task, run: run, ids: ids) }
            return try resumption.decide(declared.name, fingerprint: fingerprint, isOver: true)
        }
    }
}

extension TaskRecord {
    /// How many seconds it took; `nil` where it did not succeed.
    fileprivate var took: Double? {
        guard state == TaskState.succeeded.rawValue, let startedAt, let endedAt else { return nil }
        return endedAt - startedAt
    }
}
