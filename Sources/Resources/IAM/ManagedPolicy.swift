public import SlipwayDeclaration
public import SlipwayProvider

extension IAM {
    /// A policy that stands alone, and can be attached to many roles, users and groups.
    ///
    /// ```swift
    /// let read = stack.add("read", IAM.ManagedPolicy([.allow("s3:GetObject", on: "\(lake.arn)/*")]))
    /// stack.add("etl", IAM.Role(trusting: .service("glue.amazonaws.com"), managedPolicies: [read.arn]))
    /// ```
    ///
    /// Source: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreatePolicy.html>
    public struct ManagedPolicy: ResourceKind {
        public static let type = "AWS::IAM::ManagedPolicy"

        /// 1 to 128 letters, digits and `_+=,.@-`; one is made from the address when it is left out.
        @CreateOnly public var managedPolicyName: Text?
        /// Begins and ends with `/`. AWS's own is `/`.
        @CreateOnly public var path: Text?
        /// At most 1000 characters.
        @CreateOnly public var description: Text?
        /// What the policy allows and denies. AWS keeps the last five versions.
        public var policyDocument: PolicyDocument
        /// Names of all roles that it is attached to. Undeclared, it is left to the roles.
        @Unordered public var roles: [Text]?
        /// Names of all users that it is attached to. Undeclared, they are left alone.
        @Unordered public var users: [Text]?
        /// Names of all groups that it is attached to. Undeclared, they are left alone.
        @Unordered public var groups: [Text]?
        public var tags: [String: Text]?
        /// Whether deleting the policy also takes it from those that others attached it to, or bounded by it. Without it
        /// AWS refuses (`DeleteConflict`).
        @WriteOnly public var detachOnDelete: Bool?

        public struct Attributes: Codable, Hashable, Sendable {
            public let name: String
            /// `arn:aws:iam::<account>:policy<path><name>`
            public let arn: String
            /// `ANPA…`: another one for each policy, even under the same name.
            public let policyID: String

            private enum CodingKeys: String, CodingKey { case name, arn, policyID = "PolicyId" }
        }

        public init(
            _ document: PolicyDocument, description: Text? = nil, roles: [Text]? = nil, users: [Text]? = nil,
            groups: [Text]? = nil, path: Text? = nil, name: Text? = nil, tags: [String: Text]? = nil,
            detachOnDelete: Bool? = nil
        ) {
            managedPolicyName = name
            self.path = path
            self.description = description
            policyDocument = document
            self.roles = roles
            self.users = users
            self.groups = groups
            self.tags = tags
            self.detachOnDelete = detachOnDelete
        }

        public static let scope = Scope.global
        public static let identification = Identification.named
        public static let naming = Naming(limit: 128)
        public static let patience = Patience.none
        public static let permissions = Permissions(
            create: ["iam:CreatePolicy", "iam:TagPolicy"],
            read: ["iam:GetPolicy", "iam:GetPolicyVersion", "iam:ListEntitiesForPolicy"],
            update: [
                "iam:ListPolicyVersions", "iam:DeletePolicyVersion", "iam:CreatePolicyVersion", "iam:AttachRolePolicy",
                "iam:DetachRolePolicy", "iam:AttachUserPolicy", "iam:DetachUserPolicy", "iam:AttachGroupPolicy",
                "iam:DetachGroupPolicy", "iam:TagPolicy", "iam:UntagPolicy",
            ],
            delete: [
                "iam:DeletePolicy", "iam:ListPolicyVersions", "iam:DeletePolicyVersion", "iam:ListEntitiesForPolicy",
                "iam:DetachRolePolicy", "iam:DetachUserPolicy", "iam:DetachGroupPolicy",
                "iam:DeleteRolePermissionsBoundary", "iam:DeleteUserPermissionsBoundary",
            ])

        public var fixedName: Text? { managedPolicyName }

        /// What follows `policy` in the ARN: path and name, as AWS finds policies by both.
        public func identity(_ name: String) -> Text? { "\(path ?? "/")\(managedPolicyName ?? Text(verbatim: name))" }

        public func foreseen(_ identity: String, at location: Location) -> Foreseen<Attributes> {
            Foreseen {
                $0[\.name] = identity.split(separator: "/").last.map(String.init) ?? identity
                $0[\.arn] = location.arn("iam", "policy\(identity)", scope: .global)
            }
        }

        public func canonical() -> ManagedPolicy {
            var policy = self
            policy.policyDocument = policyDocument.canonical()
            policy.description = description?.nonEmpty
            return policy
        }

        public func check() -> [Problem] {
            var found = policyDocument.problems(.identity, in: "PolicyDocument")
            // Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
            let size = (try? policyDocument.text().utf8.count) ?? 0
            if size > 6144 {
                found.append(
                    Problem(
                        "PolicyDocument", "the policy has \(size) characters, and at most 6144 are allowed",
                        hint: "make two of it"))
            }
            if let name = managedPolicyName?.literal, !Role.isName(name, limit: 128) {
                found.append(Problem("ManagedPolicyName", "a policy's name has 1 to 128 letters, digits and _+=,.@-"))
            }
            if let path = path?.literal, path.first != "/" || path.last != "/" {
                found.append(
                    Problem("Path", "a path begins and ends with '/'", hint: "try '/\(path.trimmingSlashes)/'"))
            }
            if let description = description?.literal, description.count > 1000 {
                found.append(
                    Problem("Description", "it has \(description.count) characters, and at most 1000 are allowed"))
            }
            for (property, names) in [("Roles", roles), ("Users", users), ("Groups", groups)] {
                for name in (names ?? []).compactMap(\.literal) where !Role.isName(name, limit: 128) {
                    let hint = name.hasPrefix("arn:") ? "it is named, not given by ARN" : nil
                    found.append(Problem(property, "'\(name)' is no name", hint: hint))
                }
            }
            return found
        }
    }
}
