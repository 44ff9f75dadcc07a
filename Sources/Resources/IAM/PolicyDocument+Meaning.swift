import SlipwayDeclaration

extension IAM.PolicyDocument {
    /// The normal form: policies that mean the same have the same one.
    ///
    /// Lists are sorted and without repetitions, an account is its twelve digits, a document without a version has the
    /// one that AWS takes it for. It can be sent in place of the policy. What was `AROA…` stays so: it is what is left
    /// of a role that was deleted, and the role of the same name that came after is another one.
    ///
    /// Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_version.html>,
    /// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids>
    package func canonical() -> IAM.PolicyDocument {
        var document = self
        document.version = version ?? "2008-10-17"
        document.id = id?.nonEmpty
        var seen: Set<IAM.Statement> = []
        let distinct = statements.map { $0.canonical() }.filter { seen.insert($0).inserted }
        document.statements = distinct.sorted { $0.sortKey < $1.sortKey }
        return document
    }
}

extension IAM.Statement {
    /// The normal form; see ``IAM/PolicyDocument/canonical()``.
    func canonical() -> IAM.Statement {
        var statement = self
        statement.sid = sid?.nonEmpty
        statement.principal = principal?.canonical()
        statement.notPrincipal = notPrincipal?.canonical()
        statement.action = action.map(distinct)
        statement.notAction = notAction.map(distinct)
        statement.resource = resource.map(distinct)
        statement.notResource = notResource.map(distinct)
        statement.condition = condition.flatMap { $0.isEmpty ? nil : $0.mapValues { $0.mapValues(distinct) } }
        return statement
    }

    /// Orders statements: by name first, so that an edit moves few of them.
    fileprivate var sortKey: String {
        let tree = (try? PropertyEncoder().encode(self).tree.text) ?? ""
        return (sid?.spelling ?? "") + "\u{0}" + tree
    }
}

extension IAM.Principal {
    /// The normal form; see ``IAM/PolicyDocument/canonical()``.
    func canonical() -> IAM.Principal {
        var members = members.filter { !$0.value.isEmpty }
        if let accounts = members["AWS"] { members["AWS"] = distinct(accounts.map(accountNumber)) }
        for type in members.keys where type != "AWS" { members[type] = members[type].map(distinct) }
        return IAM.Principal(members: members)
    }

    /// An account may be written as its number or as the ARN of its root, and AWS changes one into the other.
    private func accountNumber(_ text: Text) -> Text {
        guard let parts = text.literal?.split(separator: ":", omittingEmptySubsequences: false), parts.count == 6,
            parts[0] == "arn", parts[2] == "iam", parts[5] == "root"
        else { return text }
        return Text(verbatim: String(parts[4]))
    }
}

extension Text {
    /// `nil` for the empty text.
    var nonEmpty: Text? { literal == "" ? nil : self }
}

/// The texts sorted, each once.
private func distinct(_ texts: [Text]) -> [Text] {
    Set(texts).sorted { $0.spelling < $1.spelling }
}
