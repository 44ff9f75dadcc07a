import Foundation
import SlipwayHTTP
import Testing

@testable import SlipwayAWS

@Suite struct ClientTests {
    private let job = KindCalls.CreateJob(
        name: "load", role: "r", command: .init(name: "glueetl", scriptLocation: "s3://b/x.py"), timeout: nil,
        defaultArguments: ["--lake": "s3://b/"])

    // MARK: JSON

    @Test func `a call of Glue is JSON with a target`() async throws {
        let transport = StubTransport(.ok(#"{"Name":"load"}"#))
        #expect(try await KindCalls.createJob(client(transport), job) == "load")
        let request = try #require(transport.requests.first)
        #expect(request.method == "POST")
        #expect(request.url == "https://glue.eu-west-1.amazonaws.com/")
        #expect(request.headers["X-Amz-Target"] == "AWSGlue.CreateJob")
        #expect(request.headers["Content-Type"] == "application/x-amz-json-1.1")
        #expect(request.headers["X-Amz-Date"] == "20260102T030405Z")
        #expect(
            request.headers["Authorization"]?.hasPrefix(
                "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20260102/eu-west-1/glue/aws4_request, "
                    + "SignedHeaders=content-type;host;x-amz-date;x-amz-target, Signature=") == true)
        #expect(!request.mayBeSentTwice)
        #expect(
            transport.body() == #"{"Name":"load","Role":"r","Command":{"Name":"glueetl","ScriptLocation":"s3://b/x.py"},"#
                + #""DefaultArguments":{"--lake":"s3://b/"}}"#)
    }

    @Test func `a kind catches an error by its kind`() async throws {
        let transport = StubTransport(.json(400, "AlreadyExistsException", "Job already exists."))
        #expect(try await KindCalls.createJob(client(transport), job) == nil)
    }

    @Test func `an error says what was called, and AWS's words`() async {
        let transport = StubTransport(
            .json(400, "com.amazonaws.glue#EntityNotFoundException", "No job.", headers: ["x-amzn-RequestId": "1f"]))
        let error = await #expect(throws: AWSError.self) { try await client(transport).call(.glue, "GetJob") }
        #expect(error?.kind == .notFound && error?.status == 400 && error?.requestID == "1f")
        #expect(error.map { "\($0)" } == "glue GetJob: EntityNotFoundException: No job (request 1f)")
    }

    @Test func `where nobody answers, the endpoint is named`() async {
        let transport = StubTransport(.refused, .refused, .refused)
        let aws = client(transport, endpoints: ["": "http://localhost:4566"])
        let error = await #expect(throws: AWSError.self) { try await aws.call(.glue, "GetJob") }
        #expect(error?.kind == .unreachable && error?.attempts == 3)
        #expect(error.map { "\($0)" } == "glue GetJob: cannot connect to h:443: refused [http://localhost:4566]")
    }

    @Test func `a success that cannot be read may have happened`() async {
        let error = await #expect(throws: AWSError.self) {
            try await KindCalls.createJob(client(StubTransport(.ok("<html>"))), job)
        }
        #expect(error?.kind == .unreadable)
        #expect(error?.message == "the answer cannot be read: not JSON: not a value at byte 0")
        #expect(error?.mayHaveHappened == true)
    }

    @Test func `without a region nothing is sent`() async {
        let transport = StubTransport()
        let error = await #expect(throws: AWSError.self) { try await client(transport, region: nil).call(.glue, "GetJob") }
        #expect(error?.kind == .misconfigured)
        #expect(error?.message == "no region is configured")
        #expect(transport.requests.isEmpty)
    }

    @Test func `pages are followed to the last`() async throws {
        let transport = StubTransport(
            .ok(#"{"TableList":[{"Name":"a"}],"NextToken":"2"}"#), .ok(#"{"TableList":[],"NextToken":"3"}"#),
            .ok(#"{"TableList":[{"Name":"b"}]}"#))
        #expect(try await KindCalls.tables(client(transport), in: "d") == ["a", "b"])
        #expect(
            (0..<3).map { transport.body($0) } == [
                #"{"DatabaseName":"d"}"#, #"{"DatabaseName":"d","NextToken":"2"}"#, #"{"DatabaseName":"d","NextToken":"3"}"#,
            ])
    }

    @Test func `a token that is repeated is the last`() async throws {
        struct Page: Decodable, Sendable { var events: [Int] }
        let transport = StubTransport(
            .ok(#"{"events":[1],"nextToken":"f"}"#), .ok(#"{"events":[],"nextToken":"f"}"#), .status(500))
        #expect(try await client(transport).pages(.logs, "GetLogEvents", as: Page.self).all(\.events) == [1])
        #expect(transport.requests.count == 2)
    }

    @Test func `an error on a page ends the pages`() async throws {
        let transport = StubTransport(
            .ok(#"{"TableList":[{"Name":"a"}],"NextToken":"2"}"#), .json(400, "AccessDeniedException"))
        var pages = client(transport).pages(.glue, "GetTables", as: KindCalls.Tables.self).makeAsyncIterator()
        #expect(try await pages.next()?.tableList.count == 1)
        await #expect(throws: AWSError.self) { try await pages.next() }
        #expect(try await pages.next() == nil)
    }

    @Test func `a token that is missing is made once for all attempts of a call`() async throws {
        struct Start: Encodable, Sendable, WireShaped {
            var clientToken: String?
            static let shape: Shape = ["ClientToken": .idempotencyToken]
        }
        let transport = StubTransport(.json(400, "ThrottlingException"), .ok("{}"), .ok("{}"))
        try await client(transport).call(.redshiftData, "ExecuteStatement", Start())
        try await client(transport).call(.redshiftData, "ExecuteStatement", Start(clientToken: "mine"))
        let made = #"{"ClientToken":"00000000-0000-4000-8000-000000000000"}"#
        #expect((0..<3).map { transport.body($0) } == [made, made, #"{"ClientToken":"mine"}"#])
    }

    // MARK: Query

    @Test func `a call of IAM is a form, and goes to the home region`() async throws {
        let transport = StubTransport(
            .ok(
                """
                <CreateRoleResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><CreateRoleResult><Role>
                <RoleName>etl</RoleName><Arn>arn:aws:iam::1:role/etl</Arn>
                <Tags><member><Key>a</Key><Value>b</Value></member></Tags>
                </Role></CreateRoleResult><ResponseMetadata><RequestId>x</RequestId></ResponseMetadata></CreateRoleResponse>
                """))
        let role = KindCalls.CreateRole(
            roleName: "etl", assumeRolePolicyDocument: #"{"a": "b+c"}"#, maxSessionDuration: nil,
            tags: [KindCalls.Tag(key: "a", value: "b")])
        let created = try await KindCalls.createRole(client(transport), role)
        #expect(created.arn == "arn:aws:iam::1:role/etl")
        #expect(created.tags == [KindCalls.Tag(key: "a", value: "b")])
        #expect(transport.requests.first?.url == "https://iam.amazonaws.com/")
        #expect(transport.requests.first?.headers["Authorization"]?.contains("/us-east-1/iam/aws4_request") == true)
        #expect(
            transport.body() == "Action=CreateRole&Version=2010-05-08&RoleName=etl&AssumeRolePolicyDocument="
                + "%7B%22a%22%3A%20%22b%2Bc%22%7D&Tags.member.1.Key=a&Tags.member.1.Value=b")
    }

    @Test func `IAM's pages have markers`() async throws {
        func page(_ name: String, _ rest: String) -> StubTransport.Answer {
            .ok(
                "<ListRolesResponse><ListRolesResult><Roles><member><RoleName>\(name)</RoleName><Arn>a</Arn></member></Roles>"
                    + "\(rest)</ListRolesResult></ListRolesResponse>")
        }
        let transport = StubTransport(
            page("a", "<IsTruncated>true</IsTruncated><Marker>m+1</Marker>"), page("b", "<IsTruncated>false</IsTruncated>"))
        #expect(try await KindCalls.roles(client(transport)) == ["a", "b"])
        #expect(transport.body(1) == "Action=ListRoles&Version=2010-05-08&Marker=m%2B1")
    }

    @Test func `an error of IAM is XML`() async {
        let body = """
            <ErrorResponse><Error><Type>Sender</Type><Code>NoSuchEntity</Code><Message>No role.</Message></Error>
            <RequestId>r1</RequestId></ErrorResponse>
            """
        let error = await #expect(throws: AWSError.self) {
            try await client(StubTransport(.status(404, body))).call(.iam, "GetRole")
        }
        #expect(error?.kind == .notFound && error?.code == "NoSuchEntity" && error?.requestID == "r1")
    }

    @Test func `who one is is asked once`() async throws {
        let transport = StubTransport(
            .ok(
                "<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:iam::123456789012:user/u</Arn>"
                    + "<UserId>AIDA</UserId><Account>123456789012</Account></GetCallerIdentityResult></GetCallerIdentityResponse>"
            ))
        let aws = client(transport)
        #expect(aws.account.isEmpty && aws.partition == "aws" && aws.region == "eu-west-1")
        let known = try await aws.identified()
        #expect(known.account == "123456789012")
        #expect(try await known.identified().account == "123456789012")
        #expect(transport.requests.map(\.url) == ["https://sts.eu-west-1.amazonaws.com/"])
    }

    @Test(arguments: [
        ("InvalidClientTokenId", AWSError.Kind.badCredentials), ("ExpiredToken", .badCredentials),
        ("SignatureDoesNotMatch", .badCredentials), ("AccessDenied", .denied),
    ])
    func `bad credentials are told from missing permissions`(code: String, kind: AWSError.Kind) async {
        let transport = StubTransport(.status(403, "<ErrorResponse><Error><Code>\(code)</Code></Error></ErrorResponse>"))
        let error = await #expect(throws: AWSError.self) { try await client(transport).call(.iam, "GetRole") }
        #expect(error?.kind == kind)
        #expect(transport.requests.count == 1)
    }
}
