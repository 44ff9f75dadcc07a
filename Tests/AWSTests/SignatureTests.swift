import FoundationEssentials
import SlipwayHTTP
import Testing

@testable import SlipwayAWS

@Suite struct SignatureTests {
    /// The names of the vectors: folders with a request and what is to be made of it.
    static let vectors: [String] = {
        guard SharedData.isThere, let folder = SharedData.folder else { return [] }
        let root = "\(folder)/aws/sigv4"
        var names: [String] = []
        for name in (try? FileManager.default.contentsOfDirectory(atPath: root)) ?? [] {
            let inside = (try? FileManager.default.contentsOfDirectory(atPath: "\(root)/\(name)")) ?? []
            if inside.contains("\(name).req") { names.append(name) }
            names += inside.filter { SharedData.exists("\(root)/\(name)/\($0)/\($0).req") }.map { "\(name)/\($0)" }
        }
        return names.sorted()
    }()

    @Test(.enabled(if: SharedData.isThere, "needs ../shared/data/aws/sigv4"), arguments: vectors)
    func `AWS's own vectors are signed as AWS signs them`(vector: String) throws {
        let file = try #require(vector.split(separator: "/").last)
        func read(_ ending: String) throws -> String { try SharedData.text("sigv4/\(vector)/\(file).\(ending)") }
        // This vector's token is part of its credentials, and so no part of its request.
        let token = "\nX-Amz-Security-Token:6e86291e8372ff2a2260956d9b8aae1d763fbf315fa00fa31553b73ebf194267"
        let request = try read("req") + (file == "get-vanilla-with-session-token" ? token : "")
        try check(
            request: request, canonical: read("creq"), toSign: read("sts"), authorization: read("authz"))
    }

    @Test(.enabled(if: SharedData.isThere, "needs ../shared/data/aws/sigv4")) func `there are vectors`() {
        #expect(Self.vectors.count >= 30)
    }

    @Test func `a plain request`() throws {
        try check(
            request: "GET / HTTP/1.1\nHost:example.amazonaws.com\nX-Amz-Date:20150830T123600Z",
            canonical: """
                GET
                /

                host:example.amazonaws.com
                x-amz-date:20150830T123600Z

                host;x-amz-date
                e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
                """,
            toSign: """
                AWS4-HMAC-SHA256
                20150830T123600Z
                20150830/us-east-1/service/aws4_request
                bb579772317eb040ac9ed261061d46c1f17a8133879d6129b6e1c25292927e63
                """,
            authorization: "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, "
                + "SignedHeaders=host;x-amz-date, "
                + "Signature=5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31")
    }

    @Test(arguments: [
        ("GET /a/../b//c/./ HTTP/1.1", "/b/c/"), ("GET // HTTP/1.1", "/"), ("GET /./example HTTP/1.1", "/example"),
        ("GET /example space/ HTTP/1.1", "/example%20space/"),
    ])
    func `a path is made normal and encoded once more`(line: String, path: String) throws {
        let canonical = try signature().canonicalRequest(request("\(line)\nHost:h"))
        #expect(canonical.split(separator: "\n", omittingEmptySubsequences: false)[1] == path)
    }

    @Test func `S3's path is left as it is sent`() throws {
        var signature = try signature()
        signature = Signature(
            credentials: signature.credentials, region: "us-east-1", service: "s3", date: signature.date, path: .asSent)
        let canonical = signature.canonicalRequest(try request("GET /a//b/../%C3%A4 HTTP/1.1\nHost:h"))
        #expect(canonical.split(separator: "\n", omittingEmptySubsequences: false)[1] == "/a//b/../%C3%A4")
    }

    @Test func `query items are sorted by their encoded names, then values`() throws {
        let canonical = try signature().canonicalRequest(request("GET /?b=2&a=2&a=1&A=0&versioning HTTP/1.1\nHost:h"))
        let line = canonical.split(separator: "\n", omittingEmptySubsequences: false)[2]
        #expect(line == "A=0&a=1&a=2&b=2&versioning=")
    }

    @Test func `headers are trimmed, and what proxies change is not signed`() throws {
        let canonical = try signature().canonicalRequest(
            request("GET / HTTP/1.1\nHost:h\nX-A:  a   b \nX-A:c\nUser-Agent:me\nExpect:100-continue"))
        #expect(canonical.contains("\nhost:h\nx-a:a b,c\n\nhost;x-a\n"))
    }

    @Test func `credentials do not show their secrets`() {
        let credentials = Credentials(accessKeyID: "AKIA1", secretAccessKey: "very", sessionToken: "secret")
        for text in ["\(credentials)", String(reflecting: credentials), String(describing: Optional(credentials))] {
            #expect(text.contains("AKIA1"))
            #expect(!text.contains("very") && !text.contains("secret"))
        }
        var dumped = ""
        dump(credentials, to: &dumped)
        #expect(!dumped.contains("very") && !dumped.contains("secret"))
    }

    // MARK: -

    private func check(request text: String, canonical: String, toSign: String, authorization: String) throws {
        let (signature, request) = (try signature(), try request(text))
        #expect(signature.canonicalRequest(request) == canonical)
        #expect(signature.stringToSign(request) == toSign)
        #expect(signature.authorization(request) == authorization)
    }

    private func signature() throws -> Signature {
        Signature(
            credentials: Credentials(
                accessKeyID: "AKIDEXAMPLE", secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"),
            region: "us-east-1", service: "service", date: try #require(Timestamp.parse("2015-08-30T12:36:00Z")))
    }

    /// Reads the text of a request.
    private func request(_ text: String) throws -> Signature.Request {
        let halves = text.split(separator: "\n\n", maxSplits: 1)
        var lines = halves[0].split(separator: "\n")
        let line = lines.removeFirst()
        let method = line.prefix { $0 != " " }
        let target = line.dropFirst(method.count + 1).dropLast(" HTTP/1.1".count)
        let path = target.prefix { $0 != "?" }
        let query = target.dropFirst(path.count + 1).split(separator: "&").map { item -> (name: String, value: String?) in
            let parts = item.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map { decoded($0) }
            return (parts[0], parts.count == 2 ? parts[1] : nil)
        }
        var headers = HTTPHeaders()
        var fields: [(String, String)] = []
        for line in lines {
            if line.first?.isWhitespace == true, let last = fields.popLast() {
                fields.append((last.0, last.1 + "\n" + line))
            } else {
                let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
                fields.append((String(parts[0]), String(parts[1])))
            }
        }
        for (name, value) in fields { headers.append(name, value) }
        let body = halves.count == 2 ? Data(halves[1].utf8) : Data()
        return Signature.Request(
            method: String(method), path: String(path), query: query, headers: headers,
            payloadHash: try PayloadHash.sha256(.bytes(body)))
    }

    private func decoded(_ text: Substring) -> String {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"), rest.count >= 2,
                let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
            {
                bytes.append(value)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
