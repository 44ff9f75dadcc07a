import SlipwayAWS
import SlipwayDeclaration
import SlipwayEngine
import SlipwayHTTP
import SlipwayJobs
import SlipwayLocalCloud
import SlipwayState

/// An error in words, and the exit status that it means. This is the only place where one becomes the other.
struct Failure: Sendable {
    /// One line without full stop: what was being done, to what, what went wrong.
    var message: String
    /// More lines, each complete.
    var details: [String] = []
    /// What to try.
    var hint: String?
    var status: ExitStatus
    /// The mistakes of a declaration.
    var diagnostics: [Diagnostic] = []

    init(_ message: String, _ status: ExitStatus, hint: String? = nil, details: [String] = []) {
        self.message = message
        self.status = status
        self.hint = hint
        self.details = details
    }

    /// Puts any error into words. Errors of types that are not ours keep their own and mean a plain failure.
    init(_ error: any Error) {
        switch error {
        case let error as Circumstance:
            self.init(error.error)
            if diagnostics.isEmpty { message = "\(error.doing): \(message)" }
        case let error as CommandLineError: self.init(error)
        case let error as EngineError: self.init(error)
        case let error as StateError: self.init(error)
        case let error as JobError: self.init(error)
        case let error as LocalCloudError: self.init(error)
        case let error as AWSError: self.init(error)
        case let error as CredentialProblem:
            self.init(error.reason, .credentials, hint: Failure.credentialsHint)
        case let error as InvalidDeclaration:
            let count = error.diagnostics.count
            self.init("the declaration has \(count) \(count == 1 ? "mistake" : "mistakes")", .invalid)
            diagnostics = error.diagnostics
        case let error as HTTPError: self.init("\(error)", .failed)
        case is CancellationError: self.init("the work was cancelled", .failed)
        default: self.init("\(error)", .failed)
        }
    }

    static let credentialsHint =
        "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or name a profile with --profile; `slipway whoami` tests them"

    private init(_ error: AWSError) {
        self.init(error.description, .failed)
        switch error.kind {
        case .badCredentials:
            status = .credentials
            hint = Failure.credentialsHint
        case .denied: hint = "the credentials are good, but their policies do not allow this; `slipway whoami` says whose they are"
        case .unreachable:
            hint = error.endpoint.isEmpty
                ? "is the network there?" : "does \(error.endpoint) answer? --region and AWS_ENDPOINT_URL say where calls go"
        case .misconfigured:
            // Raised before anything is sent: there is no region, or no such URL.
            status = .invalid
            hint = "--region, AWS_REGION and AWS_ENDPOINT_URL say where calls go"
        case .throttled: hint = "AWS is slowing this account down; try again, perhaps with a lower --parallelism"
        case .transient, .busy, .propagating: hint = "this usually passes; try again"
        case .notFound, .alreadyExists, .invalid, .cancelled, .unreadable, .other: break
        }
    }
}
