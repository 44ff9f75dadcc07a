internal import SlipwayAWS

extension S3 {
    /// Calls that only make sense when a bucket is there. Only a bucket that was made or seen before is written to, so a
    /// place that does not know it has not heard of it yet, and the engine tries again for a while.
    ///
    /// Source: <https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html>; that it takes up to minutes,
    /// <https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/s3/bucket.go>
    static func expectingBucket<Output>(_ calls: () async throws -> Output) async throws -> Output {
        do {
            return try await calls()
        } catch let error as AWSError where error.code == "NoSuchBucket" {
            throw AWSError(
                service: error.service, operation: error.operation, code: error.code, message: error.message,
                status: error.status, requestID: error.requestID, kind: .propagating,
                mayHaveHappened: error.mayHaveHappened, endpoint: error.endpoint, attempts: error.attempts,
                transport: error.transport)
        }
    }
}
