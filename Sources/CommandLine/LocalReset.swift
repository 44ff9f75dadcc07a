import ArgumentParser
import SlipwayLocalCloud
import SlipwayState

/// `slipway local reset`
struct LocalResetCommand: ToolCommand {
    static let configuration = CommandConfiguration(
        commandName: "reset", abstract: "Stop the local AWS and wipe its data; the next start makes a new one.")

    @OptionGroup var consent: ConsentOptions
    @OptionGroup(title: "Output") var output: OutputOptions

    init() {}

    func run(_ session: Session) async throws -> ExitStatus {
        let local = try session.localCloud()
        try session.confirm("Wipe the local AWS in \(local.places.state) with all its data?", yes: consent.yes)
        try await local.reset()
        session.report.note("the local AWS in \(local.places.state) is wiped")
        for path in try await orphans(session) {
            session.report.note("this state lists what is gone with it, so that it may be deleted: \(path)")
        }
        return .done
    }

    /// The states that list something in a local AWS.
    private func orphans(_ session: Session) async throws -> [String] {
        let folder = session.stateFolder(named: nil)
        var paths: [String] = []
        for key in try StateStore.keys(folder: folder) where key.target == CloudOptions.local {
            let store = try StateStore(folder: folder, key: key, lineage: "", secretKey: "")
            if try await !store.read(.rows).isEmpty { paths.append(store.path) }
        }
        return paths
    }
}
