import SlipwayAWS

/// What calls answer; `nil` when what they are about does not exist.
///
/// - Throws: Every other error.
@discardableResult
func ifPresent<Output>(_ calls: () async throws -> Output) async throws -> Output? {
    do {
        return try await calls()
    } catch let error as AWSError where error.kind == .notFound {
        return nil
    }
}
