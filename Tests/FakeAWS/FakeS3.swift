/// Simple Storage Service.
package struct FakeS3: Sendable {
    /// Carries a call out.
    package mutating func handle(_ call: FakeCall) -> FakeAnswer {
        switch call.operation {
        default: .unknown(call)
        }
    }
}
