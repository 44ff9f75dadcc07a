import SlipwayDeclaration
import SlipwayResources
import Testing

struct RebaseTests {
    /// Two people's changes to one tree, and what should come of them.
    struct Case: Sendable, CustomTestStringConvertible {
        let base, wanted, fresh, expected: String
        init(_ base: String, wanted: String, fresh: String, _ expected: String) {
            (self.base, self.wanted, self.fresh, self.expected) = (base, wanted, fresh, expected)
        }
        var testDescription: String { "\(base) to \(wanted) in \(fresh)" }
    }

    static let cases: [Case] = [
        // Nobody else changed anything.
        Case("{}", wanted: #"{"a":1}"#, fresh: "{}", #"{"a":1}"#),
        Case(#"{"a":1}"#, wanted: #"{"a":2}"#, fresh: #"{"a":1}"#, #"{"a":2}"#),
        Case(#"{"a":1,"b":1}"#, wanted: #"{"a":1}"#, fresh: #"{"a":1,"b":1}"#, #"{"a":1}"#),
        // What others added or changed stays.
        Case(#"{"a":1}"#, wanted: #"{"a":2}"#, fresh: #"{"a":1,"x":1}"#, #"{"a":2,"x":1}"#),
        Case(#"{"a":1,"b":1}"#, wanted: #"{"a":2,"b":1}"#, fresh: #"{"a":1,"b":9}"#, #"{"a":2,"b":9}"#),
        Case(#"{"p":{"a":1}}"#, wanted: #"{"p":{"a":2}}"#, fresh: #"{"p":{"a":1,"x":1}}"#, #"{"p":{"a":2,"x":1}}"#),
        Case(#"{"p":{"a":1,"b":1}}"#, wanted: #"{"p":{"a":1}}"#, fresh: #"{"p":{"a":1,"b":1,"x":1}}"#, #"{"p":{"a":1,"x":1}}"#),
        // What both changed is as it is wanted here.
        Case(#"{"a":1}"#, wanted: #"{"a":2}"#, fresh: #"{"a":3}"#, #"{"a":2}"#),
        Case(#"{"l":[1]}"#, wanted: #"{"l":[1,2]}"#, fresh: #"{"l":[1,3]}"#, #"{"l":[1,2]}"#),
        // What others took away and nobody here wants changed stays away.
        Case(#"{"a":1,"b":1}"#, wanted: #"{"a":2,"b":1}"#, fresh: #"{"a":1}"#, #"{"a":2}"#),
    ]

    @Test(arguments: cases) func `only what is to be changed is changed`(_ change: Case) throws {
        let result = try JSON(parsing: change.wanted)
            .rebased(from: JSON(parsing: change.base), onto: JSON(parsing: change.fresh))
        #expect(result.text == change.expected)
    }
}
