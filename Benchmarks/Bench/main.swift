// What `make bench` measures inside a process.
//
//     slipway-bench plan <count>      plans that many resources from the state, without looking at AWS
//     slipway-bench apply <count>     applies that many resources to an AWS in memory behind a port, then plans again

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

let arguments = CommandLine.arguments
guard arguments.count >= 3, let count = Int(arguments[2]) else { fatalError("usage: slipway-bench plan|apply <count>") }

/// A stack of the kinds that there are most of: for each ten resources one bucket in a hundred, three roles, three
/// jobs, three objects and a log group.
func graph(_ count: Int) -> StackGraph {
    var stack = Stack("bench", Settings())
    stack.tags = ["team": "data"]
    let lake = stack.add("lake", S3.Bucket(versioning: .enabled, emptyOnDelete: true))
    var made = 1
    while made < count {
        let n = made
        let role = stack.add(
            "role-\(n)",
            IAM.Role(
                trusting: .service("glue.amazonaws.com"),
                policies: ["lake": [.allow("s3:GetObject", on: "\(lake.arn)/\(String(n))/*")]],
                description: Text(verbatim: "Runs job \(n)")))
        let script = stack.add(
            "script-\(n)", S3.Object(bucket: lake.name, key: "code/\(n).py", .text("print(\(String(n)))")))
        stack.add(
            "job-\(n)",
            Glue.Job(
                role: role.arn, command: .pythonShell(script: script.uri),
                arguments: ["--lake": "s3://\(lake.name)/", "--n": Text(verbatim: String(n))], timeout: 10))
        made += 3
        if n % 10 == 1 {
            stack.add("log-\(n)", Logs.LogGroup(retentionInDays: 14))
            made += 1
        }
    }
    return stack.graph
}

func seconds(_ duration: Duration) -> String {
    let (whole, part) = duration.components
    return String(Double(Int((Double(whole) + Double(part) / 1e18) * 10_000)) / 10_000)
}

let folder = FileManager.default.temporaryDirectory.appending(path: "slipway-bench-\(UUID())").path
defer { try? FileManager.default.removeItem(atPath: folder) }
let key = StateKey(stack: "bench", environment: "dev", target: "aws")
let server = try FakeAWSServer()
let calls = Mutex(0)
let configuration = AWSConfiguration(
    region: "eu-west-1",
    credentials: FixedCredentials(Credentials(accessKeyID: "AKIABENCH", secretAccessKey: "secret"), name: "bench"),
    endpoints: ["": server.url])
let aws = AWSClient(
    configuration: configuration, transport: try HTTPClient(),
    onCall: { call in if case .begins = call.outcome { calls.withLock { $0 += 1 } } })
let opening = Deployment.Opening(
    kinds: KindTable(AllKinds.all), key: key, folder: folder, assets: AssetFolder(path: folder), who: "bench",
    command: "bench")
let declared = graph(count)

switch arguments[1] {
case "plan":
    do {
        // The state as an apply of the same stack would leave it, taken from the plan of its creation.
        let deployment = try await Deployment(opening, aws: aws)
        let plan = try await deployment.plan(declared, refresh: .none)
        var rows: [StateChange] = [.pinAccount(FakeAWS.account)]
        for operation in plan.operations {
            rows.append(
                .put(
                    ResourceRow(
                        address: operation.key.address, generation: 1, kind: operation.kind, schemaVersion: 1,
                        account: FakeAWS.account, region: "eu-west-1", identity: operation.identity ?? "",
                        nonce: "nonce", declared: StoredJSON(operation.desired),
                        attributes: StoredJSON(.object(operation.attributes)), dependencies: operation.dependencies,
                        management: operation.management, createdAt: 0, updatedAt: 0)))
        }
        try await deployment.store.commit(rows)
    }
    let start = ContinuousClock.now
    let deployment = try await Deployment(opening, aws: aws, identifies: false)
    let opened = ContinuousClock.now
    let again = graph(count)
    let declaredAt = ContinuousClock.now
    let plan = try await deployment.plan(again, refresh: .none)
    let took = ContinuousClock.now - start
    if arguments.contains("--parts") {
        print("open_seconds \(seconds(opened - start))")
        print("declare_seconds \(seconds(declaredAt - opened))")
        print("planning_seconds \(seconds(ContinuousClock.now - declaredAt))")
    }
    guard plan.isEmpty, plan.unchanged.count == again.resources.count else { fatalError("the plan is not empty") }
    print("plan_seconds \(seconds(took)) resources \(again.resources.count)")
case "apply":
    let deployment = try await Deployment(opening, aws: aws)
    calls.withLock { $0 = 0 }
    var start = ContinuousClock.now
    let plan = try await deployment.plan(declared)
    let outcome = try await deployment.apply(
        plan, command: "apply", who: "bench", interruption: Interruption(), report: { _ in })
    guard outcome.isComplete, outcome.unconverged.isEmpty else { fatalError("\(outcome)") }
    let resources = Double(declared.resources.count)
    print("apply_seconds \(seconds(ContinuousClock.now - start)) resources \(declared.resources.count)")
    print("apply_calls_per_resource \(Double(calls.withLock { $0 }) / resources)")
    calls.withLock { $0 = 0 }
    server.fake.forgetCalls()
    start = ContinuousClock.now
    let again = try await deployment.plan(declared)
    guard again.isEmpty else { fatalError("the second plan is not empty: \(again.operations.map(\.id))") }
    if arguments.contains("--calls") {
        let made = Dictionary(grouping: server.fake.operations) { $0 }.mapValues(\.count)
        for (operation, count) in made.sorted(by: { $0.value > $1.value }) { print("calls_\(operation) \(count)") }
    }
    print("noop_plan_seconds \(seconds(ContinuousClock.now - start))")
    print("noop_plan_calls_per_resource \(Double(calls.withLock { $0 }) / resources)")
default: fatalError("usage: slipway-bench plan|apply <count>")
}
