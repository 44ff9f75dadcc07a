// Lines that were reported against other tools name them: they are facts about AWS that its documentation does not have.

extension ErrorTable {
    /// Errors that all services have.
    static let common: [Row] = [
        // Source: https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html and
        // https://github.com/boto/botocore/blob/develop/botocore/retries/standard.py (ThrottledRetryableChecker)
        codes(
            .throttled, nil, "Throttling", "ThrottlingException", "ThrottledException", "RequestThrottledException",
            "TooManyRequestsException", "ProvisionedThroughputExceededException", "TransactionInProgressException",
            "RequestLimitExceeded", "BandwidthLimitExceeded", "LimitExceededException", "RequestThrottled", "SlowDown",
            "PriorRequestNotComplete", "EC2ThrottledException", "HTTP429"),
        // Source: https://github.com/boto/botocore/blob/develop/botocore/retries/standard.py (TransientRetryableChecker)
        codes(
            .transient, nil, "RequestTimeout", "RequestTimeoutException", "InternalError", "InternalFailure",
            "InternalServerError", "InternalServerException", "InternalServiceException", "InternalServiceError",
            "ServiceUnavailable", "ServiceUnavailableException", "ServiceFailure", "ServiceFailureException",
            "OperationTimeoutException", "IDPCommunicationError"),
        // Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-troubleshooting.html and
        // https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html
        codes(
            .badCredentials, nil, "SignatureDoesNotMatch", "InvalidSignatureException", "InvalidClientTokenId",
            "UnrecognizedClientException", "InvalidAccessKeyId", "IncompleteSignature", "IncompleteSignatureException",
            "MissingAuthenticationToken", "MissingAuthenticationTokenException", "AuthFailure", "ExpiredToken",
            "ExpiredTokenException", "RequestExpired", "TokenRefreshRequired", "InvalidToken", "InvalidSecurity",
            "RequestTimeTooSkewed", "RequestInTheFuture", "OptInRequired", "NotSignedUp", "InvalidIdentityToken"),
        codes(
            .denied, nil, "AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "UnauthorizedException",
            "AuthorizationError", "NotAuthorized", "Forbidden", "AllAccessDisabled", "AccountProblem"),
        codes(
            .invalid, nil, "ValidationError", "ValidationException", "InvalidParameterValue", "InvalidParameterCombination",
            "InvalidParameterException", "MissingParameter", "InvalidAction", "InvalidQueryParameter",
            "MalformedQueryString",
            "SerializationException", "UnknownOperationException", "InvalidRequestException", "BadRequest"),
        codes(.notFound, nil, "ResourceNotFoundException", "ResourceNotFound", "NotFoundException", "NotFound"),
        codes(.alreadyExists, nil, "ResourceAlreadyExistsException", "AlreadyExistsException", "ResourceExistsException"),
        codes(
            .busy, nil, "ConcurrentModificationException", "ConcurrentModification", "ResourceInUseException",
            "OperationAbortedException"),
    ].flatMap { $0 }

    /// IAM and STS.
    static let iam: [Row] = [
        // Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html#API_CreateRole_Errors
        codes(.notFound, "iam", "NoSuchEntity", "NoSuchEntityException"),
        codes(.alreadyExists, "iam", "EntityAlreadyExists", "EntityAlreadyExistsException"),
        // A quota, and no throttling: waiting does not help.
        codes(.invalid, "iam", "LimitExceeded", "LimitExceededException"),
        codes(.invalid, "iam", "MalformedPolicyDocument", "InvalidInput", "UnmodifiableEntity"),
        // A principal that was just created. The same words come where it never existed, so the wait has to end.
        // Source: https://github.com/hashicorp/terraform-provider-aws/issues/8905
        words(
            .propagating, "iam", "MalformedPolicyDocument",
            messages: "Invalid principal in policy*", "MalformedPolicyDocument: Invalid principal in policy*"),
        // Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateRole.html (the same for all its operations)
        codes(.busy, "iam", "ConcurrentModification", "EntityTemporarilyUnmodifiable"),
        // A role that still has parts that were just taken from it.
        // Source: https://github.com/hashicorp/terraform-provider-aws/issues/883
        codes(.busy, "iam", "DeleteConflict", "DeleteConflictException"),
        // Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
        codes(.denied, "sts", "RegionDisabledException"),
    ].flatMap { $0 }

    /// S3.
    ///
    /// Source: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
    static let s3: [Row] = [
        codes(.notFound, "s3", "NoSuchBucket", "NoSuchKey", "NoSuchVersion", "NoSuchUpload"),
        // A part of a bucket that is not set: each part has a code of its own.
        codes(
            .notFound, "s3", "NoSuchCORSConfiguration", "NoSuchWebsiteConfiguration", "NoSuchLifecycleConfiguration",
            "ReplicationConfigurationNotFoundError", "ServerSideEncryptionConfigurationNotFoundError",
            "NoSuchPublicAccessBlockConfiguration", "OwnershipControlsNotFoundError", "NoSuchBucketPolicy", "NoSuchTagSet",
            "NoSuchConfiguration", "ObjectLockConfigurationNotFoundError", "NoSuchObjectLockConfiguration",
            "MetadataConfigurationNotFound"),
        // The first is somebody else's bucket, the second ours.
        codes(.alreadyExists, "s3", "BucketAlreadyExists", "BucketAlreadyOwnedByYou"),
        // Source: https://github.com/aws/aws-cli/issues/2593
        codes(.busy, "s3", "OperationAborted", "ConditionalRequestConflict"),
        // Objects are still there. It is for the caller to empty the bucket.
        codes(
            .invalid, "s3", "BucketNotEmpty", "InvalidBucketName", "MalformedXML", "PreconditionFailed", "InvalidBucketState"
        ),
        // Source: https://github.com/hashicorp/terraform-provider-aws/blob/v5.0.0/internal/service/s3/bucket_policy.go
        codes(.invalid, "s3", "MalformedPolicy"),
        words(.propagating, "s3", "MalformedPolicy", messages: "Invalid principal in policy*"),
        // Another region's bucket.
        codes(.invalid, "s3", "PermanentRedirect", "AuthorizationHeaderMalformed", "IllegalLocationConstraintException"),
    ].flatMap { $0 }

    /// Glue.
    ///
    /// Source: https://docs.aws.amazon.com/glue/latest/dg/aws-glue-api-exceptions.html
    static let glue: [Row] = [
        codes(.notFound, "glue", "EntityNotFoundException"),
        codes(
            .alreadyExists, "glue", "AlreadyExistsException", "IdempotentParameterMismatchException",
            "FederatedResourceAlreadyExistsException"),
        codes(
            .invalid, "glue", "InvalidInputException", "ResourceNumberLimitExceededException", "GlueEncryptionException",
            "CrawlerNotRunningException", "FederationSourceException"),
        codes(.transient, "glue", "FederationSourceRetryableException"),
        codes(
            .busy, "glue", "CrawlerRunningException", "CrawlerStoppingException", "SchedulerTransitioningException",
            "ConcurrentModificationException", "VersionMismatchException", "ConcurrentRunsExceededException",
            "ResourceNotReadyException"),
        // Words that the code does not tell apart from a real mistake. A role, policy or configuration was just made, and
        // Glue does not see it yet.
        words(
            .propagating, "glue", "InvalidInputException",
            // Source: https://github.com/hashicorp/terraform-provider-aws/issues/30371
            messages: "Service is unable to assume provided role. Please verify role's TrustPolicy*",
            "Service is unable to assume role*", "*Please verify the role's TrustPolicy*",
            // Source: https://github.com/hashicorp/terraform-provider-aws/issues/5502 (and 30370)
            "* is not authorized to perform*",
            // Source: https://github.com/hashicorp/terraform-provider-aws/issues/17256
            "Insufficient Lake Formation permission*",
            // Source: https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/glue/crawler.go
            "SQS queue * does not exist or the role provided does not have access*",
            // Source: https://github.com/hashicorp/terraform-provider-aws/issues/50018
            "Error trying to retrieve security config*",
            // Another service was called with credentials of the new role. Without the suffix they are our own.
            "The security token included in the request is invalid*(Service:*",
            "You need to enable AWS Security Token Service for this region*"),
        words(
            .badCredentials, "glue", "InvalidInputException",
            messages: "The security token included in the request is invalid",
            "The security token included in the request is invalid."),
        words(
            .propagating, "glue", "AccessDeniedException",
            messages: "*(Service: AWSSecurityTokenService*", "*Please verify the role's TrustPolicy*"),
        // Source: https://github.com/hashicorp/terraform-provider-aws/issues/43345
        words(
            .busy, "glue", "InvalidInputException", messages: "Cannot update Crawler while running*", "Crawler * is running*"
        ),
        // Triggers added to one workflow at the same time.
        // Source: https://github.com/aws-cloudformation/cloudformation-coverage-roadmap/issues/2103
        words(.busy, "glue", "InvalidInputException", messages: "Workflow was modified while adding trigger*"),
        words(.busy, "glue", "OperationTimeoutException", messages: "Workflow was modified while adding trigger*"),
    ].flatMap { $0 }

    /// CloudWatch Logs.
    ///
    /// Source: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html
    static let logs: [Row] = [
        codes(.busy, "logs", "OperationAbortedException"),
        // A quota, and no throttling.
        codes(.invalid, "logs", "LimitExceededException", "InvalidParameterException", "InvalidOperationException"),
        codes(.alreadyExists, "logs", "ResourceAlreadyExistsException"),
    ].flatMap { $0 }

    /// Redshift and RDS.
    static let warehouses: [Row] = [
        // Source: https://docs.aws.amazon.com/redshift/latest/APIReference/API_CreateCluster.html#API_CreateCluster_Errors
        // and https://github.com/boto/botocore/tree/develop/botocore/data/redshift (codes)
        codes(
            .notFound, "redshift", "ClusterNotFound", "ClusterSubnetGroupNotFoundFault", "ClusterParameterGroupNotFound",
            "ClusterSnapshotNotFound", "ResourceNotFoundFault", "SnapshotScheduleNotFound", "EndpointNotFound",
            "SubscriptionNotFound", "ClusterSecurityGroupNotFound"),
        codes(
            .alreadyExists, "redshift", "ClusterAlreadyExists", "ClusterSubnetGroupAlreadyExists",
            "ClusterParameterGroupAlreadyExists", "ClusterSnapshotAlreadyExists", "SnapshotScheduleAlreadyExists"),
        // Source: https://github.com/hashicorp/terraform/issues/8270
        codes(
            .busy, "redshift", "InvalidClusterState", "InvalidClusterSubnetGroupStateFault",
            "InvalidClusterSubnetStateFault", "InvalidClusterParameterGroupState", "InvalidClusterSnapshotState"),
        codes(.invalid, "redshift", "UnsupportedOperation"),
        // What Redshift asks for on its side.
        codes(.throttled, "redshift", "DependentServiceRequestThrottlingFault"),
        codes(.transient, "redshift", "DependentServiceUnavailableFault"),
        // These come even when the cluster says that it is available.
        // Source: https://github.com/terraform-aws-modules/terraform-aws-redshift/issues/65
        words(
            .busy, "redshift", "InvalidParameterValue",
            messages: "There is an operation running on the Cluster*", "*being modified by a concurrent operation*"),
        words(
            .busy, "redshift", "UnsupportedOperation",
            messages: "There is an operation running on the Cluster*", "*being modified by a concurrent operation*"),
        // Source: https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html
        codes(
            .notFound, "rds", "DBInstanceNotFound", "DBInstanceNotFoundFault", "DBSubnetGroupNotFoundFault",
            "DBParameterGroupNotFound", "DBSnapshotNotFound", "DBClusterNotFoundFault", "OptionGroupNotFoundFault"),
        codes(
            .alreadyExists, "rds", "DBInstanceAlreadyExists", "DBSubnetGroupAlreadyExists", "DBParameterGroupAlreadyExists",
            "DBSnapshotAlreadyExists", "DBClusterAlreadyExistsFault"),
        codes(
            .busy, "rds", "InvalidDBInstanceState", "InvalidDBSubnetGroupStateFault", "InvalidDBParameterGroupState",
            "InvalidDBSnapshotState", "InvalidDBClusterStateFault"),
        // It is being deleted: whoever wanted that has it.
        words(.notFound, "rds", "InvalidDBInstanceState", messages: "Instance * is already being deleted*"),
        // Source: https://github.com/hashicorp/terraform-provider-aws/blob/v3.0.0/aws/resource_aws_db_instance.go
        words(
            .propagating, "rds", "InvalidParameterValue",
            messages: "IAM role ARN value is invalid or does not include the required permissions*",
            "*ENHANCED_MONITORING*", "*S3_SNAPSHOT_INGESTION*"),
    ].flatMap { $0 }

    /// EC2's networks.
    ///
    /// Source: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html
    static let ec2: [Row] = [
        codes(
            .notFound, "ec2", "InvalidGroup.NotFound", "InvalidGroupId.NotFound", "InvalidVpcID.NotFound",
            "InvalidSubnetID.NotFound", "InvalidPermission.NotFound", "InvalidPrefixListId.NotFound",
            "InvalidSecurityGroupRuleId.NotFound"),
        codes(.alreadyExists, "ec2", "InvalidGroup.Duplicate", "InvalidPermission.Duplicate"),
        // Something is still in the group, such as a network interface that a service has not given back yet.
        // Source: https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/ec2/vpc_security_group.go
        codes(.busy, "ec2", "DependencyViolation", "InvalidGroup.InUse"),
        // Quotas, and no throttling.
        codes(
            .invalid, "ec2", "SecurityGroupLimitExceeded", "RulesPerSecurityGroupLimitExceeded", "TagLimitExceeded",
            "VPCIdNotSpecified", "InvalidGroup.Reserved", "InvalidGroupId.Malformed"),
    ].flatMap { $0 }

    /// Athena, Secrets Manager, KMS, the Redshift Data API.
    static let others: [Row] = [
        // Athena has no code for what does not exist.
        // Source: https://docs.aws.amazon.com/athena/latest/APIReference/API_GetWorkGroup.html
        words(.notFound, "athena", "InvalidRequestException", messages: "WorkGroup * is not found*", "* is not found*"),
        words(
            .alreadyExists, "athena", "InvalidRequestException", messages: "WorkGroup is already created*",
            "* already exists*"),
        words(.notFound, "athena", "MetadataException", messages: "* not found*"),
        // Source: https://github.com/hashicorp/terraform-provider-aws/issues/4467
        words(
            .busy, "secretsmanager", "InvalidRequestException",
            messages: "*scheduled for deletion*", "*was deleted*", "*marked for deletion*"),
        // Source: https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_PutResourcePolicy.html
        codes(.invalid, "secretsmanager", "MalformedPolicyDocumentException", "LimitExceededException"),
        words(
            .propagating, "secretsmanager", "MalformedPolicyDocumentException",
            messages: "This resource policy contains an unsupported principal*"),
        // Source: https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateKey.html
        codes(.transient, "kms", "KMSInternalException", "DependencyTimeoutException"),
        codes(.busy, "kms", "KMSInvalidStateException"),
        codes(.invalid, "kms", "LimitExceededException", "MalformedPolicyDocumentException"),
        words(
            .propagating, "kms", "MalformedPolicyDocumentException",
            messages: "Policy contains a statement with one or more invalid principals*"),
        // Source: https://docs.aws.amazon.com/redshift-data/latest/APIReference/API_ExecuteStatement.html
        codes(.throttled, "redshift-data", "ActiveStatementsExceededException", "ActiveSessionsExceededException"),
        // Source: https://docs.aws.amazon.com/cloudcontrolapi/latest/APIReference/API_CreateResource.html
        codes(.invalid, "cloudcontrol", "UnsupportedActionException", "TypeNotFoundException"),
        codes(.busy, "cloudcontrol", "ConcurrentOperationException", "ResourceConflictException"),
    ].flatMap { $0 }
}
