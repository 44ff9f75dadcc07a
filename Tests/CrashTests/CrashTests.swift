import Foundation
import SlipwayFakeAWS
import Testing

/// SIGKILL before and after every call and every durable write, one after the other, and what an apply or a destroy
/// makes of what was left.
@Suite struct CrashTests {
    /// What the program that is killed does, and what there is before it starts.
    enum Phase: String, CaseIterable, Sendable {
        /// From nothing to the stack.
        case apply
        /// From the stack to the changed one.
        case change
    }

    @Test(arguments: Phase.allCases)
    func `after a death at any moment, an apply leaves nothing twice and nothing forgotten`(phase: Phase) async throws {
        let scene = try await Scene(phase)
        let expected = try await scene.inventory(after: [phase.rawValue])
        let failures = try await scene.atEveryMoment { deadScene in
            let result = try await deadScene.run(phase.rawValue)
            guard result.status == 0, result.output.contains("converged") else { return result.output }
            let found = deadScene.inventory
            let missing = expected.filter { !found.contains($0) }
            let extra = found.filter { !expected.contains($0) }
            return found == expected ? nil : "missing: \(missing), in its place: \(extra)"
        }
        #expect(failures.isEmpty, "\(failures.prefix(5).joined(separator: "\n"))")
    }

    @Test(arguments: Phase.allCases)
    func `after a death at any moment, a destroy leaves nothing`(phase: Phase) async throws {
        let scene = try await Scene(phase)
        let failures = try await scene.atEveryMoment { deadScene in
            let result = try await deadScene.run("destroy")
            guard result.status == 0 else { return result.output }
            return deadScene.inventory.isEmpty ? nil : "it left \(deadScene.inventory)"
        }
        #expect(failures.isEmpty, "\(failures.prefix(5).joined(separator: "\n"))")
    }

    @Test func `without the begun records the same destroy forgets something`() async throws {
        let scene = try await Scene(.apply, options: ["--no-begun"])
        let failures = try await scene.atEveryMoment { deadScene in
            let result = try await deadScene.run("destroy")
            return result.status == 0 && deadScene.inventory.isEmpty ? nil : "it left \(deadScene.inventory)"
        }
        #expect(!failures.isEmpty)
    }
}
