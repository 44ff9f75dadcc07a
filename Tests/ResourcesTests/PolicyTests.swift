import SlipwayDeclaration
import SlipwayResources
import Testing

/// Policies that AWS, or somebody in its console, writes differently.
///
/// Cases of <https://github.com/aws-controllers-k8s/iam-controller/pull/176>,
/// <https://github.com/hashicorp/terraform-provider-aws/issues/11801>, 21968, 22560 and 30870, and
/// <https://github.com/pulumi/pulumi-aws/issues/1338>.
struct PolicyTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let left: String
        let right: String
        init(_ description: String, _ left: String, _ right: String) {
            testDescription = description
            self.left = left
            self.right = right
        }
    }

    static let equal: [Case] = [
        Case("white space", document(allow), document(allow).replacing(",", with: ",\n  ")),
        Case(
            "key order", #"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"a:B","Resource":"*"}]}"#,
            #"{"Statement":[{"Resource":"*","Action":"a:B","Effect":"Allow"}],"Version":"2012-10-17"}"#),
        Case(
            "a single statement without a list",
            #"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"a:B","Resource":"*"}}"#, document(allow)),
        Case(
            "an action as a list of one", document(allow),
            document(#"{"Effect":"Allow","Action":["a:B"],"Resource":"*"}"#)),
        Case(
            "a resource as a list of one", document(allow),
            document(#"{"Effect":"Allow","Action":"a:B","Resource":["*"]}"#)),
        Case(
            "not-forms as lists of one",
            document(#"{"Effect":"Deny","NotAction":"a:B","NotResource":"r"}"#),
            document(#"{"Effect":"Deny","NotAction":["a:B"],"NotResource":["r"]}"#)),
        Case(
            "the order of actions", document(#"{"Effect":"Allow","Action":["a:B","a:C"],"Resource":"*"}"#),
            document(#"{"Effect":"Allow","Action":["a:C","a:B"],"Resource":"*"}"#)),
        Case(
            "the order of resources", document(#"{"Effect":"Allow","Action":"a:B","Resource":["r","s"]}"#),
            document(#"{"Effect":"Allow","Action":"a:B","Resource":["s","r"]}"#)),
        Case(
            "an action named twice", document(allow),
            document(#"{"Effect":"Allow","Action":["a:B","a:B"],"Resource":"*"}"#)),
        Case("the order of statements", document(allow, deny), document(deny, allow)),
        Case("a statement that is there twice", document(allow), document(allow, allow)),
        Case("an empty Sid", document(allow), document(#"{"Sid":"","Effect":"Allow","Action":"a:B","Resource":"*"}"#)),
        Case(
            "the order of services", trust(#"{"Service":["glue.amazonaws.com","ec2.amazonaws.com"]}"#),
            trust(#"{"Service":["ec2.amazonaws.com","glue.amazonaws.com"]}"#)),
        Case(
            "a service as a list of one", trust(#"{"Service":"glue.amazonaws.com"}"#),
            trust(#"{"Service":["glue.amazonaws.com"]}"#)),
        Case("everybody", trust(#""*""#), trust(#"{"AWS":"*"}"#)),
        Case(
            "an account by number or root", trust(#"{"AWS":"123456789012"}"#),
            trust(#"{"AWS":"arn:aws:iam::123456789012:root"}"#)),
        Case(
            "an account of another partition", trust(#"{"AWS":["123456789012"]}"#),
            trust(#"{"AWS":"arn:aws-cn:iam::123456789012:root"}"#)),
        Case(
            "an account named in both forms", trust(#"{"AWS":"123456789012"}"#),
            trust(#"{"AWS":["123456789012","arn:aws:iam::123456789012:root"]}"#)),
        Case(
            "a condition as a list of one", when(#"{"StringEquals":{"k":"v"}}"#),
            when(#"{"StringEquals":{"k":["v"]}}"#)),
        Case(
            "the order of a condition's values", when(#"{"StringEquals":{"k":["v","w"]}}"#),
            when(#"{"StringEquals":{"k":["w","v"]}}"#)),
        Case(
            "the order of conditions", when(#"{"StringEquals":{"k":"v","l":"w"},"Bool":{"m":"true"}}"#),
            when(#"{"Bool":{"m":"true"},"StringEquals":{"l":"w","k":"v"}}"#)),
        Case("a boolean as a string", when(#"{"Bool":{"k":true}}"#), when(#"{"Bool":{"k":["true"]}}"#)),
        Case("a number as a string", when(#"{"NumericLessThan":{"k":3600}}"#), when(#"{"NumericLessThan":{"k":"3600"}}"#)),
        Case("no conditions", document(allow), when("{}")),
        Case(
            "no version, which is the old one", #"{"Statement":[\#(allow)]}"#,
            #"{"Version":"2008-10-17","Statement":[\#(allow)]}"#),
        Case("URL-encoded as IAM gives it back", document(allow), urlEncoded(document(allow))),
    ]

    static let different: [Case] = [
        Case("versions", document(allow), document(allow).replacing("2012", with: "2008")),
        Case("effects", document(allow), document(allow.replacing("Allow", with: "Deny"))),
        Case("actions", document(allow), document(allow.replacing("a:B", with: "a:C"))),
        Case("one action more", document(allow), document(allow.replacing(#""a:B""#, with: #"["a:B","a:C"]"#))),
        Case("resources", document(allow), document(allow.replacing(#""*""#, with: #""r""#))),
        Case("Action and NotAction", document(allow), document(allow.replacing("Action", with: "NotAction"))),
        Case("Sids", document(allow), document(#"{"Sid":"1","Effect":"Allow","Action":"a:B","Resource":"*"}"#)),
        Case("one statement more", document(allow), document(allow, deny)),
        Case("a condition", document(allow), when(#"{"Bool":{"k":"true"}}"#)),
        Case("a condition's value", when(#"{"Bool":{"k":"true"}}"#), when(#"{"Bool":{"k":"false"}}"#)),
        Case(
            "letter case of a tag's name", when(#"{"StringEquals":{"aws:ResourceTag/Team":"a"}}"#),
            when(#"{"StringEquals":{"aws:ResourceTag/team":"a"}}"#)),
        Case("accounts", trust(#"{"AWS":"123456789012"}"#), trust(#"{"AWS":"210987654321"}"#)),
        Case("types of principals", trust(#"{"AWS":"*"}"#), trust(#"{"Service":"*"}"#)),
        Case(
            "a role and what is left of one that was deleted", trust(#"{"AWS":"arn:aws:iam::123456789012:role/etl"}"#),
            trust(#"{"AWS":"AROAIOSFODNN7EXAMPLE"}"#)),
    ]

    @Test(arguments: equal)
    func `policies that mean the same are equal`(_ example: Case) throws {
        let left = try IAM.PolicyDocument(encoded: example.left)
        let right = try IAM.PolicyDocument(encoded: example.right)
        #expect(left.canonical() == right.canonical())
    }

    @Test(arguments: different)
    func `policies that differ in meaning are not equal`(_ example: Case) throws {
        let left = try IAM.PolicyDocument(encoded: example.left)
        let right = try IAM.PolicyDocument(encoded: example.right)
        #expect(left.canonical() != right.canonical())
    }

    @Test(arguments: equal)
    func `the normal form of a normal form is itself`(_ example: Case) throws {
        let document = try IAM.PolicyDocument(encoded: example.left).canonical()
        #expect(document.canonical() == document)
        #expect(try IAM.PolicyDocument(encoded: document.text()).canonical() == document)
    }

    private static let allow = #"{"Effect":"Allow","Action":"a:B","Resource":"*"}"#
    private static let deny = #"{"Effect":"Deny","Action":"a:D","Resource":"*"}"#

    private static func document(_ statements: String...) -> String {
        #"{"Version":"2012-10-17","Statement":[\#(statements.joined(separator: ","))]}"#
    }
    private static func trust(_ principal: String) -> String {
        document(#"{"Effect":"Allow","Principal":\#(principal),"Action":"sts:AssumeRole"}"#)
    }
    private static func when(_ condition: String) -> String {
        document(#"{"Effect":"Allow","Action":"a:B","Resource":"*","Condition":\#(condition)}"#)
    }
    private static func urlEncoded(_ text: String) -> String {
        text.utf8.map { "%" + ($0 < 16 ? "0" : "") + String($0, radix: 16, uppercase: true) }.joined()
    }
}

extension PolicyTests {
    private static let lake = Text(.attribute(Reference(resource: Address("lake"), attribute: "Arn")))

    private static func tree(_ document: IAM.PolicyDocument) throws -> JSON {
        try PropertyEncoder().encode(document).tree
    }

    @Test func `statements are written as IAM wants them`() throws {
        let document: IAM.PolicyDocument = [
            .allow("s3:GetObject", "s3:PutObject", on: "arn:aws:s3:::lake/*", sid: "Objects"),
            .deny(
                "s3:*", on: "*", to: .service("glue.amazonaws.com"), when: .bool("aws:SecureTransport", false)),
            IAM.Statement(.deny, notActions: ["iam:*"], notResources: ["r"], notPrincipal: .account("123456789012")),
        ]
        #expect(
            try Self.tree(document) == [
                "Version": "2012-10-17",
                "Statement": [
                    [
                        "Sid": "Objects", "Effect": "Allow", "Action": ["s3:GetObject", "s3:PutObject"],
                        "Resource": ["arn:aws:s3:::lake/*"],
                    ],
                    [
                        "Effect": "Deny", "Action": ["s3:*"], "Resource": ["*"],
                        "Principal": ["Service": ["glue.amazonaws.com"]],
                        "Condition": ["Bool": ["aws:SecureTransport": ["false"]]],
                    ],
                    [
                        "Effect": "Deny", "NotAction": ["iam:*"], "NotResource": ["r"],
                        "NotPrincipal": ["AWS": ["123456789012"]],
                    ],
                ],
            ])
    }

    @Test func `a policy may refer to what is not known yet`() throws {
        let document: IAM.PolicyDocument = [.allow("s3:GetObject", on: "\(Self.lake)/*")]
        let tree = try Self.tree(document)
        #expect(tree.hasExpressions)
        #expect(throws: UnsendablePolicy.self) { try document.text() }
        let resolved = tree.resolved { _ in "arn:aws:s3:::lake" }
        let decoded = try PropertyDecoder().decode(IAM.PolicyDocument.self, from: resolved)
        #expect(decoded == [.allow("s3:GetObject", on: "arn:aws:s3:::lake/*")])
        #expect(
            try JSON(parsing: decoded.text()) == [
                "Version": "2012-10-17",
                "Statement": [["Effect": "Allow", "Action": ["s3:GetObject"], "Resource": ["arn:aws:s3:::lake/*"]]],
            ])
    }

    @Test func `JSON from AWS's documentation is a policy, with references inside`() {
        let document = IAM.PolicyDocument(
            json: #"""
                {"Version": "2012-10-17", "Statement": {
                    "Effect": "Allow", "Action": "s3:GetObject", "Resource": "\#(Self.lake)/${aws:username}/*"}}
                """#)
        #expect(document == [.allow("s3:GetObject", on: "\(Self.lake)/${aws:username}/*")])
    }

    @Test(arguments: [
        ("{", "JSON"), (#"{"Version": "2012-10-17"}"#, "it has no 'Statement'"),
        (#"{"Statement": {"Effect": "Maybe"}}"#, "Statement"),
    ])
    func `JSON that is no policy is reported and never sent`(json: String, words: String) {
        let document = IAM.PolicyDocument(json: Text(verbatim: json))
        let problems = document.problems(.identity, in: "Policies.lake")
        #expect(problems.count == 1)
        #expect(problems.first?.message.contains(words) == true, "\(problems)")
        #expect(throws: UnsendablePolicy.self) { try document.text() }
    }

    @Test func `what the use of a policy does not allow is reported`() {
        let identity: IAM.PolicyDocument = [.allow("a:B", to: .anyone)]
        #expect(identity.problems(.identity, in: "P").map(\.property) == ["P.Statement[0]", "P.Statement[0]"])
        let trust: IAM.PolicyDocument = [.allow("sts:AssumeRole", on: "*")]
        #expect(trust.problems(.trust, in: "P").count == 2)
        let bucket: IAM.PolicyDocument = [.allow("s3:GetObject", on: "*", to: .anyone)]
        #expect(bucket.problems(.resource, in: "P").isEmpty)
        #expect(IAM.PolicyDocument([]).problems(.identity, in: "P").count == 1)
        let twice: IAM.PolicyDocument = [.allow("a:B", on: "*", sid: "One"), .deny("a:C", on: "*", sid: "One")]
        #expect(twice.problems(.identity, in: "P").count == 1)
    }

    @Test func `lists whose order means nothing are marked so`() throws {
        let marks = try PropertyEncoder().encode([.allow("a:B", on: "*")] as IAM.PolicyDocument).marks
        #expect(marks[["Statement"]] == [.unordered])
        #expect(marks[["Statement", "*", "Action"]] == [.unordered])
    }
}
