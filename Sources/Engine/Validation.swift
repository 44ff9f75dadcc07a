import Dispatch
package import SlipwayDeclaration
import SlipwayGraph
import SlipwayProvider
import Synchronization

/// What each kind of task finds wrong with its properties, by the kind's name.
package typealias TaskChecks = [String: @Sendable (JSON) throws -> [Problem]]

/// Finds all mistakes of a declared graph at once.
package struct Validation: Sendable {
    private let kinds: KindTable
    private let tasks: TaskChecks

    /// - Parameter tasks: The kinds of task that the tool knows; empty leaves tasks unchecked.
    package init(kinds: KindTable, tasks: TaskChecks = [:]) {
        self.kinds = kinds
        self.tasks = tasks
    }

    /// The mistakes, sorted by place.
    package func diagnostics(of graph: StackGraph) -> [Diagnostic] {
        var found = graph.diagnostics
        found += names(graph)
        let declared = Dictionary(graph.resources.map { ($0.address, $0) }) { first, _ in first }
        found += problems(of: graph.resources, declared)
        for output in graph.outputs {
            found += references(output.value.tree, declared, subject: "output \(output.name)", output.place)
        }
        found += pipelines(graph, declared)
        found += circles(graph)
        return found.sorted { ($0.place?.description ?? "", $0.subject) < ($1.place?.description ?? "", $1.subject) }
    }

    /// The mistakes of single resources. Each is checked by itself, so large stacks are checked on all cores.
    private func problems(
        of resources: [DeclaredResource], _ declared: [Address: DeclaredResource]
    ) -> [Diagnostic] {
        let size = 500
        let found = Mutex<[Int: [Diagnostic]]>([:])
        DispatchQueue.concurrentPerform(iterations: (resources.count + size - 1) / size) { index in
            let part = resources[(index * size)..<min((index + 1) * size, resources.count)]
            let wrong = part.flatMap { problems($0, declared) }
            if !wrong.isEmpty { found.withLock { $0[index] = wrong } }
        }
        return found.withLock { $0 }.sorted { $0.key < $1.key }.flatMap(\.value)
    }

    private func names(_ graph: StackGraph) -> [Diagnostic] {
        var found: [Diagnostic] = []
        for (name, what) in [(graph.stack, "stack"), (graph.environment, "environment")] {
            let isGood = name.count <= 40 && (name.first?.isLetter ?? false)
                && name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") }
            if !isGood {
                found.append(
                    Diagnostic(
                        subject: name, message: "this is no name for a \(what)",
                        hint: "1 to 40 letters, digits and '-', beginning with a letter"))
            }
        }
        var places: [Address: Place?] = [:]
        for resource in graph.resources {
            if let first = places[resource.address] {
                found.append(
                    Diagnostic(
                        place: resource.place, subject: resource.address.description,
                        message: "the stack has a resource of this name already",
                        hint: first.map { "the other is declared at \($0)" }))
            } else {
                places[resource.address] = resource.place
            }
            if let problem = resource.address.problem {
                found.append(
                    Diagnostic(place: resource.place, subject: resource.address.description, message: problem))
            }
        }
        var outputs: Set<String> = []
        for output in graph.outputs where !outputs.insert(output.name).inserted {
            found.append(
                Diagnostic(
                    place: output.place, subject: "output \(output.name)",
                    message: "the stack has an output of this name already"))
        }
        return found
    }

    private func problems(_ resource: DeclaredResource, _ declared: [Address: DeclaredResource]) -> [Diagnostic] {
        let subject = resource.address.description
        guard let kind = kinds[type: resource.kind] else {
            let hint = kinds.types.closest(to: resource.kind).map { "did you mean '\($0)'?" }
            return [
                Diagnostic(
                    place: resource.place, subject: subject, message: "there is no kind '\(resource.kind)'", hint: hint)
            ]
        }
        var found = references(resource.properties, declared, subject: subject, resource.place)
        for text in resource.management.replaceWhen {
            found += references(text.tree, declared, subject: subject, resource.place)
        }
        for address in resource.management.after where declared[address] == nil {
            found.append(missing(address, declared, subject, resource.place))
        }
        do {
            for problem in try kind.check(resource.properties) {
                let name = problem.property.isEmpty ? "" : problem.property + ": "
                found.append(
                    Diagnostic(
                        place: resource.place, subject: subject, message: name + problem.message, hint: problem.hint))
            }
            if resource.management.createBeforeDestroy, let name = try kind.fixedName(resource.properties) {
                found.append(
                    Diagnostic(
                        place: resource.place, subject: subject,
                        message: "it is to be created before its predecessor is deleted, but both would be called '\(name.spelling)'",
                        hint: "leave the name to the engine, or leave createBeforeDestroy out"))
            }
        } catch let error as DecodingError {
            found.append(Diagnostic(place: resource.place, subject: subject, message: error.summary))
        } catch {
            found.append(Diagnostic(place: resource.place, subject: subject, message: "\(error)"))
        }
        found += unknownNames(resource, kind)
        return found
    }

    /// Names of properties that the kind does not have: in a graph that was written by hand, or in `ignoreChanges`.
    private func unknownNames(_ resource: DeclaredResource, _ kind: AnyKind) -> [Diagnostic] {
        let (names, isComplete) = kind.propertyNames
        guard isComplete else { return [] }
        var given = Array(resource.properties.object?.keys.sorted() ?? [])
        given += resource.management.ignoreChanges.map { String($0.split(separator: ".").first ?? "") }
        return given.filter { !names.contains($0) }.map { name in
            Diagnostic(
                place: resource.place, subject: resource.address.description,
                message: "\(kind.type) has no property '\(name)'",
                hint: names.closest(to: name).map { "did you mean '\($0)'?" } ?? "it has \(names.joined(separator: ", "))")
        }
    }

    private func references(
        _ tree: JSON, _ declared: [Address: DeclaredResource], subject: String, _ place: Place?
    ) -> [Diagnostic] {
        var found: [Diagnostic] = []
        tree.visitExpressions { expression in
            guard case .attribute(let reference) = expression else { return }
            guard let target = declared[reference.resource] else {
                found.append(missing(reference.resource, declared, subject, place))
                return
            }
            guard let kind = kinds[type: target.kind], !kind.attributeNames.contains(reference.attribute) else { return }
            found.append(
                Diagnostic(
                    place: place, subject: subject,
                    message: "\(target.kind) has no attribute '\(reference.attribute)'",
                    hint: "it has \(kind.attributeNames.joined(separator: ", "))"))
        }
        tree.visitStrings { path, string in
            guard Text.isMisplaced(in: string) else { return }
            let name = path.isEmpty ? "" : path.joined(separator: ".") + ": "
            found.append(
                Diagnostic(
                    place: place, subject: subject,
                    message: "\(name)a value that is not known yet was put into a String: "
                        + string.filter { $0 != Text.misplaced },
                    hint: "declare the string as `Text`"))
        }
        return found
    }

    private func missing(
        _ address: Address, _ declared: [Address: DeclaredResource], _ subject: String, _ place: Place?
    ) -> Diagnostic {
        Diagnostic(
            place: place, subject: subject, message: "it refers to '\(address)', which is not in this stack",
            hint: declared.keys.map(\.description).sorted().closest(to: address.description).map {
                "did you mean '\($0)'?"
            })
    }

    private func pipelines(_ graph: StackGraph, _ declared: [Address: DeclaredResource]) -> [Diagnostic] {
        var found: [Diagnostic] = []
        var pipelines: Set<String> = []
        for pipeline in graph.pipelines {
            let label = "pipeline \(pipeline.name)"
            if !pipelines.insert(pipeline.name).inserted {
                found.append(
                    Diagnostic(
                        place: pipeline.place, subject: label, message: "the stack has a pipeline of this name already"))
            }
            let names = Set(pipeline.tasks.map(\.name))
            var seen: Set<String> = []
            for task in pipeline.tasks {
                let subject = "\(label), task \(task.name)"
                if !seen.insert(task.name).inserted {
                    found.append(
                        Diagnostic(
                            place: task.place, subject: subject, message: "the pipeline has a task of this name already"))
                }
                found += problems(task, subject)
                for name in task.after where !names.contains(name) {
                    found.append(
                        Diagnostic(
                            place: task.place, subject: subject,
                            message: "it comes after '\(name)', which is not in this pipeline"))
                }
                found += references(task.properties, declared, subject: subject, task.place)
            }
            let after = Dictionary(pipeline.tasks.map { ($0.name, $0.after) }) { first, _ in first }
            do {
                _ = try Graph(Array(seen).sorted()) { after[$0] ?? [] }
            } catch {
                found.append(
                    Diagnostic(
                        place: pipeline.place, subject: label,
                        message: "tasks wait for each other: \(circle(error.cycle))"))
            }
        }
        return found
    }

    private func problems(_ task: DeclaredTask, _ subject: String) -> [Diagnostic] {
        guard !tasks.isEmpty else { return [] }
        guard let check = tasks[task.kind] else {
            return [
                Diagnostic(
                    place: task.place, subject: subject, message: "there is no kind of task '\(task.kind)'",
                    hint: tasks.keys.sorted().closest(to: task.kind).map { "did you mean '\($0)'?" })
            ]
        }
        do {
            return try check(task.properties).map { problem in
                let name = problem.property.isEmpty ? "" : problem.property + ": "
                return Diagnostic(
                    place: task.place, subject: subject, message: name + problem.message, hint: problem.hint)
            }
        } catch let error as DecodingError {
            return [Diagnostic(place: task.place, subject: subject, message: error.summary)]
        } catch {
            return [Diagnostic(place: task.place, subject: subject, message: "\(error)")]
        }
    }

    private func circles(_ graph: StackGraph) -> [Diagnostic] {
        let dependencies = Dictionary(graph.resources.map { ($0.address, $0.dependencies) }) { first, _ in first }
        do {
            _ = try Graph(Set(dependencies.keys).sorted()) { dependencies[$0] ?? [] }
            return []
        } catch {
            let place = graph.resources.first { $0.address == error.cycle.first }?.place
            return [
                Diagnostic(
                    place: place, subject: error.cycle.first?.description ?? "",
                    message: "resources refer to each other in a circle: \(circle(error.cycle.map(\.description)))")
            ]
        }
    }

    private func circle(_ names: [String]) -> String { (names + names.prefix(1)).joined(separator: " -> ") }
}
