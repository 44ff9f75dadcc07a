package import SlipwayDeclaration
import SlipwayResources

extension Pipeline {
    /// A pipeline of one task that runs one Glue job of a stack.
    ///
    /// - Parameter words: Arguments as they are typed: `--day 2026-01-31` or `--day=2026-01-31`.
    /// - Throws: ``JobError/unknownJob(_:known:)``, ``JobError/badArgument(_:)``.
    package static func job(_ address: Address, of graph: StackGraph, arguments words: [String]) throws -> Pipeline {
        let jobs = graph.resources.filter { $0.kind == Glue.Job.type }
        guard jobs.contains(where: { $0.address == address }) else {
            throw JobError.unknownJob(address.description, known: jobs.map(\.address.description).sorted())
        }
        var arguments: [String: Text] = [:]
        var rest = words[...]
        while let word = rest.popFirst() {
            guard word.hasPrefix("--"), word.count > 2 else { throw JobError.badArgument(word) }
            if let equals = word.firstIndex(of: "=") {
                arguments[String(word[..<equals])] = Text(verbatim: String(word[word.index(after: equals)...]))
            } else {
                guard let value = rest.popFirst() else { throw JobError.badArgument(word) }
                arguments[word] = Text(verbatim: value)
            }
        }
        var pipeline = Pipeline("job \(address)")
        pipeline.add(address.description, RunGlueJob(Handle<Glue.Job>(address), arguments: arguments))
        return pipeline
    }
}
