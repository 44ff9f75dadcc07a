import SlipwayAWS
import SlipwayDeclaration
import SlipwayFakeAWS
import SlipwayProvider
import SlipwayResources
import Testing

struct IAMRoleTests {
    private let trial = Trial()

    private static let readOnly: Text = "arn:aws:iam::aws:policy/ReadOnlyAccess"
    private static let glueService: Text = "arn:aws:iam::aws:policy/service-role/AWSGlueServiceRole"
    private static let read: IAM.PolicyDocument = [.allow("s3:GetObject", on: "arn:aws:s3:::lake/*")]

    private static func full() -> IAM.Role {
        IAM.Role(
            trusting: .service("glue.amazonaws.com"), policies: ["lake": read], managedPolicies: [glueService],
            permissionsBoundary: readOnly, description: "Runs jobs", maxSessionDuration: 7200, path: "/etl/",
            tags: ["team": "data"])
    }

    // MARK: Pure

    /// Source: cfn-lint's schema of AWS::IAM::Role, `createOnlyProperties` (cfn-lint 1.51.0).
    @Test func `what cannot be changed is what CloudFormation says`() throws {
        let role = IAM.Role(trusting: .service("a"), path: "/a/", name: "b")
        #expect(try createOnly(role) == ["Path", "RoleName"])
    }

    @Test func `name and ARN are known before the role exists`() {
        let foreseen = Self.full().foreseen("etl", at: Trial.location)
        #expect(foreseen.values == ["Name": "etl", "Arn": "arn:aws:iam::123456789012:role/etl/etl"])
        let plain = IAM.Role(trusting: .service("a")).foreseen("etl", at: Trial.location)
        #expect(plain.values["Arn"] == "arn:aws:iam::123456789012:role/etl")
    }

    @Test(arguments: [
        (IAM.Role(trusting: .service("a"), path: "etl"), "Path"),
        (IAM.Role(trusting: .service("a"), name: "a b"), "RoleName"),
        (IAM.Role(trusting: .service("a"), maxSessionDuration: 60), "MaxSessionDuration"),
        (IAM.Role(trusting: .service("a"), managedPolicies: ["ReadOnlyAccess"]), "ManagedPolicyArns"),
        (IAM.Role(trusting: .service("a"), permissionsBoundary: "x"), "PermissionsBoundary"),
        (IAM.Role(trusting: .service("a"), policies: ["lake": [.allow("s3:*")]]), "Policies.lake.Statement[0]"),
        (IAM.Role(trusting: .policy([.allow("sts:AssumeRole")])), "AssumeRolePolicyDocument.Statement[0]"),
        (
            IAM.Role(
                trusting: .service("a"),
                policies: ["p": [.allow("s3:*", on: Text(verbatim: String(repeating: "x", count: 11_000)))]]), "Policies"
        ),
    ])
    func `mistakes are found before AWS is asked`(role: IAM.Role, property: String) {
        #expect(role.check().map(\.property) == [property])
    }

    @Test func `a good role has no problems`() { #expect(Self.full().check().isEmpty) }

    @Test func `those who may assume a role are written in words`() throws {
        let role = IAM.Role(trusting: [
            .service("glue.amazonaws.com"), .account("210987654321", externalID: "x"), .role("arn:aws:iam::1:role/a"),
            .federated("arn:aws:iam::1:oidc-provider/p", when: .stringLike("p:sub", "repo:*")),
            .saml("arn:aws:iam::1:saml-provider/p"),
        ])
        let actions = role.assumeRolePolicyDocument.statements.flatMap { $0.action ?? [] }
        #expect(
            actions == [
                "sts:AssumeRole", "sts:AssumeRole", "sts:AssumeRole", "sts:AssumeRoleWithWebIdentity",
                "sts:AssumeRoleWithSAML",
            ])
        #expect(role.assumeRolePolicyDocument.statements[1].condition == ["StringEquals": ["sts:ExternalId": ["x"]]])
        #expect(role.check().isEmpty)
    }

    // MARK: Life

    @Test func `a create is one call, and the rest an update`() async throws {
        let operations = try await trial.operations { try await trial.make("etl", Self.full()) }
        #expect(operations == ["CreateRole", "PutRolePolicy", "AttachRolePolicy"])
        let found = try await trial.look("etl", IAM.Role.self)
        var expected = Self.full().canonical()
        expected.roleName = "etl"
        #expect(found.properties.canonical() == expected)
        #expect(found.attributes.arn == "arn:aws:iam::123456789012:role/etl/etl")
        #expect(found.immutableID?.hasPrefix("AROA") == true)
        #expect(found.tags.flatMap(Ownership.init) == Trial.ownership)
    }

    @Test func `a read asks only for what is wanted`() async throws {
        try await trial.make("etl", Self.full())
        let few = try await trial.operations {
            _ = try await trial.look("etl", IAM.Role.self, .only(["Description", "Tags"]))
        }
        #expect(few == ["GetRole"])
        let all = try await trial.operations { _ = try await trial.look("etl", IAM.Role.self) }
        #expect(all == ["GetRole", "ListRolePolicies", "GetRolePolicy", "ListAttachedRolePolicies"])
    }

    static let changes: [Change<IAM.Role>] = [
        Change("PutRolePolicy") { $0.policies = ["lake": [.allow("s3:*", on: "*")]] },
        Change("DeleteRolePolicy") { $0.policies = nil },
        Change("DetachRolePolicy") { $0.managedPolicyArns = nil },
        Change("UpdateRole") { $0.description = "Other" },
        Change("UpdateRole") { $0.description = nil },
        Change("UpdateRole") { $0.maxSessionDuration = nil },
        Change("DeleteRolePermissionsBoundary") { $0.permissionsBoundary = nil },
        Change("PutRolePermissionsBoundary") { $0.permissionsBoundary = "arn:aws:iam::aws:policy/PowerUserAccess" },
        Change("UpdateAssumeRolePolicy") { $0.assumeRolePolicyDocument = IAM.Trust.service("ec2.amazonaws.com").document },
        Change("TagRole") { $0.tags = ["team": "other"] },
        Change("UntagRole") { $0.tags = nil },
    ]

    @Test(arguments: changes)
    func `an update makes one call for what differs`(_ change: Change<IAM.Role>) async throws {
        try await trial.make("etl", Self.full())
        let current = try await trial.look("etl", IAM.Role.self).properties
        var desired = current
        change.make(&desired)
        let operations = try await trial.operations { try await desired.update("etl", from: current, trial.aws) }
        #expect(operations == [change.operation])
        let found = try await trial.look("etl", IAM.Role.self)
        var expected = desired.canonical()
        // What was reset is what AWS makes of it.
        if expected.maxSessionDuration == nil { expected.maxSessionDuration = 3600 }
        expected.policies = expected.policies ?? [:]
        expected.managedPolicyArns = expected.managedPolicyArns ?? []
        expected.tags = expected.tags ?? [:]
        #expect(found.properties.canonical() == expected)
        #expect(found.tags.flatMap(Ownership.init) == Trial.ownership)
    }

    @Test func `a policy that means the same is not sent again`() async throws {
        try await trial.make("etl", Self.full())
        let current = try await trial.look("etl", IAM.Role.self).properties
        var same = current
        same.policies = [
            "lake": IAM.PolicyDocument(
                json: """
                    {"Version": "2012-10-17",
                     "Statement": {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::lake/*"}}
                    """)
        ]
        #expect(try await trial.operations { try await same.update("etl", from: current, trial.aws) }.isEmpty)
    }

    @Test func `a role that is full makes room before it takes more`() async throws {
        let old = (0..<10).map { Text(verbatim: "arn:aws:iam::aws:policy/P\($0)") }
        try await trial.make("etl", IAM.Role(trusting: .service("a"), managedPolicies: old))
        let current = try await trial.look("etl", IAM.Role.self).properties
        var desired = current
        desired.managedPolicyArns = Array(old.dropLast()) + [Self.readOnly]
        let operations = try await trial.operations { try await desired.update("etl", from: current, trial.aws) }
        #expect(operations == ["DetachRolePolicy", "AttachRolePolicy"])
    }

    // MARK: Quirks

    /// Source: <https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/iam/role.go>
    @Test func `a role whose ARN is still its id is settling`() async throws {
        trial.fake.withServices { $0.iam.unknownARNs = 1 }
        try await trial.make("etl", IAM.Role(trusting: .service("a")))
        guard case .settling(let why) = try await IAM.Role.read("etl", .all, trial.aws) else {
            Issue.record("the role is not settling")
            return
        }
        #expect(why.contains("AROA"))
        _ = try await trial.look("etl", IAM.Role.self)
    }

    @Test func `a principal that nobody sees yet is told from a mistake`() async throws {
        try await trial.make("first", IAM.Role(trusting: .service("a")))
        let arn: Text = "arn:aws:iam::123456789012:role/first"
        trial.fake.withServices { $0.iam.unseenPrincipals = 1 }
        let role = IAM.Role(trusting: .role(arn))
        let error = await #expect(throws: AWSError.self) { try await trial.make("second", role) }
        #expect(error?.kind == .propagating)
        try await trial.make("second", role)
        var broken = role
        broken.assumeRolePolicyDocument.statements[0].resource = ["*"]
        let mistake = await #expect(throws: AWSError.self) { try await trial.make("third", broken) }
        #expect(mistake?.kind == .invalid)
    }

    @Test func `what is left of a deleted principal is a difference`() async throws {
        try await trial.make("first", IAM.Role(trusting: .service("a")))
        let role = IAM.Role(trusting: .role("arn:aws:iam::123456789012:role/first"))
        try await trial.make("second", role)
        try await IAM.Role(trusting: .service("a")).delete("first", trial.aws)
        try await trial.make("first", IAM.Role(trusting: .service("a")))
        let found = try await trial.look("second", IAM.Role.self).properties
        #expect(found.canonical().assumeRolePolicyDocument != role.canonical().assumeRolePolicyDocument)
        let operations = try await trial.operations { try await role.update("second", from: found, trial.aws) }
        #expect(operations == ["UpdateAssumeRolePolicy"])
    }

    @Test func `deleting takes away what a role has of its own`() async throws {
        try await trial.make("etl", Self.full())
        let operations = try await trial.operations { try await Self.full().delete("etl", trial.aws) }
        #expect(operations.suffix(4) == ["DetachRolePolicy", "ListRolePolicies", "DeleteRolePolicy", "DeleteRole"])
        guard case .absent = try await IAM.Role.read("etl", .all, trial.aws) else {
            Issue.record("the role is still there")
            return
        }
        try await Self.full().delete("etl", trial.aws)
    }

    @Test func `what others attached is left, and said, unless it shall be detached`() async throws {
        try await trial.make("etl", Self.full())
        trial.fake.withServices {
            $0.iam.roles["etl"]?.attached.append("arn:aws:iam::aws:policy/Foreign")
            $0.iam.roles["etl"]?.profiles.append("profile")
        }
        let error = await #expect(throws: AWSError.self) { try await Self.full().delete("etl", trial.aws) }
        #expect(error?.code == "DeleteConflict")
        // It is no propagation, so nobody shall wait for it.
        #expect(error?.kind == .invalid)
        #expect(error?.message.contains("policy/Foreign, instance profile profile") == true)
        #expect(trial.fake.withServices { $0.iam.roles["etl"]?.inline.count } == 1)
        var role = Self.full()
        role.detachOnDelete = true
        try await role.delete("etl", trial.aws)
        #expect(trial.fake.withServices { $0.iam.roles.isEmpty })
    }

    @Test func `a thousand roles are listed in two calls`() async throws {
        try await trial.make("a", Self.full())
        try await trial.make("b", IAM.Role(trusting: .service("a"), description: "B"))
        let wanted = ["a", "b", "gone"].map { Listed<IAM.Role>($0, .all) }
        trial.fake.forgetCalls()
        let found = try await IAM.Role.list(wanted, trial.aws)
        #expect(trial.fake.calls.map(\.operation).sorted() == ["GetAccountAuthorizationDetails", "ListRoles"])
        #expect(IAM.Role.listCalls(for: 1000) == 2)
        #expect(Set(found.keys) == ["a", "b"])
        for name in ["a", "b"] {
            guard case .observed(.present(let listed)) = found[name] else {
                Issue.record("\(name) was not seen")
                continue
            }
            let read = try await trial.look(name, IAM.Role.self)
            #expect(listed.properties.canonical() == read.properties.canonical())
            #expect(listed.tags == read.tags)
            #expect(listed.immutableID == read.immutableID)
            #expect(listed.unread.isEmpty)
        }
    }

    @Test func `a list without texts is one call, and says what it did not read`() async throws {
        try await trial.make("a", Self.full())
        trial.fake.forgetCalls()
        let found = try await IAM.Role.list([Listed("a", .only(["Policies"]))], trial.aws)
        #expect(trial.fake.calls.map(\.operation) == ["GetAccountAuthorizationDetails"])
        guard case .observed(.present(let listed)) = found["a"] else {
            Issue.record("the role was not seen")
            return
        }
        #expect(listed.unread == ["Description", "MaxSessionDuration"])
    }

    @Test func `a list goes on until it has found all, and no further`() async throws {
        trial.fake.withServices { $0.iam.pageSize = 1 }
        for name in ["a", "b", "c"] { try await trial.make(name, IAM.Role(trusting: .service("a"))) }
        trial.fake.forgetCalls()
        let found = try await IAM.Role.list([Listed("b", .only(["Policies"]))], trial.aws)
        #expect(Set(found.keys) == ["b"])
        #expect(trial.fake.calls.count == 2)
    }

    @Test func `roles below a path are looked up by name`() async throws {
        for (name, path) in [("b", "/etl/"), ("a", "/etl/x/"), ("c", "/")] {
            try await trial.make(name, IAM.Role(trusting: .service("a"), path: Text(verbatim: path)))
        }
        let lookup = IAM.RoleNames(pathPrefix: "/etl/")
        #expect(try await lookup.answer(trial.aws) == ["a", "b"])
        #expect(lookup.permissions == ["iam:ListRoles"])
    }
}
