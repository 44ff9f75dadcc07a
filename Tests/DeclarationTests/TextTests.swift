import SlipwayDeclaration
import Testing

@Suite struct TextTests {
    let name = Text(.attribute(Reference(resource: "lake", attribute: "Name")))

    @Test func `interpolation keeps references`() {
        let script: Text = "s3://\(name)/scripts/\("load").py"
        #expect(script.spelling == "s3://${lake.Name}/scripts/load.py")
        #expect(script.references == [Reference(resource: "lake", attribute: "Name")])
        #expect(script.literal == nil)
    }

    @Test func `a text becomes literal when everything in it is known`() {
        let script: Text = "s3://\(name)/a"
        #expect(script.resolved { _ in "tickit" }.literal == "s3://tickit/a")
    }

    @Test func `equal texts are equal however they were put together`() {
        let left: Text = "a\("b")\(name)"
        let right: Text = "\("ab")\(name)"
        #expect(left == right)
    }

    @Test func `a text survives encoding`() throws {
        let texts: [Text] = [
            "", "plain", "a\(name)b", Text(.output(stack: "net", name: "vpc")), Asset("a/b.py").digest,
            "x\(name.lowercased().piece(-1, splitBy: "/"))", "${aws:username}",
        ]
        for text in texts {
            let tree = try PropertyEncoder().encode(text).tree
            #expect(try PropertyDecoder().decode(Text.self, from: tree) == text)
            #expect(text.tree == tree)
        }
    }

    @Test(arguments: [
        (Transform.lowercased, "AbC", "abc"), (.uppercased, "abc", "ABC"),
        (.piece(separator: ":", index: 5), "arn:aws:s3:::lake", "lake"),
        (.piece(separator: ":", index: -1), "arn:aws:s3:::lake", "lake"),
        (.piece(separator: ":", index: 9), "a:b", nil), (.replacing("-", with: "_"), "a-b-c", "a_b_c"),
        (.json, "say \"hi\"\n", #""say \"hi\"\n""#),
    ] as [(Transform, String, String?)])
    func `transforms change texts`(transform: Transform, given: String, expected: String?) {
        #expect(transform.apply(to: given) == expected)
    }

    @Test func `a transform of an unknown text waits until it is known`() {
        let upper = name.uppercased()
        #expect(upper.literal == nil)
        #expect(upper.references.map(\.attribute) == ["Name"])
        #expect(upper.resolved { _ in "lake" }.literal == "LAKE")
    }

    @Test func `a transform of a known text is carried out at once`() {
        #expect(Text("Lake").lowercased().literal == "lake")
    }

    @Test func `a text that is put into a String by mistake leaves a mark`() {
        #expect(name.description.contains(Text.misplaced))
        #expect(!Text("known").description.contains(Text.misplaced))
    }

    @Test func `a number is read from a text once that is known`() throws {
        let port = Input<Int>(Text(.attribute(Reference(resource: "db", attribute: "Port"))))
        #expect(port.value == nil)
        let tree = try PropertyEncoder().encode(port).tree.resolved { _ in "5432" }
        #expect(try PropertyDecoder().decode(Input<Int>.self, from: tree) == .known(5432))
        #expect(throws: DecodingError.self) { try PropertyDecoder().decode(Input<Int>.self, from: "many") }
    }
}
