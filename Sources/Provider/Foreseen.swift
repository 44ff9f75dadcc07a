package import SlipwayDeclaration

/// Attributes that are known before the resource exists.
///
/// ```swift
/// Foreseen { $0[\.name] = identity; $0[\.arn] = "arn:aws:s3:::\(identity)" }
/// ```
public struct Foreseen<Attributes: Codable & Hashable & Sendable>: Sendable {
    /// Values by the attributes' stored names.
    package private(set) var values: [String: JSON] = [:]

    public init() {}

    public init(_ fill: (inout Foreseen) -> Void) { fill(&self) }

    public subscript(_ attribute: KeyPath<Attributes, String>) -> String {
        get { values[Attributes.storedName(of: attribute)]?.string ?? "" }
        set { values[Attributes.storedName(of: attribute)] = .string(newValue) }
    }
    public subscript(_ attribute: KeyPath<Attributes, Int>) -> Int {
        get { values[Attributes.storedName(of: attribute)]?.int ?? 0 }
        set { values[Attributes.storedName(of: attribute)] = .int(newValue) }
    }
}
