private import FoundationEssentials

/// Somewhere credentials come from.
package protocol CredentialProvider: Sendable {
    /// For messages: where the credentials come from, such as `the environment`.
    var name: String { get }

    /// The credentials; `nil` where this is not the place to find them, so that the next one is asked.
    ///
    /// - Throws: where it is the place, but something is wrong.
    func credentials() async throws(CredentialProblem) -> Credentials?
}

/// Why there are no credentials.
package struct CredentialProblem: Error, Sendable, Equatable {
    /// What is missing or wrong, and what to do about it.
    package let reason: String
}

/// Credentials that are known already.
package struct FixedCredentials: CredentialProvider {
    package let name: String
    private let value: Credentials?

    package init(_ value: Credentials?, name: String) {
        self.value = value
        self.name = name
    }

    package func credentials() async throws(CredentialProblem) -> Credentials? { value }
}

extension FixedCredentials {
    /// `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_SESSION_TOKEN`.
    ///
    /// Source: https://docs.aws.amazon.com/sdkref/latest/guide/feature-static-credentials.html
    package static func environment(_ environment: [String: String]) throws(CredentialProblem) -> FixedCredentials {
        let name = "the environment"
        guard let key = environment["AWS_ACCESS_KEY_ID"], !key.isEmpty else { return FixedCredentials(nil, name: name) }
        guard let secret = environment["AWS_SECRET_ACCESS_KEY"], !secret.isEmpty else {
            throw CredentialProblem(reason: "AWS_ACCESS_KEY_ID is set, but AWS_SECRET_ACCESS_KEY is not")
        }
        let token = environment["AWS_SESSION_TOKEN"].flatMap { $0.isEmpty ? nil : $0 }
        let expiry = environment["AWS_CREDENTIAL_EXPIRATION"].flatMap(Timestamp.parse)
        return FixedCredentials(
            Credentials(accessKeyID: key, secretAccessKey: secret, sessionToken: token, expiry: expiry), name: name)
    }
}

/// The keys of a profile.
package struct ProfileCredentials: CredentialProvider {
    private let profile: String
    private let settings: [String: String]

    /// - Parameter settings: those of the profile in both files, credentials before config.
    package init(profile: String, settings: [String: String]) {
        self.profile = profile
        self.settings = settings
    }

    package var name: String { "the profile \(profile)" }

    package func credentials() async throws(CredentialProblem) -> Credentials? {
        // In the CLI's order: a role is assumed, and SSO asked, even where the profile has keys too.
        // Source: https://docs.aws.amazon.com/sdkref/latest/guide/standardized-credentials.html
        for setting in ["web_identity_token_file", "role_arn", "sso_session", "sso_start_url"] where settings[setting] != nil {
            throw unsupported(setting)
        }
        if let key = settings["aws_access_key_id"], !key.isEmpty {
            guard let secret = settings["aws_secret_access_key"], !secret.isEmpty else {
                throw CredentialProblem(reason: "\(name) has an aws_access_key_id, but no aws_secret_access_key")
            }
            let token = settings["aws_session_token"].flatMap { $0.isEmpty ? nil : $0 }
            return Credentials(accessKeyID: key, secretAccessKey: secret, sessionToken: token)
        }
        if settings["credential_process"] != nil { throw unsupported("credential_process") }
        return nil
    }

    private func unsupported(_ setting: String) -> CredentialProblem {
        CredentialProblem(
            reason: "\(name) asks for \(setting), which is not supported yet; "
                + "`aws configure export-credentials --profile \(profile) --format env` gives keys for the environment")
    }
}

/// Asks one provider after the other, before every request: a provider that has to ask somebody keeps what it was told.
package struct CredentialChain: CredentialProvider {
    private let providers: [any CredentialProvider]

    package init(_ providers: [any CredentialProvider]) {
        self.providers = providers
    }

    package var name: String { providers.map(\.name).joined(separator: ", ") }

    package func credentials() async throws(CredentialProblem) -> Credentials? {
        for provider in providers {
            if let credentials = try await provider.credentials() { return credentials }
        }
        return nil
    }
}
