import SlipwayAWS
import SlipwayDeclaration

extension Glue.Connection {
    /// Whether a connection property holds what nobody may see: `PASSWORD`, `ENCRYPTED_PASSWORD`,
    /// `KAFKA_CLIENT_KEY_PASSWORD` and their like.
    ///
    /// Source: <https://docs.aws.amazon.com/glue/latest/webapi/API_Connection.html>
    static func isSecret(_ property: String) -> Bool { property.hasSuffix("PASSWORD") }

    /// Puts the values of secrets where the declaration has secrets, and secret properties among the others.
    ///
    /// - Throws: `AWSError` when a value is not at hand: sending the connection without it would erase it.
    func revealed(_ tree: JSON) throws -> JSON {
        var values: [Secret.Source: String] = [:]
        for secret in secrets { values[secret.source] = secret.reveal() }
        let revealed = try tree.revealing { source in
            guard let value = values[source] else {
                throw AWSError(
                    service: Service.glue.name, operation: "UpdateConnection",
                    message: "the value of a secret is not at hand, and AWS would forget the one that it has",
                    kind: .invalid, attempts: 0)
            }
            return value
        }
        let all = (revealed["ConnectionProperties"]?.object ?? [:]).merging(revealed["SecretProperties"]?.object ?? [:]) { $1 }
        return revealed.setting(["SecretProperties"], to: nil).setting(["ConnectionProperties"], to: .object(all))
    }

    /// All secrets that are declared.
    private var secrets: [Secret] {
        let authentication = connectionInput.authenticationConfiguration
        let tokens = authentication?.oAuth2Properties?.oAuth2Credentials
        let single = [
            authentication?.basicAuthenticationCredentials?.password,
            authentication?.oAuth2Properties?.authorizationCodeProperties?.authorizationCode,
            tokens?.userManagedClientApplicationClientSecret, tokens?.accessToken, tokens?.refreshToken,
            tokens?.jwtToken,
        ]
        return single.compactMap { $0 } + (connectionInput.secretProperties ?? [:]).values
            + (authentication?.customAuthenticationCredentials ?? [:]).values
    }
}

extension JSON {
    /// The tree with the values of its secrets in their places.
    fileprivate func revealing(_ value: (Secret.Source) throws -> String) throws -> JSON {
        switch self {
        case .object(let members) where Secret.isEncoded(members):
            .string(try value(PropertyDecoder().decode(Secret.self, from: self).source))
        case .object(let members): .object(try members.mapValues { try $0.revealing(value) })
        case .array(let elements): .array(try elements.map { try $0.revealing(value) })
        default: self
        }
    }
}
