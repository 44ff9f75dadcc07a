import SlipwayDeclaration
import SlipwayFakeAWS
import SlipwayResources
import Testing

/// Parameters that AWS is asked for.
@Suite struct LookupTests {
    private let sandbox = Sandbox([.networked])

    private func vpcs() -> [String] {
        sandbox.fake.withServices { $0.ec2.groups.values.map(\.vpc) }
    }

    @Test func `a stack is declared with what was looked up`() async throws {
        let result = await sandbox.run("apply networked --yes")
        #expect(result.code == 0, "\(result.transcript)")
        #expect(vpcs() == ["vpc-0default"])
        #expect(await sandbox.run("outputs networked subnets").out == "subnet-0a subnet-0b subnet-0c\n")
        #expect(await sandbox.run("plan networked --detailed-exitcode").code == 0)
        #expect(await sandbox.run("destroy networked --yes").code == 0)
        #expect(vpcs() == [])
    }

    @Test func `what is set is not looked up`() async throws {
        sandbox.fake.withServices { $0.ec2.vpcs = ["vpc-own": FakeEC2.VPC(isDefault: false)] }
        let result = await sandbox.run("apply networked --yes --var vpc=vpc-own --var subnets=subnet-1")
        #expect(result.code == 0, "\(result.transcript)")
        #expect(vpcs() == ["vpc-own"])
    }

    @Test func `an account that has no answer says what to do`() async throws {
        sandbox.fake.withServices { $0.ec2.vpcs = [:] }
        let result = await sandbox.run("plan networked")
        #expect(result.code == 1)
        #expect(
            result.error.contains(
                "looking up the parameter 'vpc': eu-west-1 has no default VPC; 'aws ec2 create-default-vpc' makes one"))
        #expect(result.error.contains("hint: --var vpc=… says it instead"))
    }

    @Test func `a group whose rules are not there yet when it is changed is waited for`() async throws {
        sandbox.fake.lag("ec2", calls: 3, writes: true)
        let result = await sandbox.run("apply networked --yes")
        #expect(result.code == 0, "\(result.transcript)")
        #expect(sandbox.fake.withServices { $0.ec2.groups.values.map(\.ingress.count) } == [1])
    }

    @Test func `a group that interfaces are still in is deleted when they are gone`() async throws {
        #expect(await sandbox.run("apply networked --yes").code == 0)
        sandbox.fake.withServices { $0.ec2.lingeringInterfaces = 5 }
        #expect(await sandbox.run("destroy networked --yes").code == 0)
        #expect(vpcs() == [])
    }

    @Test func `a group whose create was answered by nobody is found by its tag`() async throws {
        sandbox.fake.drop("ec2", "CreateSecurityGroup")
        let result = await sandbox.run("apply networked --yes")
        #expect(result.code == 0, "\(result.transcript)")
        #expect(vpcs().count == 1)
        #expect(sandbox.fake.operations.count { $0 == "ec2 CreateSecurityGroup" } == 1)
    }
}

extension StackDefinition {
    /// A stack in the account's default network.
    fileprivate static let networked = StackDefinition(
        "networked", "A security group in the default VPC", parameters: [Parameter.vpc, Parameter.subnets]
    ) { settings in
        var stack = Stack("networked", settings)
        let group = stack.add(
            "warehouse",
            EC2.SecurityGroup("The warehouse", vpc: Text(verbatim: settings[.vpc]), ingress: [.all(from: .itself)]))
        stack.output("group", group.groupID)
        stack.output("subnets", Text(verbatim: settings[.subnets].joined(separator: " ")))
        return stack
    }
}

extension Parameter where Value == String {
    fileprivate static var vpc: Parameter { Parameter("vpc", lookup: EC2.DefaultVPC(), help: "Where the warehouse is.") }
}

extension Parameter where Value == [String] {
    fileprivate static var subnets: Parameter {
        Parameter("subnets", lookup: EC2.DefaultVPCSubnets(), help: "Where its nodes are.")
    }
}
