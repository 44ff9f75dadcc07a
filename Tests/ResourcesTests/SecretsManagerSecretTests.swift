import SlipwayAWS
import SlipwayDeclaration
import SlipwayFakeAWS
import SlipwayProvider
import SlipwayResources
import Testing

struct SecretsManagerSecretTests {
    private typealias Kind = SecretsManager.Secret
    private let trial = Trial()

    private var stored: FakeSecretsManager.Secret? { trial.fake.withServices { $0.secretsManager.secrets["s"] } }

    /// The secret with its value at hand, as the executor has it.
    private func revealed(_ secret: SecretsManager.Secret, _ value: String) throws -> SecretsManager.Secret {
        let tree = try PropertyEncoder().encode(secret).tree
        var values: [Secret.Source: String] = [:]
        tree.visitSecrets { values[$0] = value }
        return try PropertyDecoder(secrets: values).decode(SecretsManager.Secret.self, from: tree)
    }

    @Test func `what cannot be changed is what CloudFormation says`() throws {
        #expect(try createOnly(Kind(description: "d", name: "n")) == ["Name"])
    }

    @Test(arguments: [
        (SecretsManager.Secret(name: "a b"), "Name"),
        (SecretsManager.Secret(value: .environment("A"), generate: .init()), "GenerateSecretString"),
        (SecretsManager.Secret(recoveryWindowInDays: 3), "RecoveryWindowInDays"),
        (SecretsManager.Secret(replicas: [.init("a"), .init("a", key: "k")]), "ReplicaRegions"),
        (SecretsManager.Secret(generate: .init(length: 0)), "GenerateSecretString.PasswordLength"),
        (SecretsManager.Secret(generate: .init(key: "k")), "GenerateSecretString.SecretStringTemplate"),
        (SecretsManager.Secret(generate: .init(template: "[]", key: "k")), "GenerateSecretString.SecretStringTemplate"),
        (
            SecretsManager.Secret(
                generate: .init(
                    excludeLowercase: true, excludeNumbers: true, excludePunctuation: true, excludeUppercase: true)),
            "GenerateSecretString.ExcludeLowercase"
        ),
    ])
    func `mistakes are found before AWS is asked`(secret: SecretsManager.Secret, property: String) {
        #expect(secret.check().map(\.property) == [property])
    }

    @Test func `a value is made up once, by one call that changes something`() async throws {
        let secret = Kind(generate: .init(length: 12, excludePunctuation: true, template: #"{"user": "etl"}"#, key: "password"))
        let made = try await trial.operations { try await trial.make("s", secret) }
        #expect(made == ["GetRandomPassword", "CreateSecret"])
        let value = try JSON(parsing: stored?.value ?? "")
        #expect(value["user"] == "etl")
        #expect(value["password"]?.string?.count == 12)
        var other = secret
        other.description = "more"
        try await other.update("s", from: secret, trial.aws)
        #expect(try JSON(parsing: stored?.value ?? "") == value)
    }

    @Test func `another recipe makes another value`() async throws {
        let secret = Kind(generate: .init(length: 12))
        try await trial.make("s", secret)
        let other = Kind(generate: .init(length: 13))
        let made = try await trial.operations { try await other.update("s", from: secret, trial.aws) }
        #expect(made == ["GetRandomPassword", "UpdateSecret"])
        #expect(stored?.value?.count == 13)
    }

    @Test func `a value that is there already is not made up anew when nothing is known of it`() async throws {
        try await trial.make("s", revealed(Kind(value: .environment("A")), "theirs"))
        try await Kind(generate: .init()).update("s", from: Kind(), trial.aws)
        try await revealed(Kind(value: .generated()), "ours").update("s", from: Kind(), trial.aws)
        #expect(stored?.value == "theirs")
    }

    @Test func `a secret without a value gets one when it is declared`() async throws {
        try await trial.make("s", Kind())
        #expect(stored?.value == nil)
        try await Kind(generate: .init(length: 9)).update("s", from: Kind(), trial.aws)
        #expect(stored?.value?.count == 9)
    }

    @Test func `a given value is sent when it is another`() async throws {
        var secret = try revealed(Kind(value: .environment("A")), "one")
        try await trial.make("s", secret)
        #expect(stored?.value == "one")
        #expect(try await trial.operations { try await secret.update("s", from: secret, trial.aws) } == [])
        let before = secret
        var next = Secret.environment("A")
        next.fingerprint = "of another value"
        secret = try revealed(Kind(value: next), "two")
        try await secret.update("s", from: before, trial.aws)
        #expect(stored?.value == "two")
    }

    @Test func `a given value that was not read is no empty secret`() async throws {
        await #expect(throws: (any Error).self) { try await trial.make("s", Kind(value: .environment("A"))) }
        #expect(stored == nil)
    }

    @Test(arguments: [
        ("arn:aws:kms:eu-west-1:123456789012:key/abc", "abc"), ("alias/x", "arn:aws:kms:eu-west-1:123456789012:alias/x"),
        ("alias/aws/secretsmanager", ""),
    ])
    func `names of one key are the same`(one: String, other: String) {
        #expect(Kind(key: Text(verbatim: one)).canonical() == Kind(key: Text(verbatim: other)).canonical())
    }

    @Test func `a deleted secret is absent while it can be restored`() async throws {
        let secret = Kind(recoveryWindowInDays: 7)
        try await trial.make("s", secret)
        try await secret.delete("s", trial.aws)
        #expect(stored?.deleted != nil)
        guard case .absent = try await Kind.read("s", .all, trial.aws) else { Issue.record("it is there"); return }
        try await secret.delete("s", trial.aws)
    }

    @Test func `no days delete a secret for good, a deleted one too`() async throws {
        try await trial.make("s", Kind())
        try await Kind().delete("s", trial.aws)
        try await Kind(recoveryWindowInDays: 0).delete("s", trial.aws)
        #expect(stored == nil)
    }

    @Test func `copies go before the secret`() async throws {
        let secret = Kind(replicas: [.init("eu-central-1")])
        try await trial.make("s", secret)
        let operations = try await trial.operations { try await Kind().delete("s", trial.aws) }
        #expect(operations == ["DescribeSecret", "RemoveRegionsFromReplication", "DeleteSecret"])
    }

    @Test func `a secret of ours that waits to be deleted is restored`() async throws {
        try await trial.make("s", revealed(Kind(value: .environment("A"), description: "old"), "kept"))
        try await Kind().delete("s", trial.aws)
        let secret = Kind(generate: .init(), description: "new")
        let operations = try await trial.operations { try await trial.make("s", secret) }
        #expect(
            operations == [
                "GetRandomPassword", "CreateSecret", "DescribeSecret", "RestoreSecret", "TagResource", "DescribeSecret",
                "UpdateSecret",
            ])
        #expect(stored?.deleted == nil)
        #expect(stored?.description == "new")
        #expect(stored?.value == "kept")
        #expect(stored.flatMap { Ownership(tags: $0.tags) } == Trial.ownership)
    }

    @Test func `what a restored secret had and is not declared is not taken for ours`() async throws {
        try await trial.make("s", Kind(tags: ["a": "b"]))
        try await Kind().delete("s", trial.aws)
        let restored = try await trial.make("s", Kind(description: "new"))
        #expect(restored.properties.tags == ["a": "b"])
    }

    @Test func `a secret of others that waits to be deleted is left, with a word of what to do`() async throws {
        try await trial.make("s", Kind())
        trial.fake.withServices { $0.secretsManager.secrets["s"]?.tags["slipway:lineage"] = "theirs" }
        try await Kind().delete("s", trial.aws)
        let error = await #expect(throws: AWSError.self) { try await trial.make("s", Kind()) }
        #expect(error?.kind == .invalid)
        #expect(error?.message.contains("restore-secret --secret-id s") ?? false)
        #expect(stored?.deleted != nil)
    }

    @Test func `a name whose secret is just going for good is busy`() async throws {
        trial.fake.withServices { $0.secretsManager.lingeringDeletes = 2 }
        try await trial.make("s", Kind())
        try await Kind(recoveryWindowInDays: 0).delete("s", trial.aws)
        let error = await #expect(throws: AWSError.self) { try await trial.make("s", Kind()) }
        #expect(error?.kind == .busy)
        await #expect(throws: AWSError.self) { try await trial.make("s", Kind()) }
        try await trial.make("s", Kind())
    }

    @Test func `a copy that is being made is waited for, and one that failed is asked for again`() async throws {
        trial.fake.withServices {
            $0.secretsManager.slowCopies = 1
            $0.secretsManager.failingRegions = ["us-west-2"]
        }
        let secret = Kind(replicas: [.init("eu-central-1"), .init("us-west-2")])
        try await trial.make("s", secret)
        guard case .settling = try await Kind.read("s", .all, trial.aws) else { Issue.record("it is settled"); return }
        let found = try await trial.look("s", Kind.self).properties
        #expect(found.replicaRegions?.map(\.region) == ["eu-central-1"])
        trial.fake.withServices { $0.secretsManager.failingRegions = [] }
        try await secret.update("s", from: found, trial.aws)
        #expect(stored?.replicas.map(\.region) == ["eu-central-1", "us-west-2"])
    }
}
