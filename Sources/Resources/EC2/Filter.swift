extension EC2 {
    /// What an operation that describes leaves out.
    ///
    /// Source: <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Filter.html>
    struct Filter: Encodable, Sendable {
        let name: String
        /// One of them must match. The parameter's name is in the singular.
        let value: [String]

        /// The input of an operation with a single filter.
        struct Input: Encodable, Sendable {
            let filter: [Filter]

            init(_ name: String, _ values: [String]) { filter = [Filter(name: name, value: values)] }
        }
    }
}
