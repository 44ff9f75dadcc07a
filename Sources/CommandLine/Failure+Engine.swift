import SlipwayDeclaration
import SlipwayEngine

extension Failure {
    init(_ error: EngineError) {
        switch error {
        case .resourcesWaitForEachOther(let addresses):
            self.init(
                "resources refer to each other in a circle: \(Failure.circle(addresses.map(\.description)))", .invalid)
        case .operationsWaitForEachOther(let operations):
            self.init(
                "the operations wait for each other in a circle: \(Failure.circle(operations))", .invalid,
                hint: "createBeforeDestroy on one of them, or an apply in two steps with --target, breaks it")
        case .unknownKind(let kind, let address):
            self.init(
                "\(address): this tool has no kind '\(kind)'", .state,
                hint: "the kind was there when the state was written: give it to `Slipway.main(kinds:)`")
        case .stalePlan(let staleness):
            let what =
                switch staleness {
                case .state(let planned, let found): "it was made from state \(planned), and the state is at \(found) now"
                case .asset(let path): "the asset '\(path)' has changed since"
                case .secret: "a secret has another value since"
                }
            self.init("the plan is stale: \(what)", .state, hint: "plan again")
        case .planBelongsElsewhere(let what, let expected, let found):
            self.init("the plan is of another \(what): \(found), not \(expected)", .state)
        case .otherAccount(let expected, let found):
            self.init(
                "the state is of account \(expected), and the credentials are of account \(found)", .state,
                hint: "use the credentials of account \(expected), or another --env")
        case .otherInstallation(let expected, let found, let path):
            self.init(
                "the state is of the local AWS \(expected), and the one that runs is \(found)", .state,
                hint: "`slipway local reset` made a new one, and what the state lists went with the old one: "
                    + "delete \(path), or name another --state")
        case .secretMissing(_, let reason): self.init(reason, .invalid)
        case .asset(let path, let reason): self.init("asset '\(path)': \(reason)", .invalid)
        case .unresolved(let address, let value): self.init("\(address): \(value) is still unknown", .failed)
        case .didNotSettle(let status, let duration):
            self.init(
                "it was still '\(status)' after \(Moment.elapsed(duration) ?? "no time")", .failed,
                hint: "look at it again later: the next apply goes on from there")
        case .gaveUp(let reason): self.init("AWS gave up: \(reason)", .failed)
        case .foreign(let kind, let identity, let owner):
            self.init(
                "\(kind) '\(identity)' is there already and belongs to \(Failure.owner(owner))", .state,
                hint: "choose another name, or take it over with --adopt")
        case .inDoubt(let kind, let identity, let cause):
            self.init(
                "it is not known whether the last call for \(kind)\(identity.map { " '\($0)'" } ?? "") took effect: \(cause)",
                .failed, hint: "the next plan or apply finds out first")
        case .interrupted: self.init("it was stopped before it was complete", .failed)
        }
    }

    /// Whose somebody else's resource is.
    static func owner(_ lineage: String?) -> String {
        lineage.map { "another Slipway state (lineage \($0.prefix(8)))" } ?? "somebody else"
    }

    private static func circle(_ names: [String]) -> String { (names + names.prefix(1)).joined(separator: " -> ") }
}
