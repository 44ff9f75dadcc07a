/// Everything that exists, by service. Each service is a value with its own state.
package struct FakeServices: Sendable {
    package var s3 = FakeS3()
    package var iam = FakeIAM()
    package var glue = FakeGlue()
    package var ec2 = FakeEC2()
    package var secretsManager = FakeSecretsManager()
    package var sts = FakeSTS()
    package var logs = FakeLogs()
    package var redshift = FakeRedshift()
    package var redshiftData = FakeRedshiftData()
    package var tagging = FakeTagging()

    /// Nothing exists.
    package init() {}

    /// Carries a call out.
    package mutating func handle(_ call: FakeCall) -> FakeAnswer {
        switch call.service {
        case "s3": s3.handle(call)
        case "iam": iam.handle(call)
        case "glue": glue.handle(call)
        case "ec2": ec2.handle(call)
        case "secretsmanager": secretsManager.handle(call)
        case "sts": sts.handle(call)
        case "logs": logs.handle(call)
        case "redshift": redshift.handle(call)
        case "redshift-data": redshiftData.handle(call)
        case "tagging": tagging.handle(call, tags(in: call.region))
        default: .error("UnknownService", "there is no service '\(call.service)' here", status: 501)
        }
    }
}

extension FakeAnswer {
    /// The answer to an operation that is not made up here.
    package static func unknown(_ call: FakeCall) -> FakeAnswer {
        .error("UnknownOperationException", "\(call.service) has no \(call.operation) here", status: 501)
    }
}
