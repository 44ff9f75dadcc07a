import FoundationEssentials
import SlipwayAWS
package import SlipwayDeclaration
import SlipwayProvider
package import SlipwayState

/// A graph with all that is read between declaring and planning.
struct Preparation: Sendable {
    /// The graph with the stack's tags on every resource that can be tagged; `nil` for a destroy.
    var graph: StackGraph?
    var files: [Asset: AssetFile] = [:]
    var secrets: SecretValues = [:]

    func fingerprints(key: String) -> [Secret.Source: String] {
        Dictionary(
            uniqueKeysWithValues: secrets.map { ($0.key, Fingerprint.make($0.value, of: $0.key, key: key)) })
    }
}

extension Deployment {
    /// Checks a graph, takes its assets' digests and reads its secrets.
    ///
    /// - Throws: `InvalidDeclaration` with everything that is wrong, missing assets and secrets included.
    func prepare(_ declared: StackGraph?) async throws -> Preparation {
        guard let declared else { return Preparation() }
        var preparation = Preparation()
        let graph = tagged(declared)
        preparation.graph = graph
        var diagnostics = Validation(kinds: kinds, tasks: tasks).diagnostics(of: graph)
        for (place, subject, tree) in graph.trees {
            var assets: Set<Asset> = []
            var sources: Set<Secret.Source> = []
            tree.visitAssets { assets.insert($0) }
            tree.visitSecrets { sources.insert($0) }
            for asset in assets.sorted(by: { $0.path < $1.path }) where preparation.files[asset] == nil {
                do {
                    preparation.files[asset] = try self.assets.file(asset)
                } catch EngineError.asset(let path, let reason) {
                    diagnostics.append(Deployment.missing(asset: path, reason, place, subject))
                }
            }
            for source in sources where preparation.secrets[source] == nil {
                do {
                    preparation.secrets[source] = try await value(of: source)
                } catch EngineError.secretMissing(_, let reason) {
                    diagnostics.append(Diagnostic(place: place, subject: subject, message: reason))
                }
            }
        }
        guard diagnostics.isEmpty else { throw InvalidDeclaration(diagnostics) }
        return preparation
    }

    /// Everything that can be found wrong with a graph without asking AWS; assets and secrets are only looked at when
    /// there are other mistakes to be told with theirs.
    package static func diagnostics(of graph: StackGraph, _ opening: Opening) -> [Diagnostic] {
        var found = Validation(kinds: opening.kinds, tasks: opening.tasks).diagnostics(of: graph)
        guard !found.isEmpty else { return [] }
        for (place, subject, tree) in graph.trees {
            tree.visitAssets { asset in
                guard case .failure(EngineError.asset(let path, let reason)) = Result(catching: { try opening.assets.file(asset) })
                else { return }
                found.append(missing(asset: path, reason, place, subject))
            }
            tree.visitSecrets { source in
                guard case .environment(let name) = source, opening.environment[name]?.isEmpty ?? true else { return }
                found.append(Diagnostic(place: place, subject: subject, message: missing(variable: name)))
            }
        }
        return found.sorted { ($0.place?.description ?? "", $0.subject) < ($1.place?.description ?? "", $1.subject) }
    }

    private static func missing(asset path: String, _ reason: String, _ place: Place?, _ subject: String) -> Diagnostic {
        Diagnostic(
            place: place, subject: subject, message: "asset '\(path)': \(reason)",
            hint: "assets are found in --assets, else beside the binary or the source")
    }

    private static func missing(variable name: String) -> String { "the environment variable \(name) is not set" }

    /// The graph with the stack's tags put under each resource's own.
    private func tagged(_ declared: StackGraph) -> StackGraph {
        guard !declared.tags.isEmpty else { return declared }
        var graph = declared
        let tags = JSON.object(declared.tags.mapValues(\.tree))
        for index in graph.resources.indices {
            guard let kind = kinds[type: graph.resources[index].kind], kind.inheritsTags else { continue }
            let own = graph.resources[index].properties["Tags"] ?? .object([:])
            graph.resources[index].properties = graph.resources[index].properties.setting(
                ["Tags"], to: Overlay.union(tags, own))
        }
        return graph
    }

    /// The assets and secrets that a plan's operations send.
    ///
    /// - Throws: ``EngineError/stalePlan(_:)`` when one of them is not what was planned.
    func materials(
        of plan: Plan, secretKey: String
    ) async throws -> (files: [Asset: AssetFile], secrets: SecretValues) {
        var files: [Asset: AssetFile] = [:]
        var secrets: SecretValues = [:]
        for operation in plan.operations where operation.verb != .delete && operation.verb != .forget {
            var assets: Set<Asset> = []
            var sources: Set<Secret.Source> = []
            operation.desired.visitAssets { assets.insert($0) }
            operation.desired.visitSecrets { sources.insert($0) }
            for asset in assets where files[asset] == nil { files[asset] = try self.assets.file(asset) }
            for source in sources where secrets[source] == nil { secrets[source] = try await value(of: source) }
            let now = operation.desired.withDigests(files.mapValues(\.digest))
            guard now == operation.desired else {
                let changed = assets.first { asset in
                    operation.desired.withDigests([asset: files[asset]?.digest ?? ""]) != operation.desired
                }
                throw EngineError.stalePlan(.asset(path: changed?.path ?? ""))
            }
            for source in sources {
                guard let value = secrets[source] else { continue }
                let print = Fingerprint.make(value, of: source, key: secretKey)
                guard operation.desired.withFingerprints([source: print]) == operation.desired else {
                    throw EngineError.stalePlan(.secret(source))
                }
            }
        }
        return (files, secrets)
    }

    /// The value of a secret.
    /// - Throws: ``EngineError/secretMissing(_:reason:)``.
    package func value(of source: Secret.Source) async throws -> String {
        switch source {
        case .environment(let name):
            guard let value = environment[name], !value.isEmpty else {
                throw EngineError.secretMissing(source, reason: Deployment.missing(variable: name))
            }
            return value
        case .secretsManager(let id, let key): return try await secretsManager(id, key, source)
        case .generated(let length): return Deployment.generate(length)
        }
    }

    /// Source: <https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html>
    private func secretsManager(_ id: String, _ key: String?, _ source: Secret.Source) async throws -> String {
        struct Input: Codable, Sendable { let secretId: String }
        struct Output: Codable, Sendable { let secretString: String? }
        let output: Output
        do {
            output = try await aws.call(.secretsManager, "GetSecretValue", Input(secretId: id), as: Output.self)
        } catch {
            throw EngineError.secretMissing(source, reason: "the secret '\(id)' cannot be read: \(error.code)")
        }
        guard let string = output.secretString else {
            throw EngineError.secretMissing(source, reason: "the secret '\(id)' holds bytes, not a text")
        }
        guard let key else { return string }
        guard let value = (try? JSON(parsing: string))?[key]?.plainText else {
            throw EngineError.secretMissing(source, reason: "the secret '\(id)' is no JSON object with a member '\(key)'")
        }
        return value
    }

    /// Letters and digits without those that look alike.
    private static func generate(_ length: Int) -> String {
        let alphabet = Array("ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz23456789")
        return String((0..<length).map { _ in alphabet[Int.random(in: alphabet.indices)] })
    }

    // MARK: Other stacks

    /// The outputs of other stacks that a graph reads, as their last applies left them.
    package func foreignOutputs(_ graph: StackGraph?) async throws -> [ImportedOutput: String] {
        var wanted: Set<String> = []
        for (_, _, tree) in graph?.trees ?? [] {
            tree.visitExpressions { if case .output(let stack, _) = $0 { wanted.insert(stack) } }
        }
        var found: [ImportedOutput: String] = [:]
        for stack in wanted.sorted() {
            let key = StateKey(stack: stack, environment: store.key.environment, target: store.key.target)
            guard StateStore.exists(folder: folder, key: key) else { continue }
            let other = try StateStore(folder: folder, key: key, lineage: "", secretKey: "")
            for (name, value) in try await other.read(.outputs) { found[ImportedOutput(stack: stack, name: name)] = value }
        }
        return found
    }

    /// The stacks that read outputs of this one, by output.
    func consumers() async throws -> [String: [String]] {
        var found: [String: [String]] = [:]
        for key in try StateStore.keys(folder: folder)
        where key.target == store.key.target && key.environment == store.key.environment && key != store.key {
            let other = try StateStore(folder: folder, key: key, lineage: "", secretKey: "")
            for item in try await other.read(.imports) where item.stack == store.key.stack {
                found[item.name, default: []].append(key.stack)
            }
        }
        return found
    }
}

extension StackGraph {
    /// Every tree that values are read from, with its place and what it belongs to.
    var trees: [(place: Place?, subject: String, tree: JSON)] {
        var all: [(Place?, String, JSON)] = resources.map { ($0.place, $0.address.description, $0.properties) }
        for resource in resources {
            all += resource.management.replaceWhen.map { (resource.place, resource.address.description, $0.tree) }
        }
        all += outputs.map { ($0.place, "output \($0.name)", $0.value.tree) }
        for pipeline in pipelines {
            all += pipeline.tasks.map { ($0.place, "pipeline \(pipeline.name), task \($0.name)", $0.properties) }
        }
        return all
    }
}
