public import SlipwayDeclaration
public import SlipwayProvider

extension EC2 {
    /// A security group: which traffic may reach what is in it, and leave it.
    ///
    /// ```swift
    /// EC2.SecurityGroup(
    ///     "The warehouse and its loaders", vpc: settings[.vpc],
    ///     ingress: [.tcp(5439, from: .cidr("10.0.0.0/8")), .all(from: .itself)])
    /// ```
    ///
    /// Source: <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSecurityGroup.html>
    public struct SecurityGroup: ResourceKind {
        public static let type = "AWS::EC2::SecurityGroup"

        /// What the group is for: at most 255 letters, digits, spaces and `._-:/()#,@[]+=&;{}!$*`.
        @CreateOnly public var groupDescription: Text
        /// At most 255 of the same characters, other than any group of the VPC; one is made from the address when it is
        /// left out.
        @CreateOnly public var groupName: Text?
        /// The VPC that the group is in; the default one when it is left out.
        @CreateOnly public var vpcId: Text?
        /// What may come in. Undeclared, it is left alone.
        @Unordered public var securityGroupIngress: [Ingress]?
        /// What may go out. Undeclared it is left alone, and a new group lets everything out; an empty list lets nothing
        /// out.
        @Unordered public var securityGroupEgress: [Egress]?
        public var tags: [String: Text]?

        public struct Attributes: Codable, Hashable, Sendable {
            /// `sg-…`
            public let groupID: String
            /// `arn:aws:ec2:<region>:<account>:security-group/<id>`
            public let arn: String
            public let name: String
            public let vpcID: String

            private enum CodingKeys: String, CodingKey { case groupID = "GroupId", arn, name, vpcID = "VpcId" }
        }

        public init(
            _ description: Text, vpc: Text? = nil, ingress: [Ingress]? = nil, egress: [Egress]? = nil,
            name: Text? = nil, tags: [String: Text]? = nil
        ) {
            groupDescription = description
            groupName = name
            vpcId = vpc
            securityGroupIngress = ingress
            securityGroupEgress = egress
            self.tags = tags
        }

        /// AWS assigns the id and the create takes no token. EC2 promises no time within which a group is visible
        /// everywhere; minutes have been seen, rarely.
        ///
        /// Source: <https://docs.aws.amazon.com/ec2/latest/devguide/eventual-consistency.html>
        public static let identification = Identification.tagged(visibleWithin: .seconds(120))
        /// Changes are complete when the call returns, but a group that a network interface has just left can long be
        /// refused to be deleted.
        ///
        /// Source: <https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/ec2/vpc_security_group.go>
        /// (fifteen minutes)
        public static let patience = Patience(every: .seconds(1), upTo: .seconds(900))
        public static let permissions = Permissions(
            create: ["ec2:CreateSecurityGroup", "ec2:CreateTags"],
            read: ["ec2:DescribeSecurityGroups"],
            update: [
                "ec2:AuthorizeSecurityGroupIngress", "ec2:AuthorizeSecurityGroupEgress",
                "ec2:RevokeSecurityGroupIngress", "ec2:RevokeSecurityGroupEgress",
                "ec2:UpdateSecurityGroupRuleDescriptionsIngress", "ec2:UpdateSecurityGroupRuleDescriptionsEgress",
                "ec2:CreateTags", "ec2:DeleteTags",
            ],
            delete: ["ec2:DeleteSecurityGroup"],
            list: ["ec2:DescribeSecurityGroups"])

        public var fixedName: Text? { groupName }

        public func identity(_ name: String) -> Text? { nil }

        public func canonical() -> SecurityGroup {
            var group = self
            group.securityGroupIngress = securityGroupIngress?.map { Ingress($0.rule.canonical()) }
            group.securityGroupEgress = securityGroupEgress?.map { Egress($0.rule.canonical()) }
            return group
        }

        public func check() -> [Problem] {
            var found: [Problem] = []
            if let text = groupDescription.literal, text.isEmpty || !Self.isPlain(text) {
                found.append(Problem("GroupDescription", "a description has 1 to 255 \(Self.plainCharacters)"))
            }
            if let name = groupName?.literal {
                if name.isEmpty || !Self.isPlain(name) {
                    found.append(Problem("GroupName", "a group's name has 1 to 255 \(Self.plainCharacters)"))
                }
                if name.hasPrefix("sg-") { found.append(Problem("GroupName", "a group's name does not begin with 'sg-'")) }
                if name == "default" {
                    found.append(Problem("GroupName", "'default' is the group that every VPC has from the start"))
                }
            }
            if let vpc = vpcId?.literal, !vpc.hasPrefix("vpc-") { found.append(Problem("VpcId", "'\(vpc)' is no VPC's id")) }
            found += Rule.problems((securityGroupIngress ?? []).map(\.rule), in: "SecurityGroupIngress")
            found += Rule.problems((securityGroupEgress ?? []).map(\.rule), in: "SecurityGroupEgress")
            return found
        }

        static let plainCharacters = "letters, digits, spaces and ._-:/()#,@[]+=&;{}!$*"

        static func isPlain(_ text: String) -> Bool {
            text.count <= 255
                && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || " ._-:/()#,@[]+=&;{}!$*".contains($0)) }
        }
    }
}
