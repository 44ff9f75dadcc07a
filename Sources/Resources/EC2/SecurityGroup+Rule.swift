import SlipwayDeclaration

extension EC2.SecurityGroup {
    /// One rule, whichever its direction.
    struct Rule: Hashable, Sendable {
        var ipProtocol: String
        var fromPort: Int?
        var toPort: Int?
        /// What is named on the other side; a rule that makes sense names one.
        var peers: [Peer]
        var description: Text?

        /// What a new group lets out.
        ///
        /// Source: <https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html>
        static let everythingOut = Rule(ipProtocol: "-1", peers: [.anywhere], description: "")

        /// Rules of which AWS has only one are equal without their descriptions.
        var withoutDescription: Rule {
            var rule = self
            rule.description = nil
            return rule
        }

        /// The form in which AWS gives rules back. The account of a group is left out, as its id tells it.
        ///
        /// Source: <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IpPermission.html>
        func canonical() -> Rule {
            var rule = self
            rule.ipProtocol = Self.protocolNames[ipProtocol.lowercased()] ?? ipProtocol.lowercased()
            switch rule.ipProtocol {
            case "tcp", "udp": break
            case "icmp", "icmpv6":
                rule.fromPort = fromPort ?? -1
                rule.toPort = toPort ?? -1
            default:
                rule.fromPort = nil
                rule.toPort = nil
            }
            rule.peers = peers.map { peer in
                switch peer {
                case .cidr(let range): .cidr(CIDR.canonical(range))
                case .cidrIPv6(let range): .cidrIPv6(CIDR.canonical(range))
                case .prefixList: peer
                case .group(let id, _): .group(id)
                }
            }
            rule.description = description ?? ""
            return rule
        }

        private static let protocolNames = ["all": "-1", "6": "tcp", "17": "udp", "1": "icmp", "58": "icmpv6"]

        static func problems(_ rules: [Rule], in property: String) -> [Problem] {
            var found: [Problem] = []
            var seen: Set<Rule> = []
            for (index, rule) in rules.enumerated() {
                let place = "\(property)[\(index)]"
                found += rule.problems(at: place)
                if !seen.insert(rule.canonical().withoutDescription).inserted {
                    found.append(Problem(place, "another rule says the same"))
                }
            }
            return found
        }

        private func problems(at place: String) -> [Problem] {
            var found: [Problem] = []
            if peers.count != 1 { found.append(Problem(place, "a rule names one range, prefix list or group")) }
            let name = canonical().ipProtocol
            switch name {
            case "tcp", "udp":
                guard let fromPort, let toPort else {
                    found.append(Problem(place, "a rule for \(name) says which ports", hint: "0 to 65535 are all"))
                    break
                }
                if fromPort < 0 || toPort < fromPort || toPort > 65_535 {
                    found.append(Problem(place, "\(fromPort) to \(toPort) are no ports"))
                }
            case "icmp", "icmpv6", "-1": break
            default:
                if !(Int(name).map { (0...255).contains($0) } ?? false) {
                    found.append(
                        Problem(place, "there is no protocol '\(ipProtocol)'", hint: "tcp, udp, icmp, icmpv6, a number, or -1"))
                }
            }
            for peer in peers {
                switch peer {
                case .cidr(let range):
                    if let text = range.literal, CIDR(text)?.isIPv6 != false {
                        found.append(Problem(place, "'\(text)' is no range of IPv4 addresses", hint: "such as 10.0.0.0/8"))
                    }
                case .cidrIPv6(let range):
                    if let text = range.literal, CIDR(text)?.isIPv6 != true {
                        found.append(Problem(place, "'\(text)' is no range of IPv6 addresses", hint: "such as fd00::/8"))
                    }
                case .prefixList(let id):
                    if let text = id.literal, !text.hasPrefix("pl-") {
                        found.append(Problem(place, "'\(text)' is no prefix list's id"))
                    }
                case .group(let id, _):
                    if let text = id.literal, !text.hasPrefix("sg-"), id != selfReference {
                        found.append(Problem(place, "'\(text)' is no group's id", hint: "the group itself is '.itself'"))
                    }
                }
            }
            if let text = description?.literal, !isPlain(text) {
                found.append(Problem(place, "a rule's description has at most 255 \(plainCharacters)"))
            }
            return found
        }
    }
}

extension EC2.SecurityGroup.Ingress {
    var rule: EC2.SecurityGroup.Rule {
        var peers: [EC2.SecurityGroup.Peer] = []
        if let cidrIp { peers.append(.cidr(cidrIp)) }
        if let cidrIpv6 { peers.append(.cidrIPv6(cidrIpv6)) }
        if let sourcePrefixListId { peers.append(.prefixList(sourcePrefixListId)) }
        if let sourceSecurityGroupId { peers.append(.group(sourceSecurityGroupId, owner: sourceSecurityGroupOwnerId)) }
        return EC2.SecurityGroup.Rule(
            ipProtocol: ipProtocol, fromPort: fromPort, toPort: toPort, peers: peers, description: description)
    }

    init(_ rule: EC2.SecurityGroup.Rule) {
        ipProtocol = rule.ipProtocol
        fromPort = rule.fromPort
        toPort = rule.toPort
        description = rule.description
        for peer in rule.peers {
            switch peer {
            case .cidr(let range): cidrIp = range
            case .cidrIPv6(let range): cidrIpv6 = range
            case .prefixList(let id): sourcePrefixListId = id
            case .group(let id, let owner):
                sourceSecurityGroupId = id
                sourceSecurityGroupOwnerId = owner
            }
        }
    }
}

extension EC2.SecurityGroup.Egress {
    var rule: EC2.SecurityGroup.Rule {
        var peers: [EC2.SecurityGroup.Peer] = []
        if let cidrIp { peers.append(.cidr(cidrIp)) }
        if let cidrIpv6 { peers.append(.cidrIPv6(cidrIpv6)) }
        if let destinationPrefixListId { peers.append(.prefixList(destinationPrefixListId)) }
        if let destinationSecurityGroupId { peers.append(.group(destinationSecurityGroupId)) }
        return EC2.SecurityGroup.Rule(
            ipProtocol: ipProtocol, fromPort: fromPort, toPort: toPort, peers: peers, description: description)
    }

    init(_ rule: EC2.SecurityGroup.Rule) {
        ipProtocol = rule.ipProtocol
        fromPort = rule.fromPort
        toPort = rule.toPort
        description = rule.description
        for peer in rule.peers {
            switch peer {
            case .cidr(let range): cidrIp = range
            case .cidrIPv6(let range): cidrIpv6 = range
            case .prefixList(let id): destinationPrefixListId = id
            case .group(let id, _): destinationSecurityGroupId = id
            }
        }
    }
}
