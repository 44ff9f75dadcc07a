/// The declared half of a kind of resource: what can be declared, and what others may refer to.
///
/// The conforming value *is* the declared properties. A property that is `nil` is left to AWS.
public protocol Resource: Codable, Hashable, Sendable {
    /// What AWS decides and others may refer to: a flat struct of `String`, `Int` and `Bool`, optional or not.
    associatedtype Attributes: Codable & Hashable & Sendable

    /// CloudFormation's name for the kind, such as `AWS::Glue::Job`.
    static var type: String { get }

    /// The name that the author fixed, or `nil` when the engine makes one.
    var fixedName: Text? { get }

    /// What is wrong across properties, as far as that is known while references are not.
    func check() -> [Problem]
}

extension Resource {
    public var fixedName: Text? { nil }
    public func check() -> [Problem] { [] }
}

/// Something wrong with the properties of one resource.
public struct Problem: Hashable, Sendable {
    /// The stored name of the property, or a path such as `Command.Name`; empty when it is about several.
    public let property: String
    /// A sentence without full stop.
    public let message: String
    /// What to try.
    public let hint: String?

    public init(_ property: String, _ message: String, hint: String? = nil) {
        self.property = property
        self.message = message
        self.hint = hint
    }
}
