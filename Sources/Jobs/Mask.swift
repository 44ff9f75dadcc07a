/// Keeps secrets out of what is shown and recorded.
package struct Mask: Hashable, Sendable {
    private let values: [String]

    /// - Parameter values: The secrets. One of fewer than four characters is in too many innocent words to be masked.
    package init(_ values: some Sequence<String>) {
        // A longer secret may contain a shorter one.
        self.values = Set(values).filter { $0.count >= 4 }.sorted { ($1.count, $0) < ($0.count, $1) }
    }

    /// The text with each secret replaced.
    package func apply(to text: String) -> String {
        values.reduce(text) { text, value in
            guard text.contains(value) else { return text }
            return text.split(separator: value, omittingEmptySubsequences: false).joined(separator: "(secret)")
        }
    }
}
