import SlipwayDeclaration
import SlipwayFakeAWS
import SlipwayProvider
import SlipwayResources

enum IAMRoleExample: ConformanceExample {
    static let minimal = IAM.Role(trusting: .service("glue.amazonaws.com"))

    static let full = IAM.Role(
        trusting: [.service("glue.amazonaws.com"), .account("123456789012", externalID: "tickit")],
        policies: [
            "lake": [
                .allow("s3:GetObject", "s3:PutObject", on: "arn:aws:s3:::lake/*"),
                .deny("s3:*", on: "*", when: .bool("aws:SecureTransport", false), sid: "Plain"),
            ],
            "logs": [.allow("logs:PutLogEvents", on: "*")],
        ],
        managedPolicies: [
            "arn:aws:iam::aws:policy/service-role/AWSGlueServiceRole", "arn:aws:iam::123456789012:policy/own",
        ],
        permissionsBoundary: "arn:aws:iam::123456789012:policy/own", description: "Runs jobs",
        maxSessionDuration: 7200, path: "/etl/", name: "tickit-etl", tags: ["team": "data", "tier": "etl"],
        detachOnDelete: true)

    static let changed: IAM.Role = {
        var role = full
        role.assumeRolePolicyDocument = IAM.Trust.service("ec2.amazonaws.com").document
        role.policies = ["lake": [.allow("s3:GetObject", on: "*")], "more": [.allow("glue:*", on: "*")]]
        role.managedPolicyArns = ["arn:aws:iam::aws:policy/ReadOnlyAccess"]
        role.permissionsBoundary = "arn:aws:iam::aws:policy/PowerUserAccess"
        role.description = "Runs other jobs"
        role.maxSessionDuration = 43_200
        role.tags = ["team": "platform"]
        return role
    }()

    static func prepare(_ services: inout FakeServices) {
        services.iam.policies.insert("arn:aws:iam::123456789012:policy/own")
    }

    static func disappear(_ identity: String, _ services: inout FakeServices) { services.iam.roles[identity] = nil }
}
