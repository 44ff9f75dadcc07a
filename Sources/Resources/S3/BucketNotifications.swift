public import SlipwayDeclaration

extension S3.Bucket {
    /// Whom S3 tells what happens to objects.
    ///
    /// ```swift
    /// S3.Bucket(notifications: .to([.lambda(loader, on: "s3:ObjectCreated:*", prefix: "raw/")], eventBridge: true))
    /// ```
    public struct Notifications: Codable, Hashable, Sendable {
        /// Which keys an event is about.
        public struct Filter: Codable, Hashable, Sendable {
            public struct Rule: Codable, Hashable, Sendable {
                /// `prefix` or `suffix`
                public var name: String
                public var value: Text
                public init(_ name: String, _ value: Text) {
                    self.name = name
                    self.value = value
                }
            }

            public struct Key: Codable, Hashable, Sendable {
                @Unordered public var rules: [Rule]
                public init(rules: [Rule]) { self.rules = rules }
            }

            public var s3Key: Key

            public init(rules: [Rule]) { s3Key = Key(rules: rules) }
        }

        public struct Lambda: Codable, Hashable, Sendable {
            /// Such as `s3:ObjectCreated:*`.
            public var event: String
            /// ARN of a function.
            public var function: Text
            public var filter: Filter?
        }

        public struct Queue: Codable, Hashable, Sendable {
            public var event: String
            /// ARN of a queue.
            public var queue: Text
            public var filter: Filter?
        }

        public struct Topic: Codable, Hashable, Sendable {
            public var event: String
            /// ARN of a topic.
            public var topic: Text
            public var filter: Filter?
        }

        public struct EventBridge: Codable, Hashable, Sendable {
            public var eventBridgeEnabled: Bool
            public init(enabled: Bool = true) { eventBridgeEnabled = enabled }
        }

        @Unordered public var lambdaConfigurations: [Lambda]?
        @Unordered public var queueConfigurations: [Queue]?
        @Unordered public var topicConfigurations: [Topic]?
        public var eventBridgeConfiguration: EventBridge?

        public init(
            lambdas: [Lambda]? = nil, queues: [Queue]? = nil, topics: [Topic]? = nil, eventBridge: EventBridge? = nil
        ) {
            lambdaConfigurations = lambdas
            queueConfigurations = queues
            topicConfigurations = topics
            eventBridgeConfiguration = eventBridge
        }

        /// One who is told, and of what.
        public enum Target: Hashable, Sendable {
            case lambda(Lambda)
            case queue(Queue)
            case topic(Topic)

            public static func lambda(
                _ arn: Text, on event: String, prefix: Text? = nil, suffix: Text? = nil
            ) -> Target { .lambda(Lambda(event: event, function: arn, filter: filter(prefix, suffix))) }

            public static func queue(
                _ arn: Text, on event: String, prefix: Text? = nil, suffix: Text? = nil
            ) -> Target { .queue(Queue(event: event, queue: arn, filter: filter(prefix, suffix))) }

            public static func topic(
                _ arn: Text, on event: String, prefix: Text? = nil, suffix: Text? = nil
            ) -> Target { .topic(Topic(event: event, topic: arn, filter: filter(prefix, suffix))) }

            private static func filter(_ prefix: Text?, _ suffix: Text?) -> Filter? {
                let rules = [prefix.map { Filter.Rule("prefix", $0) }, suffix.map { Filter.Rule("suffix", $0) }]
                let given = rules.compactMap { $0 }
                return given.isEmpty ? nil : Filter(rules: given)
            }
        }

        /// Tells some targets, and with `eventBridge` also the account's event bus, of everything.
        public static func to(_ targets: [Target], eventBridge: Bool = false) -> Notifications {
            var (lambdas, queues, topics): ([Lambda], [Queue], [Topic]) = ([], [], [])
            for target in targets {
                switch target {
                case .lambda(let lambda): lambdas.append(lambda)
                case .queue(let queue): queues.append(queue)
                case .topic(let topic): topics.append(topic)
                }
            }
            return Notifications(
                lambdas: lambdas.isEmpty ? nil : lambdas, queues: queues.isEmpty ? nil : queues,
                topics: topics.isEmpty ? nil : topics, eventBridge: eventBridge ? EventBridge() : nil)
        }
    }
}

extension S3.Bucket.Notifications {
    var canonical: S3.Bucket.Notifications {
        S3.Bucket.Notifications(
            lambdas: sorted(lambdaConfigurations, \.filter), queues: sorted(queueConfigurations, \.filter),
            topics: sorted(topicConfigurations, \.filter),
            eventBridge: eventBridgeConfiguration?.eventBridgeEnabled == true ? EventBridge() : nil)
    }

    private func sorted<Target: Encodable>(
        _ targets: [Target]?, _ filter: WritableKeyPath<Target, Filter?>
    ) -> [Target]? {
        guard let targets, !targets.isEmpty else { return nil }
        let normal = targets.map { target in
            var target = target
            target[keyPath: filter] = target[keyPath: filter].flatMap(\.canonical)
            return (order: (try? PropertyEncoder().encode(target).tree.text) ?? "", target: target)
        }
        return normal.sorted { $0.order < $1.order }.map(\.target)
    }
}

extension S3.Bucket.Notifications.Filter {
    /// AWS answers `Prefix` where `prefix` was sent.
    fileprivate var canonical: Self? {
        if s3Key.rules.isEmpty { return nil }
        let rules = s3Key.rules.map { Rule($0.name.lowercased(), $0.value) }
        return Self(rules: rules.sorted { ($0.name, $0.value.spelling) < ($1.name, $1.value.spelling) })
    }
}
