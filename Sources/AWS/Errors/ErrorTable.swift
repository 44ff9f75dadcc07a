/// What AWS's errors mean. The only place where a message is looked at.
package enum ErrorTable {
    /// One line of the table.
    package struct Row: Sendable {
        /// `nil` for all services.
        package let service: String?
        package let code: String
        /// What the whole message has to look like; `*` stands for any text. `nil` for any message.
        package let message: String?
        package let kind: AWSError.Kind
    }

    /// What an error means. Rows with a message go before those without, and a service's own before those for all.
    package static func kind(service: String, code: String, message: String, status: Int) -> AWSError.Kind {
        let candidates = (byCode[code] ?? []).filter { $0.service == nil || $0.service == service }
        let matching = candidates.filter { $0.message.map { matches(message, $0) } ?? true }
        let best = matching.max { rank($0) < rank($1) }
        return best?.kind ?? kind(status: status)
    }

    /// What an error of an unknown code means.
    private static func kind(status: Int) -> AWSError.Kind {
        switch status {
        case 401, 403: .denied
        case 404: .notFound
        case 429: .throttled
        case 500, 502, 503, 504: .transient
        case 400..<500: .invalid
        default: .other
        }
    }

    private static func rank(_ row: Row) -> Int {
        (row.message == nil ? 0 : 2) + (row.service == nil ? 0 : 1)
    }

    /// Whether the whole text is like the pattern, in which `*` stands for any text.
    package static func matches(_ text: String, _ pattern: String) -> Bool {
        let parts = pattern.split(separator: "*", omittingEmptySubsequences: false)
        guard let first = parts.first, let last = parts.last, text.hasPrefix(first) else { return false }
        if parts.count == 1 { return text == pattern }
        var rest = text.dropFirst(first.count)
        for part in parts.dropFirst().dropLast() where !part.isEmpty {
            guard let range = rest.firstRange(of: part) else { return false }
            rest = rest[range.upperBound...]
        }
        return rest.hasSuffix(last)
    }

    private static let byCode = Dictionary(grouping: rows, by: \.code)

    /// The lines for several codes of a service.
    static func codes(_ kind: AWSError.Kind, _ service: String?, _ codes: String...) -> [Row] {
        codes.map { Row(service: service, code: $0, message: nil, kind: kind) }
    }

    /// The lines for several messages of one code.
    static func words(_ kind: AWSError.Kind, _ service: String?, _ code: String, messages: String...) -> [Row] {
        messages.map { Row(service: service, code: code, message: $0, kind: kind) }
    }

    /// The whole table.
    package static let rows: [Row] = common + iam + s3 + glue + logs + warehouses + ec2 + others
}
