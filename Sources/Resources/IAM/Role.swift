public import SlipwayDeclaration
public import SlipwayProvider

extension IAM {
    /// A role: what a service, a user or a program may do for a while, and who may take it on.
    ///
    /// ```swift
    /// IAM.Role(
    ///     trusting: .service("glue.amazonaws.com"),
    ///     policies: ["lake": [.allow("s3:GetObject", "s3:PutObject", on: "\(lake.arn)/*")]])
    /// ```
    ///
    /// Source: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html>
    public struct Role: ResourceKind {
        public static let type = "AWS::IAM::Role"

        /// 1 to 64 letters, digits and `_+=,.@-`; one is made from the address when it is left out.
        @CreateOnly public var roleName: Text?
        /// Begins and ends with `/`. AWS's own is `/`.
        @CreateOnly public var path: Text?
        /// Who may assume the role.
        public var assumeRolePolicyDocument: PolicyDocument
        /// What the role may do, by the policy's name. CloudFormation has a list here; by name, a plan shows which
        /// policy changed.
        @Whole public var policies: [String: PolicyDocument]?
        /// ARNs of policies that are resources of their own, AWS's among them.
        @Unordered public var managedPolicyArns: [Text]?
        /// ARN of the policy that bounds what the role may do, whatever its own policies say.
        public var permissionsBoundary: Text?
        /// At most 1000 characters.
        public var description: Text?
        /// Seconds for which the role can be assumed at most: 3600 to 43200.
        public var maxSessionDuration: Int?
        public var tags: [String: Text]?
        /// Whether deleting the role also takes it out of what others attached to it: managed policies that are not
        /// declared here, and instance profiles. Without it AWS refuses (`DeleteConflict`).
        @WriteOnly public var detachOnDelete: Bool?

        public struct Attributes: Codable, Hashable, Sendable {
            public let name: String
            /// `arn:aws:iam::<account>:role<path><name>`
            public let arn: String
            /// `AROA…`: another one for each role, even under the same name.
            public let roleID: String

            private enum CodingKeys: String, CodingKey { case name, arn, roleID = "RoleId" }
        }

        public init(
            trusting trust: Trust, policies: [String: PolicyDocument]? = nil, managedPolicies: [Text]? = nil,
            permissionsBoundary: Text? = nil, description: Text? = nil, maxSessionDuration: Int? = nil,
            path: Text? = nil, name: Text? = nil, tags: [String: Text]? = nil, detachOnDelete: Bool? = nil
        ) {
            roleName = name
            self.path = path
            assumeRolePolicyDocument = trust.document
            self.policies = policies
            managedPolicyArns = managedPolicies
            self.permissionsBoundary = permissionsBoundary
            self.description = description
            self.maxSessionDuration = maxSessionDuration
            self.tags = tags
            self.detachOnDelete = detachOnDelete
        }

        public static let scope = Scope.global
        public static let identification = Identification.named
        public static let naming = Naming(limit: 64)
        /// The create tells all that others refer to. That others do not see the role yet, their own errors say.
        public static let patience = Patience.none
        public static let permissions = Permissions(
            create: ["iam:CreateRole", "iam:TagRole"],
            read: ["iam:GetRole", "iam:ListRolePolicies", "iam:GetRolePolicy", "iam:ListAttachedRolePolicies"],
            update: [
                "iam:UpdateRole", "iam:UpdateAssumeRolePolicy", "iam:PutRolePolicy", "iam:DeleteRolePolicy",
                "iam:AttachRolePolicy", "iam:DetachRolePolicy", "iam:PutRolePermissionsBoundary",
                "iam:DeleteRolePermissionsBoundary", "iam:TagRole", "iam:UntagRole",
            ],
            delete: [
                "iam:DeleteRole", "iam:ListRolePolicies", "iam:DeleteRolePolicy", "iam:ListAttachedRolePolicies",
                "iam:DetachRolePolicy", "iam:ListInstanceProfilesForRole", "iam:RemoveRoleFromInstanceProfile",
            ],
            list: ["iam:GetAccountAuthorizationDetails", "iam:ListRoles"])
        /// `UpdateRole` keeps what it is not given.
        ///
        /// Source: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateRole.html>, seen on 2026-07-27.
        public static let removals: [String: Removal] = [
            "Description": .sentinel(""), "MaxSessionDuration": .sentinel(3600),
        ]

        public var fixedName: Text? { roleName }

        public func foreseen(_ identity: String, at location: Location) -> Foreseen<Attributes> {
            Foreseen {
                $0[\.name] = identity
                if let path = (path ?? "/").literal {
                    $0[\.arn] = location.arn("iam", "role\(path)\(identity)", scope: .global)
                }
            }
        }

        public func canonical() -> Role {
            var role = self
            role.assumeRolePolicyDocument = assumeRolePolicyDocument.canonical()
            role.policies = policies?.mapValues { $0.canonical() }
            role.managedPolicyArns = managedPolicyArns?.sorted { $0.spelling < $1.spelling }
            role.description = description?.nonEmpty
            return role
        }
    }
}

extension IAM.Role {
    public func check() -> [Problem] {
        var found = assumeRolePolicyDocument.problems(.trust, in: "AssumeRolePolicyDocument")
        for (name, document) in (policies ?? [:]).sorted(by: { $0.key < $1.key }) {
            found += document.problems(.identity, in: "Policies.\(name)")
            if !Self.isName(name, limit: 128) {
                found.append(
                    Problem("Policies.\(name)", "a policy's name has 1 to 128 letters, digits and _+=,.@-"))
            }
        }
        // Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
        let size = (policies ?? [:]).values.reduce(0) { $0 + ((try? $1.text().utf8.count) ?? 0) }
        if size > 10_240 {
            found.append(
                Problem(
                    "Policies", "the policies have \(size) characters, and a role's have at most 10240 together",
                    hint: "make some of them managed policies"))
        }
        if let name = roleName?.literal, !Self.isName(name, limit: 64) {
            found.append(Problem("RoleName", "a role's name has 1 to 64 letters, digits and _+=,.@-"))
        }
        if let path = path?.literal, path.first != "/" || path.last != "/" {
            found.append(Problem("Path", "a path begins and ends with '/'", hint: "try '/\(path.trimmingSlashes)/'"))
        }
        if let seconds = maxSessionDuration, !(3600...43_200).contains(seconds) {
            found.append(Problem("MaxSessionDuration", "\(seconds) seconds are not between 3600 and 43200"))
        }
        if let description = description?.literal, description.count > 1000 {
            found.append(Problem("Description", "it has \(description.count) characters, and at most 1000 are allowed"))
        }
        for arn in (managedPolicyArns ?? []).compactMap(\.literal) where !arn.hasPrefix("arn:") {
            found.append(
                Problem(
                    "ManagedPolicyArns", "'\(arn)' is no ARN", hint: "AWS's own are 'arn:aws:iam::aws:policy/\(arn)'"))
        }
        if let arn = permissionsBoundary?.literal, !arn.hasPrefix("arn:") {
            found.append(Problem("PermissionsBoundary", "'\(arn)' is no ARN"))
        }
        return found
    }

    static func isName(_ name: String, limit: Int) -> Bool {
        (1...limit).contains(name.count)
            && name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "_+=,.@-".contains($0)) }
    }
}

extension String {
    /// The text without slashes at its ends.
    var trimmingSlashes: Substring {
        var rest = self[...]
        while rest.first == "/" { rest.removeFirst() }
        while rest.last == "/" { rest.removeLast() }
        return rest
    }
}
