import FoundationEssentials
import Testing

@testable import SlipwayAWS

@Suite struct ConfigurationTests {
    /// The files of somebody at home in `/h`.
    private func configuration(
        _ environment: [String: String] = [:], config: String = "", credentials: String = "",
        flags: AWSConfiguration.Flags = .init()
    ) throws(CredentialProblem) -> AWSConfiguration {
        try AWSConfiguration(environment: environment.merging(["HOME": "/h"]) { old, _ in old }, flags: flags) { path in
            switch path {
            case "/h/.aws/config", "/elsewhere/config": config
            case "/h/.aws/credentials", "/elsewhere/credentials": credentials
            default: nil
            }
        }
    }

    private let keys = ["AWS_ACCESS_KEY_ID": "AKIAENV", "AWS_SECRET_ACCESS_KEY": "s1"]
    private let files = """
        [default]
        aws_access_key_id = AKIADEFAULT
        aws_secret_access_key = s2
        [dev]
        aws_access_key_id=AKIADEV
        aws_secret_access_key=s3
        aws_session_token = token=with=equals
        """

    @Test func `the environment's keys go before the files'`() async throws {
        let found = try await configuration(keys, credentials: files).credentials.credentials()
        #expect(found == Credentials(accessKeyID: "AKIAENV", secretAccessKey: "s1"))
    }

    @Test func `a session token and an expiry belong to the environment's keys`() async throws {
        let more = ["AWS_SESSION_TOKEN": "t", "AWS_CREDENTIAL_EXPIRATION": "2026-01-02T03:04:05Z"]
        let found = try await configuration(keys.merging(more) { $1 }).credentials.credentials()
        #expect(found?.sessionToken == "t")
        #expect(found?.expiry == Timestamp.parse("2026-01-02T03:04:05Z"))
    }

    @Test func `a profile on the command line goes before the environment's keys`() async throws {
        let found = try await configuration(keys, credentials: files, flags: .init(profile: "dev")).credentials.credentials()
        #expect(found == Credentials(accessKeyID: "AKIADEV", secretAccessKey: "s3", sessionToken: "token=with=equals"))
    }

    @Test func `the default profile is used where nothing is said`() async throws {
        let found = try await configuration(credentials: files).credentials.credentials()
        #expect(found?.accessKeyID == "AKIADEFAULT")
    }

    @Test func `the environment names the profile and the files`() async throws {
        let environment = [
            "AWS_PROFILE": "dev", "AWS_CONFIG_FILE": "/elsewhere/config",
            "AWS_SHARED_CREDENTIALS_FILE": "/elsewhere/credentials",
        ]
        let found = try configuration(environment, config: "[profile dev]\nregion = eu-north-1", credentials: files)
        #expect(try await found.credentials.credentials()?.accessKeyID == "AKIADEV")
        #expect(found.region == "eu-north-1")
        #expect(found.profile == "dev")
    }

    @Test func `a profile that does not exist is an error`() {
        #expect(throws: CredentialProblem(reason: "there is no profile none in the AWS CLI's files")) {
            try configuration(credentials: files, flags: .init(profile: "none"))
        }
    }

    @Test(arguments: [
        "role_arn = arn:aws:iam::1:role/x\nsource_profile = default", "sso_session = corp", "sso_start_url = https://x",
        "credential_process = /bin/true", "role_arn = r\nweb_identity_token_file = /t",
    ])
    func `what a profile asks for and we cannot do is named`(settings: String) async throws {
        let found = try configuration(config: "[profile p]\n\(settings)", flags: .init(profile: "p"))
        let problem = await #expect(throws: CredentialProblem.self) { try await found.credentials.credentials() }
        let name = settings.contains("web_identity") ? "web_identity_token_file" : settings.prefix { $0 != " " }
        #expect(problem?.reason.hasPrefix("the profile p asks for \(name), which is not supported yet") == true)
    }

    @Test func `half of a pair of keys is an error that names the other half`() async throws {
        #expect(throws: CredentialProblem(reason: "AWS_ACCESS_KEY_ID is set, but AWS_SECRET_ACCESS_KEY is not")) {
            try configuration(["AWS_ACCESS_KEY_ID": "A"])
        }
        let found = try configuration(credentials: "[default]\naws_access_key_id = A")
        await #expect(
            throws: CredentialProblem(
                reason: "the profile default has an aws_access_key_id, but no aws_secret_access_key")
        ) { try await found.credentials.credentials() }
    }

    @Test func `no credentials at all is found out by the first call`() async throws {
        let found = try configuration(["AWS_REGION": "eu-west-1"])
        let aws = AWSClient(configuration: found, transport: StubTransport())
        let error = await #expect(throws: AWSError.self) { try await aws.call(.glue, "GetJob") }
        #expect(error?.kind == .badCredentials)
        #expect(error?.message == "no credentials in the environment, the profile default")
        #expect(error?.attempts == 0)
    }

    @Test func `the region is that of the flag, the environment, the profile`() throws {
        let config = "[default]\nregion = eu-south-1"
        let both = ["AWS_REGION": "eu-west-1", "AWS_DEFAULT_REGION": "eu-west-2"]
        #expect(try configuration(both, config: config, flags: .init(region: "us-east-1")).region == "us-east-1")
        #expect(try configuration(both, config: config).region == "eu-west-1")
        #expect(try configuration(["AWS_DEFAULT_REGION": "eu-west-2"], config: config).region == "eu-west-2")
        #expect(try configuration(config: config).region == "eu-south-1")
        #expect(try configuration().region == nil)
        #expect(try configuration(["AWS_REGION": ""], config: config).region == "eu-south-1")
    }

    @Test func `endpoints are those of the service, then of all, and the environment's before the profile's`() throws {
        let config = """
            [default]
            endpoint_url = http://all.file
            services = local
            [services local]
            glue =
              endpoint_url = http://glue.file
            """
        let file = try configuration(config: config)
        #expect(file.endpoint(of: .glue) == "http://glue.file")
        #expect(file.endpoint(of: .s3) == "http://all.file")

        let environment = ["AWS_ENDPOINT_URL": "http://all.env", "AWS_ENDPOINT_URL_SECRETS_MANAGER": "http://secrets.env"]
        let both = try configuration(environment, config: config)
        #expect(both.endpoint(of: .glue) == "http://all.env")
        #expect(both.endpoint(of: .secretsManager) == "http://secrets.env")

        let one = try configuration(["AWS_ENDPOINT_URL_S3": "http://s3.env"], config: config)
        #expect(one.endpoint(of: .s3) == "http://s3.env")
        #expect(one.endpoint(of: .glue) == "http://glue.file")

        let ignored = environment.merging(["AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true"]) { $1 }
        #expect(try configuration(ignored, config: config).endpoint(of: .glue) == nil)
        #expect(
            try configuration(environment, flags: .init(endpoint: "http://flag")).endpoint(of: .secretsManager)
                == "http://flag")
    }

    @Test func `the rest of the settings`() throws {
        let found = try configuration([
            "AWS_USE_FIPS_ENDPOINT": "TRUE", "AWS_USE_DUALSTACK_ENDPOINT": "true", "AWS_MAX_ATTEMPTS": "7",
            "AWS_CA_BUNDLE": "/ca.pem",
        ])
        #expect(found.useFIPS && found.useDualStack)
        #expect(found.maxAttempts == 7)
        #expect(found.caBundle == "/ca.pem")
        let none = try configuration()
        #expect(!none.useFIPS && !none.useDualStack && none.maxAttempts == 3 && none.caBundle == nil)
    }

    @Test func `a file is read as the AWS CLI reads it`() {
        let file = ProfileFile(
            text: """
                # a comment
                ; another
                orphan = 1
                [ profile "two words" ]   # why not
                  region   =   eu-west-1   # a comment
                Key = with#hash;and=equals
                nonsense
                s3 =
                    addressing_style = path

                    max = 2
                after = x
                [default]
                a = 1
                [profile default]
                a = 2
                [broken
                b = 3\r
                """)
        #expect(
            file.profile("two words") == [
                "region": "eu-west-1", "key": "with#hash;and=equals", "s3": "", "s3.addressing_style": "path", "s3.max": "2",
                "after": "x",
            ])
        #expect(file.profile("default") == ["a": "2"])
        #expect(file.profile("none") == nil)
    }

    @Test func `keys that have expired are not sent`() async {
        let world = StillWorld("2026-01-02T03:04:05Z")
        let old = Credentials(
            accessKeyID: "A", secretAccessKey: "s", sessionToken: "t", expiry: Timestamp.parse("2026-01-02T03:04:04Z"))
        let transport = StubTransport()
        let error = await #expect(throws: AWSError.self) {
            try await client(transport, world: world, credentials: old).call(.glue, "GetJob")
        }
        #expect(error?.kind == .badCredentials)
        #expect(error?.message == "the credentials from the test expired at 2026-01-02T03:04:04Z")
        #expect(transport.requests.isEmpty)
    }
}
