/// A permission that somebody lacked, read from AWS's words: there is no other place that tells.
package struct Denial: Hashable, Sendable {
    /// `s3:GetObject`
    package let action: String
    /// An ARN, or `*` where AWS names none.
    package let resource: String
    /// The name of the role that lacked it, where AWS says so.
    package let role: String?

    /// A permission that is known to be lacking although AWS does not name it.
    init(action: String, resource: String, role: String? = nil) {
        self.action = action
        self.resource = resource
        self.role = role
    }

    /// The first denial that a text speaks of.
    ///
    /// ```
    /// User: arn:aws:sts::…:assumed-role/etl/… is not authorized to perform: s3:GetObject on resource:
    /// "arn:aws:s3:::lake/raw.csv" because …
    /// ```
    /// Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html>
    package init?(in text: String) {
        guard let start = text.firstRange(of: "is not authorized to perform: ") else { return nil }
        let rest = text[start.upperBound...]
        let action = rest.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == ":" || $0 == "-") }
        guard action.split(separator: ":").count == 2 else { return nil }
        self.action = String(action)
        role = Denial.role(in: text[..<start.lowerBound])
        var resource = ""
        for opening in [" on resource: ", " on the resource: "] {
            guard let found = rest.dropFirst(action.count).firstRange(of: opening), resource.isEmpty else { continue }
            resource = String(
                rest[found.upperBound...].drop { $0 == "\"" || $0 == "'" }
                    .prefix { !$0.isWhitespace && $0 != "\"" && $0 != "'" && $0 != ";" && $0 != ")" && $0 != "," })
        }
        while let last = resource.last, last == "." { resource.removeLast() }
        self.resource = resource.isEmpty ? "*" : resource
    }

    /// The role of the last principal that is named: `arn:aws:sts::123456789012:assumed-role/<role>/<session>`.
    private static func role(in text: Substring) -> String? {
        guard let user = text.ranges(of: "User: ").last else { return nil }
        let principal = text[user.upperBound...].prefix { !$0.isWhitespace }
        let parts = principal.split(separator: "/")
        return parts.count > 1 && parts[0].hasSuffix(":assumed-role") ? String(parts[1]) : nil
    }

    /// The line of a stack that would grant it.
    package var remedy: String { ".allow(\"\(action)\", on: \"\(resource)\")" }
}
