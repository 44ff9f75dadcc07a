import FoundationEssentials
import SlipwayAWS
import SlipwayDeclaration
import SlipwayEngine
import SlipwayFakeAWS
import SlipwayProvider
import SlipwayResources
import SlipwayState
import Synchronization

/// A fake AWS and a state, so that stacks are planned and applied as the commands do, without ever waiting.
final class EngineTrial: Sendable {
    let fake = FakeAWS()
    let clock = VirtualTime()
    let folder = FileManager.default.temporaryDirectory.path + "/slipway-resources-\(Identifier.make())"
    private let heard = Mutex<[String]>([])

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    /// What was waited for, in AWS's words, each once and in order.
    var waits: [String] {
        heard.withLock { $0.reduce(into: []) { if !$0.contains($1) { $0.append($1) } } }
    }

    func open() async throws -> Deployment {
        var opening = Deployment.Opening(
            kinds: KindTable(AllKinds.all), key: StateKey(stack: "tickit", environment: "dev", target: "aws"),
            folder: folder, assets: AssetFolder(path: folder), who: "test@host", command: "apply")
        opening.environment = ["PASSWORD": "Tickit2026", "NEXT": "Tickit2027"]
        return try await Deployment(opening, aws: fake.client())
    }

    /// - Parameter stack: `nil` for a destroy.
    func plan(_ stack: Stack?) async throws -> Plan { try await open().plan(stack?.graph) }

    @discardableResult
    func apply(_ stack: Stack?) async throws -> Outcome {
        let deployment = try await open()
        _ = try await deployment.recover()
        let plan = try await deployment.plan(stack?.graph)
        heard.withLock { $0 = [] }
        return try await deployment.apply(
            plan, command: "apply", who: "test@host", interruption: Interruption(clock: clock)
        ) { event in
            if case .waiting(_, let why) = event { self.heard.withLock { $0.append(why) } }
        }
    }

    /// The calls that change something, since the last were forgotten.
    var changes: [RecordedCall] { fake.calls.filter { !$0.isRead && $0.service != "sts" } }
}
