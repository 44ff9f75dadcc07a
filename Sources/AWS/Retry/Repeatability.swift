/// Whether an operation may be sent again when its outcome is not known.
public enum Repeatability: Sendable {
    /// It changes nothing.
    case read
    /// Done twice, it leaves the same as done once.
    case idempotent
    /// Done twice, it may leave two. It is sent again only where AWS certainly did nothing.
    case once

    private static let reads = ["Get", "List", "Describe", "Head", "BatchGet", "Filter", "Simulate"]
    private static let idempotents = [
        "Put", "Update", "Delete", "Tag", "Untag", "Attach", "Detach", "Remove", "Set", "AbortMultipartUpload", "UploadPart",
    ]

    /// What an operation's name says. One that is not known is only done once.
    package init(operation: String) {
        func begins(_ words: [String]) -> Bool {
            words.contains { word in
                operation.hasPrefix(word) && operation.dropFirst(word.count).first?.isLowercase != true
            }
        }
        self = begins(Self.reads) ? .read : begins(Self.idempotents) ? .idempotent : .once
    }
}
