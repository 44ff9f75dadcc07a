import SlipwayDeclaration
import SlipwayEngine
import SlipwayState
import Synchronization
import Testing

/// Random graphs, a random change to each, and one call that goes wrong.
@Suite struct RandomTests {
    @Test(arguments: 0..<60 as Range<UInt64>)
    func `after any one failing call the state is valid and the next apply converges`(seed: UInt64) async throws {
        var random = SplitMix(state: seed)
        let scene = BoxScene()
        let first = Self.stack(&random)
        try await scene.apply(first)
        let second = Self.stack(&random)

        let calls = scene.aws.calls.count
        let faults: [BoxAWS.Fault] = [
            .lostAnswer, .lostRequest, .refused(code: "InternalError", status: 500),
            .refused(code: "ValidationException", status: 400), .refused(code: "AccessDeniedException", status: 403),
        ]
        let fault = faults.randomElement(using: &random) ?? .lostAnswer
        let failing = calls + Int.random(in: 1...25, using: &random)
        scene.aws.state.withLock { $0.faults[failing] = fault }
        // The apply may fail as a whole (a read), in part, or not at all (the call was never made).
        _ = try? await scene.apply(second)
        scene.aws.state.withLock { $0.faults = [:] }

        let rows = try await scene.open().store.read(.rows)
        for row in rows {
            #expect(throws: Never.self, "seed \(seed): \(row.key)") { try row.declared.tree() }
        }
        let outcome = try await scene.apply(second)
        #expect(outcome.isComplete, "seed \(seed), \(fault) at call \(failing): \(outcome)")
        #expect(outcome.unconverged.isEmpty, "seed \(seed)")
        #expect(try await scene.plan(second).isEmpty, "seed \(seed)")
        let known = Set(try await scene.open().store.read(.rows).map(\.identity))
        #expect(known == Set(scene.aws.boxes.keys), "seed \(seed), \(fault) at call \(failing): forgotten or twice")
        #expect(known.count == second.graph.resources.count, "seed \(seed)")
    }

    /// Up to eight boxes that refer to earlier ones in random ways.
    private static func stack(_ random: inout SplitMix) -> Stack {
        var stack = Stack("demo", Settings())
        var made: [Handle<LiveBox>] = []
        for index in 0..<8 where Int.random(in: 0..<4, using: &random) > 0 {
            let other = made.randomElement(using: &random)
            var box = LiveBox()
            switch Int.random(in: 0..<4, using: &random) {
            case 0: box.text = other?.id
            case 1: box.zone = other?.id ?? "z\(String(Int.random(in: 0..<2, using: &random)))"
            case 2: box.late = "l\(String(Int.random(in: 0..<3, using: &random)))"
            default: box.tags = ["t": "v\(String(Int.random(in: 0..<2, using: &random)))"]
            }
            made.append(
                stack.add("r\(index)", box, createBeforeDestroy: Int.random(in: 0..<4, using: &random) == 0))
        }
        return stack
    }
}

/// Random numbers that are the same for the same seed.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return word ^ (word >> 31)
    }
}
