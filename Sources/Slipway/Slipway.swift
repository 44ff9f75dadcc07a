import SlipwayCommandLine
@_exported public import SlipwayAWS
@_exported public import SlipwayDeclaration
@_exported public import SlipwayJobs
@_exported public import SlipwayProvider
@_exported public import SlipwayResources

/// The entry point of a tool that knows a team's stacks.
///
/// ```swift
/// import Slipway
/// await Slipway.main(stacks: [.lake, .warehouse], kinds: AllKinds.all + [Mine.self])
/// ```
public enum Slipway {
    /// Runs the command line and ends the process.
    ///
    /// - Parameters:
    ///   - stacks: In the order that `slipway stacks` lists them.
    ///   - kinds: The kinds of resource that they may use.
    ///   - tasks: The kinds of task that their pipelines may use.
    ///   - file: Where the caller's source is; diagnostics tell places relative to its package.
    public static func main(
        stacks: [StackDefinition], kinds: [any ResourceKind.Type], tasks: [any TaskKind.Type] = AllTasks.all,
        file: String = #filePath
    ) async -> Never {
        await Program.main(Tool(stacks: stacks, kinds: kinds, tasks: tasks, source: file))
    }
}
