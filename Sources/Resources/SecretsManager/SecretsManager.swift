/// Secrets Manager.
public enum SecretsManager {}
