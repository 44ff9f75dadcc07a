import SlipwayDeclaration

extension RecordedCall {
    /// The actions of services whose operations are actions by the same name, and what else an operation's input asks
    /// for.
    ///
    /// Source: <https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsglue.html> and its
    /// neighbours.
    var plainActions: Set<String> {
        // The tagging API goes by another name in policies.
        var actions: Set<String> = ["\(service == "tagging" ? "tag" : service):\(operation)"]
        switch (service, operation) {
        case ("glue", "CreateJob"), ("glue", "UpdateJob"), ("glue", "CreateCrawler"): actions.insert("iam:PassRole")
        case ("glue", "UpdateCrawler") where input["Role"] != nil: actions.insert("iam:PassRole")
        case ("redshift", "CreateCluster") where input["IamRoles"] != nil,
            ("redshift", "ModifyClusterIamRoles") where input["AddIamRoles"] != nil:
            actions.insert("iam:PassRole")
        case ("ec2", "CreateSecurityGroup"):
            if input["TagSpecification"] != nil { actions.insert("ec2:CreateTags") }
        case ("redshift-data", "ExecuteStatement"), ("redshift-data", "BatchExecuteStatement"):
            // Source: <https://docs.aws.amazon.com/redshift/latest/mgmt/data-api-access.html>
            if input["SecretArn"] != nil {
                actions.insert("secretsmanager:GetSecretValue")
            } else if input["WorkgroupName"] != nil {
                actions.insert("redshift-serverless:GetCredentials")
            } else {
                actions.insert(input["DbUser"] != nil ? "redshift:GetClusterCredentials" : "redshift:GetClusterCredentialsWithIAM")
            }
        case ("secretsmanager", "CreateSecret"):
            if input["AddReplicaRegions"] != nil { actions.insert("secretsmanager:ReplicateSecretToRegions") }
        default: break
        }
        guard operation.hasPrefix("Create"), hasTags else { return actions }
        switch service {
        case "iam": actions.insert("iam:Tag\(operation.dropFirst("Create".count))")
        case "redshift": actions.insert("redshift:CreateTags")
        default: actions.insert("\(service):TagResource")
        }
        return actions
    }

    private var hasTags: Bool {
        switch input["Tags"] ?? input["tags"] {
        case .object(let tags): !tags.isEmpty
        case .array(let tags): !tags.isEmpty
        default: false
        }
    }
}
