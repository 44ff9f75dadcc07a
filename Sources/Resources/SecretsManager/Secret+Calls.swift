public import SlipwayAWS
import SlipwayDeclaration
public import SlipwayProvider

extension SecretsManager.Secret {
    public func create(_ new: Creation, _ aws: AWSClient) async throws -> Created<SecretsManager.Secret> {
        struct Input: Encodable {
            let name: String
            let clientRequestToken: String
            let description: Text?
            let kmsKeyId: Text?
            let secretString: String?
            let addReplicaRegions: [Replica]?
            let type: Text?
            let tags: [ResourceTags.Tag]
        }
        let value = try await generateSecretString?.make(aws) ?? given()
        let input = Input(
            name: new.name, clientRequestToken: new.token, description: description?.nonEmpty,
            kmsKeyId: kmsKeyId?.nonEmpty, secretString: value,
            addReplicaRegions: replicaRegions.flatMap { $0.isEmpty ? nil : $0 }, type: type,
            tags: ResourceTags.Tag.list(new.tags(tags)))
        let answer = try await unlessBusy { () async throws(AWSError) in
            // With the token, sending the same again makes nothing new.
            try await aws.call(.secretsManager, "CreateSecret", input, as: Named.self, repeatability: .idempotent)
        }
        switch answer {
        case .success(let made): return Created(made.name, self, made.attributes, immutableID: made.arn)
        case .failure(let refusal):
            guard let restored = try await restore(new, aws) else { throw refusal }
            return restored
        }
    }

    /// What a create answers, or why its name cannot be used yet.
    private func unlessBusy(
        _ call: () async throws(AWSError) -> Named
    ) async throws -> Result<Named, AWSError> {
        do {
            return .success(try await call())
        } catch where error.kind == .busy {
            return .failure(error)
        }
    }

    public static func read(
        _ identity: String, _ interest: Interest, _ aws: AWSClient
    ) async throws -> Observation<SecretsManager.Secret> {
        guard let found = try await describe(identity, aws), found.deletedDate == nil else { return .absent }
        if let region = found.replicationStatus.first(where: { $0.status == "InProgress" })?.region {
            return .settling("the copy in \(region) is being made")
        }
        return .present(found.found())
    }

    public func update(_ identity: String, from current: SecretsManager.Secret, _ aws: AWSClient) async throws {
        let (old, new) = (current.canonical(), canonical())
        let change = Change(
            secretId: identity,
            description: old.description == new.description ? nil : new.description ?? "",
            kmsKeyId: old.kmsKeyId == new.kmsKeyId ? nil : kmsKeyId ?? "",
            type: old.type == new.type ? nil : new.type,
            secretString: try await value(after: current, identity, aws))
        if !change.isEmpty { try await aws.call(.secretsManager, "UpdateSecret", change) }
        try await updateReplicas(identity, from: old.replicaRegions ?? [], to: new.replicaRegions ?? [], aws)
        let tagging = TagChange(from: current.tags, to: tags)
        if !tagging.added.isEmpty { try await Self.tag(identity, tagging.added, aws) }
        if !tagging.removed.isEmpty {
            struct Input: Encodable { let secretId: String, tagKeys: [String] }
            try await aws.call(
                .secretsManager, "UntagResource", Input(secretId: identity, tagKeys: tagging.removed))
        }
    }

    public static func tag(_ identity: String, _ tags: [String: String], _ aws: AWSClient) async throws {
        struct Input: Encodable { let secretId: String, tags: [ResourceTags.Tag] }
        try await aws.call(
            .secretsManager, "TagResource", Input(secretId: identity, tags: ResourceTags.Tag.list(tags)))
    }

    public func delete(_ identity: String, _ aws: AWSClient) async throws {
        struct Input: Encodable {
            let secretId: String
            let recoveryWindowInDays: Int?
            let forceDeleteWithoutRecovery: Bool?
        }
        guard let found = try await Self.describe(identity, aws) else { return }
        let isForGood = recoveryWindowInDays == 0
        if found.deletedDate != nil, !isForGood { return }
        let regions = found.replicationStatus.map(\.region)
        if !regions.isEmpty { try await Self.removeReplicas(regions, identity, aws) }
        let input = Input(
            secretId: identity, recoveryWindowInDays: isForGood ? nil : recoveryWindowInDays,
            forceDeleteWithoutRecovery: isForGood ? true : nil)
        try await ifPresent { try await aws.call(.secretsManager, "DeleteSecret", input) }
    }
}

// MARK: - Values

extension SecretsManager.Secret {
    /// The value that was declared.
    /// - Throws: ``ValueNotRead``.
    private func given() throws -> String? {
        guard let secretString else { return nil }
        guard let value = secretString.reveal() else { throw ValueNotRead() }
        return value
    }

    /// The value to be sent, or `nil` when what AWS has is to stay.
    private func value(
        after current: SecretsManager.Secret, _ identity: String, _ aws: AWSClient
    ) async throws -> String? {
        if let recipe = generateSecretString, recipe != current.generateSecretString {
            return try await keeps(current, identity, aws) ? nil : try await recipe.make(aws)
        }
        guard let secretString, secretString != current.secretString else { return nil }
        if case .generated = secretString.source, try await keeps(current, identity, aws) { return nil }
        return try given()
    }

    /// Whether a secret has a value that we know nothing of: it was adopted, restored, or made by a create whose answer
    /// was lost. What is made up never takes its place.
    private func keeps(
        _ current: SecretsManager.Secret, _ identity: String, _ aws: AWSClient
    ) async throws -> Bool {
        guard current.generateSecretString == nil, current.secretString == nil else { return false }
        let stages = try await Self.describe(identity, aws)?.versionIdsToStages ?? [:]
        return stages.values.contains { $0.contains("AWSCURRENT") }
    }

    /// The secret's value was not read before the call.
    struct ValueNotRead: Error, CustomStringConvertible {
        let description = "the secret's value was not read"
    }

    /// What `UpdateSecret` is given. What is `nil` stays as it is.
    private struct Change: Encodable, WireShaped {
        let secretId: String
        let description: Text?
        let kmsKeyId: Text?
        let type: Text?
        let secretString: String?
        var clientRequestToken: String?

        static let shape: Shape = ["ClientRequestToken": .idempotencyToken]

        var isEmpty: Bool { description == nil && kmsKeyId == nil && type == nil && secretString == nil }
    }
}

// MARK: - Deleted secrets

extension SecretsManager.Secret {
    /// Brings a secret of this name back that was ours and waits to be deleted; `nil` when it can only be waited for.
    ///
    /// Being lost between the two calls does no harm: the secret is found, with our lineage and address.
    /// - Throws: `AWSError` that says what to do when the secret is somebody else's.
    private func restore(_ new: Creation, _ aws: AWSClient) async throws -> Created<SecretsManager.Secret>? {
        guard let found = try await Self.describe(new.name, aws), found.deletedDate != nil else { return nil }
        let owner = Ownership(tags: found.allTags)
        guard owner?.lineage == new.ownership.lineage, owner?.address == new.ownership.address else {
            throw Self.conflict(new.name)
        }
        struct Input: Encodable { let secretId: String }
        // One that was deleted for good is still known for a while.
        let restored = try await ifPresent {
            try await aws.call(
                .secretsManager, "RestoreSecret", Input(secretId: found.arn), as: Named.self,
                repeatability: .idempotent)
        }
        guard restored != nil else { return nil }
        try await Self.tag(new.name, new.ownership.tags, aws)
        var there = found.found().properties
        if (there.tags ?? [:]).isEmpty { there.tags = nil }
        return Created(new.name, there, found.attributes, immutableID: found.arn)
    }

    private static func conflict(_ name: String) -> AWSError {
        AWSError(
            service: Service.secretsManager.name, operation: "CreateSecret", code: "InvalidRequestException",
            message: "the name belongs to a secret that is scheduled for deletion and is not this stack's; either "
                + "'aws secretsmanager restore-secret --secret-id \(name)' and apply with --adopt, or "
                + "'aws secretsmanager delete-secret --secret-id \(name) --force-delete-without-recovery'",
            kind: .invalid, attempts: 0)
    }
}

// MARK: - Copies

extension SecretsManager.Secret {
    private func updateReplicas(
        _ identity: String, from old: [Replica], to new: [Replica], _ aws: AWSClient
    ) async throws {
        // A copy's key cannot be changed: the copy is made anew.
        let removed = old.filter { !new.contains($0) }.compactMap(\.region.literal)
        if !removed.isEmpty { try await Self.removeReplicas(removed, identity, aws) }
        let added = Set(new.filter { !old.contains($0) }.map(\.region))
        guard !added.isEmpty else { return }
        struct Input: Encodable { let secretId: String, addReplicaRegions: [Replica] }
        let declared = (replicaRegions ?? []).filter { added.contains($0.region) }
        try await aws.call(
            .secretsManager, "ReplicateSecretToRegions", Input(secretId: identity, addReplicaRegions: declared))
    }

    private static func removeReplicas(_ regions: [String], _ identity: String, _ aws: AWSClient) async throws {
        struct Input: Encodable { let secretId: String, removeReplicaRegions: [String] }
        try await aws.call(
            .secretsManager, "RemoveRegionsFromReplication",
            Input(secretId: identity, removeReplicaRegions: regions))
    }
}

// MARK: - Answers

extension SecretsManager.Secret {
    private struct Named: Decodable, Sendable {
        let name, arn: String
        private enum CodingKeys: String, CodingKey { case name, arn = "ARN" }

        var attributes: Attributes { Attributes(name: name, arn: arn) }
    }

    /// What AWS knows of a secret, deleted ones included; `nil` when there is none.
    private static func describe(_ name: String, _ aws: AWSClient) async throws -> Description? {
        struct Input: Encodable { let secretId: String }
        return try await ifPresent {
            try await aws.call(.secretsManager, "DescribeSecret", Input(secretId: name), as: Description.self)
        }
    }

    /// Source: <https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_DescribeSecret.html>
    private struct Description: Decodable, Sendable {
        struct Status: Decodable, Sendable {
            let region: String
            let kmsKeyId: Text?
            /// `InSync`, `InProgress` or `Failed`.
            let status: String?
        }

        let name, arn: String
        let description: Text?
        let kmsKeyId: Text?
        let type: Text?
        let deletedDate: Double?
        let tags: [ResourceTags.Tag]
        let replicationStatus: [Status]
        let versionIdsToStages: [String: [String]]

        private enum CodingKeys: String, CodingKey {
            case name, arn = "ARN", description, kmsKeyId, type, deletedDate, tags, replicationStatus, versionIdsToStages
        }

        var attributes: Attributes { Attributes(name: name, arn: arn) }
        var allTags: [String: String] { Dictionary(tags.map { ($0.key, $0.value) }) { _, last in last } }

        func found() -> Found<SecretsManager.Secret> {
            let secret = SecretsManager.Secret(
                description: description, key: kmsKeyId,
                // A copy that could not be made is none: it is asked for again.
                replicas: replicationStatus.filter { $0.status != "Failed" }.map {
                    Replica(Text(verbatim: $0.region), key: $0.kmsKeyId)
                },
                type: type, name: Text(verbatim: name), tags: Ownership.declared(allTags).mapValues { Text(verbatim: $0) })
            return Found(secret, attributes, tags: allTags, immutableID: arn)
        }
    }
}
