public import SlipwayDeclaration
public import SlipwayProvider

extension Glue {
    /// A trigger: what starts jobs and crawlers, on demand, by the clock, when others have ended, or by events.
    ///
    /// ```swift
    /// Glue.Trigger(.schedule("cron(0 3 * * ? *)"), actions: [.job(load.name)], startOnCreation: true)
    /// ```
    ///
    /// AWS changes no trigger that is active: an update stops it, changes it and starts it again. A trigger on demand is
    /// never started here, as that would run its jobs.
    ///
    /// Source: <https://docs.aws.amazon.com/glue/latest/webapi/API_CreateTrigger.html>,
    /// <https://docs.aws.amazon.com/glue/latest/webapi/API_TriggerUpdate.html> (it overwrites the whole definition)
    public struct Trigger: ResourceKind {
        public static let type = "AWS::Glue::Trigger"

        /// 1 to 255 characters; one is made from the address when it is left out.
        @CreateOnly public var name: Text?
        /// Of which kind it is.
        @CreateOnly public var type: Kind
        /// Name of the workflow that it is part of.
        @CreateOnly public var workflowName: Text?
        /// What it starts; at least one.
        public var actions: [Action]
        /// Of a scheduled trigger: `cron(15 12 * * ? *)`, in UTC.
        public var schedule: Text?
        /// Of a conditional trigger: what has to happen.
        public var predicate: Predicate?
        /// Of an event trigger: how many events it waits for.
        public var eventBatchingCondition: EventBatchingCondition?
        /// At most 2048 characters.
        public var description: Text?
        /// Whether a scheduled or conditional trigger is active, from its creation on; it is not when AWS is left to
        /// decide. One that somebody else started or stopped is a difference.
        public var startOnCreation: Bool?
        public var tags: [String: Text]?

        public struct Attributes: Codable, Hashable, Sendable {
            public let name: String
            /// `arn:aws:glue:<region>:<account>:trigger/<name>`
            public let arn: String
        }

        /// - Parameters:
        ///   - start: When it starts its actions.
        ///   - workflow: Name of the workflow that it is part of.
        ///   - startOnCreation: Whether a scheduled or conditional trigger is active.
        public init(
            _ start: Start, actions: [Action], workflow: Text? = nil, startOnCreation: Bool? = nil,
            description: Text? = nil, name: Text? = nil, tags: [String: Text]? = nil
        ) {
            self.name = name
            type = start.type
            workflowName = workflow
            self.actions = actions
            switch start {
            case .demand: break
            case .schedule(let expression): schedule = expression
            case .conditions(let conditions, let logical):
                predicate = Predicate(logical: logical, conditions: conditions)
            case .events(let size, let window):
                eventBatchingCondition = EventBatchingCondition(batchSize: size, batchWindow: window)
            }
            self.description = description
            self.startOnCreation = startOnCreation
            self.tags = tags
        }

        public static let identification = Identification.named
        public static let naming = Naming(limit: 255)
        // Source: https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/glue/trigger.go
        public static let patience = Patience(every: .seconds(1), upTo: .seconds(300))
        public static let permissions = Permissions(
            create: ["glue:CreateTrigger", "glue:TagResource"],
            read: ["glue:GetTrigger", "glue:GetTags"],
            update: [
                "glue:GetTrigger", "glue:StopTrigger", "glue:UpdateTrigger", "glue:StartTrigger", "glue:TagResource",
                "glue:UntagResource",
            ],
            delete: ["glue:DeleteTrigger"],
            list: ["glue:BatchGetTriggers", "glue:GetTags", "tag:GetResources"])
        public static let removals: [String: Removal] = ["StartOnCreation": .sentinel(false)]

        public var fixedName: Text? { name }

        public func foreseen(_ identity: String, at location: Location) -> Foreseen<Attributes> {
            Foreseen {
                $0[\.name] = identity
                $0[\.arn] = location.arn("glue", "trigger/\(identity)")
            }
        }

        public func canonical() -> Trigger {
            var trigger = self
            trigger.description = description?.nonEmpty
            trigger.actions = actions.map { action in
                var action = action
                if action.arguments?.isEmpty == true { action.arguments = nil }
                return action
            }
            return trigger
        }
    }
}
