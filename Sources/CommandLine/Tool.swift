package import SlipwayDeclaration
package import SlipwayJobs
package import SlipwayProvider
import FoundationEssentials

/// What a binary is made of: its stacks, and the kinds of resource and task they are declared with.
package struct Tool: Sendable {
    package let stacks: [StackDefinition]
    package let kinds: [any ResourceKind.Type]
    package let tasks: [any TaskKind.Type]
    /// Where the source of the entry point is, as the compiler saw it.
    package let source: String

    package init(
        stacks: [StackDefinition], kinds: [any ResourceKind.Type], tasks: [any TaskKind.Type], source: String
    ) {
        self.stacks = stacks
        self.kinds = kinds
        self.tasks = tasks
        self.source = source
    }

    /// The version of Slipway.
    package static let version = "0.1.0"

    /// The folder of the package that the entry point belongs to: the nearest above it with a `Package.swift`. Where
    /// the source is not at hand, as on a machine that only runs the binary, what stands above `Sources` in the path.
    package var sourceRoot: String {
        var components = source.split(separator: "/", omittingEmptySubsequences: false).dropLast()
        while !components.isEmpty {
            let folder = components.joined(separator: "/")
            if FileManager.default.fileExists(atPath: "\(folder)/Package.swift") { return folder }
            components = components.dropLast()
        }
        let names = source.split(separator: "/", omittingEmptySubsequences: false)
        guard let sources = names.lastIndex(of: "Sources") else { return "" }
        return names[..<sources].joined(separator: "/")
    }

    /// The stack of a name.
    /// - Throws: ``CommandLineError/unknownStack(_:known:)``.
    package func stack(_ name: String) throws -> StackDefinition {
        guard let stack = stacks.first(where: { $0.name == name }) else {
            throw CommandLineError.unknownStack(name, known: stacks.map(\.name))
        }
        return stack
    }
}
