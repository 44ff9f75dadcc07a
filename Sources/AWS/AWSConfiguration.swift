private import FoundationEssentials

/// Where and as whom to call AWS: everything that the environment, the AWS CLI's files and the command line say.
package struct AWSConfiguration: Sendable {
    /// `nil` where nothing says it; calls fail then.
    package var region: String?
    package var credentials: any CredentialProvider
    /// Which profile is used.
    package var profile: String
    /// URLs that stand for AWS's, by `Service.environmentID`; `""` for all services.
    package var endpoints: [String: String]
    package var useFIPS: Bool
    package var useDualStack: Bool
    /// From `AWS_MAX_ATTEMPTS`.
    package var maxAttempts: Int
    /// Path of a file with certificates to trust.
    package var caBundle: String?
    /// What tells this AWS from others whose accounts have the same number; `nil` for AWS itself.
    package var installation: String?

    package init(
        region: String?, credentials: any CredentialProvider, profile: String = "default", endpoints: [String: String] = [:],
        useFIPS: Bool = false, useDualStack: Bool = false, maxAttempts: Int = 3, caBundle: String? = nil, installation: String? = nil
    ) {
        self.region = region
        self.credentials = credentials
        self.profile = profile
        self.endpoints = endpoints
        self.useFIPS = useFIPS
        self.useDualStack = useDualStack
        self.maxAttempts = maxAttempts
        self.caBundle = caBundle
        self.installation = installation
    }

    /// What was said on the command line.
    package struct Flags: Sendable, Equatable {
        package var region: String?
        package var profile: String?
        package var endpoint: String?

        package init(region: String? = nil, profile: String? = nil, endpoint: String? = nil) {
            self.region = region
            self.profile = profile
            self.endpoint = endpoint
        }
    }

    /// Gathers the settings.
    ///
    /// - Parameters:
    ///   - environment: that of the process.
    ///   - flags: go before all else.
    ///   - read: the text of a file; `nil` where there is none.
    /// - Throws: where the settings contradict each other or name a profile that does not exist. That there are no
    ///   credentials is only said by the first call.
    package init(
        environment: [String: String], flags: Flags = Flags(), read: (String) -> String? = Self.read
    ) throws(CredentialProblem) {
        func value(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
        let home = value("HOME") ?? value("USERPROFILE") ?? "/"
        let config = ProfileFile(text: read(value("AWS_CONFIG_FILE") ?? "\(home)/.aws/config") ?? "")
        let keys = ProfileFile(text: read(value("AWS_SHARED_CREDENTIALS_FILE") ?? "\(home)/.aws/credentials") ?? "")

        let named = flags.profile ?? value("AWS_PROFILE") ?? value("AWS_DEFAULT_PROFILE")
        let profile = named ?? "default"
        let found = (config.profile(profile), keys.profile(profile))
        if named != nil, found.0 == nil, found.1 == nil {
            throw CredentialProblem(reason: "there is no profile \(profile) in the AWS CLI's files")
        }
        let settings = (found.0 ?? [:]).merging(found.1 ?? [:]) { _, key in key }

        // A profile that was asked for on the command line goes before the environment's keys, as with the CLI.
        // Source: https://github.com/boto/botocore/blob/develop/botocore/credentials.py (create_credential_resolver)
        var providers: [any CredentialProvider] = [ProfileCredentials(profile: profile, settings: settings)]
        if flags.profile == nil { providers.insert(try FixedCredentials.environment(environment), at: 0) }

        self.init(
            region: flags.region ?? value("AWS_REGION") ?? value("AWS_DEFAULT_REGION") ?? settings["region"],
            credentials: CredentialChain(providers), profile: profile)
        endpoints = Self.endpoints(environment, settings, config)
        if let endpoint = flags.endpoint { endpoints = ["": endpoint] }
        useFIPS = Self.isTrue(value("AWS_USE_FIPS_ENDPOINT") ?? settings["use_fips_endpoint"])
        useDualStack = Self.isTrue(value("AWS_USE_DUALSTACK_ENDPOINT") ?? settings["use_dualstack_endpoint"])
        maxAttempts = (value("AWS_MAX_ATTEMPTS") ?? settings["max_attempts"]).flatMap { Int($0) } ?? 3
        caBundle = value("AWS_CA_BUNDLE") ?? settings["ca_bundle"]
    }

    /// The URL that stands for a service's, if one is configured.
    package func endpoint(of service: Service) -> String? {
        endpoints[service.environmentID] ?? endpoints[""]
    }

    /// Source: https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html
    private static func endpoints(
        _ environment: [String: String], _ settings: [String: String], _ config: ProfileFile
    ) -> [String: String] {
        let ignored = environment["AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"] ?? settings["ignore_configured_endpoint_urls"]
        if isTrue(ignored) { return [:] }
        var result: [String: String] = [:]
        // From the least to the most specific: a later one replaces an earlier one, but one for a service always goes
        // before one for all.
        if let all = settings["endpoint_url"], !all.isEmpty { result[""] = all }
        let services = settings["services"].flatMap { config.sections["services \($0)"] } ?? [:]
        for (name, url) in services where name.hasSuffix(".endpoint_url") && !url.isEmpty {
            result[String(name.dropLast(".endpoint_url".count)).uppercased()] = url
        }
        let prefix = "AWS_ENDPOINT_URL"
        if let all = environment[prefix], !all.isEmpty {
            // The environment goes before the files as a whole.
            result = ["": all]
        }
        for (name, url) in environment where name.hasPrefix("\(prefix)_") && !url.isEmpty {
            result[String(name.dropFirst(prefix.count + 1))] = url
        }
        return result
    }

    private static func isTrue(_ value: String?) -> Bool { value?.lowercased() == "true" }

    /// The text of a file of the system.
    package static func read(_ path: String) -> String? {
        guard let data = FileManager.default.contents(atPath: path) else { return nil }
        return String(decoding: data, as: UTF8.self)
    }
}
