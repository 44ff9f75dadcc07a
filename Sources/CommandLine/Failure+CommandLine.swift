import SlipwayDeclaration
import SlipwayState

extension Failure {
    init(_ error: CommandLineError) {
        switch error {
        case .unknownCommand(let name, let known):
            let hint = known.closest(to: name).map { "did you mean '\($0)'?" }
            self.init("there is no command '\(name)'", .invalid, hint: hint ?? "`slipway help` lists what there is")
        case .unknownStack(let name, let known):
            self.init("there is no stack '\(name)'", .invalid, hint: Failure.suggestion(name, known, none: "this tool has no stacks"))
        case .unknownAddress(let name, let option, let known):
            self.init(
                "--\(option) \(name): there is no such resource, neither declared nor in the state", .invalid,
                hint: Failure.suggestion(name, known, none: "there are no resources at all"))
        case .badAddress(let name, let reason): self.init("'\(name)' is no address: \(reason)", .invalid)
        case .badVariable(let text):
            self.init("--var \(text): this is not of the form name=value", .invalid)
        case .file(let path, let reason): self.init("\(path): \(reason)", .invalid)
        case .graphElsewhere(let path, let what, let expected, let found):
            self.init("\(path): the graph is of \(what) '\(found)', not '\(expected)'", .invalid)
        case .newerFile(let path, let found, let known):
            self.init(
                "\(path): the file has form \(found), and this version knows forms up to \(known)", .invalid,
                hint: "use the version of slipway that wrote it, or a newer one")
        case .contradiction(let text): self.init(text, .invalid)
        case .declaration(let stack, let reason): self.init("declaring \(stack): \(reason)", .invalid)
        case .lookup(let parameter, let reason):
            self.init("looking up the parameter '\(parameter)': \(reason)", .failed, hint: "--var \(parameter)=… says it instead")
        case .noRegion:
            self.init("nothing says which region", .invalid, hint: "--region, AWS_REGION or the profile's region")
        case .noState(let key):
            self.init(
                "there is no state of \(key.stack) in \(key.environment)", .state,
                hint: "`slipway apply \(key.stack) --env \(key.environment)\(key.target == CloudOptions.local ? " --local" : "")` "
                    + "makes one; --state and SLIPWAY_STATE say where states are")
        case .needsYes(let command):
            self.init(
                "this would change something, and there is no terminal to ask on", .refused,
                hint: "\(command) --yes")
        case .declined: self.init("nobody said yes, so nothing was changed", .refused)
        case .refused(let status, let count):
            self.init("the plan cannot be carried out, for the \(count == 1 ? "reason" : "\(count) reasons") above", status)
        case .undecided(let count):
            self.init(
                "it is not known yet what became of \(count == 1 ? "an operation" : "\(count) operations") of an earlier apply",
                .state, hint: "try again in some minutes")
        case .inDoubt(let subjects):
            self.init(
                "the state has operations whose outcome is not known: \(subjects.joined(separator: ", "))", .state,
                hint: "`slipway plan` settles them first")
        case .stateLost(let error):
            self.init(error)
            message = "the apply was cut short: \(message)"
            hint = "once the state can be written again, the next plan finds out what became of what had begun"
            status = .partly
        case .unknownOutput(let name, let known):
            self.init("there is no output '\(name)'", .invalid, hint: Failure.suggestion(name, known, none: "there are no outputs"))
        case .unknownApply(let id):
            self.init("the history has no '\(id)'", .invalid, hint: "`slipway history STACK` lists what it has")
        }
    }

    /// What to try instead of a name that is not there.
    static func suggestion(_ name: String, _ known: [String], none: String) -> String {
        guard !known.isEmpty else { return none }
        if let similar = known.closest(to: name) { return "did you mean '\(similar)'?" }
        let shown = known.sorted().prefix(12).joined(separator: ", ")
        return "there is \(shown)" + (known.count > 12 ? ", …" : "")
    }
}
