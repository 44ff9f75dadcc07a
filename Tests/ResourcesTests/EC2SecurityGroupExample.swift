import SlipwayDeclaration
import SlipwayFakeAWS
import SlipwayProvider
import SlipwayResources

enum EC2SecurityGroupExample: ConformanceExample {
    static let minimal = EC2.SecurityGroup("The warehouse")

    static let full = EC2.SecurityGroup(
        "The warehouse", vpc: "vpc-0a",
        ingress: [
            .tcp(5439, from: .cidr("10.0.0.0/8"), "analysts"), .tcp(5439, from: .cidr("192.168.1.0/24")),
            .tcp(5439, from: .cidrIPv6("fd00::/8"), "analysts"), .all(from: .itself, "nodes"),
            .udp(53, from: .prefixList("pl-12345678")), .tcp(8000...8010, from: .group("sg-0b")),
            EC2.SecurityGroup.Ingress("icmp", from: .cidr("10.0.0.0/8")),
        ],
        egress: [.tcp(443, to: .anywhere, "AWS"), .all(to: .itself)], name: "tickit-warehouse",
        tags: ["team": "data", "tier": "warehouse"])

    static let changed: EC2.SecurityGroup = {
        var group = full
        group.securityGroupIngress = [
            .tcp(5439, from: .cidr("10.0.0.0/8"), "everybody"), .tcp(5440, from: .cidr("192.168.1.0/24")),
            .all(from: .itself), .tcp(443, from: .prefixList("pl-12345678")),
        ]
        group.securityGroupEgress = [.all(to: .cidrIPv6("::/0")), .tcp(443, to: .anywhere)]
        group.tags = ["team": "platform"]
        return group
    }()

    static func prepare(_ services: inout FakeServices) {
        services.ec2.vpcs["vpc-0a"] = FakeEC2.VPC(isDefault: false)
        services.ec2.groups["sg-0b"] = FakeEC2.Group(
            id: "sg-0b", name: "loaders", description: "Loads", vpc: "vpc-0a")
    }

    static func disappear(_ identity: String, _ services: inout FakeServices) { services.ec2.groups[identity] = nil }
}
