import FoundationEssentials
import SlipwayHTTP
import Testing

@testable import SlipwayAWS

/// Swift's types to the wire and back, without the cases that AWS publishes: for a clone that has not got them.
@Suite struct DocumentTests {
    struct Tag: Codable, Sendable, Equatable {
        var key: String
        var value: String
    }
    enum Color: String, Codable, Sendable { case red = "RED" }

    struct Thing: Codable, Sendable, Equatable {
        var jobName: String = "n"
        var maxRetries: Int? = nil
        var color: Color? = nil
        var arguments: [String: String]? = nil
        var tags: [Tag]? = nil
        var createdOn: Date? = nil
        var data: Data? = nil
        var ratio: Double? = nil
        var single: Float? = nil
        var isOn: Bool? = nil
        var names: [String]? = nil
        var id: String? = nil

        enum CodingKeys: String, CodingKey {
            case jobName, maxRetries, color, arguments, tags, createdOn, data, ratio, single, isOn, names
            case id = "ID"
        }
    }

    let full = Thing(
        jobName: "ä\"\n", maxRetries: 3, color: .red, arguments: ["--key": "v", "lower": "w"],
        tags: [Tag(key: "k", value: "v")], createdOn: Date(timeIntervalSince1970: 1_576_540_098), data: Data("foo".utf8),
        ratio: 1.5, single: 1.1, isOn: false, names: [], id: "i")

    private func json(_ value: some Encodable, _ memberCase: MemberCase = .capitalised) throws -> String {
        String(decoding: JSONWriter.data(try DocumentEncoder(memberCase: memberCase).encode(value)), as: UTF8.self)
    }

    private func query(_ value: some Encodable) throws -> [String] {
        QueryWriter().parameters(try DocumentEncoder(memberCase: .capitalised).encode(value), Shape())
            .map { "\($0.name)=\($0.value)" }
    }

    private func xml(_ value: some Encodable, root: String = "R") throws -> String {
        let document = try DocumentEncoder(memberCase: .capitalised).encode(value)
        let request = RESTBinding.request(method: "PUT", uri: "/", document, Shape(), root: root)
        guard case .bytes(let data) = request.body else { return "" }
        return String(decoding: data, as: UTF8.self)
    }

    private func fromJSON<T: Decodable>(_ type: T.Type, _ text: String, _ memberCase: MemberCase = .capitalised) throws -> T
    {
        try DocumentDecoder(memberCase: memberCase).decode(type, from: JSONReader.parse(Data(text.utf8)))
    }

    private func fromXML<T: Decodable>(_ type: T.Type, _ text: String, _ lists: XMLReader.Lists = .named) throws -> T {
        try DocumentDecoder(memberCase: .capitalised, lists: lists)
            .decode(type, from: .elements([XMLParser.parse(Data(text.utf8))]))
    }

    @Test func `nil is left out, and nothing is an empty object`() throws {
        #expect(try json(Thing()) == #"{"JobName":"n"}"#)
        #expect(try json(Nothing()) == "{}")
        #expect(try query(Thing()) == ["JobName=n"])
        #expect(try xml(Thing()) == "<R><JobName>n</JobName></R>")
    }

    @Test func `members are capitalised, keys of dictionaries are not, and names that were given stay`() throws {
        var thing = Thing(arguments: ["lower": "v"], id: "i")
        #expect(try json(thing) == #"{"JobName":"n","Arguments":{"lower":"v"},"ID":"i"}"#)
        #expect(try json(thing, .asWritten) == #"{"jobName":"n","arguments":{"lower":"v"},"ID":"i"}"#)
        thing.arguments = [:]
        #expect(try json(thing) == #"{"JobName":"n","Arguments":{},"ID":"i"}"#)
    }

    @Test func `everything survives JSON`() throws {
        #expect(try fromJSON(Thing.self, json(full)) == full)
        #expect(
            try json(Thing(createdOn: full.createdOn, data: full.data, single: 1.1))
                == #"{"JobName":"n","CreatedOn":1576540098,"Data":"Zm9v","Single":1.1}"#)
    }

    @Test func `everything survives XML`() throws {
        #expect(try fromXML(Thing.self, xml(full)) == full)
        #expect(
            try xml(Thing(tags: full.tags, createdOn: full.createdOn))
                == "<R><JobName>n</JobName><Tags><member><Key>k</Key><Value>v</Value></member></Tags>"
                + "<CreatedOn>2019-12-16T23:48:18Z</CreatedOn></R>")
    }

    @Test func `lists in a query are numbered members`() throws {
        #expect(
            try query(Thing(tags: [Tag(key: "a", value: "b"), Tag(key: "c", value: "d")], names: ["x", "y"])) == [
                "JobName=n", "Tags.member.1.Key=a", "Tags.member.1.Value=b", "Tags.member.2.Key=c", "Tags.member.2.Value=d",
                "Names.member.1=x", "Names.member.2=y",
            ])
        #expect(
            try query(Thing(arguments: ["k": "v"])) == ["JobName=n", "Arguments.entry.1.key=k", "Arguments.entry.1.value=v"])
    }

    struct Shaped: Codable, Sendable, Equatable, WireShaped {
        var tagSet: [Tag]
        var rules: [Tag]
        var groups: [String]
        var kind: String
        var when: Date
        static let shape: Shape = [
            "TagSet": .items("Tag"), "Rules": .flattened("Rule"), "Groups": .flattened(), "Kind": .attribute("xsi:type"),
            "When": .timestamp(.httpDate),
        ]
    }

    @Test func `a type says how its members are written`() throws {
        let shaped = Shaped(
            tagSet: [Tag(key: "a", value: "b")], rules: [Tag(key: "c", value: "d"), Tag(key: "e", value: "f")],
            groups: ["g"], kind: "User", when: Date(timeIntervalSince1970: 0))
        let text = try xml(shaped)
        #expect(
            text == #"<R xsi:type="User"><TagSet><Tag><Key>a</Key><Value>b</Value></Tag></TagSet>"#
                + "<Rule><Key>c</Key><Value>d</Value></Rule><Rule><Key>e</Key><Value>f</Value></Rule>"
                + "<Groups>g</Groups><When>Thu, 01 Jan 1970 00:00:00 GMT</When></R>")
        #expect(
            try fromXML(
                Shaped.self, text.replacing("<R ", with: #"<R xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" "#),
                .memberOrFlattened) == shaped)
        #expect(
            try query(shaped) == [
                "TagSet.Tag.1.Key=a", "TagSet.Tag.1.Value=b", "Rule.1.Key=c", "Rule.1.Value=d", "Rule.2.Key=e",
                "Rule.2.Value=f", "Groups.1=g", "xsi:type=User", "When=Thu, 01 Jan 1970 00:00:00 GMT",
            ])
    }

    struct Lists: Decodable, Equatable {
        var tags: [Tag]
        var more: [String: String]
        var maybe: [Tag]?
    }

    @Test func `lists that are missing are empty, unless they may be missing`() throws {
        let empty = Lists(tags: [], more: [:], maybe: nil)
        #expect(try fromJSON(Lists.self, "{}") == empty)
        #expect(try fromJSON(Lists.self, #"{"Tags":null,"Unknown":{"a":[1]}}"#) == empty)
        #expect(try fromXML(Lists.self, "<R/>") == empty)
        #expect(try fromXML(Lists.self, "<R><Tags/><Maybe/></R>") == Lists(tags: [], more: [:], maybe: []))
    }

    @Test func `a list in XML is told from its items by its place`() throws {
        let one = "<R><Tags><X><Key>a</Key><Value>b</Value></X></Tags></R>"
        #expect(try fromXML(Lists.self, one).tags == [Tag(key: "a", value: "b")])
        let flat = "<R><Tags><Key>a</Key><Value>b</Value></Tags></R>"
        #expect(try fromXML(Lists.self, flat, .memberOrFlattened).tags == [Tag(key: "a", value: "b")])
        let two = "<R><Tags><Key>a</Key><Value>b</Value></Tags><Tags><Key>c</Key><Value>d</Value></Tags></R>"
        #expect(try fromXML(Lists.self, two, .memberOrFlattened).tags.count == 2)
        let map = "<R><More><entry><key>k</key><value>v</value></entry></More></R>"
        #expect(try fromXML(Lists.self, map).more == ["k": "v"])
    }

    @Test func `a member that is missing is named`() {
        #expect(throws: DecodingError.self) { try fromJSON(Tag.self, #"{"Key":"k"}"#) }
        #expect(throws: DecodingError.self) { try fromJSON(Thing.self, #"{"JobName":"n","MaxRetries":"many"}"#) }
    }

    @Test func `numbers that JSON does not have are words`() throws {
        struct Numbers: Codable { var a: Double }
        #expect(try json(Numbers(a: .infinity)) == #"{"A":"Infinity"}"#)
        #expect(try fromJSON(Numbers.self, #"{"A":"NaN"}"#).a.isNaN)
    }

    @Test(arguments: [
        "2019-12-16T23:48:18Z", "2019-12-17T00:48:18+01:00", "2019-12-16T22:48:18.000-0100", "Mon, 16 Dec 2019 23:48:18 GMT",
        "1576540098", "1.576540098E9",
    ])
    func `a date is read in whatever format it comes`(text: String) {
        #expect(Timestamp.parse(text) == Date(timeIntervalSince1970: 1_576_540_098))
    }

    @Test(arguments: [-62_135_596_800, -1, 0, 951_782_400, 1_709_164_799, 4_102_444_800])
    func `a date survives being written`(seconds: Int) {
        let date = Date(timeIntervalSince1970: Double(seconds))
        for format in [TimestampFormat.iso8601, .httpDate, .epochSeconds] {
            #expect(Timestamp.parse(Timestamp.text(date, format)) == date)
        }
    }

    @Test(arguments: [
        "2019-13-01T00:00:00Z", "2019-12-16", "yesterday", "", "2019-12-16T23:48:18", "Mon, 16 Foo 2019 23:48:18 GMT",
    ])
    func `what is no date is none`(text: String) {
        #expect(Timestamp.parse(text) == nil)
    }
}
