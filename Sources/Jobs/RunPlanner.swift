import FoundationEssentials
import SlipwayDeclaration
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

    /// - Throws: ``JobError`` when the run is refused, `InvalidDeclaration` with all mistakes of the graph,
    ///   `EngineError` for assets and secrets, `StateError`.
    package func plan(_ request: RunRequest) async throws -> RunPlan {
        var checked = request.graph
        if !checked.pipelines.contains(request.pipeline) { checked.pipelines.append(request.pipeline) }
        let mistakes = Validation(kinds: deployment.kinds, tasks: table.checks).diagnostics(of: checked)
        guard mistakes.isEmpty else { throw InvalidDeclaration(mistakes) }

        let pipeline = request.pipeline
        let graph = try order(of: pipeline, request.selection)
        var mentioned = StackGraph(stack: request.graph.stack, environment: request.graph.environment)
        mentioned.pipelines = [pipeline]
        let applied = try AppliedStack(
            graph: request.graph, rows: await deployment.store.read(.rows),
            outputs: await deployment.foreignOutputs(mentioned))
        var prepared: [String: Result<Prepared, any Error>] = [:]
        for task in pipeline.tasks {
            do { prepared[task.name] = .success(try await prepare(task, applied, request)) } catch {
                // A task that is not asked for may lack what it needs.
                prepared[task.name] = .failure(error)
            }
        }
        let last = try await last(pipeline.name)
        let resumption = try await resumption(graph, pipeline, prepared, request, last)
        return try assemble(request, graph, resumption, prepared, last, applied)
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

    private func last(_ pipeline: String) async throws -> (run: RunRecord, tasks: [TaskRecord])? {
        guard let run = try await deployment.store.read(.runs(of: pipeline, limit: 1)).first else { return nil }
        return (run, try await deployment.store.read(.tasks(of: run.id)))
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
        guard table[type: task.kind] != nil else { throw JobError.unknownKind(task.kind, task: task.name) }
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
        let stored = tree.withDigests(digests).withFingerprints(prints)
        let whole: JSON = [
            "kind": .string(task.kind), "properties": stored, "code": .object(code.mapValues { .string($0) }),
        ]
        return Prepared(
            properties: tree.withFiles(files), secrets: secrets, fingerprint: Digest.sha256(whole.text), code: code,
            changes: identity.changes)
    }

    // MARK: All of them

    private func isAtWork(_ step: Step) throws -> Bool {
        if case .attach(let record) = step { try !record.notes().ids.isEmpty } else { false }
    }

    private func resumption(
        _ graph: Graph<String>, _ pipeline: Pipeline, _ prepared: [String: Result<Prepared, any Error>],
        _ request: RunRequest, _ last: (run: RunRecord, tasks: [TaskRecord])?
    ) async throws -> Resumption {
        let kinds = Dictionary(pipeline.tasks.map { ($0.name, $0.kind) }) { first, _ in first }
        let fingerprints = prepared.compactMapValues { try? $0.get().fingerprint }
        var over: Set<String> = []
        while true {
            do {
                return try Resumption(
                    graph, kinds: kinds, fingerprints: fingerprints, selection: request.selection, last: last,
                    fresh: request.isFresh, over: over)
            } catch JobError.otherTaskInFlight(let task, let run, let ids) {
                guard let record = last?.tasks.first(where: { $0.name == task }), let kind = table[type: record.kind],
                    try await !kind.isActive(record.notes(), record.token, deployment.aws)
                else { throw JobError.otherTaskInFlight(task: task, run: run, ids: ids) }
                over.insert(task)
            }
        }
    }

    private func assemble(
        _ request: RunRequest, _ graph: Graph<String>, _ resumption: Resumption,
        _ prepared: [String: Result<Prepared, any Error>], _ last: (run: RunRecord, tasks: [TaskRecord])?,
        _ applied: AppliedStack
    ) throws -> RunPlan {
        let run = RunRecord(
            id: Identifier.make(), pipeline: request.pipeline.name, startedAt: time.now(), who: request.who)
        var tasks: [PlannedTask] = []
        var refused: [CodeChange] = []
        for (position, declared) in request.pipeline.tasks.enumerated() {
            let step = resumption.steps[declared.name] ?? .run
            guard let kind = table[type: declared.kind], let result = prepared[declared.name] else {
                throw JobError.unknownKind(declared.kind, task: declared.name)
            }
            var properties = JSON.null
            var secrets: SecretValues = [:]
            var changes: [CodeChange] = []
            var notes = TaskNotes()
            switch step {
            case .run, .attach:
                let task = try result.get()
                (properties, secrets) = (task.properties, task.secrets)
                (notes.fingerprint, notes.code) = (task.fingerprint, task.code)
                // What is at work runs what it began with.
                if try !isAtWork(step) { changes = task.changes }
            case .skip, .keep: break
            }
            let earlier = last?.tasks.first { $0.name == declared.name }
            var token = Identifier.make()
            var state = TaskState.waiting
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
            if !request.usesWorkingCopy { refused += changes }
            tasks.append(
                PlannedTask(
                    name: declared.name, kind: kind, properties: properties, secrets: secrets, changedCode: changes,
                    record: TaskRecord(
                        run: run.id, name: declared.name, kind: declared.kind, position: position, token: token,
                        state: state.rawValue, record: notes.stored),
                    notes: notes))
        }
        guard refused.isEmpty else { throw JobError.otherCode(refused) }
        return RunPlan(
            run: run, from: resumption.from, graph: graph, steps: resumption.steps, tasks: tasks, applied: applied,
            onInterrupt: request.onInterrupt)
    }
}
