import SlipwayState

extension Failure {
    init(_ error: StateError) {
        switch error {
        case .database(let code, let message, let doing):
            self.init("the state cannot be used: \(doing): \(message) (SQLite \(code))", .state)
        case .damaged(let path, let reason):
            self.init(
                "the state is damaged: \(path): \(reason)", .state,
                hint: "restore the file from a copy; resources keep their ownership tags meanwhile")
        case .newerFormat(let path, let found, let known):
            self.init(
                "the state has form \(found), and this version knows forms up to \(known): \(path)", .state,
                hint: "use a newer slipway")
        case .belongsElsewhere(let path, let what, let expected, let found):
            self.init("the state is of another \(what): '\(found)', not '\(expected)': \(path)", .state)
        case .locked(let path, let holder):
            let who = holder.map {
                "\($0.who) (process \($0.process)) has held it since \(Moment.text($0.since)) for \($0.command)"
            }
            self.init(
                "the state is locked: \(who ?? "another process holds \(path)")", .state,
                hint: "wait for it with --lock-timeout 5m")
        case .file(let path, let reason): self.init("\(path): \(reason)", .state)
        case .noSuchResource(let name, let known):
            self.init(
                "the state has no resource '\(name)'", .invalid,
                hint: Failure.suggestion(name, known, none: "the state has no resources"))
        case .addressTaken(let name): self.init("the state has a resource '\(name)' already", .invalid)
        }
    }
}
