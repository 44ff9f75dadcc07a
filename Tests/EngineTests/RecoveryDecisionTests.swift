import SlipwayDeclaration
import SlipwayEngine
import SlipwayProvider
import SlipwayState
import Testing

@Suite struct RecoveryDecisionTests {
    static func record(_ verb: OperationRecord.Verb, immutableID: String? = nil) -> OperationRecord {
        OperationRecord(
            id: "1", apply: "a", key: RowKey(address: "a", generation: 1), kind: Box.type, verb: verb, account: "1",
            region: "r", identity: "x", immutableID: immutableID, nonce: "nonce", token: "t", input: StoredJSON([:]),
            digest: "d", dependencies: [],
            management: StoredManagement(protect: false, retain: false, createBeforeDestroy: false, replaceWhen: []),
            schemaVersion: 1, begunAt: 0)
    }

    static func found(lineage: String? = Scene.lineage, nonce: String = "nonce", id: String? = nil) -> AnyObservation {
        let ownership = lineage.map { Ownership(lineage: $0, address: "a", generation: 1, nonce: nonce) }
        return .present(AnyFound(properties: [:], attributes: [:], tags: ownership?.tags ?? [:], immutableID: id))
    }

    static let tagged = Identification.tagged(visibleWithin: .seconds(60))

    @Test(arguments: [
        (.create, .named, .absent, .nothingHappened),
        (.create, .named, found(), .happened),
        (.create, .named, found(nonce: "other"), .happened),
        (.create, .named, found(lineage: "theirs", nonce: "other"), .foreign(owner: "theirs")),
        (.create, .named, found(lineage: nil), .foreign(owner: nil)),
        (.create, .named, .settling("creating"), .happened),
        (.create, .namedGlobally, found(lineage: nil), .foreign(owner: nil)),
        (.create, .token, .absent, .sendAgain),
        (.create, tagged, found(), .happened),
        (.create, .child, found(lineage: nil), .happened),
        (.create, .child, .absent, .nothingHappened),
        (.create, .marked, found(), .happened),
        (.create, .marked, .absent, .nothingHappened),
        (.update, .named, found(), .happened),
        (.update, .named, .absent, .nothingHappened),
        (.delete, .named, .absent, .happened),
        (.delete, .named, found(id: "before"), .nothingHappened),
        (.delete, .named, found(id: "after"), .happened),
    ] as [(OperationRecord.Verb, Identification, AnyObservation, Recovery.Decision)])
    func `what is in doubt is settled by class`(
        verb: OperationRecord.Verb, identification: Identification, observation: AnyObservation,
        expected: Recovery.Decision
    ) {
        let decision = Recovery.decide(
            Self.record(verb, immutableID: "before"), identification, observation, lineage: Scene.lineage,
            elapsed: .seconds(1000), longestCall: .seconds(120))
        #expect(decision == expected)
    }

    @Test func `absence of what AWS names itself counts only once it must have become visible`() {
        func decide(after seconds: Int) -> Recovery.Decision {
            Recovery.decide(
                Self.record(.create), Self.tagged, .absent, lineage: Scene.lineage, elapsed: .seconds(seconds),
                longestCall: .seconds(120))
        }
        #expect(decide(after: 181) == .nothingHappened)
        if case .undecided = decide(after: 179) {} else { Issue.record("it was decided too early") }
    }
}
