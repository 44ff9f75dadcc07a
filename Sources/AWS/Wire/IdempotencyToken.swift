/// Tokens by which a service recognises a request that is sent again.
package enum IdempotencyToken {
    /// The input, with a new token where its shape wants one and there is none.
    package static func filled(_ input: Document, _ shape: Shape, _ token: () -> String) -> Document {
        // An input that is not a structure has no members to fill.
        guard case .structure(var members) = input else { return input }
        for (name, member) in shape.completed(by: input).memberShapes
        where member.isIdempotencyToken && members[name]?.isNull ?? true {
            members[name] = .string(token())
        }
        return .structure(members)
    }
}
