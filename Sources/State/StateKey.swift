/// What a state is kept for: a stack in an environment on a target.
package struct StateKey: Hashable, Sendable, Codable {
    package let stack: String
    package let environment: String
    /// `aws` or `local`.
    package let target: String

    package init(stack: String, environment: String, target: String) {
        self.stack = stack
        self.environment = environment
        self.target = target
    }

    /// The state's file below the state folder: `aws/tickit/dev.sqlite`.
    package var path: String { "\(target)/\(stack)/\(environment).sqlite" }
}
