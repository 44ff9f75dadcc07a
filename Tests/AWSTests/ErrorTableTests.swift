import Testing

@testable import SlipwayAWS

@Suite struct ErrorTableTests {
    private func check(
        _ service: String, _ code: String, _ message: String = "", status: Int = 400, is expected: AWSError.Kind,
        _ location: SourceLocation = #_sourceLocation
    ) {
        let kind = ErrorTable.kind(service: service, code: code, message: message, status: status)
        #expect(kind == expected, sourceLocation: location)
    }

    @Test(arguments: [
        "Service is unable to assume provided role. Please verify role's TrustPolicy",
        "Service is unable to assume the role arn:aws:iam::123456789012:role/x. Please verify the role's TrustPolicy",
        "Service is unable to assume role arn:aws:iam::123456789012:role/x",
        "Role arn:aws:iam::1:role/x is not authorized to perform: glue:GetConnection on resource: y",
        "Insufficient Lake Formation permission(s) on s3://b/",
        "SQS queue arn:aws:sqs:eu-west-1:1:q does not exist or the role provided does not have access to it",
        "The security token included in the request is invalid. (Service: AmazonSQS; Status Code: 403)",
        "Error trying to retrieve security config x",
        "You need to enable AWS Security Token Service for this region.",
    ])
    func `Glue does not see a fresh role yet`(message: String) {
        check("glue", "InvalidInputException", message, is: .propagating)
    }

    @Test func `the same words about our own credentials are no reason to wait`() {
        check("glue", "InvalidInputException", "The security token included in the request is invalid.", is: .badCredentials)
        check(
            "glue", "UnrecognizedClientException", "The security token included in the request is invalid.",
            is: .badCredentials)
        check("glue", "InvalidInputException", "Please do not set Max Capacity if using Worker Type", is: .invalid)
        check("glue", "InvalidInputException", "My text has: Service is unable to assume role", is: .invalid)
    }

    @Test func `Glue's crawlers and triggers are busy`() {
        check("glue", "CrawlerRunningException", is: .busy)
        check("glue", "SchedulerTransitioningException", is: .busy)
        check("glue", "VersionMismatchException", is: .busy)
        check("glue", "InvalidInputException", "Cannot update Crawler while running.", is: .busy)
        check("glue", "CrawlerStoppingException", is: .busy)
        check("glue", "CrawlerNotRunningException", is: .invalid)
        check("glue", "FederationSourceRetryableException", is: .transient)
        check("glue", "FederatedResourceAlreadyExistsException", is: .alreadyExists)
        check("glue", "EntityNotFoundException", is: .notFound)
        check("glue", "AlreadyExistsException", is: .alreadyExists)
        check("glue", "IdempotentParameterMismatchException", is: .alreadyExists)
    }

    @Test func `a principal may only not be known yet`() {
        check(
            "iam", "MalformedPolicyDocument", "Invalid principal in policy: \"AWS\":\"arn:aws:iam::1:role/x\"",
            is: .propagating)
        check("iam", "MalformedPolicyDocument", "Syntax errors in policy.", is: .invalid)
        check("s3", "MalformedPolicy", "Invalid principal in policy", is: .propagating)
        check("s3", "MalformedPolicy", "Policy has invalid resource", is: .invalid)
    }

    @Test func `IAM`() {
        check("iam", "NoSuchEntity", status: 404, is: .notFound)
        check("iam", "EntityAlreadyExists", status: 409, is: .alreadyExists)
        check("iam", "DeleteConflict", status: 409, is: .busy)
        check("iam", "ConcurrentModification", status: 409, is: .busy)
        check("iam", "LimitExceeded", status: 409, is: .invalid)
        check("iam", "Throttling", is: .throttled)
    }

    @Test(arguments: [
        "NoSuchCORSConfiguration", "NoSuchWebsiteConfiguration", "NoSuchLifecycleConfiguration",
        "ReplicationConfigurationNotFoundError", "ServerSideEncryptionConfigurationNotFoundError",
        "NoSuchPublicAccessBlockConfiguration", "OwnershipControlsNotFoundError", "NoSuchBucketPolicy", "NoSuchTagSet",
        "NoSuchBucket", "NoSuchKey", "NoSuchUpload", "ObjectLockConfigurationNotFoundError",
    ])
    func `a part of a bucket that is not set is not found`(code: String) {
        check("s3", code, status: 404, is: .notFound)
    }

    @Test func `S3`() {
        check("s3", "OperationAborted", status: 409, is: .busy)
        check("s3", "BucketAlreadyOwnedByYou", status: 409, is: .alreadyExists)
        check("s3", "BucketAlreadyExists", status: 409, is: .alreadyExists)
        check("s3", "SlowDown", status: 503, is: .throttled)
        check("s3", "InternalError", status: 500, is: .transient)
        check("s3", "BucketNotEmpty", status: 409, is: .invalid)
        check("s3", "AccessControlListNotSupported", is: .invalid)
        check("s3", "AccessDenied", status: 403, is: .denied)
        check("s3", "SignatureDoesNotMatch", status: 403, is: .badCredentials)
    }

    @Test func `Redshift and RDS`() {
        check("redshift", "ClusterNotFound", status: 404, is: .notFound)
        check("redshift", "InvalidClusterState", is: .busy)
        check(
            "redshift", "InvalidClusterState",
            "There is an operation running on the Cluster. Please try to execute it again.", is: .busy)
        check("redshift", "InvalidClusterSubnetGroupStateFault", is: .busy)
        check("redshift", "InvalidClusterSubnetStateFault", is: .busy)
        check("redshift", "InvalidClusterParameterGroupState", is: .busy)
        check("redshift", "ClusterSnapshotAlreadyExists", is: .alreadyExists)
        check("redshift", "DependentServiceRequestThrottlingFault", is: .throttled)
        check("redshift", "DependentServiceUnavailableFault", is: .transient)
        check("redshift", "ClusterQuotaExceeded", is: .invalid)
        check("redshift", "InvalidParameterValue", "There is an operation running on the Cluster.", is: .busy)
        check("redshift", "InvalidParameterValue", "Node type is wrong", is: .invalid)
        check("rds", "InvalidDBInstanceState", "Instance x is already being deleted.", is: .notFound)
        check("rds", "InvalidDBInstanceState", "Instance x is not currently available", is: .busy)
    }

    @Test func `Secrets Manager, Athena and Logs`() {
        check(
            "secretsmanager", "InvalidRequestException",
            "You can't create this secret because a secret with this name is already scheduled for deletion.", is: .busy)
        check("secretsmanager", "ResourceNotFoundException", is: .notFound)
        check("secretsmanager", "ResourceExistsException", is: .alreadyExists)
        check("athena", "InvalidRequestException", "WorkGroup x is not found.", is: .notFound)
        check("athena", "InvalidRequestException", "Something else", is: .invalid)
        check("logs", "ResourceNotFoundException", "The specified log group does not exist.", is: .notFound)
        check("logs", "LimitExceededException", is: .invalid)
        check("glue", "LimitExceededException", is: .throttled)
    }

    @Test(arguments: [
        (400, AWSError.Kind.invalid), (403, .denied), (404, .notFound), (429, .throttled), (500, .transient),
        (504, .transient), (301, .other),
    ])
    func `a code that is in no row is what its status says`(status: Int, kind: AWSError.Kind) {
        check("glue", "NeverHeardOf", status: status, is: kind)
    }

    @Test(arguments: [
        ("abc", "abc", true), ("abc", "ab", false), ("abc", "a*", true), ("abc", "*c", true), ("abc", "*b*", true),
        ("abc", "b*", false), ("a-b-c", "a*b*c", true), ("ac", "a*b*c", false), ("aba", "ab*ba", false), ("", "*", true),
    ])
    func `a pattern is like the whole message`(text: String, pattern: String, expected: Bool) {
        #expect(ErrorTable.matches(text, pattern) == expected)
    }

    @Test func `no two rows say the same of the same`() {
        let keys = ErrorTable.rows.map { "\($0.service ?? "*") \($0.code) \($0.message ?? "")" }
        let twice = Dictionary(grouping: keys) { $0 }.filter { $0.value.count > 1 }.keys
        #expect(twice.sorted() == [])
    }

    @Test func `EC2's codes have dots, and quotas are no throttling`() {
        check("ec2", "InvalidGroup.NotFound", is: .notFound)
        check("ec2", "InvalidGroup.Duplicate", is: .alreadyExists)
        check("ec2", "DependencyViolation", "resource sg-1 has a dependent object", is: .busy)
        check("ec2", "RulesPerSecurityGroupLimitExceeded", is: .invalid)
        check("ec2", "RequestLimitExceeded", status: 503, is: .throttled)
    }
}
