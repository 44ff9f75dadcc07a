public import SlipwayDeclaration

extension S3.Bucket {
    /// Which web pages of other origins may use the bucket.
    public struct CORS: Codable, Hashable, Sendable, ExpressibleByArrayLiteral {
        public enum Method: String, Codable, Hashable, Sendable {
            case get = "GET"
            case put = "PUT"
            case head = "HEAD"
            case post = "POST"
            case delete = "DELETE"
        }

        public struct Rule: Codable, Hashable, Sendable {
            /// At most 255 characters.
            public var id: String?
            @Unordered public var allowedMethods: [Method]
            /// Such as `https://example.com` or `*`.
            @Unordered public var allowedOrigins: [Text]
            @Unordered public var allowedHeaders: [String]?
            @Unordered public var exposedHeaders: [String]?
            /// Seconds that a browser may remember the answer.
            public var maxAge: Int?

            public init(
                _ methods: [Method], from origins: [Text], headers: [String]? = nil, exposing: [String]? = nil,
                maxAge: Int? = nil, id: String? = nil
            ) {
                self.id = id
                self.allowedMethods = methods
                self.allowedOrigins = origins
                self.allowedHeaders = headers
                self.exposedHeaders = exposing
                self.maxAge = maxAge
            }
        }

        /// The first that fits counts. At most 100.
        public var corsRules: [Rule]

        public init(rules: [Rule]) { corsRules = rules }

        public init(arrayLiteral rules: Rule...) { self.init(rules: rules) }

        var canonical: CORS {
            CORS(
                rules: corsRules.map { rule in
                    var rule = rule
                    rule.allowedMethods.sort { $0.rawValue < $1.rawValue }
                    rule.allowedOrigins.sort { $0.spelling < $1.spelling }
                    rule.allowedHeaders = rule.allowedHeaders.flatMap { $0.isEmpty ? nil : $0.sorted() }
                    rule.exposedHeaders = rule.exposedHeaders.flatMap { $0.isEmpty ? nil : $0.sorted() }
                    return rule
                })
        }
    }

    /// A web site made of the bucket's objects. It either redirects all requests elsewhere, or has an index.
    public struct Website: Codable, Hashable, Sendable {
        /// `http` or `https`; `nil` keeps that of the request.
        public enum Scheme: String, Codable, Hashable, Sendable { case http, https }

        public struct RedirectAll: Codable, Hashable, Sendable {
            public var hostName: Text
            public var `protocol`: Scheme?
            public init(to host: Text, protocol: Scheme? = nil) {
                hostName = host
                self.protocol = `protocol`
            }
        }

        public struct Condition: Codable, Hashable, Sendable {
            public var httpErrorCodeReturnedEquals: String?
            public var keyPrefixEquals: Text?
            public init(error: String? = nil, prefix: Text? = nil) {
                httpErrorCodeReturnedEquals = error
                keyPrefixEquals = prefix
            }
        }

        public struct Redirect: Codable, Hashable, Sendable {
            public var hostName: Text?
            public var httpRedirectCode: String?
            public var `protocol`: Scheme?
            public var replaceKeyPrefixWith: Text?
            public var replaceKeyWith: Text?
            public init(
                host: Text? = nil, code: String? = nil, protocol: Scheme? = nil, prefix: Text? = nil, key: Text? = nil
            ) {
                hostName = host
                httpRedirectCode = code
                self.protocol = `protocol`
                replaceKeyPrefixWith = prefix
                replaceKeyWith = key
            }
        }

        public struct Rule: Codable, Hashable, Sendable {
            public var redirectRule: Redirect
            public var routingRuleCondition: Condition?
            public init(_ redirect: Redirect, when condition: Condition? = nil) {
                redirectRule = redirect
                routingRuleCondition = condition
            }
        }

        /// Such as `index.html`.
        public var indexDocument: Text?
        /// The key of what is shown instead of an error.
        public var errorDocument: Text?
        public var redirectAllRequestsTo: RedirectAll?
        /// The first that fits counts.
        public var routingRules: [Rule]?

        public init(index: Text, error: Text? = nil, rules: [Rule]? = nil) {
            indexDocument = index
            errorDocument = error
            routingRules = rules
        }

        public init(redirectingTo target: RedirectAll) { redirectAllRequestsTo = target }

        var canonical: Website {
            var website = self
            if routingRules?.isEmpty == true { website.routingRules = nil }
            return website
        }
    }
}
