public import SlipwayAWS
public import SlipwayDeclaration

/// A look-up's half that asks AWS: read only, before the stack is declared.
public protocol AWSLookup: Lookup {
    associatedtype Value: ParameterValue
    /// The IAM actions that the question needs.
    var permissions: Set<String> { get }
    /// - Throws: `AWSError`, and whatever says that there is no answer.
    func answer(_ aws: AWSClient) async throws -> Value
}
