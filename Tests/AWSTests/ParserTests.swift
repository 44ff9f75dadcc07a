import FoundationEssentials
import Testing

@testable import SlipwayAWS

@Suite struct ParserTests {
    private func xml(_ text: String) throws -> XMLElement { try XMLParser.parse(Data(text.utf8)) }
    private func json(_ text: String) throws -> Document { try JSONReader.parse(Data(text.utf8)) }

    @Test func `XML has its names, attributes and text`() throws {
        let root = try xml(
            #"<?xml version="1.0"?><a:R xmlns:a="u" a:t="1" b="&lt;"> <!-- c --><x>1<![CDATA[<2]]>&#x33;</x></a:R>"#)
        #expect(root.name == "R")
        #expect(root.attribute("a:t") == "1" && root.attribute("b") == "<")
        #expect(root.child("x")?.text == "1<23")
    }

    @Test(arguments: ["", "<a>", "<a></b>", "no", "<a/><b/>", "<a>&undefined;</a>"])
    func `what is no XML is refused`(text: String) {
        #expect(throws: XMLParser.Failure.self) { try xml(text) }
    }

    @Test func `a document type is refused, and nothing is fetched or expanded`() {
        let laughs = (1...9).map { "<!ENTITY l\($0) \"\(String(repeating: "&l\($0 - 1);", count: 10))\">" }.joined()
        let attacks = [
            "<!DOCTYPE r [<!ENTITY l0 \"ha\">\(laughs)]><r>&l9;</r>",
            "<!DOCTYPE r [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><r>&x;</r>",
            "<!DOCTYPE r SYSTEM \"http://127.0.0.1:9/x.dtd\"><r/>",
            "<!DOCTYPE r><r/>",
        ]
        for attack in attacks { #expect(throws: XMLParser.Failure.self) { try xml(attack) } }
    }

    @Test func `XML that is nested too deeply is refused`() {
        let deep = String(repeating: "<a>", count: 5000) + String(repeating: "</a>", count: 5000)
        #expect(throws: XMLParser.Failure.self) { try xml(deep) }
    }

    @Test func `what is written is read again`() throws {
        var element = XMLElement("r", text: "a<b>&\"'\r\n\t ä🙂\u{2028}")
        element.attributes = [.init(name: "x", value: "\"<&>\n")]
        #expect(try XMLParser.parse(XMLWriter.data(element)) == element)
    }

    @Test(arguments: [
        (#"{"a":[1,-2.5,true,null,"x\u00e4\ud83d\ude00\n"]}"#, #"{a:[1,-2.5,true,null,"xä😀\#n"]}"#),
        (" [ ] ", "[]"), ("{}", "{}"), ("\"\"", "\"\""), ("9223372036854775807", "9.223372036854776e+18"),
        (#""\ud83d""#, "\"\u{FFFD}\""),
    ])
    func `JSON is read`(text: String, expected: String) throws {
        #expect(try json(text).canonical == expected)
    }

    @Test(arguments: [
        "", "{", "[1,]", "{\"a\"}", "{\"a\":}", "nul", "\"open", "1 2", "+1", "[\"\\x\"]", "\"\\u12\"", "{a:1}", "-", "\\",
        "\"\\",
    ])
    func `what is no JSON is refused`(text: String) {
        #expect(throws: JSONReader.Failure.self) { try json(text) }
    }

    @Test func `JSON that is nested too deeply is refused`() {
        #expect(throws: JSONReader.Failure.self) { try json(String(repeating: "[", count: 100_000)) }
    }

    @Test func `JSON's own order is kept`() throws {
        #expect(try json(#"{"b":1,"a":2}"#).members?.entries.map(\.name) == ["b", "a"])
    }

    @Test func `a list in a header may have quotes and dates`() {
        #expect(HeaderList.split("a, \"b,c\", \"d\\\"e\"", isDates: false) == ["a", "b,c", "d\"e"])
        let date = "Mon, 16 Dec 2019 23:48:18 GMT"
        #expect(HeaderList.split("\(date), \(date)", isDates: true) == [date, date])
    }
}
