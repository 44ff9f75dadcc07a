/// Where a resource is.
public struct Location: Hashable, Sendable, Codable {
    /// `aws`, `aws-cn`, `aws-us-gov`.
    public let partition: String
    /// Twelve digits.
    public let account: String
    /// `eu-west-1`
    public let region: String

    public init(partition: String = "aws", account: String, region: String) {
        self.partition = partition
        self.account = account
        self.region = region
    }

    /// The ARN of something here: `arn:<partition>:<service>:<region>:<account>:<resource>`; `.global` leaves the
    /// region out.
    ///
    /// Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html>
    public func arn(_ service: String, _ resource: String, scope: Scope = .region) -> String {
        "arn:\(partition):\(service):\(scope == .global ? "" : region):\(account):\(resource)"
    }
}

/// Where resources of a kind live.
public enum Scope: Hashable, Sendable, Codable {
    /// In one region; names are unique there.
    case region
    /// In the account as a whole (IAM) or in all accounts together (bucket names).
    case global
}
