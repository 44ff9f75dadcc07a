import FoundationEssentials
import SlipwayDeclaration
import SlipwayFakeAWS
import SlipwayHTTP
import Testing

@Suite struct FakeAWSTests {
    private let signed: HTTPHeaders = [
        "Authorization": "AWS4-HMAC-SHA256 Credential=AKIA/20260101/eu-west-1/sts/aws4_request, SignedHeaders=host",
        "Content-Type": "application/x-www-form-urlencoded",
    ]

    private func identityRequest(signed isSigned: Bool = true) -> HTTPRequest {
        HTTPRequest(
            method: "POST", url: "https://sts.eu-west-1.amazonaws.com/", headers: isSigned ? signed : [:],
            body: .bytes(.init("Action=GetCallerIdentity&Version=2011-06-15".utf8)))
    }

    @Test func `a form's numbered parameters become lists`() {
        let tree = FakeCall.tree([
            ("Action", "CreateRole"), ("RoleName", "etl"), ("Tags.member.2.Key", "b"), ("Tags.member.1.Key", "a"),
        ])
        #expect(tree == ["RoleName": "etl", "Tags": [["Key": "a"], ["Key": "b"]]])
    }

    @Test func `a signed call is answered and recorded`() async throws {
        let fake = FakeAWS()
        let response = try await fake.send(identityRequest())
        #expect(response.status == 200)
        #expect(String(decoding: response.body, as: UTF8.self).contains("<Account>123456789012</Account>"))
        #expect(fake.operations == ["sts GetCallerIdentity"])
    }

    @Test func `a call that is not signed is refused`() async throws {
        let fake = FakeAWS()
        #expect(try await fake.send(identityRequest(signed: false)).status == 403)
    }

    @Test func `a fault strikes as often as it was told to`() async throws {
        let fake = FakeAWS()
        fake.fail("sts", "GetCallerIdentity", skipping: 1, code: "ExpiredToken", status: 403)
        fake.drop("sts", nil, skipping: 0)
        #expect(try await fake.send(identityRequest()).status == 200)
        #expect(try await fake.send(identityRequest()).status == 403)
        await #expect(throws: HTTPError.self) { try await fake.send(identityRequest()) }
        #expect(try await fake.send(identityRequest()).status == 200)
    }
}
