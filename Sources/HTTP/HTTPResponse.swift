package import FoundationEssentials

/// What a server answered, whatever its status.
package struct HTTPResponse: Sendable, Equatable {
    /// Such as 200.
    package var status: Int
    /// Those of the final response; interim ones (1xx) are dropped.
    package var headers: HTTPHeaders
    /// Empty where the body went into a file.
    package var body: Data

    package init(status: Int, headers: HTTPHeaders = [:], body: Data = Data()) {
        self.status = status
        self.headers = headers
        self.body = body
    }
}
