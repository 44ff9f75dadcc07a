/// The part of a host name that depends on the input.
///
/// Source: https://smithy.io/2.0/spec/endpoint-traits.html
package enum HostPrefix {
    /// - Parameter pattern: such as `{account}.data-`; members in braces are replaced by their values.
    package static func text(_ pattern: String, _ input: Document, _ shape: Shape) -> String {
        var result = pattern
        for (name, member) in shape.completed(by: input).memberShapes where member.isHostLabel {
            guard let value = input.members?[name], let range = result.firstRange(of: "{\(name)}") else { continue }
            let text = Scalar.text(value, member, dates: .iso8601)
            result = result[..<range.lowerBound] + text + result[range.upperBound...]
        }
        return result
    }
}
