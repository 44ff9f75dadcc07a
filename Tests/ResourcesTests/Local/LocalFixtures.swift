import SlipwayAWS
import SlipwayDeclaration
import SlipwayProvider
import SlipwayResources

/// What examples need on the local AWS, made where it is missing.
enum LocalFixtures {
    /// ARN of a new key.
    static func key(_ aws: AWSClient) async throws -> String {
        struct Metadata: Decodable, Sendable { let arn: String }
        struct Output: Decodable, Sendable { let keyMetadata: Metadata }
        return try await aws.call(.kms, "CreateKey", as: Output.self).keyMetadata.arn
    }

    static func alias(_ name: String, of key: String, _ aws: AWSClient) async throws {
        struct Input: Encodable { let aliasName, targetKeyId: String }
        try await unlessThere {
            try await aws.call(.kms, "CreateAlias", Input(aliasName: name, targetKeyId: key))
        }
    }

    /// A resource of one of our own kinds, without what an update would add to it.
    /// - Returns: Its identity.
    @discardableResult
    static func make<Kind: ResourceKind>(_ kind: Kind, _ name: String, _ aws: AWSClient) async throws -> String {
        let ownership = Ownership(lineage: "fixture", address: "fixture", generation: 1, nonce: name)
        let location = Location(account: aws.account, region: aws.region)
        let creation = Creation(
            name: name, location: location, ownership: ownership, token: String(repeating: "f", count: 32))
        var identity = kind.identity(name)?.literal ?? name
        try await unlessThere { identity = try await kind.create(creation, aws).identity }
        return identity
    }

    static func role(_ name: String, path: Text? = nil, _ aws: AWSClient) async throws {
        let trust: IAM.Trust = [.service("glue.amazonaws.com"), .service("redshift.amazonaws.com")]
        try await make(IAM.Role(trusting: trust, path: path), name, aws)
    }

    static func user(_ name: String, _ aws: AWSClient) async throws {
        struct Input: Encodable { let userName: String }
        try await unlessThere { try await aws.call(.iam, "CreateUser", Input(userName: name)) }
    }

    static func group(_ name: String, _ aws: AWSClient) async throws {
        struct Input: Encodable { let groupName: String }
        try await unlessThere { try await aws.call(.iam, "CreateGroup", Input(groupName: name)) }
    }

    static func connection(_ name: String, _ aws: AWSClient) async throws {
        struct Connection: Encodable {
            let name: String
            let connectionType = "JDBC"
            let connectionProperties: [String: String]
        }
        struct Input: Encodable { let connectionInput: Connection }
        let connection = Connection(
            name: name,
            connectionProperties: [
                "JDBC_CONNECTION_URL": "jdbc:postgresql://localhost:5432/tickit", "USERNAME": "etl", "PASSWORD": "none",
            ])
        try await unlessThere {
            try await aws.call(.glue, "CreateConnection", Input(connectionInput: connection))
        }
    }

    static func securityConfiguration(_ name: String, _ aws: AWSClient) async throws {
        struct Encryption: Encodable {
            struct Mode: Encodable { let s3EncryptionMode = "SSE-S3" }
            let s3Encryption = [Mode()]
        }
        struct Input: Encodable { let name: String, encryptionConfiguration = Encryption() }
        try await unlessThere { try await aws.call(.glue, "CreateSecurityConfiguration", Input(name: name)) }
    }

    static func classifier(_ name: String, _ aws: AWSClient) async throws {
        struct Classifier: Encodable { let name: String, delimiter = "|", containsHeader = "PRESENT" }
        struct Input: Encodable { let csvClassifier: Classifier }
        try await unlessThere {
            try await aws.call(.glue, "CreateClassifier", Input(csvClassifier: Classifier(name: name)))
        }
    }

    static func workflow(_ name: String, _ aws: AWSClient) async throws {
        struct Input: Encodable { let name: String }
        try await unlessThere { try await aws.call(.glue, "CreateWorkflow", Input(name: name)) }
    }

    static func vpc(_ aws: AWSClient) async throws -> String {
        struct Input: Encodable { let cidrBlock = "10.20.0.0/16" }
        struct VPC: Decodable, Sendable { let vpcId: String }
        struct Output: Decodable, Sendable { let vpc: VPC }
        return try await aws.call(.ec2, "CreateVpc", Input(), as: Output.self).vpc.vpcId
    }

    static func prefixList(_ aws: AWSClient) async throws -> String {
        struct Input: Encodable { let prefixListName = "offices", maxEntries = 5, addressFamily = "IPv4" }
        struct List: Decodable, Sendable { let prefixListId: String }
        struct Output: Decodable, Sendable { let prefixList: List }
        return try await aws.call(.ec2, "CreateManagedPrefixList", Input(), as: Output.self).prefixList.prefixListId
    }

    private static func unlessThere(_ call: () async throws -> Void) async throws {
        do { try await call() } catch let error as AWSError where error.kind == .alreadyExists {}
    }
}
