import SlipwayDeclaration

/// Rules as EC2 writes them: one protocol and range of ports with everything on the other side. Of those that are sent,
/// each has one peer.
///
/// Source: <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IpPermission.html>
struct IPPermission: Codable, Sendable {
    struct Range: Codable, Sendable { let cidrIp: Text, description: Text? }
    struct IPv6Range: Codable, Sendable { let cidrIpv6: Text, description: Text? }
    struct PrefixList: Codable, Sendable { let prefixListId: Text, description: Text? }
    struct Group: Codable, Sendable { let groupId: Text, userId: Text?, description: Text? }

    let ipProtocol: String
    let fromPort: Int?
    let toPort: Int?
    var ipRanges: [Range] = []
    var ipv6Ranges: [IPv6Range] = []
    var prefixListIds: [PrefixList] = []
    var groups: [Group] = []

    /// - Parameter group: The id of the group that the rule belongs to.
    init(_ rule: EC2.SecurityGroup.Rule, of group: String) {
        // Only the normal form says for ICMP that all types are meant.
        let normal = rule.canonical()
        ipProtocol = normal.ipProtocol
        fromPort = normal.fromPort
        toPort = normal.toPort
        let text = rule.description?.nonEmpty
        for peer in rule.peers {
            switch peer {
            case .cidr(let range): ipRanges.append(Range(cidrIp: range, description: text))
            case .cidrIPv6(let range): ipv6Ranges.append(IPv6Range(cidrIpv6: range, description: text))
            case .prefixList(let id): prefixListIds.append(PrefixList(prefixListId: id, description: text))
            case .group(let id, let owner):
                let real = id == EC2.SecurityGroup.selfReference ? Text(verbatim: group) : id
                groups.append(Group(groupId: real, userId: owner, description: text))
            }
        }
    }

    /// The rules one by one.
    /// - Parameter group: The id of the group that they belong to.
    func rules(of group: String) -> [EC2.SecurityGroup.Rule] {
        var peers: [(EC2.SecurityGroup.Peer, Text?)] = ipRanges.map { (.cidr($0.cidrIp), $0.description) }
        peers += ipv6Ranges.map { (.cidrIPv6($0.cidrIpv6), $0.description) }
        peers += prefixListIds.map { (.prefixList($0.prefixListId), $0.description) }
        peers += groups.map { pair in
            let isItself = pair.groupId.literal == group
            return (.group(isItself ? EC2.SecurityGroup.selfReference : pair.groupId), pair.description)
        }
        return peers.map { peer, text in
            EC2.SecurityGroup.Rule(
                ipProtocol: ipProtocol, fromPort: fromPort, toPort: toPort, peers: [peer], description: text)
        }
    }
}
