public import SlipwayDeclaration

extension Glue.Trigger {
    public struct Kind: RawRepresentable, Codable, Hashable, Sendable {
        public var rawValue: String
        public init(rawValue: String) { self.rawValue = rawValue }
        public static let onDemand = Kind(rawValue: "ON_DEMAND")
        public static let scheduled = Kind(rawValue: "SCHEDULED")
        public static let conditional = Kind(rawValue: "CONDITIONAL")
        public static let event = Kind(rawValue: "EVENT")
    }

    /// When a trigger starts its actions.
    public enum Start: Hashable, Sendable {
        /// When somebody starts it.
        case demand
        /// `cron(15 12 * * ? *)`, in UTC.
        case schedule(Text)
        /// When jobs or crawlers have ended.
        case conditions([Condition], logical: Logical? = nil)
        /// When as many events have come from EventBridge (1 to 100), or after the window: 1 to 900 seconds.
        case events(size: Int, window: Int? = nil)

        var type: Kind {
            switch self {
            case .demand: .onDemand
            case .schedule: .scheduled
            case .conditions: .conditional
            case .events: .event
            }
        }
    }

    /// What a trigger starts: either a job or a crawler.
    ///
    /// Source: <https://docs.aws.amazon.com/glue/latest/webapi/API_Action.html>
    public struct Action: Codable, Hashable, Sendable {
        public var jobName: Text?
        public var crawlerName: Text?
        /// Of the job's run; names begin with `--`.
        public var arguments: [String: Text]?
        /// Minutes that the job's run may take.
        public var timeout: Int?
        public var securityConfiguration: Text?
        public var notificationProperty: Glue.Job.NotificationProperty?

        public init(
            jobName: Text? = nil, crawlerName: Text? = nil, arguments: [String: Text]? = nil, timeout: Int? = nil,
            securityConfiguration: Text? = nil, notificationProperty: Glue.Job.NotificationProperty? = nil
        ) {
            self.jobName = jobName
            self.crawlerName = crawlerName
            self.arguments = arguments
            self.timeout = timeout
            self.securityConfiguration = securityConfiguration
            self.notificationProperty = notificationProperty
        }

        /// - Parameters:
        ///   - timeout: Minutes.
        ///   - notifyDelayAfter: Minutes after which AWS tells that a run takes long.
        public static func job(
            _ name: Text, arguments: [String: Text]? = nil, timeout: Int? = nil, securityConfiguration: Text? = nil,
            notifyDelayAfter: Int? = nil
        ) -> Action {
            Action(
                jobName: name, arguments: arguments, timeout: timeout, securityConfiguration: securityConfiguration,
                notificationProperty: notifyDelayAfter.map { .init(notifyDelayAfter: $0) })
        }

        public static func crawler(_ name: Text) -> Action { Action(crawlerName: name) }
    }

    /// What has to happen.
    public struct Predicate: Codable, Hashable, Sendable {
        /// AWS's own is ``Logical/and``.
        public var logical: Logical?
        public var conditions: [Condition]

        public init(logical: Logical? = nil, conditions: [Condition]) {
            self.logical = logical
            self.conditions = conditions
        }
    }

    /// Whether all conditions have to hold or one is enough.
    public struct Logical: RawRepresentable, Codable, Hashable, Sendable {
        public var rawValue: String
        public init(rawValue: String) { self.rawValue = rawValue }
        public static let and = Logical(rawValue: "AND")
        public static let any = Logical(rawValue: "ANY")
    }

    /// The end of a job's run or of a crawl.
    ///
    /// Source: <https://docs.aws.amazon.com/glue/latest/webapi/API_Condition.html>
    public struct Condition: Codable, Hashable, Sendable {
        /// There is only `EQUALS`.
        public var logicalOperator: Text?
        public var jobName: Text?
        /// `SUCCEEDED`, `STOPPED`, `FAILED` or `TIMEOUT`.
        public var state: Text?
        public var crawlerName: Text?
        /// `SUCCEEDED`, `CANCELLED` or `FAILED`.
        public var crawlState: Text?

        public init(
            jobName: Text? = nil, state: Text? = nil, crawlerName: Text? = nil, crawlState: Text? = nil,
            logicalOperator: Text? = "EQUALS"
        ) {
            self.logicalOperator = logicalOperator
            self.jobName = jobName
            self.state = state
            self.crawlerName = crawlerName
            self.crawlState = crawlState
        }

        public static func job(_ name: Text, is state: Text = "SUCCEEDED") -> Condition {
            Condition(jobName: name, state: state)
        }

        public static func crawler(_ name: Text, is state: Text = "SUCCEEDED") -> Condition {
            Condition(crawlerName: name, crawlState: state)
        }
    }

    /// How many events a trigger waits for.
    public struct EventBatchingCondition: Codable, Hashable, Sendable {
        /// 1 to 100.
        public var batchSize: Int
        /// Seconds after the first event after which it no longer waits: 1 to 900, and 900 when it is left out.
        public var batchWindow: Int?

        public init(batchSize: Int, batchWindow: Int? = nil) {
            self.batchSize = batchSize
            self.batchWindow = batchWindow
        }
    }
}
