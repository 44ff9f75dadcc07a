public import SlipwayDeclaration

extension IAM {
    /// Who may assume a role. Several are written as a list: `[.service("glue.amazonaws.com"), .role(admin.arn)]`.
    public struct Trust: Hashable, Sendable, ExpressibleByArrayLiteral {
        package var document: PolicyDocument

        /// A trust policy of any form.
        public static func policy(_ document: PolicyDocument) -> Trust { Trust(document: document) }

        /// A service of AWS, such as `glue.amazonaws.com`.
        public static func service(_ name: Text, when conditions: Condition...) -> Trust {
            Trust(.service(name), "sts:AssumeRole", conditions)
        }

        /// Everybody in an account whom that account allows it.
        ///
        /// - Parameters:
        ///   - id: Twelve digits.
        ///   - externalID: What a third party has to say besides.
        public static func account(_ id: Text, externalID: Text? = nil, when conditions: Condition...) -> Trust {
            Trust(
                .account(id), "sts:AssumeRole",
                conditions + (externalID.map { [.stringEquals("sts:ExternalId", $0)] } ?? []))
        }

        /// Another role, by ARN.
        public static func role(_ arn: Text, when conditions: Condition...) -> Trust {
            Trust(.arn(arn), "sts:AssumeRole", conditions)
        }

        /// Whom an OpenID Connect provider vouches for.
        ///
        /// ```swift
        /// .federated(github.arn, when: .stringLike("token.actions.githubusercontent.com:sub", "repo:acme/lake:*"))
        /// ```
        /// - Parameter provider: ARN of the provider, or the name of one that AWS knows.
        public static func federated(_ provider: Text, when conditions: Condition...) -> Trust {
            Trust(.federated(provider), "sts:AssumeRoleWithWebIdentity", conditions)
        }

        /// Whom a SAML provider vouches for.
        /// - Parameters:
        ///   - provider: ARN of the provider.
        ///   - audience: Where users sign in.
        public static func saml(
            _ provider: Text, audience: Text = "https://signin.aws.amazon.com/saml", when conditions: Condition...
        ) -> Trust {
            Trust(
                .federated(provider), "sts:AssumeRoleWithSAML",
                conditions + [.stringEquals("SAML:aud", audience)])
        }

        public init(arrayLiteral elements: Trust...) {
            document = PolicyDocument(elements.flatMap(\.document.statements))
            document.problem = elements.compactMap(\.document.problem).first
        }

        private init(document: PolicyDocument) { self.document = document }

        private init(_ principal: Principal, _ action: Text, _ conditions: [Condition]) {
            document = [Statement(.allow, actions: [action], principal: principal, when: conditions)]
        }
    }
}
