private import SlipwayDeclaration

/// The Security Token Service.
package struct FakeSTS: Sendable {
    /// The caller's ARN.
    package var caller = "arn:aws:iam::\(FakeAWS.account):user/tester"

    /// Carries a call out.
    package mutating func handle(_ call: FakeCall) -> FakeAnswer {
        switch call.operation {
        case "GetCallerIdentity":
            .ok(["UserId": "AIDACKCEVSQ6C2EXAMPLE", "Account": .string(FakeAWS.account), "Arn": .string(caller)])
        default: .unknown(call)
        }
    }
}
