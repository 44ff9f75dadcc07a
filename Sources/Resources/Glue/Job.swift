public import SlipwayDeclaration
public import SlipwayProvider

extension Glue {
    /// A job: a script in S3, the role it runs as and the workers it runs on.
    ///
    /// ```swift
    /// Glue.Job(role: etl.arn, command: .spark(script: code.uri), arguments: ["--lake": lake.uri], workers: .g1x(2))
    /// ```
    ///
    /// An update replaces the whole definition: what is not declared becomes what AWS makes of it.
    ///
    /// Source: <https://docs.aws.amazon.com/glue/latest/webapi/API_CreateJob.html>. `AllocatedCapacity`, which AWS no
    /// longer supports, is not here.
    public struct Job: ResourceKind {
        public static let type = "AWS::Glue::Job"

        /// 1 to 255 characters; one is made from the address when it is left out.
        @CreateOnly public var name: Text?
        /// ARN or name of the role that the job runs as. Glue must be allowed to assume it.
        public var role: Text
        /// What to run.
        public var command: Command
        /// Arguments of every run that does not give others; names begin with `--`.
        public var defaultArguments: [String: Text]?
        /// Arguments that no run can change.
        public var nonOverridableArguments: [String: Text]?
        public var connections: Connections?
        /// How often a run that failed is tried again.
        public var maxRetries: Int?
        /// Minutes that a run may take, at most 10080.
        public var timeout: Int?
        /// Processing units, for Python shell jobs (0.0625 or 1) and for Glue 1.0 and before; others have workers.
        public var maxCapacity: Double?
        /// Such as `G.1X`.
        public var workerType: Text?
        public var numberOfWorkers: Int?
        /// Name of a security configuration.
        public var securityConfiguration: Text?
        public var notificationProperty: NotificationProperty?
        /// Such as `5.0`.
        public var glueVersion: Text?
        public var executionClass: ExecutionClass?
        public var executionProperty: ExecutionProperty?
        public var jobMode: Mode?
        /// Whether runs wait where they would be more than may run at the same time.
        public var jobRunQueuingEnabled: Bool?
        /// Day and hour (UTC) at which a streaming job may be restarted, such as `Sun:10`.
        public var maintenanceWindow: Text?
        /// At most 2048 characters.
        public var description: Text?
        /// AWS has reserved it.
        public var logUri: Text?
        /// The repository that a visual job is kept in.
        public var sourceControlDetails: SourceControlDetails?
        /// The graph of a visual job, by node, as AWS's editor writes it.
        public var codeGenConfigurationNodes: [String: JSON]?
        public var tags: [String: Text]?

        public struct Attributes: Codable, Hashable, Sendable {
            public let name: String
            /// `arn:aws:glue:<region>:<account>:job/<name>`
            public let arn: String
        }

        /// - Parameters:
        ///   - arguments: Of every run that does not give others; names begin with `--`.
        ///   - timeout: Minutes.
        ///   - maxConcurrentRuns: How many runs there may be at the same time.
        ///   - notifyDelayAfter: Minutes after which AWS tells (through EventBridge) that a run takes long.
        public init(
            role: Text, command: Command, arguments: [String: Text]? = nil,
            nonOverridableArguments: [String: Text]? = nil, workers: Workers? = nil, maxCapacity: Double? = nil,
            glueVersion: Text? = nil, timeout: Int? = nil, maxRetries: Int? = nil, maxConcurrentRuns: Int? = nil,
            queuesRuns: Bool? = nil, executionClass: ExecutionClass? = nil, connections: [Text]? = nil,
            securityConfiguration: Text? = nil, notifyDelayAfter: Int? = nil, maintenanceWindow: Text? = nil,
            description: Text? = nil, mode: Mode? = nil, logURI: Text? = nil,
            sourceControl: SourceControlDetails? = nil, codeGenConfigurationNodes: [String: JSON]? = nil,
            name: Text? = nil, tags: [String: Text]? = nil
        ) {
            self.name = name
            self.role = role
            self.command = command
            defaultArguments = arguments
            self.nonOverridableArguments = nonOverridableArguments
            self.connections = connections.map { Connections(connections: $0) }
            self.maxRetries = maxRetries
            self.timeout = timeout
            self.maxCapacity = maxCapacity
            workerType = workers?.type
            numberOfWorkers = workers?.count
            self.securityConfiguration = securityConfiguration
            notificationProperty = notifyDelayAfter.map { NotificationProperty(notifyDelayAfter: $0) }
            self.glueVersion = glueVersion
            self.executionClass = executionClass
            executionProperty = maxConcurrentRuns.map { ExecutionProperty(maxConcurrentRuns: $0) }
            jobMode = mode
            jobRunQueuingEnabled = queuesRuns
            self.maintenanceWindow = maintenanceWindow
            self.description = description
            logUri = logURI
            sourceControlDetails = sourceControl
            self.codeGenConfigurationNodes = codeGenConfigurationNodes
            self.tags = tags
        }

        public static let identification = Identification.named
        public static let naming = Naming(limit: 255)
        public static let patience = Patience.none
        public static let permissions = Permissions(
            create: ["glue:CreateJob", "glue:TagResource", "iam:PassRole"],
            read: ["glue:GetJob", "glue:GetTags"],
            update: ["glue:UpdateJob", "glue:TagResource", "glue:UntagResource", "iam:PassRole"],
            delete: ["glue:DeleteJob", "glue:GetJobRuns", "glue:BatchStopJobRun"],
            list: ["glue:BatchGetJobs", "glue:GetTags", "tag:GetResources"])

        public var fixedName: Text? { name }

        public func foreseen(_ identity: String, at location: Location) -> Foreseen<Attributes> {
            Foreseen {
                $0[\.name] = identity
                $0[\.arn] = location.arn("glue", "job/\(identity)")
            }
        }

        public func canonical() -> Job {
            var job = self
            job.role = Glue.roleName(role)
            // GetJob tells the capacity that follows from the workers.
            // Source: https://github.com/mondoohq/cnspec/pull/3675
            if workerType != nil, numberOfWorkers != nil { job.maxCapacity = nil }
            // It says Python 2 also where there is only Python 3, unless the job named one.
            let old: Set<Text> = ["0.9", "1.0"]
            if command.isSpark, command.pythonVersion == "2", !(glueVersion.map(old.contains) ?? false) {
                job.command.pythonVersion = "3"
            }
            job.description = description?.nonEmpty
            if connections?.connections.isEmpty == true { job.connections = nil }
            if defaultArguments?.isEmpty == true { job.defaultArguments = nil }
            if nonOverridableArguments?.isEmpty == true { job.nonOverridableArguments = nil }
            return job
        }
    }

    /// A role's path and name (`service-role/etl`), from its ARN or from themselves. AWS takes all of them, and gives
    /// back either.
    static func roleName(_ role: Text) -> Text {
        guard let literal = role.literal, literal.hasPrefix("arn:"), let found = literal.firstRange(of: ":role/")
        else { return role }
        return Text(verbatim: String(literal[found.upperBound...]))
    }
}
