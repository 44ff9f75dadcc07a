/// The pages of an operation's answer, asked for one by one.
public struct Pages<Output: Sendable>: AsyncSequence, Sendable {
    public typealias Element = Output
    public typealias Failure = AWSError

    /// What the next request has to send.
    package typealias Tokens = [(name: String, value: String)]
    /// Brings a page, and what to send for the one after it.
    package typealias Load = @Sendable (Tokens) async throws(AWSError) -> (Output, Tokens?)

    private let load: Load

    package init(_ load: @escaping Load) {
        self.load = load
    }

    /// Asks for the pages.
    public struct AsyncIterator: AsyncIteratorProtocol {
        private let load: Load
        private var tokens: Tokens? = []

        fileprivate init(_ load: @escaping Load) {
            self.load = load
        }

        /// The next page; `nil` after the last.
        public mutating func next(isolation actor: isolated (any Actor)? = #isolation) async throws(AWSError) -> Output? {
            guard let sent = tokens else { return nil }
            // Whatever happens, the page is not asked for again.
            tokens = nil
            let (page, following) = try await load(sent)
            // Some services end by repeating the last token (logs: GetLogEvents).
            if let following, !following.elementsEqual(sent, by: { $0 == $1 }) { tokens = following }
            return page
        }
    }

    public func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(load)
    }

    /// The items of all pages.
    public func all<Item>(_ items: (Output) -> [Item]) async throws(AWSError) -> [Item] {
        var result: [Item] = []
        for try await page in self { result += items(page) }
        return result
    }
}
