import SlipwayDeclaration
import SlipwayFakeAWS
import SlipwayProvider
import SlipwayResources

enum IAMManagedPolicyExample: ConformanceExample {
    static let minimal = IAM.ManagedPolicy([.allow("s3:ListAllMyBuckets", on: "*")])

    static let full = IAM.ManagedPolicy(
        [
            .allow("s3:GetObject", "s3:PutObject", on: "arn:aws:s3:::lake/*"),
            .deny("s3:*", on: "*", when: .bool("aws:SecureTransport", false), sid: "Plain"),
        ],
        description: "The lake", roles: ["etl", "loader"], users: ["ada"], groups: ["analysts"], path: "/etl/",
        name: "tickit-lake", tags: ["team": "data", "tier": "etl"], detachOnDelete: true)

    static let changed: IAM.ManagedPolicy = {
        var policy = full
        policy.policyDocument = [.allow("s3:GetObject", on: "*")]
        policy.roles = ["loader"]
        policy.users = ["ada", "grace"]
        policy.groups = []
        policy.tags = ["team": "platform"]
        return policy
    }()

    static func prepare(_ services: inout FakeServices) {
        for name in ["etl", "loader"] { services.iam.addRole(name) }
        for name in ["ada", "grace"] { services.iam.users[name] = FakeIAM.Principal() }
        services.iam.groups["analysts"] = FakeIAM.Principal()
    }

    static func disappear(_ identity: String, _ services: inout FakeServices) {
        services.iam.managed["arn:aws:iam::\(FakeAWS.account):policy\(identity)"] = nil
    }
}
