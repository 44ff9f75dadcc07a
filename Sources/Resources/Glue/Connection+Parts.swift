public import SlipwayDeclaration

extension Glue.Connection {
    /// What an update overwrites.
    ///
    /// Source: <https://docs.aws.amazon.com/glue/latest/webapi/API_ConnectionInput.html>
    public struct ConnectionInput: Codable, Hashable, Sendable {
        /// 1 to 255 characters; one is made from the address when it is left out.
        @CreateOnly public var name: Text?
        /// Such as `JDBC`, `NETWORK`, `KAFKA`, `MONGODB`.
        public var connectionType: Text
        /// 1 to 2048 characters.
        public var description: Text?
        public var matchCriteria: [Text]?
        /// What is not declared here is left as it is. Passwords are in ``secretProperties``.
        ///
        /// Source: <https://docs.aws.amazon.com/glue/latest/dg/connection-properties.html>
        public var connectionProperties: [String: Text]?
        /// Connection properties that nobody may see, such as `PASSWORD`; CloudFormation has them among the others.
        @WriteOnly public var secretProperties: [String: Secret]?
        public var sparkProperties: [String: Text]?
        public var athenaProperties: [String: Text]?
        public var pythonProperties: [String: Text]?
        public var physicalConnectionRequirements: PhysicalConnectionRequirements?
        public var authenticationConfiguration: AuthenticationConfiguration?
        /// Whether AWS tries the credentials first.
        @WriteOnly public var validateCredentials: Bool?
        /// `SPARK`, `ATHENA`, `PYTHON`.
        @WriteOnly public var validateForComputeEnvironments: [Text]?

        public init(
            name: Text? = nil, type: Text, description: Text? = nil, matchCriteria: [Text]? = nil,
            properties: [String: Text]? = nil, secretProperties: [String: Secret]? = nil,
            sparkProperties: [String: Text]? = nil, athenaProperties: [String: Text]? = nil,
            pythonProperties: [String: Text]? = nil, network: PhysicalConnectionRequirements? = nil,
            authentication: AuthenticationConfiguration? = nil, validatesCredentials: Bool? = nil,
            validatesFor environments: [Text]? = nil
        ) {
            self.name = name
            connectionType = type
            self.description = description
            self.matchCriteria = matchCriteria
            connectionProperties = properties
            self.secretProperties = secretProperties
            self.sparkProperties = sparkProperties
            self.athenaProperties = athenaProperties
            self.pythonProperties = pythonProperties
            physicalConnectionRequirements = network
            authenticationConfiguration = authentication
            validateCredentials = validatesCredentials
            validateForComputeEnvironments = environments
        }
    }

    /// What a connection leads to. AWS adds types now and then: another one is `Target("SNOWFLAKE", [:])`.
    public struct Target: Hashable, Sendable {
        public var type: Text
        public var properties: [String: Text]

        public init(_ type: Text, _ properties: [String: Text] = [:]) {
            self.type = type
            self.properties = properties
        }

        /// A database by its JDBC driver, such as `jdbc:postgresql://host:5432/tickit`.
        public static func jdbc(_ url: Text) -> Target { Target("JDBC", ["JDBC_CONNECTION_URL": url]) }
        /// A network and nothing in it.
        public static let network = Target("NETWORK")
        /// Kafka's servers, such as `b-1.example.com:9094,b-2.example.com:9094`.
        public static func kafka(_ servers: Text, ssl: Bool = true) -> Target {
            Target("KAFKA", ["KAFKA_BOOTSTRAP_SERVERS": servers, "KAFKA_SSL_ENABLED": ssl ? "true" : "false"])
        }
        /// MongoDB or DocumentDB, such as `mongodb://host:27017/tickit`.
        public static func mongoDB(_ url: Text) -> Target { Target("MONGODB", ["CONNECTION_URL": url]) }
    }

    /// The network that a connection goes through.
    public struct PhysicalConnectionRequirements: Codable, Hashable, Sendable {
        public var subnetId: Text?
        @Unordered public var securityGroupIdList: [Text]?
        /// That of the subnet.
        public var availabilityZone: Text?

        public init(subnet: Text? = nil, securityGroups: [Text]? = nil, availabilityZone: Text? = nil) {
            subnetId = subnet
            securityGroupIdList = securityGroups
            self.availabilityZone = availabilityZone
        }
    }

    /// How a connection to an application is let in. AWS keeps what is secret here in a secret of its own.
    ///
    /// Source: <https://docs.aws.amazon.com/glue/latest/webapi/API_AuthenticationConfigurationInput.html>
    public struct AuthenticationConfiguration: Codable, Hashable, Sendable {
        /// `BASIC`, `OAUTH2`, `CUSTOM` or `IAM`.
        public var authenticationType: Text
        /// ARN of a secret in Secrets Manager.
        public var secretArn: Text?
        /// ARN of the key that the secret is encrypted with.
        public var kmsKeyArn: Text?
        public var oAuth2Properties: OAuth2Properties?
        @WriteOnly public var basicAuthenticationCredentials: BasicCredentials?
        @WriteOnly public var customAuthenticationCredentials: [String: Secret]?

        public init(
            _ type: Text, secret: Text? = nil, key: Text? = nil, oAuth2: OAuth2Properties? = nil,
            basic: BasicCredentials? = nil, custom: [String: Secret]? = nil
        ) {
            authenticationType = type
            secretArn = secret
            kmsKeyArn = key
            oAuth2Properties = oAuth2
            basicAuthenticationCredentials = basic
            customAuthenticationCredentials = custom
        }
    }

    public struct BasicCredentials: Codable, Hashable, Sendable {
        public var username: Text?
        public var password: Secret?

        public init(username: Text? = nil, password: Secret? = nil) {
            self.username = username
            self.password = password
        }
    }

    public struct OAuth2Properties: Codable, Hashable, Sendable {
        /// `AUTHORIZATION_CODE`, `CLIENT_CREDENTIALS` or `JWT_BEARER`.
        public var oAuth2GrantType: Text?
        public var oAuth2ClientApplication: ClientApplication?
        public var tokenUrl: Text?
        public var tokenUrlParametersMap: [String: Text]?
        @WriteOnly public var authorizationCodeProperties: AuthorizationCode?
        @WriteOnly public var oAuth2Credentials: Credentials?

        /// The application that asks for tokens.
        public struct ClientApplication: Codable, Hashable, Sendable {
            public var userManagedClientApplicationClientId: Text?
            public var aWSManagedClientApplicationReference: Text?

            public init(userManagedClientID: Text? = nil, awsManagedReference: Text? = nil) {
                userManagedClientApplicationClientId = userManagedClientID
                aWSManagedClientApplicationReference = awsManagedReference
            }
        }

        public struct AuthorizationCode: Codable, Hashable, Sendable {
            public var authorizationCode: Secret?
            public var redirectUri: Text?

            public init(_ code: Secret? = nil, redirectURI: Text? = nil) {
                authorizationCode = code
                redirectUri = redirectURI
            }
        }

        public struct Credentials: Codable, Hashable, Sendable {
            public var userManagedClientApplicationClientSecret: Secret?
            public var accessToken: Secret?
            public var refreshToken: Secret?
            public var jwtToken: Secret?

            public init(
                clientSecret: Secret? = nil, accessToken: Secret? = nil, refreshToken: Secret? = nil,
                jwtToken: Secret? = nil
            ) {
                userManagedClientApplicationClientSecret = clientSecret
                self.accessToken = accessToken
                self.refreshToken = refreshToken
                self.jwtToken = jwtToken
            }
        }

        public init(
            grantType: Text? = nil, application: ClientApplication? = nil, tokenURL: Text? = nil,
            tokenURLParameters: [String: Text]? = nil, code: AuthorizationCode? = nil, credentials: Credentials? = nil
        ) {
            oAuth2GrantType = grantType
            oAuth2ClientApplication = application
            tokenUrl = tokenURL
            tokenUrlParametersMap = tokenURLParameters
            authorizationCodeProperties = code
            oAuth2Credentials = credentials
        }
    }
}
