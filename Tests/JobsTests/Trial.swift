import FoundationEssentials
import SlipwayAWS
import SlipwayDeclaration
import SlipwayEngine
import SlipwayFakeAWS
import SlipwayHTTP
import SlipwayProvider
import SlipwayResources
import SlipwayState
import Synchronization

@testable import SlipwayJobs

/// A stack that was applied: a role, two scripts and two jobs, with a pipeline that runs one job after the other.
final class Trial: Sendable {
    let fake = FakeAWS()
    let folder: String
    let clock: VirtualTime
    let events = Mutex<[RunEvent]>([])
    static let key = StateKey(stack: "lake", environment: "dev", target: "aws")

    init(clock: VirtualTime = VirtualTime()) throws {
        self.clock = clock
        folder = FileManager.default.temporaryDirectory.path + "/slipway-jobs-\(Identifier.make())"
        try FileManager.default.createDirectory(atPath: assets, withIntermediateDirectories: true)
        try write("load.py", "print('load')\n")
        try write("report.py", "print('report')\n")
        fake.withServices { services in
            for job in ["lake-dev-load", "lake-dev-report"] { services.glue.courses[job] = ["RUNNING", "SUCCEEDED"] }
        }
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    var assets: String { "\(folder)/assets" }

    func write(_ name: String, _ text: String) throws {
        try Data(text.utf8).write(to: URL(filePath: "\(assets)/\(name)"))
    }

    // MARK: Declaration

    /// - Parameter changing: Changes the pipeline's tasks.
    func graph(load: RunGlueJob? = nil, report: RunGlueJob? = nil) -> StackGraph {
        var stack = Stack("lake", Settings())
        let role = stack.add("etl", IAM.Role(trusting: .service("glue.amazonaws.com")), file: "stacks/lake.swift", line: 7)
        let first = stack.add(
            "load", Glue.Job(role: role.arn, command: .spark(script: "s3://code/\(Asset("load.py").digest)/load.py")))
        let second = stack.add(
            "report",
            Glue.Job(role: role.arn, command: .pythonShell(script: "s3://code/\(Asset("report.py").digest)/report.py")))
        var pipeline = Pipeline("refresh")
        let loaded = pipeline.add("loaded", load ?? RunGlueJob(first))
        pipeline.add("reported", report ?? RunGlueJob(second), after: [loaded])
        stack.add(pipeline)
        return stack.graph
    }

    /// Writes the state and makes the jobs, as an apply of the stack does.
    func apply() async throws {
        let store = try StateStore(folder: "\(folder)/state", key: Trial.key, lineage: "1", secretKey: "2")
        let graph = graph()
        try await store.commit(.pinAccount(FakeAWS.account))
        let files = AssetFolder(path: assets)
        for resource in graph.resources {
            var digests: [Asset: String] = [:]
            try resource.properties.visitAssetsThrowing { digests[$0] = try files.file($0).digest }
            let name = "lake-dev-\(resource.address)"
            let arn = resource.kind == Glue.Job.type ? "arn:aws:glue:::job/\(name)" : "arn:aws:iam::\(FakeAWS.account):role/\(name)"
            let tree = resource.properties.resolved { expression in
                switch expression {
                case .digest(let asset): digests[asset]
                case .attribute: "arn:aws:iam::\(FakeAWS.account):role/lake-dev-etl"
                case .output, .transform: nil
                }
            }
            try await store.commit(
                .put(
                    ResourceRow(
                        address: resource.address, generation: 1, kind: resource.kind, schemaVersion: 1,
                        account: FakeAWS.account, region: "eu-west-1", identity: name, nonce: "3",
                        declared: StoredJSON(tree), attributes: StoredJSON(["Name": .string(name), "Arn": .string(arn)]),
                        dependencies: resource.dependencies,
                        management: StoredManagement(
                            protect: false, retain: false, createBeforeDestroy: false, replaceWhen: []),
                        createdAt: 0, updatedAt: 0)))
            guard resource.kind == Glue.Job.type else { continue }
            try await make(name, tree["Command"])
        }
        fake.forgetCalls()
    }

    private struct MakeJob: Codable, Sendable {
        let name: String
        let role: String
        let command: JSON
    }

    private struct MakeRole: Codable, Sendable {
        let roleName: String
        let assumeRolePolicyDocument: String
    }

    /// Makes a job and its role, or gives the job another script.
    private func make(_ name: String, _ command: JSON?) async throws {
        let isThere = fake.withServices { services in
            guard var job = services.glue.jobs[name] else { return false }
            job.definition = job.definition.setting(["Command"], to: command)
            services.glue.jobs[name] = job
            return true
        }
        guard !isThere else { return }
        let trust: JSON = [
            "Version": "2012-10-17",
            "Statement": [
                [
                    "Effect": "Allow", "Principal": ["Service": "glue.amazonaws.com"], "Action": "sts:AssumeRole",
                ]
            ],
        ]
        // The role is there already for the second job.
        _ = try? await fake.client().call(
            .iam, "CreateRole", MakeRole(roleName: "lake-dev-etl", assumeRolePolicyDocument: trust.text))
        let role = "arn:aws:iam::\(FakeAWS.account):role/lake-dev-etl"
        try await fake.client().call(.glue, "CreateJob", MakeJob(name: name, role: role, command: command ?? .null))
    }

    // MARK: Running

    struct Options: Sendable {
        var selection = Selection.all
        var isFresh = false
        var usesWorkingCopy = false
        var onInterrupt = OnInterrupt.stop
        var environment: [String: String] = [:]
        var directory: String?
        var interruption: Interruption?
        var transport: (any HTTPTransport)?
        var onCommit: (@Sendable (StateStore.CommitPhase) -> Void)?
        var onEvent: @Sendable (RunEvent) -> Void = { _ in }
        init() {}
    }

    func deployment(_ options: Options = Options(), state: String? = nil) async throws -> Deployment {
        var opening = Deployment.Opening(
            kinds: KindTable([Glue.Job.self, IAM.Role.self]), key: Trial.key, folder: state ?? "\(folder)/state",
            assets: AssetFolder(path: assets), who: "ann@mill", command: "run")
        opening.hold = .runs
        opening.environment = options.environment
        opening.directory = options.directory ?? folder
        opening.onCommit = options.onCommit
        return try await Deployment(opening, aws: client(options.transport))
    }

    private func client(_ transport: (any HTTPTransport)?) -> AWSClient {
        guard let transport else { return fake.client() }
        let credentials = Credentials(accessKeyID: "AKIAIOSFODNN7EXAMPLE", secretAccessKey: "example")
        let real = Surroundings.real
        return AWSClient(
            configuration: AWSConfiguration(
                region: "eu-west-1", credentials: FixedCredentials(credentials, name: "a test")),
            transport: transport,
            surroundings: Surroundings(now: real.now, sleep: { _ in }, random: { 0 }, uuid: real.uuid),
            policy: RetryPolicy(maxAttempts: 1), account: FakeAWS.account)
    }

    /// Runs the pipeline.
    @discardableResult
    func run(_ graph: StackGraph? = nil, _ options: Options = Options(), state: String? = nil) async throws -> RunSummary {
        let deployment = try await deployment(options, state: state)
        let graph = graph ?? self.graph()
        var request = RunRequest(graph.pipelines[0], of: graph, who: "ann@mill")
        request.selection = options.selection
        request.isFresh = options.isFresh
        request.usesWorkingCopy = options.usesWorkingCopy
        request.onInterrupt = options.onInterrupt
        let plan = try await RunPlanner(deployment, TaskTable(AllTasks.all), time: clock.time).plan(request)
        let runner = PipelineRunner(
            store: deployment.store, aws: deployment.aws,
            interruption: options.interruption ?? Interruption(clock: clock), time: clock.time,
            directory: options.directory ?? folder,
            report: { event in
                self.events.withLock { $0.append(event) }
                options.onEvent(event)
            })
        return try await runner.run(plan)
    }

    // MARK: Looking

    /// The ledger's tasks of the latest run.
    func tasks() async throws -> [TaskRecord] {
        let store = try StateStore(folder: "\(folder)/state", key: Trial.key, lineage: "", secretKey: "")
        guard let run = try await store.read(.runs(limit: 1)).first else { return [] }
        return try await store.read(.tasks(of: run.id))
    }

    func notes(_ task: String) async throws -> TaskNotes {
        try await tasks().first { $0.name == task }?.notes() ?? TaskNotes()
    }

    /// The runs of a job, the latest first.
    func runs(_ job: String) -> [FakeGlue.Run] { fake.withServices { $0.glue.runs[job] ?? [] } }

    var started: Int { fake.calls.count { $0.operation == "StartJobRun" } }

    var log: [String] {
        events.withLock { $0 }.compactMap { if case .log(_, let line) = $0 { line.text } else { nil } }
    }
    var progress: [String] {
        events.withLock { $0 }.compactMap { if case .progress(_, let text) = $0 { text } else { nil } }
    }
    var skipped: [String] {
        events.withLock { $0 }.compactMap { if case .skipped(let task, _) = $0 { task } else { nil } }
    }
}

extension JSON {
    /// ``visitAssets(_:)`` for a body that may throw.
    func visitAssetsThrowing(_ body: (Asset) throws -> Void) throws {
        var found: [Asset] = []
        visitAssets { found.append($0) }
        for asset in found { try body(asset) }
    }
}

extension FakeAWS {
    /// Writes lines to a stream of a log, which need not be there.
    func write(_ group: String, _ stream: String, _ lines: String..., at date: Int = 0) {
        withServices { $0.logs.write(lines, to: group, stream: stream, at: date) }
    }
}

extension VirtualTime {
    var time: Time { Time(now: { self.seconds }, clock: self) }
}
