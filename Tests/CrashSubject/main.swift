// A program that applies or destroys a stack and can be told to die at any moment of it.
//
//     SlipwayCrashSubject <endpoint> <state folder> apply|change|destroy [--die N] [--no-begun]
//
// It prints how many moments there were, and "converged" when a plan right after finds nothing to do.

import Foundation
import SlipwayAWS
import SlipwayDeclaration
import SlipwayEngine
import SlipwayHTTP
import SlipwayResources
import SlipwayState

let arguments = CommandLine.arguments
let die = arguments.firstIndex(of: "--die").flatMap { Int(arguments[$0 + 1]) }
let bomb = Bomb(limit: die)

let configuration = AWSConfiguration(
    region: "eu-west-1",
    credentials: FixedCredentials(Credentials(accessKeyID: "AKIATEST", secretAccessKey: "secret"), name: "test"),
    endpoints: ["": arguments[1]])
let aws = AWSClient(configuration: configuration, transport: BombTransport(inner: try HTTPClient(), bomb: bomb))

var opening = Deployment.Opening(
    kinds: KindTable(AllKinds.all), key: StateKey(stack: "crash", environment: "dev", target: "aws"),
    folder: arguments[2], assets: AssetFolder(path: arguments[2]), who: "test@host", command: arguments[3])
// One at a time, so that the moments come in the same order each time.
opening.parallelism = 1
opening.recordsBegun = !arguments.contains("--no-begun")
opening.onCommit = { _ in bomb.tick() }
let graph = arguments[3] == "destroy" ? nil : CrashStack.graph(changed: arguments[3] == "change")

let deployment = try await Deployment(opening, aws: aws)
for (record, decision) in try await deployment.recover() {
    if case .undecided(let why) = decision { print("undecided \(record.key): \(why)") }
}
let plan = try await deployment.plan(graph)
for refusal in plan.refusals { print("refused \(refusal.subject): \(refusal.cause)") }
guard plan.refusals.isEmpty else { exit(5) }
let outcome = try await deployment.apply(
    plan, command: arguments[3], who: "test@host", interruption: Interruption(), report: { _ in })
for (operation, error) in outcome.failed + outcome.inDoubt { print("failed \(operation.id): \(error)") }
for (address, changes) in outcome.unconverged { print("unconverged \(address): \(changes)") }
guard outcome.isComplete, outcome.unconverged.isEmpty else { exit(7) }
print("moments \(bomb.moments)")
if die == nil {
    let again = try await deployment.plan(graph)
    for operation in again.operations { print("left \(operation.id): \(operation.reason) \(operation.changes)") }
    if again.isEmpty { print("converged") }
}
