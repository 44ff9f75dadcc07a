import SlipwayDeclaration

/// Secrets Manager.
///
/// Source of codes and words:
/// <https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html> and its neighbours; what a
/// secret that is scheduled for deletion answers was reported in
/// <https://github.com/hashicorp/terraform-provider-aws/issues/4467>.
package struct FakeSecretsManager: Sendable {
    /// Secrets by name, deleted ones that can be restored included.
    package var secrets: [String: Secret] = [:]
    /// How many creates are still refused for names whose secrets were deleted for good.
    package var lingeringDeletes = 0
    /// How many reads find a new copy still being made.
    package var slowCopies = 0
    /// Regions in which copies cannot be made.
    package var failingRegions: Set<String> = []
    private var lingering: [String: Int] = [:]

    package struct Secret: Sendable {
        package var arn: String
        package var value: String?
        package var description: String?
        package var key: String?
        package var type: String?
        package var tags: [String: String] = [:]
        package var replicas: [Replica] = []
        /// Seconds since 1970.
        package var deleted: Int?
        /// How often there was another value.
        package var versions = 0
    }

    package struct Replica: Sendable {
        package var region: String
        package var key: String?
        package var status: String
        var slowReads: Int
    }

    /// Carries a call out.
    package mutating func handle(_ call: FakeCall) -> FakeAnswer {
        do {
            return .ok(try carryOut(call))
        } catch let refusal as Refused {
            return refusal.answer
        } catch {
            return .error("InternalServiceError", "\(error)", status: 500)
        }
    }

    private mutating func carryOut(_ call: FakeCall) throws -> JSON {
        switch call.operation {
        case "CreateSecret": return try create(call)
        case "DescribeSecret": return try describe(call)
        case "GetRandomPassword": return ["RandomPassword": .string(try Self.password(call))]
        case "GetSecretValue":
            let (name, secret) = try find(call)
            guard secret.deleted == nil else { throw Self.marked }
            guard let value = secret.value else {
                throw Refused(
                    "ResourceNotFoundException",
                    "Secrets Manager can't find the specified secret value for staging label: AWSCURRENT")
            }
            return ["Name": .string(name), "ARN": .string(secret.arn), "SecretString": .string(value)]
        case "DeleteSecret": return try delete(call)
        case "RestoreSecret":
            var (name, secret) = try find(call)
            secret.deleted = nil
            secrets[name] = secret
            return ["Name": .string(name), "ARN": .string(secret.arn)]
        default: return try change(call)
        }
    }

    private mutating func change(_ call: FakeCall) throws -> JSON {
        var (name, secret) = try find(call)
        guard secret.deleted == nil else { throw Self.marked }
        switch call.operation {
        case "UpdateSecret":
            // What is left out is kept.
            if let description = call["Description"] { secret.description = description.isEmpty ? nil : description }
            if let key = call["KmsKeyId"] { secret.key = key.isEmpty ? nil : key }
            if let type = call["Type"] { secret.type = type }
            if let value = call["SecretString"] {
                guard call["ClientRequestToken"] != nil else {
                    throw Refused("InvalidRequestException", "You must provide a ClientRequestToken value.")
                }
                secret.value = value
                secret.versions += 1
            }
        case "TagResource":
            for tag in call.input["Tags"]?.array ?? [] { secret.tags[tag["Key"]?.string ?? ""] = tag["Value"]?.string }
            if secret.tags.count > 50 { throw Refused("InvalidParameterException", "a secret has at most 50 tags") }
        case "UntagResource":
            for key in call.input["TagKeys"]?.array ?? [] { secret.tags[key.string ?? ""] = nil }
        case "ReplicateSecretToRegions":
            try replicate(&secret, call)
        case "RemoveRegionsFromReplication":
            let regions = (call.input["RemoveReplicaRegions"]?.array ?? []).compactMap(\.string)
            secret.replicas.removeAll { regions.contains($0.region) }
        default: throw Refused(answer: .unknown(call))
        }
        secrets[name] = secret
        return ["Name": .string(name), "ARN": .string(secret.arn)]
    }

    private func replicate(_ secret: inout Secret, _ call: FakeCall) throws {
        for replica in call.input["AddReplicaRegions"]?.array ?? [] {
            let region = replica["Region"]?.string ?? ""
            if region == call.region {
                throw Refused("InvalidParameterException", "Invalid replica region.")
            }
            if secret.replicas.contains(where: { $0.region == region && $0.status != "Failed" }) {
                throw Refused("InvalidParameterException", "the secret is replicated to \(region) already")
            }
            secret.replicas.removeAll { $0.region == region }
            secret.replicas.append(
                Replica(
                    region: region, key: replica["KmsKeyId"]?.string,
                    status: failingRegions.contains(region) ? "Failed" : "InSync", slowReads: slowCopies))
        }
    }
}

extension FakeSecretsManager {
    private static let marked = Refused(
        "InvalidRequestException", "You can't perform this operation on the secret because it was marked for deletion.")

    private func find(_ call: FakeCall) throws -> (String, Secret) {
        let id = call["SecretId"] ?? ""
        guard let found = secrets.first(where: { $0.key == id || $0.value.arn == id }) else {
            throw Refused("ResourceNotFoundException", "Secrets Manager can't find the specified secret.")
        }
        return found
    }

    private mutating func create(_ call: FakeCall) throws -> JSON {
        let name = call["Name"] ?? ""
        let scheduled = Refused(
            "InvalidRequestException",
            "You can't create this secret because a secret with this name is already scheduled for deletion.")
        if let left = lingering[name], left > 0 {
            lingering[name] = left - 1
            throw scheduled
        }
        if let there = secrets[name] {
            if there.deleted != nil { throw scheduled }
            throw Refused("ResourceExistsException", "The operation failed because the secret \(name) already exists.")
        }
        guard call["ClientRequestToken"] != nil else {
            throw Refused("InvalidRequestException", "You must provide a ClientRequestToken value.")
        }
        let suffix = FakeCall.identifier(call.serial, length: 6)
        var secret = Secret(
            arn: "arn:aws:secretsmanager:\(call.region):\(FakeAWS.account):secret:\(name)-\(suffix)",
            value: call["SecretString"], description: call["Description"], key: call["KmsKeyId"], type: call["Type"])
        for tag in call.input["Tags"]?.array ?? [] { secret.tags[tag["Key"]?.string ?? ""] = tag["Value"]?.string }
        try replicate(&secret, call)
        secrets[name] = secret
        return ["Name": .string(name), "ARN": .string(secret.arn), "VersionId": .string(call["ClientRequestToken"] ?? "")]
    }

    private mutating func describe(_ call: FakeCall) throws -> JSON {
        let (name, secret) = try find(call)
        var members: [String: JSON] = [
            "Name": .string(name), "ARN": .string(secret.arn),
            "Tags": .array(
                secret.tags.sorted { $0.key < $1.key }.map { ["Key": .string($0.key), "Value": .string($0.value)] }),
        ]
        if let description = secret.description { members["Description"] = .string(description) }
        if let key = secret.key { members["KmsKeyId"] = .string(key) }
        if let type = secret.type { members["Type"] = .string(type) }
        if let deleted = secret.deleted { members["DeletedDate"] = .int(deleted) }
        if secret.value != nil { members["VersionIdsToStages"] = ["v\(secret.versions)": ["AWSCURRENT"]] }
        if !secret.replicas.isEmpty {
            members["ReplicationStatus"] = .array(
                call.shuffled(
                    secret.replicas.map { replica in
                        [
                            "Region": .string(replica.region),
                            "KmsKeyId": .string(replica.key ?? "alias/aws/secretsmanager"),
                            "Status": .string(replica.slowReads > 0 ? "InProgress" : replica.status),
                        ]
                    }))
            secrets[name]?.replicas = secret.replicas.map { replica in
                var replica = replica
                replica.slowReads = max(0, replica.slowReads - 1)
                return replica
            }
        }
        return .object(members)
    }

    private mutating func delete(_ call: FakeCall) throws -> JSON {
        var (name, secret) = try find(call)
        let isForGood = call.input["ForceDeleteWithoutRecovery"]?.bool ?? false
        if isForGood, call.input["RecoveryWindowInDays"] != nil {
            throw Refused(
                "InvalidParameterException", "You can't use ForceDeleteWithoutRecovery in conjunction with RecoveryWindowInDays.")
        }
        if secret.deleted != nil, !isForGood { throw Self.marked }
        if !secret.replicas.isEmpty {
            throw Refused(
                "InvalidRequestException",
                "You can't delete secret \(name) that still has replica regions [\(secret.replicas[0].region)]")
        }
        if let days = call.input["RecoveryWindowInDays"]?.int, !(7...30).contains(days) {
            throw Refused("InvalidParameterException", "RecoveryWindowInDays value must be between 7 and 30 days (inclusive).")
        }
        secret.deleted = call.date
        secrets[name] = isForGood ? nil : secret
        if isForGood { lingering[name] = lingeringDeletes }
        return ["Name": .string(name), "ARN": .string(secret.arn), "DeletionDate": .int(call.date)]
    }

    /// Another one with each call, of the characters that are asked for.
    private static func password(_ call: FakeCall) throws -> String {
        let sorts: [(String, String)] = [
            ("ExcludeLowercase", "abcdefghijklmnopqrstuvwxyz"), ("ExcludeUppercase", "ABCDEFGHIJKLMNOPQRSTUVWXYZ"),
            ("ExcludeNumbers", "0123456789"), ("ExcludePunctuation", "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"),
        ]
        var characters = sorts.filter { call.input[$0.0]?.bool != true }.map(\.1).joined()
        if call.input["IncludeSpace"]?.bool == true { characters += " " }
        let excluded = call["ExcludeCharacters"] ?? ""
        let allowed = characters.filter { !excluded.contains($0) }.map { $0 }
        guard !allowed.isEmpty else { throw Refused("InvalidParameterException", "No characters are left.") }
        let length = call.input["PasswordLength"]?.int ?? 32
        return String((0..<length).map { allowed[($0 * 7 + call.serial) % allowed.count] })
    }
}
