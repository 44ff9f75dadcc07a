import SlipwayLocalCloud

extension Failure {
    init(_ error: LocalCloudError) {
        switch error {
        case .noPackage(let searched):
            self.init(
                "the local AWS is not there: no folder 'localcloud' with an install.py", .failed,
                hint: "it comes with Slipway's source, in assets/localcloud", details: searched.map { "not \($0)" })
        case .noPython(let needed, let found):
            self.init(
                "the local AWS needs Python \(needed) with venv, and there is none on the PATH", .failed,
                hint: "apt-get install python3 python3-venv on Debian 12; elsewhere https://www.python.org/downloads/",
                details: found.map { "not \($0)" })
        case .installFailed(let log, let lines):
            self.init(
                "the local AWS could not be installed", .failed,
                hint: "the whole log is \(log); packages come from where pip is set to find them, and trying again goes on",
                details: lines)
        case .notStarted(let log, let lines):
            self.init(
                "the local AWS did not start", .failed,
                hint: "its logs are in \(log); `slipway local reset` begins anew", details: lines)
        case .portTaken(let port):
            self.init(
                "starting the local AWS: port \(port) is taken", .failed,
                hint: "choose another --port, or leave it out: a free one is found then")
        case .stateInUse(let path):
            self.init(
                "another process holds the local AWS's data: \(path)", .state,
                hint: "it may be starting just now; or name another folder with SLIPWAY_LOCAL")
        case .notRunning(let state):
            self.init("no local AWS runs on \(state)", .failed, hint: "`slipway local up` starts it")
        case .failed(let command, let lines):
            self.init("the local AWS refused '\(command)'", .failed, details: lines)
        case .unreadable(let reason):
            self.init(
                "what the local AWS says of itself makes no sense: \(reason)", .failed,
                hint: "is its package, assets/localcloud, of the same version as slipway?")
        case .folder(let path, let reason):
            self.init(
                "the folder \(path) cannot be made: \(reason)", .failed,
                hint: "SLIPWAY_CACHE and SLIPWAY_LOCAL name others")
        case .cannotRun(let program, let reason): self.init("\(program) cannot be run: \(reason)", .failed)
        }
    }
}
