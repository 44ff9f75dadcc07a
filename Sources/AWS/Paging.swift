/// How an operation that answers in pages is asked for the next one.
public struct Paging: Sendable, Equatable {
    /// What the next request sends, and the member of the last answer it is taken from.
    package struct Token: Sendable, Equatable {
        /// A member of the input, or a query item (S3).
        package var sent: String
        /// A member of the output.
        package var received: String
    }

    package var tokens: [Token]
    /// A boolean member of the output; where it is false, the page is the last whatever the tokens say.
    package var more: String?

    /// - Parameters:
    ///   - tokens: what to send, by the member of the answer that it is taken from. A page without them is the last.
    ///   - more: a boolean member of the answer that says whether there are further pages.
    public init(_ tokens: KeyValuePairs<String, String>, more: String? = nil) {
        self.tokens = tokens.map { Token(sent: $0.value, received: $0.key) }
        self.more = more
    }

    /// The same member in the answer and in the next request, such as `NextToken`.
    public static func token(_ name: String) -> Paging {
        Paging([name: name])
    }

    /// IAM, RDS and Redshift.
    public static let marker = Paging(["Marker": "Marker"], more: nil)
    /// S3's ListObjectsV2.
    public static let continuationToken = Paging(["NextContinuationToken": "continuation-token"], more: "IsTruncated")
    /// S3's ListObjectVersions.
    public static let objectVersions = Paging(
        ["NextKeyMarker": "key-marker", "NextVersionIdMarker": "version-id-marker"], more: "IsTruncated")
    /// S3's ListMultipartUploads.
    public static let uploads = Paging(
        ["NextKeyMarker": "key-marker", "NextUploadIdMarker": "upload-id-marker"], more: "IsTruncated")
    /// S3's ListParts.
    public static let parts = Paging(["NextPartNumberMarker": "part-number-marker"], more: "IsTruncated")

    /// What is to be sent for the page after this one; `nil` after the last.
    package func next(after page: Document) -> [(name: String, value: String)]? {
        if let more, Self.text(more, page)?.lowercased() == "false" { return nil }
        let found = tokens.compactMap { token in
            Self.text(token.received, page).map { (name: token.sent, value: $0) }
        }
        let values = found.filter { !$0.value.isEmpty }
        return values.isEmpty ? nil : values
    }

    private static func text(_ name: String, _ page: Document) -> String? {
        let value: Document? =
            switch page {
            case .elements(let elements): XMLReader.members(elements)[name]
            default: page.members?[name]
            }
        if case .bool(let flag) = value { return String(flag) }
        return value?.text
    }
}
