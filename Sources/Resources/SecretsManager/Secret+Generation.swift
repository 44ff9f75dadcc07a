public import SlipwayDeclaration
import SlipwayAWS

extension SecretsManager.Secret {
    /// How AWS makes a secret up. The value never leaves the call that makes the secret.
    ///
    /// Source: <https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetRandomPassword.html>
    public struct Generation: Codable, Hashable, Sendable {
        /// 1 to 4096 characters; AWS's own is 32.
        public var passwordLength: Int?
        public var excludeCharacters: String?
        public var excludeLowercase: Bool?
        public var excludeNumbers: Bool?
        public var excludePunctuation: Bool?
        public var excludeUppercase: Bool?
        public var includeSpace: Bool?
        /// Whether there is at least one of each sort that is not excluded; AWS's own is yes.
        public var requireEachIncludedType: Bool?
        /// A JSON object that the password is put into, under ``generateStringKey``.
        public var secretStringTemplate: Text?
        public var generateStringKey: String?

        public init(
            length: Int? = nil, excluding characters: String? = nil, excludeLowercase: Bool? = nil,
            excludeNumbers: Bool? = nil, excludePunctuation: Bool? = nil, excludeUppercase: Bool? = nil,
            includeSpace: Bool? = nil, requireEachIncludedType: Bool? = nil, template: Text? = nil, key: String? = nil
        ) {
            passwordLength = length
            excludeCharacters = characters
            self.excludeLowercase = excludeLowercase
            self.excludeNumbers = excludeNumbers
            self.excludePunctuation = excludePunctuation
            self.excludeUppercase = excludeUppercase
            self.includeSpace = includeSpace
            self.requireEachIncludedType = requireEachIncludedType
            secretStringTemplate = template
            generateStringKey = key
        }
    }
}

extension SecretsManager.Secret.Generation {
    var problems: [Problem] {
        var found: [Problem] = []
        func add(_ member: String, _ message: String, hint: String? = nil) {
            found.append(Problem("GenerateSecretString.\(member)", message, hint: hint))
        }
        if let length = passwordLength, !(1...4096).contains(length) {
            add("PasswordLength", "a password has 1 to 4096 characters, not \(length)")
        }
        if [excludeLowercase, excludeNumbers, excludePunctuation, excludeUppercase].allSatisfy({ $0 == true }), includeSpace != true {
            add("ExcludeLowercase", "nothing is left that a password can be made of")
        }
        if (secretStringTemplate == nil) != (generateStringKey == nil) {
            add("SecretStringTemplate", "a template comes with the key that the password is put under")
        }
        if let template = secretStringTemplate?.literal, (try? JSON(parsing: template))?.object == nil {
            add("SecretStringTemplate", "the template is no JSON object", hint: #"such as {"username": "etl"}"#)
        }
        return found
    }

    /// Asks AWS for a password, and puts it where it belongs.
    /// - Throws: `AWSError`, and `JSON`'s errors when the template is no JSON object.
    func make(_ aws: AWSClient) async throws -> String {
        struct Input: Encodable {
            let passwordLength: Int?
            let excludeCharacters: String?
            let excludeLowercase, excludeNumbers, excludePunctuation, excludeUppercase: Bool?
            let includeSpace, requireEachIncludedType: Bool?
        }
        struct Output: Decodable, Sendable { let randomPassword: String }
        let input = Input(
            passwordLength: passwordLength, excludeCharacters: excludeCharacters, excludeLowercase: excludeLowercase,
            excludeNumbers: excludeNumbers, excludePunctuation: excludePunctuation, excludeUppercase: excludeUppercase,
            includeSpace: includeSpace, requireEachIncludedType: requireEachIncludedType)
        let password = try await aws.call(.secretsManager, "GetRandomPassword", input, as: Output.self).randomPassword
        guard let template = secretStringTemplate?.literal, let key = generateStringKey else { return password }
        return try JSON(parsing: template).setting([key], to: .string(password)).text
    }
}
