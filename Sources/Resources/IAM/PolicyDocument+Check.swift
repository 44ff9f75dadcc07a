package import SlipwayDeclaration

extension IAM.PolicyDocument {
    /// What a policy is attached to.
    package enum Use: Hashable, Sendable {
        /// A role, user or group: it says what they may do.
        case identity
        /// A bucket, key or secret: it says who may do what with it.
        case resource
        /// A role: it says who may assume it.
        case trust
    }

    /// What is wrong with the policy for a use.
    ///
    /// Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html>
    /// - Parameter property: The stored name of the property that holds it.
    package func problems(_ use: Use, in property: String) -> [Problem] {
        if let problem { return [Problem(property, "this is no policy: \(problem)")] }
        var found: [Problem] = []
        if statements.isEmpty { found.append(Problem(property, "the policy has no statement")) }
        if let version, version != "2012-10-17", version != "2008-10-17" {
            found.append(
                Problem(property, "there is no version '\(version)' of the policy language", hint: "use 2012-10-17"))
        }
        var sids: Set<Text> = []
        for (index, statement) in statements.enumerated() {
            let place = "\(property).Statement[\(index)]"
            found += statement.problems(use, at: place)
            if let sid = statement.sid?.nonEmpty, !sids.insert(sid).inserted {
                found.append(Problem(place, "another statement has the Sid '\(sid.spelling)' too"))
            }
        }
        return found
    }
}

extension IAM.Statement {
    fileprivate func problems(_ use: IAM.PolicyDocument.Use, at place: String) -> [Problem] {
        var found: [Problem] = []
        func add(_ message: String, hint: String? = nil) { found.append(Problem(place, message, hint: hint)) }
        if (action == nil) == (notAction == nil) { add("a statement has either Action or NotAction") }
        if principal != nil, notPrincipal != nil { add("a statement has either Principal or NotPrincipal") }
        if resource != nil, notResource != nil { add("a statement has either Resource or NotResource") }
        let hasPrincipal = principal != nil || notPrincipal != nil
        let hasResource = resource != nil || notResource != nil
        switch use {
        case .identity:
            if hasPrincipal { add("a policy of a role has no principal: it is the role", hint: "leave `to:` out") }
            if !hasResource { add("a statement has either Resource or NotResource", hint: "add `on:`") }
        case .resource:
            if !hasPrincipal { add("a policy of a resource says whom it is about", hint: "add `to:`") }
            if !hasResource { add("a statement has either Resource or NotResource", hint: "add `on:`") }
        case .trust:
            if !hasPrincipal { add("a trust policy says whom it is about", hint: "add `to:`") }
            if hasResource { add("a trust policy names no resource: it is the role", hint: "leave `on:` out") }
        }
        return found
    }
}
