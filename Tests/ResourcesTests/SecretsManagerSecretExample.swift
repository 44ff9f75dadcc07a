import SlipwayDeclaration
import SlipwayFakeAWS
import SlipwayProvider
import SlipwayResources

enum SecretsManagerSecretExample: ConformanceExample {
    static let minimal = SecretsManager.Secret()

    static let full = SecretsManager.Secret(
        generate: SecretsManager.Secret.Generation(
            length: 20, excluding: "\"@/", excludePunctuation: false, template: #"{"username": "etl"}"#, key: "password"),
        description: "The warehouse's", key: "arn:aws:kms:eu-west-1:123456789012:key/secrets", recoveryWindowInDays: 0,
        replicas: [SecretsManager.Secret.Replica("eu-central-1"), SecretsManager.Secret.Replica("us-east-1", key: "alias/x")],
        type: "SalesforceClientSecret", name: "tickit/warehouse", tags: ["team": "data", "tier": "warehouse"])

    static let changed: SecretsManager.Secret = {
        var secret = full
        secret.description = "Another"
        secret.kmsKeyId = "alias/secrets"
        secret.replicaRegions = [SecretsManager.Secret.Replica("us-east-1", key: "alias/y"), SecretsManager.Secret.Replica("us-west-2")]
        secret.type = "BigIDClientSecret"
        secret.tags = ["team": "platform"]
        return secret
    }()

    static let uncovered = ["SecretString": "a secret is either given or made up; SecretsManagerSecretTests cover it"]

    static func disappear(_ identity: String, _ services: inout FakeServices) {
        services.secretsManager.secrets[identity] = nil
    }
}
