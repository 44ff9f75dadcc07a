internal import SlipwayAWS
internal import SlipwayDeclaration

/// S3 has a list of events for each target, CloudFormation one event.
extension S3.Bucket.Notifications: XMLBucketPart {
    static let operations = PartOperations(
        name: "BucketNotificationConfiguration", query: "notification", root: "NotificationConfiguration")

    /// Source: <https://docs.aws.amazon.com/AmazonS3/latest/API/API_NotificationConfiguration.html>
    struct Wire: Codable, Sendable, WireShaped {
        struct Key: Codable, Sendable, WireShaped {
            var filterRule: [Filter.Rule]
            static let shape: Shape = ["FilterRule": .flattened()]
        }

        struct KeyFilter: Codable, Sendable { var s3Key: Key? }

        struct Function: Codable, Sendable, WireShaped {
            var cloudFunction: Text
            var event: [String]
            var filter: KeyFilter?
            static let shape: Shape = ["Event": .flattened()]
        }

        struct Queue: Codable, Sendable, WireShaped {
            var queue: Text
            var event: [String]
            var filter: KeyFilter?
            static let shape: Shape = ["Event": .flattened()]
        }

        struct Topic: Codable, Sendable, WireShaped {
            var topic: Text
            var event: [String]
            var filter: KeyFilter?
            static let shape: Shape = ["Event": .flattened()]
        }

        var cloudFunctionConfiguration: [Function]
        var queueConfiguration: [Queue]
        var topicConfiguration: [Topic]
        var eventBridgeConfiguration: Nothing?

        static let shape: Shape = [
            "CloudFunctionConfiguration": .flattened(), "QueueConfiguration": .flattened(),
            "TopicConfiguration": .flattened(),
        ]
    }

    /// A bucket that tells nobody answers nothing.
    init?(_ wire: Wire) {
        self.init(
            lambdas: wire.cloudFunctionConfiguration.flatMap { target in
                target.event.map {
                    Lambda(event: $0, function: target.cloudFunction, filter: Filter(target.filter))
                }
            },
            queues: wire.queueConfiguration.flatMap { target in
                target.event.map { Queue(event: $0, queue: target.queue, filter: Filter(target.filter)) }
            },
            topics: wire.topicConfiguration.flatMap { target in
                target.event.map { Topic(event: $0, topic: target.topic, filter: Filter(target.filter)) }
            },
            eventBridge: wire.eventBridgeConfiguration == nil ? nil : EventBridge())
        self = canonical
        if self == S3.Bucket.Notifications() { return nil }
    }

    var wire: Wire {
        Wire(
            cloudFunctionConfiguration: (lambdaConfigurations ?? []).map {
                Wire.Function(cloudFunction: $0.function, event: [$0.event], filter: $0.filter?.wire)
            },
            queueConfiguration: (queueConfigurations ?? []).map {
                Wire.Queue(queue: $0.queue, event: [$0.event], filter: $0.filter?.wire)
            },
            topicConfiguration: (topicConfigurations ?? []).map {
                Wire.Topic(topic: $0.topic, event: [$0.event], filter: $0.filter?.wire)
            },
            eventBridgeConfiguration: eventBridgeConfiguration?.eventBridgeEnabled == true ? Nothing() : nil)
    }
}

extension S3.Bucket.Notifications.Filter {
    fileprivate init?(_ wire: S3.Bucket.Notifications.Wire.KeyFilter?) {
        guard let rules = wire?.s3Key?.filterRule, !rules.isEmpty else { return nil }
        self.init(rules: rules)
    }

    fileprivate var wire: S3.Bucket.Notifications.Wire.KeyFilter {
        .init(s3Key: .init(filterRule: s3Key.rules))
    }
}
