public import SlipwayDeclaration

extension EC2.SecurityGroup {
    /// Traffic that may come in.
    ///
    /// Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-ec2-securitygroup-ingress.html>
    public struct Ingress: Codable, Hashable, Sendable {
        /// `tcp`, `udp`, `icmp`, `icmpv6`, a protocol's number, or `-1` for all.
        public var ipProtocol: String
        /// The first port, or the type of ICMP; -1 for all types.
        public var fromPort: Int?
        /// The last port, or the code of ICMP; -1 for all codes.
        public var toPort: Int?
        /// Such as `10.0.0.0/8`.
        public var cidrIp: Text?
        /// Such as `fd00::/8`.
        public var cidrIpv6: Text?
        /// `pl-…`
        public var sourcePrefixListId: Text?
        /// The id of a group, or ``EC2/SecurityGroup/selfReference``.
        public var sourceSecurityGroupId: Text?
        /// The account of a source group that is in a peer's VPC.
        public var sourceSecurityGroupOwnerId: Text?
        public var description: Text?

        public init(
            _ ipProtocol: String, _ ports: ClosedRange<Int>? = nil, from peer: Peer, _ description: Text? = nil
        ) {
            self.ipProtocol = ipProtocol
            fromPort = ports?.lowerBound
            toPort = ports?.upperBound
            self.description = description
            switch peer {
            case .cidr(let range): cidrIp = range
            case .cidrIPv6(let range): cidrIpv6 = range
            case .prefixList(let id): sourcePrefixListId = id
            case .group(let id, let owner):
                sourceSecurityGroupId = id
                sourceSecurityGroupOwnerId = owner
            }
        }

        /// One port of TCP.
        public static func tcp(_ port: Int, from peer: Peer, _ description: Text? = nil) -> Ingress {
            Ingress("tcp", port...port, from: peer, description)
        }
        /// Several ports of TCP.
        public static func tcp(_ ports: ClosedRange<Int>, from peer: Peer, _ description: Text? = nil) -> Ingress {
            Ingress("tcp", ports, from: peer, description)
        }
        /// One port of UDP.
        public static func udp(_ port: Int, from peer: Peer, _ description: Text? = nil) -> Ingress {
            Ingress("udp", port...port, from: peer, description)
        }
        /// Everything.
        public static func all(from peer: Peer, _ description: Text? = nil) -> Ingress {
            Ingress("-1", from: peer, description)
        }
    }

    /// Traffic that may go out.
    ///
    /// Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-ec2-securitygroup-egress.html>
    public struct Egress: Codable, Hashable, Sendable {
        /// `tcp`, `udp`, `icmp`, `icmpv6`, a protocol's number, or `-1` for all.
        public var ipProtocol: String
        /// The first port, or the type of ICMP; -1 for all types.
        public var fromPort: Int?
        /// The last port, or the code of ICMP; -1 for all codes.
        public var toPort: Int?
        /// Such as `10.0.0.0/8`.
        public var cidrIp: Text?
        /// Such as `fd00::/8`.
        public var cidrIpv6: Text?
        /// `pl-…`
        public var destinationPrefixListId: Text?
        /// The id of a group, or ``EC2/SecurityGroup/selfReference``.
        public var destinationSecurityGroupId: Text?
        public var description: Text?

        public init(
            _ ipProtocol: String, _ ports: ClosedRange<Int>? = nil, to peer: Peer, _ description: Text? = nil
        ) {
            self.ipProtocol = ipProtocol
            fromPort = ports?.lowerBound
            toPort = ports?.upperBound
            self.description = description
            switch peer {
            case .cidr(let range): cidrIp = range
            case .cidrIPv6(let range): cidrIpv6 = range
            case .prefixList(let id): destinationPrefixListId = id
            case .group(let id, _): destinationSecurityGroupId = id
            }
        }

        /// One port of TCP.
        public static func tcp(_ port: Int, to peer: Peer, _ description: Text? = nil) -> Egress {
            Egress("tcp", port...port, to: peer, description)
        }
        /// Several ports of TCP.
        public static func tcp(_ ports: ClosedRange<Int>, to peer: Peer, _ description: Text? = nil) -> Egress {
            Egress("tcp", ports, to: peer, description)
        }
        /// One port of UDP.
        public static func udp(_ port: Int, to peer: Peer, _ description: Text? = nil) -> Egress {
            Egress("udp", port...port, to: peer, description)
        }
        /// Everything.
        public static func all(to peer: Peer, _ description: Text? = nil) -> Egress {
            Egress("-1", to: peer, description)
        }
    }

    /// The other side of a rule.
    public enum Peer: Hashable, Sendable {
        /// A range of addresses, such as `10.0.0.0/8`.
        case cidr(Text)
        /// A range of IPv6 addresses, such as `fd00::/8`.
        case cidrIPv6(Text)
        /// `pl-…`
        case prefixList(Text)
        /// What is in a group; `owner` is the account of a group that is in a peer's VPC.
        case group(Text, owner: Text? = nil)

        /// Every IPv4 address.
        public static let anywhere = Peer.cidr("0.0.0.0/0")
        /// What is in the group that the rule belongs to. Its id cannot be written in its own declaration.
        public static let itself = Peer.group(selfReference)
    }

    /// Stands for the id of the group that a rule belongs to.
    public static let selfReference: Text = "self"
}
