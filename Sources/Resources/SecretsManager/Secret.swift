public import SlipwayDeclaration
public import SlipwayProvider

extension SecretsManager {
    /// A secret: a text that AWS keeps encrypted, such as the password of a database.
    ///
    /// ```swift
    /// SecretsManager.Secret(generate: .init(template: #"{"username": "etl"}"#, key: "password"))
    /// SecretsManager.Secret(value: .environment("WAREHOUSE_PASSWORD"))
    /// ```
    ///
    /// Source: <https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html>
    public struct Secret: ResourceKind {
        public static let type = "AWS::SecretsManager::Secret"

        /// 1 to 512 letters, digits and `/_+=.@-`; one is made from the address when it is left out.
        @CreateOnly public var name: Text?
        /// At most 2048 characters.
        public var description: Text?
        /// The key that the value is encrypted with: its ARN, id or alias; AWS's own when it is left out.
        public var kmsKeyId: Text?
        /// What the secret is.
        @WriteOnly public var secretString: SlipwayDeclaration.Secret?
        /// How AWS makes the secret up. That happens once, and again when this is changed.
        @WriteOnly public var generateSecretString: Generation?
        /// Other regions that have copies.
        @Unordered public var replicaRegions: [Replica]?
        /// What somebody else manages the secret for; AWS cannot clear it.
        public var type: Text?
        public var tags: [String: Text]?
        /// For how many days a deleted secret can be restored: 7 to 30, AWS's own is 30; 0 deletes it for good at once.
        @WriteOnly public var recoveryWindowInDays: Int?

        public struct Attributes: Codable, Hashable, Sendable {
            public let name: String
            /// `arn:aws:secretsmanager:<region>:<account>:secret:<name>-<six characters>`
            public let arn: String
        }

        /// A copy in another region.
        public struct Replica: Codable, Hashable, Sendable {
            public var region: Text
            /// A key of that region: its ARN, id or alias; AWS's own when it is left out.
            public var kmsKeyId: Text?

            public init(_ region: Text, key: Text? = nil) {
                self.region = region
                kmsKeyId = key
            }
        }

        public init(
            value: SlipwayDeclaration.Secret? = nil, generate: Generation? = nil, description: Text? = nil,
            key: Text? = nil, recoveryWindowInDays: Int? = nil, replicas: [Replica]? = nil, type: Text? = nil,
            name: Text? = nil, tags: [String: Text]? = nil
        ) {
            self.name = name
            self.description = description
            kmsKeyId = key
            secretString = value
            generateSecretString = generate
            replicaRegions = replicas
            self.type = type
            self.tags = tags
            self.recoveryWindowInDays = recoveryWindowInDays
        }

        /// The create takes a token, but a second create with it must also have the same value, and a value is kept
        /// nowhere. The name is unique and the create sets tags, so looking tells what became of it.
        public static let identification = Identification.named
        public static let naming = Naming(limit: 512)
        /// Copies are made, and secrets go away, after the call has returned.
        public static let patience = Patience(every: .seconds(1), upTo: .seconds(300))
        public static let permissions = Permissions(
            create: [
                "secretsmanager:CreateSecret", "secretsmanager:TagResource", "secretsmanager:GetRandomPassword",
                "secretsmanager:ReplicateSecretToRegions", "secretsmanager:DescribeSecret",
                "secretsmanager:RestoreSecret",
            ],
            read: ["secretsmanager:DescribeSecret"],
            update: [
                "secretsmanager:UpdateSecret", "secretsmanager:DescribeSecret", "secretsmanager:GetRandomPassword",
                "secretsmanager:ReplicateSecretToRegions", "secretsmanager:RemoveRegionsFromReplication",
                "secretsmanager:TagResource", "secretsmanager:UntagResource",
            ],
            delete: [
                "secretsmanager:DeleteSecret", "secretsmanager:DescribeSecret",
                "secretsmanager:RemoveRegionsFromReplication",
            ])
        /// `UpdateSecret` keeps what it is not given.
        ///
        /// Source: <https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_UpdateSecret.html>, seen on
        /// 2026-07-27.
        public static let removals: [String: Removal] = [
            "Description": .sentinel(""), "KmsKeyId": .sentinel(""), "SecretString": .never,
            "GenerateSecretString": .never, "Type": .never,
        ]

        public var fixedName: Text? { name }

        public func foreseen(_ identity: String, at location: Location) -> Foreseen<Attributes> {
            Foreseen { $0[\.name] = identity }
        }

        public func canonical() -> Secret {
            var secret = self
            secret.description = description?.nonEmpty
            secret.kmsKeyId = Self.key(kmsKeyId)
            secret.replicaRegions = replicaRegions?.map { Replica($0.region, key: Self.key($0.kmsKeyId)) }
            return secret
        }

        /// A key without what AWS adds to it or leaves out: its id or alias; `nil` for AWS's own.
        private static func key(_ key: Text?) -> Text? {
            guard let text = key?.literal else { return key }
            var name = text[...]
            if text.hasPrefix("arn:"), let resource = text.split(separator: ":", maxSplits: 5).last {
                name = resource.hasPrefix("key/") ? resource.dropFirst(4) : resource
            }
            return name.isEmpty || name == "alias/aws/secretsmanager" ? nil : Text(verbatim: String(name))
        }
    }
}

extension SecretsManager.Secret {
    public func check() -> [Problem] {
        var found: [Problem] = []
        if let name = name?.literal {
            let isName = name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "/_+=.@-".contains($0)) }
            if !isName || !(1...512).contains(name.count) {
                found.append(Problem("Name", "a secret's name has 1 to 512 letters, digits and /_+=.@-"))
            }
        }
        if let description = description?.literal, description.count > 2048 {
            found.append(Problem("Description", "it has \(description.count) characters, and at most 2048 are allowed"))
        }
        if secretString != nil, generateSecretString != nil {
            found.append(Problem("GenerateSecretString", "a secret is either given or made up", hint: "leave one out"))
        }
        found += generateSecretString?.problems ?? []
        if let days = recoveryWindowInDays, days != 0, !(7...30).contains(days) {
            found.append(
                Problem(
                    "RecoveryWindowInDays", "a deleted secret can be restored for 7 to 30 days, not for \(days)",
                    hint: "0 deletes it for good at once"))
        }
        var regions: Set<Text> = []
        for region in (replicaRegions ?? []).map(\.region) where !regions.insert(region).inserted {
            found.append(Problem("ReplicaRegions", "'\(region.spelling)' is there twice"))
        }
        return found
    }
}
