import SlipwayDeclaration
import Testing

/// A resource with a property of each form.
private struct Sample: Resource {
    static let type = "Test::Sample"
    struct Attributes: Codable, Hashable {
        let name: String
        let arn: String?
        let port: Int
        let isPublic: Bool
    }
    struct Part: Codable, Hashable {
        var status: String
        var kmsKeyID: Text?
        enum CodingKeys: String, CodingKey { case status, kmsKeyID = "KMSKeyID" }
    }
    @CreateOnly var sampleName: Text?
    @WriteOnly var password: Secret?
    @CreateOnly @Unordered var zones: [Text]?
    var part: Part?
    var arguments: [String: Text]?
    var size: Input<Int>?
    var ratio: Double?

    init(
        sampleName: Text? = nil, password: Secret? = nil, zones: [Text]? = nil, part: Part? = nil,
        arguments: [String: Text]? = nil, size: Input<Int>? = nil, ratio: Double? = nil
    ) {
        self.sampleName = sampleName
        self.password = password
        self.zones = zones
        self.part = part
        self.arguments = arguments
        self.size = size
        self.ratio = ratio
    }
}

@Suite struct PropertyTests {
    @Test func `names are stored with capitals and the keys of dictionaries as they are`() throws {
        let sample = Sample(
            part: .init(status: "on", kmsKeyID: "k"), arguments: ["--lower": "a"], size: 3, ratio: 0.5)
        #expect(
            try PropertyEncoder().encode(sample).tree == [
                "Part": ["Status": "on", "KMSKeyID": "k"], "Arguments": ["--lower": "a"], "Size": 3,
                "Ratio": .double(0.5),
            ])
    }

    @Test func `what is nil is left out, marked or not`() throws {
        #expect(try PropertyEncoder().encode(Sample()).tree == [:])
        #expect(try PropertyDecoder().decode(Sample.self, from: [:]) == Sample())
    }

    @Test func `marks are found where they stand, nested ones too`() throws {
        let sample = Sample(sampleName: "a", password: .environment("P"), zones: ["x"])
        let marks = try PropertyEncoder().encode(sample).marks
        #expect(
            marks == [
                ["SampleName"]: [.createOnly], ["Password"]: [.writeOnly], ["Zones"]: [.createOnly, .unordered],
            ])
    }

    @Test func `properties survive encoding`() throws {
        let sample = Sample(
            sampleName: "a", password: .secretsManager("id", key: "k"), zones: ["x", "y"], part: .init(status: "on"),
            arguments: ["a": "b"], size: .known(1), ratio: 2)
        let tree = try PropertyEncoder().encode(sample).tree
        #expect(try PropertyDecoder().decode(Sample.self, from: tree) == sample)
        #expect(try PropertyDecoder().decode(Sample.self, from: JSON(parsing: tree.text)) == sample)
    }

    @Test func `attributes read as texts and inputs without a table of names`() {
        var stack = Stack("s", Settings())
        let sample = stack.add("it", Sample())
        #expect(sample.name.spelling == "${it.Name}")
        #expect(sample.arn.spelling == "${it.Arn}")
        #expect(sample.port.text.spelling == "${it.Port}")
        #expect(sample.isPublic.text.spelling == "${it.IsPublic}")
    }

    @Test func `all names of a kind's properties are found`() {
        #expect(Sample.storedNames.names == ["SampleName", "Password", "Zones", "Part", "Arguments", "Size", "Ratio"])
        #expect(Sample.storedNames.complete)
    }

    @Test func `a property of the wrong form is told with its place`() {
        #expect {
            try PropertyDecoder().decode(Sample.self, from: ["Part": ["Status": 1]])
        } throws: { error in
            (error as? DecodingError)?.summary == "Part.Status: expected String but found a number"
        }
    }
}

@Suite struct SecretTests {
    @Test func `a secret encodes its source and its fingerprint and never its value`() throws {
        let source = Secret.Source.environment("PASSWORD")
        let tree = try PropertyEncoder().encode(Secret(source)).tree
        let secret = try PropertyDecoder(secrets: [source: "hunter2"]).decode(Secret.self, from: tree)
        #expect(secret.reveal() == "hunter2")
        #expect(!(try PropertyEncoder().encode(secret).tree.text.contains("hunter2")))
    }

    @Test func `a secret shows its value neither when printed nor when looked into`() throws {
        let source = Secret.Source.environment("PASSWORD")
        let tree = try PropertyEncoder().encode(Secret(source)).tree
        let secret = try PropertyDecoder(secrets: [source: "hunter2"]).decode(Secret.self, from: tree)
        var dumped = ""
        dump(secret, to: &dumped)
        #expect(!dumped.contains("hunter2"))
        #expect(!String(describing: secret).contains("hunter2"))
        #expect(!String(reflecting: secret).contains("hunter2"))
    }
}

@Suite struct JSONTests {
    @Test func `a tree survives its text`() throws {
        let tree: JSON = [
            "a": [1, .double(1.5), true, .null, "x\"\\\n\u{1}é"], "b": [:], "c": ["d": "${aws:username}"],
        ]
        #expect(try JSON(parsing: tree.text) == tree)
        #expect(try JSON(parsing: tree.prettyText) == tree)
    }

    @Test func `equal trees have equal texts`() {
        let members = (0..<50).map { ("k\($0)", JSON.int($0)) }
        let left = JSON.object(Dictionary(uniqueKeysWithValues: members))
        let right = JSON.object(Dictionary(uniqueKeysWithValues: members.reversed()))
        #expect(left.text == right.text)
    }
}
