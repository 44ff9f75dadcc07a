import Testing

@testable import SlipwayHTTP

@Suite struct HTTPHeadersTests {
    @Test func `names are compared without regard to letter case`() {
        var headers: HTTPHeaders = ["Content-Type": "a", "X-One": "1"]
        #expect(headers["content-TYPE"] == "a")
        headers["content-type"] = "b"
        #expect(headers.fields.map(\.name) == ["content-type", "X-One"])
        headers["CONTENT-TYPE"] = nil
        #expect(headers.fields.map(\.name) == ["X-One"])
    }

    @Test func `a name may occur more than once`() {
        var headers = HTTPHeaders()
        headers.append("a", "1")
        headers.append("A", "2")
        #expect(headers["a"] == "1")
        #expect(headers.fields.count == 2)
        headers["a"] = "3"
        #expect(headers.fields.map(\.value) == ["3"])
    }
}
