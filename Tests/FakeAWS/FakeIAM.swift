/// Identity and Access Management.
package struct FakeIAM: Sendable {
    /// Carries a call out.
    package mutating func handle(_ call: FakeCall) -> FakeAnswer {
        switch call.operation {
        default: .unknown(call)
        }
    }
}
