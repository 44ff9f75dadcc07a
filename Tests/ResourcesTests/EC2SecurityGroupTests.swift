import SlipwayAWS
import SlipwayDeclaration
import SlipwayFakeAWS
import SlipwayProvider
import SlipwayResources
import Testing

struct EC2SecurityGroupTests {
    private let trial = Trial()

    private func make(_ group: EC2.SecurityGroup) async throws -> String {
        try await trial.make("warehouse", group).identity
    }

    private func rules(_ id: String) -> (ingress: Set<FakeEC2.Rule>, egress: Set<FakeEC2.Rule>) {
        trial.fake.withServices { services in
            (Set(services.ec2.groups[id]?.ingress ?? []), Set(services.ec2.groups[id]?.egress ?? []))
        }
    }

    private func change(_ id: String, to desired: EC2.SecurityGroup) async throws -> [String] {
        let current = try await trial.look(id, EC2.SecurityGroup.self).properties
        return try await trial.operations { try await desired.update(id, from: current, trial.aws) }
    }

    @Test func `what cannot be changed is what CloudFormation says`() throws {
        let group = EC2.SecurityGroup("d", vpc: "vpc-1", name: "n")
        #expect(try createOnly(group) == ["GroupDescription", "GroupName", "VpcId"])
    }

    @Test(arguments: [
        (EC2.SecurityGroup(""), "GroupDescription"),
        (EC2.SecurityGroup("für alle"), "GroupDescription"),
        (EC2.SecurityGroup("d", name: "sg-mine"), "GroupName"),
        (EC2.SecurityGroup("d", name: "default"), "GroupName"),
        (EC2.SecurityGroup("d", vpc: "10.0.0.0/8"), "VpcId"),
        (EC2.SecurityGroup("d", ingress: [.tcp(70_000, from: .anywhere)]), "SecurityGroupIngress[0]"),
        (EC2.SecurityGroup("d", ingress: [EC2.SecurityGroup.Ingress("tcp", from: .anywhere)]), "SecurityGroupIngress[0]"),
        (EC2.SecurityGroup("d", ingress: [.tcp(1, from: .cidr("10.0.0.1"))]), "SecurityGroupIngress[0]"),
        (EC2.SecurityGroup("d", ingress: [.tcp(1, from: .cidr("fd00::/8"))]), "SecurityGroupIngress[0]"),
        (EC2.SecurityGroup("d", ingress: [.tcp(1, from: .cidrIPv6("10.0.0.0/8"))]), "SecurityGroupIngress[0]"),
        (EC2.SecurityGroup("d", ingress: [.tcp(1, from: .group("warehouse"))]), "SecurityGroupIngress[0]"),
        (EC2.SecurityGroup("d", egress: [.tcp(1, to: .prefixList("s3"))]), "SecurityGroupEgress[0]"),
        (EC2.SecurityGroup("d", egress: [EC2.SecurityGroup.Egress("http", to: .anywhere)]), "SecurityGroupEgress[0]"),
        (
            EC2.SecurityGroup("d", ingress: [.tcp(1, from: .cidr("10.0.0.0/8")), .tcp(1, from: .cidr("10.1.2.3/8"), "x")]),
            "SecurityGroupIngress[1]"
        ),
    ])
    func `mistakes are found before AWS is asked`(group: EC2.SecurityGroup, property: String) {
        #expect(group.check().map(\.property) == [property])
    }

    @Test func `a rule that names nothing and one that names two things are mistakes`() {
        var nothing = EC2.SecurityGroup.Ingress.tcp(1, from: .anywhere)
        nothing.cidrIp = nil
        var both = EC2.SecurityGroup.Ingress.tcp(1, from: .anywhere)
        both.sourcePrefixListId = "pl-1"
        #expect(EC2.SecurityGroup("d", ingress: [nothing, both]).check().count == 2)
    }

    @Test(arguments: [
        (EC2.SecurityGroup.Ingress("6", 1...2, from: .anywhere), .tcp(1...2, from: .anywhere)),
        (EC2.SecurityGroup.Ingress("ALL", 1...2, from: .anywhere), .all(from: .anywhere, "")),
        (.tcp(1, from: .cidr("10.1.2.3/8")), .tcp(1, from: .cidr("10.0.0.0/8"))),
        (.tcp(1, from: .cidrIPv6("FD00:0:0::1/8")), .tcp(1, from: .cidrIPv6("fd00::/8"))),
        (.tcp(1, from: .group("sg-1", owner: "123456789012")), .tcp(1, from: .group("sg-1"))),
        (EC2.SecurityGroup.Ingress("icmp", from: .anywhere), EC2.SecurityGroup.Ingress("1", -1 ... -1, from: .anywhere)),
        (EC2.SecurityGroup.Ingress("50", 0...1, from: .anywhere), EC2.SecurityGroup.Ingress("50", from: .anywhere)),
    ] as [(EC2.SecurityGroup.Ingress, EC2.SecurityGroup.Ingress)])
    func `rules that mean the same are the same`(one: EC2.SecurityGroup.Ingress, other: EC2.SecurityGroup.Ingress) {
        #expect(EC2.SecurityGroup("d", ingress: [one]).canonical() == EC2.SecurityGroup("d", ingress: [other]).canonical())
    }

    @Test func `egress that is not declared is what AWS makes it, and no drift`() async throws {
        let id = try await make(EC2.SecurityGroup("d"))
        #expect(rules(id).egress == [.everything])
        #expect(try await change(id, to: EC2.SecurityGroup("d", egress: [.all(to: .anywhere)])) == [])
    }

    @Test func `egress that is declared takes the place of what AWS made`() async throws {
        let id = try await make(EC2.SecurityGroup("d", egress: [.tcp(443, to: .anywhere)]))
        let https = FakeEC2.Rule(ipProtocol: "tcp", from: "443", to: "443", list: "IpRanges", peer: "0.0.0.0/0")
        #expect(rules(id).egress == [https])
    }

    @Test func `an empty list of egress lets nothing out`() async throws {
        let id = try await make(EC2.SecurityGroup("d", egress: []))
        #expect(rules(id).egress == [])
        let found = try await trial.look(id, EC2.SecurityGroup.self).properties
        #expect(found.securityGroupEgress == [])
    }

    @Test func `egress that is no longer declared lets everything out again`() async throws {
        let id = try await make(EC2.SecurityGroup("d", egress: [.tcp(443, to: .anywhere)]))
        let calls = try await change(id, to: EC2.SecurityGroup("d", ingress: []))
        #expect(calls == ["AuthorizeSecurityGroupEgress", "RevokeSecurityGroupEgress"])
        #expect(rules(id).egress == [.everything])
    }

    @Test func `what may pass before and after is never cut off`() async throws {
        let id = try await make(EC2.SecurityGroup("d", ingress: [.tcp(1...10, from: .anywhere)]))
        let calls = try await change(id, to: EC2.SecurityGroup("d", ingress: [.tcp(1...20, from: .anywhere)]))
        #expect(calls == ["AuthorizeSecurityGroupIngress", "RevokeSecurityGroupIngress"])
    }

    @Test func `a group that is full gives rules up before it gets new ones`() async throws {
        let before = (1...60).map { EC2.SecurityGroup.Ingress.tcp($0, from: .anywhere) }
        let after = (2...61).map { EC2.SecurityGroup.Ingress.tcp($0, from: .anywhere) }
        let id = try await make(EC2.SecurityGroup("d", ingress: before))
        let calls = try await change(id, to: EC2.SecurityGroup("d", ingress: after))
        #expect(calls == ["RevokeSecurityGroupIngress", "AuthorizeSecurityGroupIngress"])
        #expect(rules(id).ingress.count == 60)
    }

    @Test func `another description is no other rule`() async throws {
        let id = try await make(EC2.SecurityGroup("d", ingress: [.tcp(1, from: .anywhere, "old"), .tcp(2, from: .anywhere)]))
        let calls = try await change(
            id, to: EC2.SecurityGroup("d", ingress: [.tcp(1, from: .anywhere), .tcp(2, from: .anywhere)]))
        #expect(calls == ["UpdateSecurityGroupRuleDescriptionsIngress"])
        #expect(rules(id).ingress.map(\.description) == [nil, nil])
    }

    @Test func `a rule about the group itself is sent with its id and read back as itself`() async throws {
        let id = try await make(EC2.SecurityGroup("d", ingress: [.all(from: .itself)], egress: [.all(to: .itself)]))
        #expect(rules(id).ingress.map(\.peer) == [id])
        #expect(rules(id).egress.map(\.peer) == [id])
        let found = try await trial.look(id, EC2.SecurityGroup.self).properties
        #expect(found.securityGroupIngress?.map(\.sourceSecurityGroupId) == ["self"])
        #expect(found.securityGroupEgress?.map(\.destinationSecurityGroupId) == ["self"])
    }

    @Test func `rules that are there already are no error when they are sent again`() async throws {
        let id = try await make(EC2.SecurityGroup("d"))
        let current = try await trial.look(id, EC2.SecurityGroup.self).properties
        let desired = EC2.SecurityGroup("d", ingress: [.tcp(1, from: .anywhere), .tcp(2, from: .anywhere)])
        _ = try await change(id, to: EC2.SecurityGroup("d", ingress: [.tcp(1, from: .anywhere)]))
        try await desired.update(id, from: current, trial.aws)
        #expect(Set(rules(id).ingress.map(\.from)) == ["1", "2"])
    }

    @Test func `the account of a group is sent, although it is no difference`() async throws {
        let other = try await trial.make("other", EC2.SecurityGroup("d")).identity
        let peer = EC2.SecurityGroup.Peer.group(Text(verbatim: other), owner: "210987654321")
        trial.fake.forgetCalls()
        _ = try await make(EC2.SecurityGroup("d", ingress: [.all(from: peer)]))
        let sent = trial.fake.calls.last?.input["IpPermissions"]?.array?.first?["Groups"]?.array?.first
        #expect(sent?["UserId"] == "210987654321")
    }

    @Test func `a group that something is still in is busy`() async throws {
        let id = try await make(EC2.SecurityGroup("d"))
        trial.fake.withServices { services in _ = services.ec2.used.insert(id) }
        let error = await #expect(throws: AWSError.self) { try await EC2.SecurityGroup("d").delete(id, trial.aws) }
        #expect(error?.kind == .busy)
    }

    @Test func `the default VPC is looked up, and its subnets in the order of their ids`() async throws {
        #expect(try await EC2.DefaultVPC().answer(trial.aws) == "vpc-0default")
        #expect(try await EC2.DefaultVPCSubnets().answer(trial.aws) == ["subnet-0a", "subnet-0b", "subnet-0c"])
        let used = trial.fake.calls.reduce(into: Set<String>()) { $0.formUnion($1.actions) }
        #expect(used == EC2.DefaultVPCSubnets().permissions)
    }

    @Test func `an account without a default VPC says how to make one`() async throws {
        trial.fake.withServices { $0.ec2.vpcs = ["vpc-1": FakeEC2.VPC(isDefault: false, subnets: ["subnet-1"])] }
        let error = await #expect(throws: EC2.NoDefaultVPC.self) { try await EC2.DefaultVPCSubnets().answer(trial.aws) }
        #expect(error?.description == "us-east-1 has no default VPC; 'aws ec2 create-default-vpc' makes one")
    }

    @Test func `a default VPC without subnets is said to have none`() async throws {
        trial.fake.withServices { $0.ec2.vpcs = ["vpc-1": FakeEC2.VPC(isDefault: true)] }
        let error = await #expect(throws: EC2.NoDefaultVPC.self) { try await EC2.DefaultVPCSubnets().answer(trial.aws) }
        #expect(error?.hasVPC == true)
    }
}
