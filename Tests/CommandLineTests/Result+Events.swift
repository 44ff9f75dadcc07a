import SlipwayDeclaration

extension Sandbox.Result {
    /// The JSON lines of the standard output.
    /// - Throws: `DecodingError` when one is no JSON.
    var events: [JSON] {
        get throws { try out.split(separator: "\n").map { try JSON(parsing: String($0)) } }
    }
}
