import SlipwayAWS
import SlipwayDeclaration
import SlipwayFakeAWS
import SlipwayProvider
import SlipwayResources
import Testing

struct IAMManagedPolicyTests {
    private let trial = Trial()
    private let arn = "arn:aws:iam::123456789012:policy/p"

    private var stored: FakeIAM.ManagedPolicy? { trial.fake.withServices { [arn] in $0.iam.managed[arn] } }

    private func document(_ action: Text) -> IAM.PolicyDocument { [.allow(action, on: "*")] }

    @Test func `what cannot be changed is what CloudFormation says`() throws {
        let policy = IAM.ManagedPolicy(document("s3:*"), description: "d", path: "/a/", name: "n")
        #expect(try createOnly(policy) == ["ManagedPolicyName", "Path", "Description"])
    }

    @Test func `the ARN is known before the policy exists`() {
        let policy = IAM.ManagedPolicy(document("s3:*"), path: "/etl/")
        #expect(policy.identity("p")?.literal == "/etl/p")
        let foreseen = policy.foreseen("/etl/p", at: Trial.location).values
        #expect(foreseen == ["Name": "p", "Arn": "arn:aws:iam::123456789012:policy/etl/p"])
    }

    @Test(arguments: [
        (IAM.ManagedPolicy([]), "PolicyDocument"),
        (IAM.ManagedPolicy([.allow("s3:*")]), "PolicyDocument.Statement[0]"),
        (IAM.ManagedPolicy([.allow("s3:*", on: "*")], path: "etl"), "Path"),
        (IAM.ManagedPolicy([.allow("s3:*", on: "*")], name: "a b"), "ManagedPolicyName"),
        (IAM.ManagedPolicy([.allow("s3:*", on: "*")], roles: ["arn:aws:iam::123456789012:role/etl"]), "Roles"),
        (
            IAM.ManagedPolicy((0..<100).map { .allow("s3:GetObject", on: Text(verbatim: "arn:aws:s3:::bucket-\($0)/*")) }.document),
            "PolicyDocument"
        ),
    ])
    func `mistakes are found before AWS is asked`(policy: IAM.ManagedPolicy, property: String) {
        #expect(policy.check().map(\.property) == [property])
    }

    @Test func `a document that means the same makes no version`() async throws {
        let policy = IAM.ManagedPolicy([.allow("s3:GetObject", "s3:PutObject", on: "*")])
        try await trial.make("p", policy)
        let found = try await trial.look("/p", IAM.ManagedPolicy.self).properties
        let same = IAM.ManagedPolicy([.allow("s3:PutObject", "s3:GetObject", "s3:PutObject", on: "*")])
        var current = found
        current.tags = nil
        #expect(try await trial.operations { try await same.update("/p", from: current, trial.aws) } == [])
    }

    @Test func `the oldest version that does not count goes when there is no room`() async throws {
        var policy = IAM.ManagedPolicy(document("s3:A1"))
        try await trial.make("p", policy)
        for number in 2...7 {
            let next = IAM.ManagedPolicy(document("s3:A\(String(number))"))
            try await next.update("/p", from: policy, trial.aws)
            policy = next
        }
        #expect(stored?.versions.map(\.id) == ["v3", "v4", "v5", "v6", "v7"])
        #expect(stored?.current == "v7")
    }

    @Test func `a version that counts is kept although it is the oldest`() async throws {
        var policy = IAM.ManagedPolicy(document("s3:A1"))
        try await trial.make("p", policy)
        for number in 2...5 {
            let next = IAM.ManagedPolicy(document("s3:A\(String(number))"))
            try await next.update("/p", from: policy, trial.aws)
            policy = next
        }
        trial.fake.withServices { [arn] in $0.iam.managed[arn]?.current = "v1" }
        trial.fake.fail("iam", "CreatePolicyVersion", code: "MalformedPolicyDocument")
        await #expect(throws: AWSError.self) {
            try await IAM.ManagedPolicy(document("s3:B")).update("/p", from: policy, trial.aws)
        }
        #expect(stored?.versions.map(\.id) == ["v1", "v3", "v4", "v5"])
    }

    @Test func `a role has the policy by its ARN`() async throws {
        let policy = try await trial.make("p", IAM.ManagedPolicy(document("s3:*")))
        let policyARN = try #require(policy.attributes?.arn)
        try await trial.make("r", IAM.Role(trusting: .service("a"), managedPolicies: [Text(verbatim: policyARN)]))
        let found = try await trial.look("/p", IAM.ManagedPolicy.self).properties
        #expect(found.roles == ["r"])
    }

    @Test func `what others attached keeps the policy from being deleted, and nothing is taken away`() async throws {
        trial.fake.withServices { $0.iam.users["ada"] = FakeIAM.Principal() }
        let policy = IAM.ManagedPolicy(document("s3:*"), users: ["ada"])
        try await trial.make("p", policy)
        try await trial.make("r", IAM.Role(trusting: .service("a"), managedPolicies: [Text(verbatim: arn)]))
        try await trial.make("b", IAM.Role(trusting: .service("a"), permissionsBoundary: Text(verbatim: arn)))
        let error = await #expect(throws: AWSError.self) { try await policy.delete("/p", trial.aws) }
        #expect(error?.code == "DeleteConflict")
        #expect(error?.message.contains("role r, role b (as its boundary)") ?? false)
        #expect(trial.fake.withServices { $0.iam.users["ada"]?.attached } == [arn])
    }

    @Test func `with detachOnDelete it is taken from all, and its versions go first`() async throws {
        trial.fake.withServices {
            $0.iam.users["ada"] = FakeIAM.Principal()
            $0.iam.groups["all"] = FakeIAM.Principal()
        }
        let policy = IAM.ManagedPolicy(document("s3:*"), users: ["ada"], groups: ["all"], detachOnDelete: true)
        try await trial.make("p", policy)
        try await IAM.ManagedPolicy(document("s3:B")).update("/p", from: IAM.ManagedPolicy(document("s3:*")), trial.aws)
        try await trial.make("r", IAM.Role(trusting: .service("a"), managedPolicies: [Text(verbatim: arn)]))
        try await trial.make("b", IAM.Role(trusting: .service("a"), permissionsBoundary: Text(verbatim: arn)))
        trial.fake.withServices { [arn] in $0.iam.users["ada"]?.boundary = arn }
        try await policy.delete("/p", trial.aws)
        #expect(stored == nil)
        let roles = trial.fake.withServices { $0.iam.roles }
        #expect(roles["r"]?.attached == [])
        #expect(roles["b"]?.boundary == nil)
    }

    @Test func `what only roles attached is detached by declaring it`() async throws {
        for name in ["a", "b"] { trial.fake.withServices { $0.iam.addRole(name) } }
        try await trial.make("p", IAM.ManagedPolicy(document("s3:*"), roles: ["a"]))
        let current = try await trial.look("/p", IAM.ManagedPolicy.self).properties
        #expect(current.roles == ["a"])
        try await IAM.ManagedPolicy(document("s3:*"), roles: ["b"]).update("/p", from: current, trial.aws)
        #expect(try await trial.look("/p", IAM.ManagedPolicy.self).properties.roles == ["b"])
    }
}

extension [IAM.Statement] {
    fileprivate var document: IAM.PolicyDocument { IAM.PolicyDocument(self) }
}
