/// CloudWatch Logs.
package struct FakeLogs: Sendable {
    /// Carries a call out.
    package mutating func handle(_ call: FakeCall) -> FakeAnswer {
        switch call.operation {
        default: .unknown(call)
        }
    }
}
