import ArgumentParser
import SlipwayEngine

/// How a command says what it says.
struct OutputOptions: ParsableArguments {
    @Flag(help: "Say everything as JSON lines, each with type and time.")
    var json = false

    @Flag(help: "No colour, even on a terminal.")
    var noColor = false

    @Flag(help: "Print each call to AWS on the standard error.")
    var debug = false

    init() {}
}

/// Which stack, in which environment, and where its state is.
struct StackOptions: ParsableArguments {
    @Argument(help: "The stack's name, as `slipway stacks` lists it.", completion: stackNames)
    var stack: String

    @OptionGroup var place: StateOptions

    init() {}
}

/// Which environment, and where its state is.
struct StateOptions: ParsableArguments {
    @Option(help: "The environment; it separates state and names. (default: dev)")
    var env: String?

    @Option(
        help: "The folder of states. (default: $SLIPWAY_STATE, else .slipway/state)", completion: .directory)
    var state: String?

    @OptionGroup var cloud: CloudOptions

    init() {}

    /// The environment that was asked for, or the usual one.
    var environment: String { env ?? "dev" }
}

/// Which AWS: Amazon's, or one on this machine.
struct CloudOptions: ParsableArguments {
    @Flag(name: .customLong("local"), help: "Use the local AWS, with a state of its own; it is started if needed.")
    var isLocal = false

    init() {}

    /// What keeps the states apart.
    var target: String { isLocal ? CloudOptions.local : "aws" }

    /// The target of states of a local AWS.
    static let local = "local"
}

/// Where what is declared comes from.
struct DeclarationOptions: ParsableArguments {
    @Option(name: .customLong("var"), help: "A parameter, as name=value. May be repeated.")
    var variables: [String] = []

    @Option(
        name: .customLong("var-file"), help: "A file of parameters: lines of name=value, or a JSON object.",
        completion: .file())
    var variableFiles: [String] = []

    @Option(
        name: .customLong("graph"), help: "Read the declared graph from a file that `export` wrote.",
        completion: .file(extensions: ["json"]))
    var graphFile: String?

    @Option(help: "The folder of assets. (default: beside the binary, else of the source)", completion: .directory)
    var assets: String?

    init() {}
}

/// Where and as whom to call AWS.
struct AWSOptions: ParsableArguments {
    @Option(help: "The region. (default: $AWS_REGION, else the profile's)")
    var region: String?

    @Option(help: "A profile of the AWS CLI's files.")
    var profile: String?

    init() {}
}

/// What a plan is to consist of.
struct PlanningOptions: ParsableArguments {
    @Option(name: .customLong("target"), help: "Only this address, and what it needs. May be repeated.")
    var targets: [String] = []

    @Option(name: .customLong("exclude"), help: "Not this address, nor what needs it. May be repeated.")
    var excludes: [String] = []

    @Option(name: .customLong("replace"), help: "Replace this resource although nothing differs. May be repeated.")
    var replacements: [String] = []

    @Flag(help: "Take over resources that are there already and belong to somebody else.")
    var adopt = false

    @Flag(help: "Show the plan with one line for each resource.")
    var brief = false

    @OptionGroup var looking: LookingOptions

    init() {}
}

/// How to look at AWS.
struct LookingOptions: ParsableArguments {
    @Option(help: "How much of AWS to look at: full, minimal (what would change) or none.")
    var refresh: RefreshMode = .full

    @OptionGroup var working: WorkingOptions

    init() {}
}

/// How much at once, and how long to wait for the state.
struct WorkingOptions: ParsableArguments {
    @Option(help: "How many resources to work on at once.")
    var parallelism = 16

    @Option(help: "How long to wait for another process that holds the state: 30s, 5m.")
    var lockTimeout = TimeSpan(.zero)

    init() {}

    mutating func validate() throws {
        guard parallelism > 0 else { throw ValidationError("--parallelism must be at least 1") }
    }
}

/// Agreement in advance.
struct ConsentOptions: ParsableArguments {
    @Flag(help: "Do not ask.")
    var yes = false

    init() {}
}

extension RefreshMode: ExpressibleByArgument {}

/// A time as it is written on a command line: `45` or `45s`, `5m`, `1h`.
struct TimeSpan: ExpressibleByArgument, Sendable, CustomStringConvertible {
    let duration: Duration

    init(_ duration: Duration) { self.duration = duration }

    init?(argument: String) {
        let units: [Character: Int] = ["s": 1, "m": 60, "h": 3600]
        let unit = argument.last.flatMap { units[$0] }
        guard let number = Int(unit == nil ? argument : String(argument.dropLast())), number >= 0 else { return nil }
        duration = .seconds(number * (unit ?? 1))
    }

    var description: String { "\(duration.components.seconds)s" }
}

/// Completes the names of stacks by asking the tool itself.
private let stackNames = CompletionKind.shellCommand("slipway stacks --names 2>/dev/null")
