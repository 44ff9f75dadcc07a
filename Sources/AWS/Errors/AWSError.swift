package import SlipwayHTTP

/// A call that did not succeed, or of which that is not known.
public struct AWSError: Error, Sendable {
    /// What an error means for whoever called.
    public enum Kind: String, Sendable {
        /// Too many calls. Nothing was done.
        case throttled
        /// AWS failed in a way that usually passes.
        case transient
        /// Something that was just created is not visible everywhere yet, as IAM's roles are: try again for two minutes.
        case propagating
        /// Another operation on the same thing is under way: try again when it is over.
        case busy
        /// It does not exist.
        case notFound
        /// Something of this name exists.
        case alreadyExists
        /// The credentials are good, but this is not allowed.
        case denied
        /// The credentials are missing, wrong or expired.
        case badCredentials
        /// The request makes no sense to AWS, and will not the next time.
        case invalid
        /// There was no answer; `mayHaveHappened` says whether the request may have arrived.
        case unreachable
        /// The task was cancelled.
        case cancelled
        /// The settings do not say where or as whom to call.
        case misconfigured
        /// AWS said yes in words that cannot be read.
        case unreadable
        /// An error that is in no table.
        case other
    }

    /// Such as `glue`.
    public let service: String
    /// Such as `CreateJob`.
    public let operation: String
    /// AWS's, such as `EntityNotFoundException`; empty where AWS did not answer.
    public let code: String
    /// AWS's words, or ours where AWS did not answer. For people: nothing may be decided by it.
    public let message: String
    /// HTTP's; `nil` where AWS did not answer.
    public let status: Int?
    /// What AWS's support wants to know.
    public let requestID: String?
    /// What it means.
    public let kind: Kind
    /// Whether the operation may have been carried out all the same: an attempt of it was answered with a server's error, or
    /// with nothing at all after it was sent. Always `false` for operations that only read.
    public let mayHaveHappened: Bool
    /// Where the call went, such as `https://glue.eu-west-1.amazonaws.com`; empty where that is not known.
    public let endpoint: String
    /// How often the request was sent, or tried to be.
    public let attempts: Int
    /// Why there was no answer.
    package let transport: HTTPError?

    package init(
        service: String, operation: String, code: String = "", message: String, status: Int? = nil, requestID: String? = nil,
        kind: Kind, mayHaveHappened: Bool = false, endpoint: String = "", attempts: Int = 1, transport: HTTPError? = nil
    ) {
        self.service = service
        self.operation = operation
        self.code = code
        self.message = message
        self.status = status
        self.requestID = requestID
        self.kind = kind
        self.mayHaveHappened = mayHaveHappened
        self.endpoint = endpoint
        self.attempts = attempts
        self.transport = transport
    }
}

extension AWSError {
    /// Whether the endpoint does not know the operation: not every partition, and not all that is like AWS, has all.
    ///
    /// Source: https://docs.aws.amazon.com/IAM/latest/APIReference/CommonErrors.html (InvalidAction);
    /// https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html (UnknownOperationException);
    /// https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html (NotImplemented)
    package var isUnknownOperation: Bool {
        ["InvalidAction", "UnknownOperationException", "NotImplemented"].contains(code)
    }
}

extension AWSError: CustomStringConvertible {
    /// One line without a full stop, such as `glue CreateJob: AlreadyExistsException: Job already exists (request 1f…)`.
    public var description: String {
        var text = "\(service) \(operation): "
        text += [code, message].filter { !$0.isEmpty }.joined(separator: ": ")
        while text.last == "." { text.removeLast() }
        if status == nil, !endpoint.isEmpty { text += " [\(endpoint)]" }
        if let requestID { text += " (request \(requestID))" }
        return text
    }
}
