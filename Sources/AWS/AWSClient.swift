private import FoundationEssentials
package import SlipwayHTTP

/// Calls AWS, as one identity in one region.
///
/// ```swift
/// let job = try await aws.call(.glue, "GetJob", GetJob(jobName: "load"), as: GetJobOutput.self)
/// ```
///
/// Throttling and failures that pass are waited for, a few times, where sending again is safe. Nothing else is: whoever
/// calls sees by `AWSError.kind` what to wait for.
public struct AWSClient: Sendable {
    /// Such as `eu-west-1`; empty where none is configured.
    public let region: String
    /// The first part of ARNs, such as `aws`.
    public let partition: String
    /// 12 digits; empty until `identified()` has asked for it.
    public let account: String

    /// What tells this AWS from others whose accounts have the same number; `nil` for AWS itself.
    package var installation: String? { core.configuration.installation }

    private let core: ClientCore

    /// Seconds after which an attempt is given up that moves no file: one that is in doubt cannot begin to have an effect
    /// much later than this.
    package static let longestAttempt: Double = 180

    /// - Parameters:
    ///   - configuration: where and as whom to call.
    ///   - transport: what sends the requests.
    ///   - surroundings: clock, sleep and random numbers.
    ///   - policy: how often to send again; by default as the configuration says.
    ///   - account: that of the credentials, where it is known already.
    ///   - onCall: told before and after each attempt. It may be called from several tasks at once.
    package init(
        configuration: AWSConfiguration, transport: any HTTPTransport, surroundings: Surroundings = .real,
        policy: RetryPolicy? = nil, account: String = "", onCall: (@Sendable (APICall) -> Void)? = nil
    ) {
        region = configuration.region ?? ""
        partition = Partition.of(region: region).id
        self.account = account
        core = ClientCore(
            configuration: configuration, transport: transport, surroundings: surroundings,
            policy: policy ?? RetryPolicy(maxAttempts: configuration.maxAttempts), onCall: onCall)
    }

    private init(_ client: AWSClient, account: String) {
        region = client.region
        partition = client.partition
        core = client.core
        self.account = account
    }

    /// Calls an operation of a service that speaks JSON or the query protocol.
    ///
    /// - Parameters:
    ///   - operation: as in AWS's reference, such as `CreateJob`.
    ///   - input: what is `nil` in it is not sent.
    ///   - repeatability: by default what the operation's name says.
    /// - Throws: `AWSError`; its `mayHaveHappened` says whether the operation may have been carried out all the same.
    @discardableResult
    public func call<Output: Decodable & Sendable>(
        _ service: Service, _ operation: String, _ input: some Encodable & Sendable = Nothing(),
        as type: Output.Type = Nothing.self, repeatability: Repeatability? = nil
    ) async throws(AWSError) -> Output {
        let document = try encoded(service, operation, input)
        return try await page(service, operation, document, as: type, repeatability).output
    }

    /// Calls an operation for one page after the other.
    ///
    /// ```swift
    /// for try await page in aws.pages(.iam, "ListRoles", as: RolesPage.self) { … }
    /// let tables = try await aws.pages(.glue, "GetTables", input, as: TablesPage.self).all(\.tableList)
    /// ```
    /// - Parameter paging: by default the service's usual way.
    public func pages<Output: Decodable & Sendable>(
        _ service: Service, _ operation: String, _ input: some Encodable & Sendable = Nothing(), as type: Output.Type,
        paging: Paging? = nil
    ) -> Pages<Output> {
        let paging = paging ?? service.paging
        return Pages { tokens throws(AWSError) in
            var document = try encoded(service, operation, input)
            if case .structure(var members) = document {
                for token in tokens { members[token.name] = .string(token.value) }
                document = .structure(members)
            }
            let (output, answer) = try await page(service, operation, document, as: type, nil)
            return (output, paging.next(after: answer))
        }
    }

    /// Calls a REST operation, and reads its answer: members in headers where `Output` says so by its shape, all others in
    /// the XML of the body.
    public func rest<Output: Decodable & Sendable>(
        _ request: RESTRequest, as type: Output.Type, repeatability: Repeatability? = nil
    ) async throws(AWSError) -> Output {
        try await restPage(request, as: type, repeatability).output
    }

    /// Calls a REST operation, and gives its answer as it came: for `HEAD`, for the contents of objects, and where the
    /// answer is of no interest.
    @discardableResult
    public func rest(_ request: RESTRequest, repeatability: Repeatability? = nil) async throws(AWSError) -> RESTResponse {
        let response = try await core.send(restCall(request, repeatability))
        return RESTResponse(status: response.status, body: response.body, headers: response.headers)
    }

    /// Calls a REST operation for one page after the other.
    public func pages<Output: Decodable & Sendable>(
        _ request: RESTRequest, as type: Output.Type, paging: Paging
    ) -> Pages<Output> {
        Pages { tokens throws(AWSError) in
            var request = request
            for token in tokens { request.query.updateValue(token.value, forKey: token.name) }
            let (output, answer) = try await restPage(request, as: type, nil)
            return (output, paging.next(after: answer))
        }
    }

    /// Asks STS whose credentials these are. It needs no permission.
    public func callerIdentity() async throws(AWSError) -> CallerIdentity {
        try await call(.sts, "GetCallerIdentity", as: CallerIdentity.self)
    }

    /// This client, with `account` known.
    public func identified() async throws(AWSError) -> AWSClient {
        account.isEmpty ? AWSClient(self, account: try await callerIdentity().account) : self
    }

    /// This client for an account that is known without asking.
    package func assuming(account: String) -> AWSClient { AWSClient(self, account: account) }
}

/// Whose credentials they are.
public struct CallerIdentity: Decodable, Sendable, Equatable {
    /// 12 digits.
    public let account: String
    /// ARN of a user or of an assumed role.
    public let arn: String
    /// Such as `AIDA…`.
    public let userId: String
}

extension AWSClient {
    private func encoded(
        _ service: Service, _ operation: String, _ input: some Encodable & Sendable
    ) throws(AWSError) -> Document {
        do {
            let document = try DocumentEncoder(memberCase: service.memberCase).encode(input)
            return IdempotencyToken.filled(document, Shape(), core.surroundings.uuid)
        } catch {
            throw unsent(service, operation, error)
        }
    }

    private func page<Output: Decodable & Sendable>(
        _ service: Service, _ operation: String, _ input: Document, as type: Output.Type, _ repeatability: Repeatability?
    ) async throws(AWSError) -> (output: Output, answer: Document) {
        let call = ClientCore.Call(
            service: service, operation: operation, request: service.wire.request(operation, input),
            repeatability: repeatability ?? Repeatability(operation: operation))
        let response = try await core.send(call)
        return try decoded(call, response, as: type)
    }

    private func restPage<Output: Decodable & Sendable>(
        _ request: RESTRequest, as type: Output.Type, _ repeatability: Repeatability?
    ) async throws(AWSError) -> (output: Output, answer: Document) {
        let call = try restCall(request, repeatability)
        let response = try await core.send(call)
        return try decoded(call, response, as: type)
    }

    private func restCall(
        _ request: RESTRequest, _ repeatability: Repeatability?
    ) throws(AWSError) -> ClientCore.Call {
        do {
            return try request.call(.s3, repeatability)
        } catch {
            throw unsent(.s3, request.operation, error)
        }
    }

    private func unsent(_ service: Service, _ operation: String, _ error: any Error) -> AWSError {
        AWSError(
            service: service.name, operation: operation, message: "the request cannot be made: \(Self.words(error))",
            kind: .invalid, attempts: 0, transport: error as? HTTPError)
    }

    /// What coding errors say, without the values that they carry: those may be secret.
    private static func words(_ error: any Error) -> String {
        func words(_ path: [any CodingKey], _ text: String) -> String {
            path.isEmpty ? text : path.map(\.stringValue).joined(separator: ".") + ": " + text
        }
        switch error {
        case DecodingError.keyNotFound(_, let context), DecodingError.typeMismatch(_, let context),
            DecodingError.valueNotFound(_, let context), DecodingError.dataCorrupted(let context):
            return words(context.codingPath, context.debugDescription)
        case EncodingError.invalidValue(_, let context):
            return words(context.codingPath, context.debugDescription)
        case let problem as WireProblem:
            return problem.reason
        default:
            return "\(error)"
        }
    }

    private func decoded<Output: Decodable & Sendable>(
        _ call: ClientCore.Call, _ response: HTTPResponse, as type: Output.Type
    ) throws(AWSError) -> (output: Output, answer: Document) {
        if type == Nothing.self, let nothing = Nothing() as? Output { return (nothing, .structure([:])) }
        let service = call.service
        do {
            let shape = (type as? any WireShaped.Type)?.shape ?? Shape()
            var answer = try service.wire.output(call.operation, response, service.wire.isREST ? shape : Shape())
            if case .null = answer { answer = .structure([:]) }
            let lists: XMLReader.Lists = service.wire.isREST ? .memberOrFlattened : .named
            let output = try DocumentDecoder(memberCase: service.memberCase, lists: lists).decode(type, from: answer)
            return (output, answer)
        } catch {
            // It was carried out, but nobody can say with what result.
            throw AWSError(
                service: service.name, operation: call.operation, message: "the answer cannot be read: \(Self.words(error))",
                status: response.status, kind: .unreadable, mayHaveHappened: call.repeatability != .read)
        }
    }
}
