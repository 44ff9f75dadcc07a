package import FoundationEssentials
package import SlipwayDeclaration
private import SlipwayAWS
package import SlipwayHTTP

/// One request in the words of the service that it is for, whatever its protocol.
package struct FakeCall: Sendable {
    /// The name that the request was signed for, such as `glue`.
    package var service = ""
    /// Such as `CreateJob`.
    package var operation = ""
    /// The region that the request was signed for.
    package var region = ""
    /// The parameters as a tree. Of a form, `Tags.member.1.Key=…` is `{"Tags": [{"Key": …}]}`; empty for REST.
    package var input: JSON = [:]
    package var method = ""
    /// Decoded.
    package var path = ""
    /// Decoded; an item without a value has an empty one.
    package var query: [String: String] = [:]
    package var headers: HTTPHeaders = [:]
    package var body = Data()
    /// S3's bucket and key, from the host or the path.
    package var bucket: String?
    package var key: String?
    /// Seconds since 1970.
    package var date = 0
    /// Another number for each request.
    package var serial = 0
    /// See ``shuffled(_:)``.
    fileprivate var seed: UInt64?

    /// A member of the input that is a string.
    package subscript(_ name: String) -> String? { input[name]?.string }

    /// Whether the operation changes nothing.
    package var isRead: Bool {
        ["Get", "Head", "List", "Describe", "BatchGet", "Search", "Filter"].contains { operation.hasPrefix($0) }
    }

    /// A list in an order that AWS does not promise: as it is, unless the test wants it otherwise each time.
    package func shuffled<Element>(_ list: [Element]) -> [Element] {
        guard let seed else { return list }
        var source = Shuffling(state: seed &+ UInt64(serial) &* 0x9E37_79B9_7F4A_7C15)
        return list.shuffled(using: &source)
    }

    /// The host of a URL, with its port.
    package static func host(of url: String) -> String {
        let rest = url.firstRange(of: "://").map { url[$0.upperBound...] } ?? url[...]
        return String(rest.prefix { $0 != "/" && $0 != "?" })
    }
}

/// Why a request is refused before it comes to a service.
struct Refusal: Error {
    let call: FakeCall
    let answer: FakeAnswer
}

extension FakeCall {
    static func decode(
        _ request: HTTPRequest, date: Int, serial: Int, seed: UInt64?
    ) -> Result<FakeCall, Refusal> {
        var call = FakeCall()
        call.method = request.method
        call.headers = request.headers
        call.date = date
        call.serial = serial
        call.seed = seed
        call.setURL(request.url)
        guard let scope = scope(request.headers["Authorization"]) else {
            let answer = FakeAnswer.error("MissingAuthenticationToken", "the request is not signed", status: 403)
            return .failure(Refusal(call: call, answer: answer))
        }
        (call.region, call.service) = scope
        do {
            call.body = try bytes(request.body)
            if let target = request.headers["X-Amz-Target"] {
                call.operation = String(target.split(separator: ".").last ?? "")
                call.input = call.body.isEmpty ? [:] : try JSON(parsing: call.body)
            } else if request.headers["Content-Type"]?.hasPrefix("application/x-www-form-urlencoded") == true {
                let items = pairs(String(decoding: call.body, as: UTF8.self), plusIsSpace: true)
                call.operation = items.first { $0.0 == "Action" }?.1 ?? ""
                call.input = tree(items, flattensLists: call.service == "ec2")
            } else {
                call.setBucketAndKey(host: host(of: request.url))
                call.operation = s3Operation(call)
            }
        } catch {
            let answer = FakeAnswer.error("SerializationException", "\(error)", status: 400)
            return .failure(Refusal(call: call, answer: answer))
        }
        return .success(call)
    }

    /// Region and service of `AWS4-HMAC-SHA256 Credential=AKIA…/20260101/eu-west-1/s3/aws4_request, …`.
    private static func scope(_ authorization: String?) -> (region: String, service: String)? {
        guard let authorization, let start = authorization.firstRange(of: "Credential=") else { return nil }
        let parts = authorization[start.upperBound...].prefix { $0 != "," }.split(separator: "/")
        guard parts.count >= 5, parts.last == "aws4_request" else { return nil }
        return (String(parts[parts.count - 3]), String(parts[parts.count - 2]))
    }

    private static func bytes(_ body: HTTPRequest.Body) throws -> Data {
        switch body {
        case .none: return Data()
        case .bytes(let data): return data
        case .file(let path, let offset, let length):
            let all = try Data(contentsOf: URL(filePath: path))
            let start = all.startIndex + Int(offset)
            return Data(all[start..<(start + Int(length))])
        }
    }

    private mutating func setURL(_ url: String) {
        let rest = url.firstRange(of: "://").map { url[$0.upperBound...] } ?? url[...]
        let target = rest.firstIndex(of: "/").map { rest[$0...] } ?? "/"
        let parts = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        path = FakeCall.decoded(parts.first ?? "/", plusIsSpace: false)
        guard parts.count == 2 else { return }
        for (name, value) in FakeCall.pairs(String(parts[1]), plusIsSpace: false) { query[name] = value }
    }

    /// `bucket.s3.eu-west-1.amazonaws.com/key`, or `s3.eu-west-1.amazonaws.com/bucket/key`.
    private mutating func setBucketAndKey(host: String) {
        var rest = path.dropFirst()
        if let found = host.firstRange(of: ".s3.") ?? host.firstRange(of: ".s3-") {
            bucket = String(host[..<found.lowerBound])
        } else {
            let name = rest.prefix { $0 != "/" }
            if !name.isEmpty { bucket = String(name) }
            rest = rest.dropFirst(name.count).dropFirst()
        }
        if !rest.isEmpty { key = String(rest) }
    }

    static func pairs(_ text: String, plusIsSpace: Bool) -> [(String, String)] {
        text.split(separator: "&").map { item in
            let parts = item.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return (
                decoded(parts[0], plusIsSpace: plusIsSpace),
                parts.count == 2 ? decoded(parts[1], plusIsSpace: plusIsSpace) : ""
            )
        }
    }

    static func decoded(_ text: Substring, plusIsSpace: Bool) -> String {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"), rest.count >= 2,
                let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
            {
                bytes.append(value)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(plusIsSpace && byte == UInt8(ascii: "+") ? UInt8(ascii: " ") : byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// A small generator of random numbers that gives the same ones each time (SplitMix64).
private struct Shuffling: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return word ^ (word >> 31)
    }
}
