import SlipwayAWS
import SlipwayDeclaration
import SlipwayFakeAWS
import SlipwayProvider
import SlipwayResources
import Testing

struct GlueJobTests {
    private let trial = Trial()

    private static let script: Text = "s3://code/load.py"
    private static func spark(_ workers: Glue.Job.Workers? = .g1x(2), timeout: Int? = nil) -> Glue.Job {
        Glue.Job(role: "etl", command: .spark(script: script), workers: workers, timeout: timeout)
    }

    // MARK: Pure

    /// Source: cfn-lint's schema of AWS::Glue::Job, `createOnlyProperties` (cfn-lint 1.51.0).
    @Test func `what cannot be changed is what CloudFormation says`() throws {
        #expect(try createOnly(Glue.Job(role: "r", command: .spark(script: "s"), name: "n")) == ["Name"])
    }

    @Test func `name and ARN are known before the job exists`() {
        let foreseen = Self.spark().foreseen("load", at: Trial.location)
        #expect(foreseen.values == ["Name": "load", "Arn": "arn:aws:glue:us-east-1:123456789012:job/load"])
    }

    static let mistakes: [(Glue.Job, [String])] = {
        func job(_ command: Glue.Job.Command, _ change: (inout Glue.Job) -> Void = { _ in }) -> Glue.Job {
            var job = Glue.Job(role: "r", command: command)
            change(&job)
            return job
        }
        let spark = Glue.Job.Command.spark(script: script)
        let shell = Glue.Job.Command.pythonShell(script: script)
        let ray = Glue.Job.Command.ray(script: script)
        let streaming = Glue.Job.Command.streaming(script: script)
        return [
            (job(spark) { $0.workerType = "G.1X" }, ["NumberOfWorkers"]),
            (job(spark) { $0.numberOfWorkers = 2 }, ["WorkerType"]),
            (
                job(spark) {
                    $0.workerType = "G.1X"
                    $0.numberOfWorkers = 2
                    $0.maxCapacity = 2
                }, ["MaxCapacity"]
            ),
            (job(spark) { $0.maxCapacity = 1 }, ["MaxCapacity"]),
            (job(spark) { $0.maxCapacity = 2.5 }, ["MaxCapacity"]),
            (
                job(spark) {
                    $0.maxCapacity = 10
                    $0.glueVersion = "4.0"
                }, ["MaxCapacity"]
            ),
            (job(shell) { $0.maxCapacity = 0.5 }, ["MaxCapacity"]),
            (
                job(shell) {
                    $0.workerType = "G.1X"
                    $0.numberOfWorkers = 1
                }, ["WorkerType"]
            ),
            (job(shell) { $0.command.pythonVersion = "3.11" }, ["Command.PythonVersion"]),
            (job(ray) { $0.timeout = 10 }, ["Timeout"]),
            (job(ray) { $0.command.runtime = nil }, ["Command.Runtime"]),
            (job(ray) { $0.glueVersion = "3.0" }, ["GlueVersion"]),
            (
                job(ray) {
                    $0.workerType = "G.1X"
                    $0.numberOfWorkers = 2
                }, ["WorkerType"]
            ),
            (job(spark) { $0.command.runtime = "Ray2.4" }, ["Command.Runtime"]),
            (job(spark) { $0.command.name = "glueetk" }, ["Command.Name"]),
            (job(.spark(script: "/tmp/load.py")), ["Command.ScriptLocation"]),
            (job(spark) { $0.defaultArguments = ["lake": "x"] }, ["DefaultArguments.lake"]),
            (
                job(spark) {
                    $0.defaultArguments = ["--env": "dev"]
                    $0.nonOverridableArguments = ["--env": "test"]
                }, ["DefaultArguments.--env"]
            ),
            (job(spark) { $0.timeout = 0 }, ["Timeout"]),
            (job(streaming) { $0.timeout = 20_000 }, ["Timeout"]),
            (job(spark) { $0.maintenanceWindow = "Sun:10" }, ["MaintenanceWindow"]),
            (job(streaming) { $0.maintenanceWindow = "Sunday:10" }, ["MaintenanceWindow"]),
            (job(streaming) { $0.executionClass = .flex }, ["ExecutionClass"]),
            (
                job(spark) {
                    $0.executionClass = .flex
                    $0.glueVersion = "2.0"
                }, ["ExecutionClass"]
            ),
            (
                job(spark) {
                    $0.workerType = "G.025X"
                    $0.numberOfWorkers = 2
                }, ["WorkerType"]
            ),
            (job(spark) { $0.maxRetries = -1 }, ["MaxRetries"]),
        ]
    }()

    @Test(arguments: mistakes)
    func `mistakes are found before AWS is asked`(job: Glue.Job, properties: [String]) {
        #expect(job.check().map(\.property) == properties)
    }

    @Test(arguments: [
        spark(), spark(nil), spark(.g12x(4)),
        Glue.Job(role: "r", command: .pythonShell(script: script), maxCapacity: 0.0625),
        Glue.Job(role: "r", command: .ray(script: script), workers: .z2x(2), glueVersion: "4.0"),
        Glue.Job(role: "r", command: .streaming(script: script), workers: .g025x(2), maintenanceWindow: "Sun:10"),
        Glue.Job(role: "r", command: .spark(script: script), maxCapacity: 10, glueVersion: "1.0"),
        Glue.Job(
            role: Text(.attribute(Reference(resource: Address("etl"), attribute: "Arn"))),
            command: .spark(script: Text(.attribute(Reference(resource: Address("code"), attribute: "Uri"))))),
    ])
    func `good jobs have no problems, also while references are not known`(job: Glue.Job) {
        #expect(job.check().isEmpty)
    }

    @Test func `a role by ARN and by name is the same`() {
        var byARN = Self.spark()
        byARN.role = "arn:aws:iam::123456789012:role/etl"
        #expect(byARN.canonical() == Self.spark().canonical())
        byARN.role = "arn:aws:iam::123456789012:role/service-role/etl"
        #expect(byARN.canonical().role == "service-role/etl")
    }

    @Test func `a secret is sent, and nowhere else`() async throws {
        var job = Self.spark()
        job.sourceControlDetails = .init(provider: "GITHUB", authToken: .environment("TOKEN"))
        let tree = try PropertyEncoder().encode(job)
        #expect(tree.marks[["SourceControlDetails", "AuthToken"]] == [.writeOnly])
        let decoder = PropertyDecoder(secrets: [.environment("TOKEN"): "hunter2"])
        let revealed = try decoder.decode(Glue.Job.self, from: tree.tree)
        try await trial.make("load", revealed)
        #expect(trial.fake.calls.first?.input["SourceControlDetails"]?["AuthToken"] == "hunter2")
        let found = try await trial.look("load", Glue.Job.self).properties
        #expect(found.sourceControlDetails?.authToken == nil)
    }

    // MARK: Life

    @Test func `a create is one call, tags and all`() async throws {
        let operations = try await trial.operations { try await trial.make("load", Self.spark()) }
        #expect(operations == ["CreateJob"])
        let found = try await trial.look("load", Glue.Job.self)
        #expect(found.tags.flatMap(Ownership.init) == Trial.ownership)
        #expect(found.immutableID != nil)
        #expect(found.attributes.arn == "arn:aws:glue:us-east-1:123456789012:job/load")
    }

    @Test func `an update sends the whole definition, without what AWS tells besides`() async throws {
        try await trial.make("load", Self.spark(timeout: 60))
        let current = try await trial.look("load", Glue.Job.self).properties
        var desired = Self.spark(timeout: 90)
        desired.defaultArguments = ["--a": "b"]
        try await desired.update("load", from: current, trial.aws)
        let input = trial.fake.calls.last?.input
        #expect(trial.fake.calls.last?.operation == "UpdateJob")
        #expect(
            input == [
                "JobName": "load",
                "JobUpdate": [
                    "Role": "etl",
                    "Command": ["Name": "glueetl", "ScriptLocation": "s3://code/load.py", "PythonVersion": "3"],
                    "DefaultArguments": ["--a": "b"], "Timeout": 90, "WorkerType": "G.1X", "NumberOfWorkers": 2,
                ],
            ])
    }

    @Test func `what AWS tells of a job can be sent back to it`() async throws {
        try await trial.make("load", Self.spark())
        let current = try await trial.look("load", Glue.Job.self).properties
        #expect(current.maxCapacity == 2)
        var desired = current
        desired.description = "Loads"
        try await desired.update("load", from: current, trial.aws)
        #expect(try await trial.look("load", Glue.Job.self).properties.description == "Loads")
    }

    @Test func `an update without a member resets it`() async throws {
        try await trial.make("load", Self.spark(timeout: 60))
        let current = try await trial.look("load", Glue.Job.self).properties
        try await Self.spark().update("load", from: current, trial.aws)
        #expect(try await trial.look("load", Glue.Job.self).properties.timeout == 480)
    }

    @Test func `capacity and workers can be exchanged`() async throws {
        let old = Glue.Job(role: "etl", command: .spark(script: Self.script), maxCapacity: 10, glueVersion: "1.0")
        try await trial.make("load", old)
        try await Self.spark().update("load", from: old, trial.aws)
        let found = try await trial.look("load", Glue.Job.self).properties
        #expect(found.canonical().maxCapacity == nil)
        #expect(found.numberOfWorkers == 2)
        try await old.update("load", from: found, trial.aws)
        #expect(try await trial.look("load", Glue.Job.self).properties.canonical().maxCapacity == 10)
    }

    @Test func `tags have calls of their own`() async throws {
        var job = Self.spark()
        job.tags = ["team": "data", "tier": "etl"]
        try await trial.make("load", job)
        var other = job
        other.tags = ["team": "platform"]
        let operations = try await trial.operations { try await other.update("load", from: job, trial.aws) }
        #expect(operations == ["TagResource", "UntagResource"])
        let found = try await trial.look("load", Glue.Job.self)
        #expect(found.properties.tags == ["team": "platform"])
        #expect(found.tags.flatMap(Ownership.init) == Trial.ownership)
    }

    @Test func `maintenance windows and fractions of capacity are kept`() async throws {
        let streaming = Glue.Job(
            role: "etl", command: .streaming(script: Self.script), workers: .g025x(2), maintenanceWindow: "Sun:10")
        try await trial.make("stream", streaming)
        #expect(try await trial.look("stream", Glue.Job.self).properties.maintenanceWindow == "Sun:10")
        let shell = Glue.Job(role: "etl", command: .pythonShell(script: Self.script), maxCapacity: 0.0625)
        try await trial.make("shell", shell)
        #expect(try await trial.look("shell", Glue.Job.self).properties.maxCapacity == 0.0625)
    }

    @Test func `names of nodes and words in them stay as they are`() async throws {
        var job = Self.spark()
        let nodes: [String: JSON] = [
            "node-1": ["SelectFields": ["Name": "true", "Inputs": ["12", "node-0"], "Paths": [["a"]]]],
        ]
        job.codeGenConfigurationNodes = nodes
        try await trial.make("load", job)
        #expect(trial.fake.calls.first?.input["CodeGenConfigurationNodes"] == .object(nodes))
        #expect(try await trial.look("load", Glue.Job.self).properties.codeGenConfigurationNodes == nodes)
    }

    @Test func `what AWS told of another kind of job is not sent to it`() async throws {
        var job = Self.spark()
        job.timeout = 60
        job.maxCapacity = 1
        job.command = .pythonShell(script: Self.script)
        try await trial.make("shell", job)
        job.command = .ray(script: Self.script)
        try await trial.make("ray", job)
        let inputs = trial.fake.calls.map(\.input)
        #expect(inputs[0]["WorkerType"] == nil && inputs[0]["NumberOfWorkers"] == nil && inputs[0]["MaxCapacity"] == 1)
        #expect(inputs[1]["WorkerType"] == "G.1X" && inputs[1]["Timeout"] == nil && inputs[1]["MaxCapacity"] == nil)
    }

    // MARK: Quirks

    /// Source: <https://github.com/hashicorp/terraform-provider-aws/issues/30371>
    @Test func `a role that Glue cannot assume yet is told from a mistake`() async throws {
        trial.fake.withServices { $0.glue.unassumableRoles = 1 }
        let error = await #expect(throws: AWSError.self) { try await trial.make("load", Self.spark()) }
        #expect(error?.kind == .propagating)
        try await trial.make("load", Self.spark())
        let twice = await #expect(throws: AWSError.self) { try await trial.make("load", Self.spark()) }
        #expect(twice?.kind == .alreadyExists)
        let other = await #expect(throws: AWSError.self) { try await trial.make("load", Self.spark(timeout: 3)) }
        #expect(other?.kind == .alreadyExists)
    }

    @Test(arguments: ["0.9", "1.0", "3.0", "5.0"])
    func `the Python that AWS tells of is no difference where there is only one`(version: String) async throws {
        var job = Glue.Job(
            role: "etl", command: .init(name: "glueetl", scriptLocation: Self.script), glueVersion: Text(verbatim: version))
        try await trial.make("load", job)
        job.command.pythonVersion = "3"
        let found = try await trial.look("load", Glue.Job.self).properties
        #expect(found.command.pythonVersion == "2")
        #expect((found.canonical().command == job.canonical().command) == !["0.9", "1.0"].contains(version))
    }

    @Test func `runs are stopped before their job is deleted`() async throws {
        var job = Self.spark()
        job.executionProperty = .init(maxConcurrentRuns: 100)
        try await trial.make("load", job)
        struct Input: Encodable { let jobName = "load" }
        for _ in 0..<30 { try await trial.aws.call(.glue, "StartJobRun", Input()) }
        trial.fake.withServices { services in
            let ids = (services.glue.runs["load"] ?? []).map(\.id)
            services.glue.move(ids[0], to: "SUCCEEDED")
            services.glue.move(ids[1], to: "STOPPING")
            services.glue.move(ids[2], to: "WAITING")
            services.glue.pageSize = 20
        }
        let operations = try await trial.operations { try await job.delete("load", trial.aws) }
        #expect(operations == ["GetJobRuns", "GetJobRuns", "BatchStopJobRun", "BatchStopJobRun", "DeleteJob"])
        let states = trial.fake.withServices { Set(($0.glue.runs["load"] ?? []).map(\.state)) }
        #expect(states == ["SUCCEEDED", "STOPPING"])
        try await job.delete("load", trial.aws)
    }

    @Test func `a plan without changes makes at most a call for ten jobs`() async throws {
        var job = Self.spark()
        job.tags = ["team": "data"]
        let names = (0..<150).map { "job-\($0)" }
        for name in names { try await trial.make(name, job) }
        trial.fake.forgetCalls()
        let wanted = (names + ["gone"]).map { Listed<Glue.Job>($0, .only(["Role", "Command", "Tags"])) }
        let found = try await Glue.Job.list(wanted, trial.aws)
        #expect(Set(found.keys) == Set(names))
        #expect(trial.fake.calls.count == 4)
        #expect(Glue.Job.listCalls(for: wanted.count) == 4)
        for case .observed(.present(let listed)) in found.values {
            #expect(listed.properties.tags == ["team": "data"])
            #expect(listed.unread.isEmpty)
            #expect(listed.immutableID != nil)
        }
    }

    @Test func `tags that nobody wants are not read, and that is said`() async throws {
        try await trial.make("load", Self.spark())
        trial.fake.forgetCalls()
        let found = try await Glue.Job.list([Listed("load", .only(["Role"]))], trial.aws)
        #expect(trial.fake.calls.map(\.operation) == ["BatchGetJobs"])
        guard case .observed(.present(let listed)) = found["load"] else {
            Issue.record("the job was not seen")
            return
        }
        #expect(listed.unread == ["Tags"])
        #expect(listed.tags == nil)
        let read = try await trial.look("load", Glue.Job.self, .only(["Role"]))
        #expect(read.immutableID == listed.immutableID)
    }

    @Test func `tags that the list of tags has not seen yet are read`() async throws {
        var job = Self.spark()
        job.tags = ["team": "data"]
        let created = try await trial.make("load", job)
        let arn = try #require(created.attributes?.arn)
        trial.fake.withServices { $0.tagging.unseen = [arn] }
        trial.fake.forgetCalls()
        let found = try await Glue.Job.list([Listed("load", .all)], trial.aws)
        #expect(Set(trial.fake.calls.map(\.operation)) == ["BatchGetJobs", "GetResources", "GetTags"])
        guard case .observed(.present(let listed)) = found["load"] else {
            Issue.record("the job was not seen")
            return
        }
        #expect(listed.properties.tags == ["team": "data"])
    }
}
