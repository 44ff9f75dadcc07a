import FoundationEssentials
import SlipwayAWS
import SlipwayDeclaration
import SlipwayEngine
import SlipwayHTTP
import SlipwayJobs
import SlipwayProvider
import SlipwayState

/// One run of one command: what it needs, opened when it is needed.
struct Session: Sendable {
    let program: Program
    var report: Reporter
    let debug: Bool
    /// Those of the command line.
    var arguments: [String]

    /// Does something, and says what it was when it fails.
    func doing<Value>(_ what: String, _ body: () async throws -> Value) async throws -> Value {
        do { return try await body() } catch {
            throw Circumstance(doing: what, error: error)
        }
    }

    // MARK: State

    /// The folder of all states.
    func stateFolder(_ options: StateOptions) -> String { stateFolder(named: options.state) }

    /// The folder of all states.
    func stateFolder(named name: String?) -> String {
        let named = name ?? program.environment["SLIPWAY_STATE"].flatMap { $0.isEmpty ? nil : $0 }
        return Files.path(named ?? ".slipway/state", in: program.directory)
    }

    func key(_ options: StackOptions) -> StateKey {
        StateKey(stack: options.stack, environment: options.place.environment, target: options.place.cloud.target)
    }

    /// Opens a state to look at it, without its lock.
    /// - Throws: ``CommandLineError/noState(_:)`` where there is none; one is not made by looking.
    func store(_ options: StackOptions) throws -> StateStore {
        let key = key(options)
        let folder = stateFolder(options.place)
        guard StateStore.exists(folder: folder, key: key) else {
            if program.tool.stacks.contains(where: { $0.name == key.stack }) { throw CommandLineError.noState(key) }
            // A misspelt name is more likely than a stack that is neither declared nor known.
            let known = try StateStore.keys(folder: folder).map(\.stack)
            throw CommandLineError.unknownStack(
                key.stack, known: Set(known + program.tool.stacks.map(\.name)).sorted())
        }
        return try StateStore(folder: folder, key: key, lineage: "", secretKey: "")
    }

    // MARK: AWS

    /// - Parameter cloud: Which AWS; a local one is started where none runs.
    func configuration(_ options: AWSOptions, _ cloud: CloudOptions) async throws -> AWSConfiguration {
        if cloud.isLocal { return try await localConfiguration(options) }
        let flags = AWSConfiguration.Flags(region: options.region, profile: options.profile)
        return try AWSConfiguration(environment: program.environment, flags: flags)
    }

    func client(_ configuration: AWSConfiguration) throws -> AWSClient {
        guard configuration.region != nil else { throw CommandLineError.noRegion }
        let transport = try program.transport(
            HTTPClient.Settings(caBundle: configuration.caBundle, userAgent: "slipway/\(Tool.version)"))
        var onCall: (@Sendable (APICall) -> Void)?
        if debug { onCall = { [report] call in report.call(call) } }
        return AWSClient(
            configuration: configuration, transport: transport, surroundings: program.surroundings, onCall: onCall)
    }

    // MARK: Declaration

    /// What a stack is declared with.
    struct Declared: Sendable {
        let graph: StackGraph
        /// Whether the graph was read from a file.
        let isFromFile: Bool
    }

    /// Declares the stack, or reads its graph from the file that was named.
    ///
    /// - Parameter aws: Answers look-ups; without it placeholders stand in for their answers.
    func declare(
        _ stack: StackOptions, _ options: DeclarationOptions, region: String, aws: AWSClient?
    ) async throws -> Declared {
        if let path = options.graphFile {
            guard options.variables.isEmpty, options.variableFiles.isEmpty else {
                throw CommandLineError.contradiction("--graph is declared already, so --var and --var-file have nothing to set")
            }
            return Declared(graph: try graph(path, stack), isFromFile: true)
        }
        let definition = try program.tool.stack(stack.stack)
        var values = try ParameterSources(
            options: options, environment: program.environment, directory: program.directory
        ).values(for: definition.parameters)
        let problems = definition.problems(with: values)
        guard problems.isEmpty else { throw InvalidDeclaration(problems) }
        for parameter in definition.parameters where values[parameter.name] == nil {
            guard let lookup = parameter.lookup else { continue }
            if let aws {
                values[parameter.name] = try await answer(lookup, parameter.name, aws)
            } else {
                values[parameter.name] = parameter.placeholderText
            }
        }
        let settings = Settings(environment: stack.place.environment, region: region, values: values)
        let root = program.tool.sourceRoot
        do {
            return Declared(
                graph: try definition.declare(settings, values: values).relative(to: root), isFromFile: false)
        } catch let error as InvalidDeclaration {
            throw error
        } catch {
            throw CommandLineError.declaration(stack: definition.name, reason: "\(error)")
        }
    }

    private func answer(_ lookup: any Lookup, _ parameter: String, _ aws: AWSClient) async throws -> String {
        guard let lookup = lookup as? any AWSLookup else {
            throw CommandLineError.lookup(parameter: parameter, reason: "'\(lookup.summary)' is nothing that AWS is asked")
        }
        do { return try await text(lookup, aws) } catch let error as AWSError {
            throw Circumstance(doing: "looking up the parameter '\(parameter)' (\(lookup.summary))", error: error)
        } catch {
            throw CommandLineError.lookup(parameter: parameter, reason: "\(error)")
        }
    }

    private func text(_ lookup: some AWSLookup, _ aws: AWSClient) async throws -> String {
        try await lookup.answer(aws).parameterText
    }

    private func graph(_ path: String, _ stack: StackOptions) throws -> StackGraph {
        let data = try Files.data(path, in: program.directory)
        let found = (try? JSON(parsing: data))?["format"]?.int ?? 0
        guard found <= StackGraph.formatVersion else {
            throw CommandLineError.newerFile(path: path, found: found, known: StackGraph.formatVersion)
        }
        let graph: StackGraph
        do { graph = try JSONDecoder().decode(StackGraph.self, from: data) } catch {
            throw CommandLineError.file(path: path, reason: "it is no graph: \(error)")
        }
        for (what, expected, found) in [
            ("stack", stack.stack, graph.stack), ("environment", stack.place.environment, graph.environment),
        ] where expected != found {
            throw CommandLineError.graphElsewhere(path: path, what: what, expected: expected, found: found)
        }
        return graph
    }

    /// `--assets`, else beside the binary, else of the source.
    func assets(_ options: DeclarationOptions?) -> AssetFolder {
        if let named = options?.assets { return AssetFolder(path: Files.path(named, in: program.directory)) }
        let beside = "\(program.binaryFolder)/assets"
        return AssetFolder(path: Files.isFolder(beside) ? beside : "\(program.tool.sourceRoot)/assets")
    }

    /// Declares a stack for its own sake; a mistake that the declaration notices itself is thrown.
    ///
    /// - Parameter asks: Whether AWS answers look-ups; without that, placeholders stand in for their answers.
    func declare(
        _ stack: StackOptions, _ declaration: DeclarationOptions, _ aws: AWSOptions, asks: Bool
    ) async throws -> StackGraph {
        let region = try await region(aws, stack.place.cloud)
        guard let region, !region.isEmpty else { throw CommandLineError.noRegion }
        let client = asks ? try await client(configuration(aws, stack.place.cloud)) : nil
        let graph = try await declare(stack, declaration, region: region, aws: client).graph
        guard graph.diagnostics.isEmpty else { throw InvalidDeclaration(graph.diagnostics) }
        return graph
    }

    private func region(_ aws: AWSOptions, _ cloud: CloudOptions) async throws -> String? {
        if let region = aws.region { return region }
        // Where a profile is missing the region is still that of the environment: no credentials are needed.
        let environment = program.environment
        let named = environment["AWS_REGION"] ?? environment["AWS_DEFAULT_REGION"]
        if !cloud.isLocal, let named { return named }
        return try await configuration(aws, cloud).region
    }

    // MARK: Deployment

    /// What the state of a stack is opened for.
    struct Purpose: Sendable {
        /// The word for the lock and the history.
        let command: String
        let working: WorkingOptions
        let declaration: DeclarationOptions?

        init(_ command: String, _ working: WorkingOptions, _ declaration: DeclarationOptions? = nil) {
            self.command = command
            self.working = working
            self.declaration = declaration
        }
    }

    /// Takes the lock of a stack's state and finds out which account it is about.
    func open(_ stack: StackOptions, _ purpose: Purpose, aws: AWSClient) async throws -> Deployment {
        try await Deployment(opening(stack, purpose), aws: aws)
    }

    /// What a stack's state is opened with.
    func opening(_ stack: StackOptions, _ purpose: Purpose) -> Deployment.Opening {
        let timeout = purpose.working.lockTimeout.duration
        var opening = opening(
            stack, command: purpose.command, declaration: purpose.declaration, lockTimeout: timeout)
        opening.parallelism = purpose.working.parallelism
        return opening
    }

    /// What a stack's state is opened with.
    func opening(
        _ stack: StackOptions, command: String, declaration: DeclarationOptions?, lockTimeout: Duration
    ) -> Deployment.Opening {
        var opening = Deployment.Opening(
            kinds: KindTable(program.tool.kinds), key: key(stack), folder: stateFolder(stack.place),
            assets: assets(declaration), who: program.user, command: command)
        opening.tasks = TaskTable(program.tool.tasks).checks
        opening.environment = program.environment
        opening.directory = program.directory
        opening.lockTimeout = lockTimeout
        opening.onWait = { [report] holder in
            let who = holder.map { "\($0.who) (process \($0.process), \($0.command))" } ?? "another process"
            report.note("waiting for \(who), which holds the state")
        }
        return opening
    }

    /// Settles what an earlier apply left in doubt, and says so.
    /// - Throws: ``CommandLineError/undecided(count:)`` when something stays in doubt: a plan could then do it twice.
    func recover(_ deployment: Deployment) async throws {
        let settled = try await doing("settling what an earlier apply left in doubt") { try await deployment.recover() }
        for (record, decision) in settled { report.recovered(record, decision) }
        let undecided = settled.count { if case .undecided = $0.decision { true } else { false } }
        guard undecided == 0 else { throw CommandLineError.undecided(count: undecided) }
    }
}
