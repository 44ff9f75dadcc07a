public import SlipwayDeclaration

extension IAM {
    /// One statement of a policy.
    ///
    /// Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html>
    public struct Statement: Hashable, Sendable {
        /// Letters and digits, unique in the policy.
        public var sid: Text?
        public var effect: Effect
        /// Whom a policy of a resource is about.
        public var principal: Principal?
        /// Everybody but these.
        public var notPrincipal: Principal?
        /// Such as `s3:GetObject` or `s3:Get*`.
        @Unordered public var action: [Text]?
        /// All actions but these.
        @Unordered public var notAction: [Text]?
        /// ARNs; `*` and `?` stand for any text and any letter.
        @Unordered public var resource: [Text]?
        /// All resources but these.
        @Unordered public var notResource: [Text]?
        /// Values by key by operator: `["StringEquals": ["aws:SourceAccount": ["123456789012"]]]`.
        public var condition: [String: [String: [Text]]]?

        public enum Effect: String, Hashable, Sendable, Codable {
            case allow = "Allow"
            case deny = "Deny"
        }

        /// A statement of any form; ``allow(_:on:to:when:sid:)`` and ``deny(_:on:to:when:sid:)`` make the usual ones.
        ///
        /// - Parameter conditions: All must hold; values of the same operator and key are alternatives.
        public init(
            _ effect: Effect, actions: [Text] = [], notActions: [Text] = [], resources: [Text] = [],
            notResources: [Text] = [], principal: Principal? = nil, notPrincipal: Principal? = nil,
            when conditions: [Condition] = [], sid: Text? = nil
        ) {
            self.sid = sid
            self.effect = effect
            self.principal = principal
            self.notPrincipal = notPrincipal
            action = actions.isEmpty ? nil : actions
            notAction = notActions.isEmpty ? nil : notActions
            resource = resources.isEmpty ? nil : resources
            notResource = notResources.isEmpty ? nil : notResources
            condition = conditions.isEmpty ? nil : Condition.tree(conditions)
        }
    }
}

extension IAM.Statement {
    /// Allows actions.
    ///
    /// ```swift
    /// .allow("s3:GetObject", "s3:PutObject", on: "\(lake.arn)/*")
    /// ```
    ///
    /// - Parameters:
    ///   - resources: ARNs; none in a role's trust policy.
    ///   - principal: Whom, in a policy of a resource.
    public static func allow(
        _ actions: Text..., on resources: Text..., to principal: IAM.Principal? = nil,
        when conditions: IAM.Condition..., sid: Text? = nil
    ) -> IAM.Statement {
        IAM.Statement(
            .allow, actions: actions, resources: resources, principal: principal, when: conditions, sid: sid)
    }

    /// Allows actions that are in a list.
    public static func allow(
        _ actions: [Text], on resources: [Text] = [], to principal: IAM.Principal? = nil,
        when conditions: IAM.Condition..., sid: Text? = nil
    ) -> IAM.Statement {
        IAM.Statement(
            .allow, actions: actions, resources: resources, principal: principal, when: conditions, sid: sid)
    }

    /// Denies actions, whatever else allows them.
    public static func deny(
        _ actions: Text..., on resources: Text..., to principal: IAM.Principal? = nil,
        when conditions: IAM.Condition..., sid: Text? = nil
    ) -> IAM.Statement {
        IAM.Statement(
            .deny, actions: actions, resources: resources, principal: principal, when: conditions, sid: sid)
    }

    /// Denies actions that are in a list.
    public static func deny(
        _ actions: [Text], on resources: [Text] = [], to principal: IAM.Principal? = nil,
        when conditions: IAM.Condition..., sid: Text? = nil
    ) -> IAM.Statement {
        IAM.Statement(
            .deny, actions: actions, resources: resources, principal: principal, when: conditions, sid: sid)
    }
}

/// Encodes as IAM's JSON, with lists even where there is one element.
extension IAM.Statement: Codable {
    private enum CodingKeys: CodingKey {
        case sid, effect, principal, notPrincipal, action, notAction, resource, notResource, condition
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        func list(_ key: CodingKeys) throws -> Unordered<[Text]?> {
            Unordered(wrappedValue: try container.decodeIfPresent(OneOrMany<Text>.self, forKey: key)?.values)
        }
        sid = try container.decodeIfPresent(Text.self, forKey: .sid)
        effect = try container.decode(Effect.self, forKey: .effect)
        principal = try container.decodeIfPresent(IAM.Principal.self, forKey: .principal)
        notPrincipal = try container.decodeIfPresent(IAM.Principal.self, forKey: .notPrincipal)
        _action = try list(.action)
        _notAction = try list(.notAction)
        _resource = try list(.resource)
        _notResource = try list(.notResource)
        let conditions = try container.decodeIfPresent(
            [String: [String: OneOrMany<Scalar>]].self, forKey: .condition)
        condition = conditions?.mapValues { $0.mapValues { $0.values.map(\.text) } }
    }
}
