package import SlipwayDeclaration
package import SlipwayEngine
import SlipwayState

/// Whether the code that a task would run is the code that the working copy has.
///
/// A task runs the code of the resources that it refers to: assets that these mention, or that the resources do which
/// they depend on, as a job does on the object in S3 that is its script.
package struct CodeIdentity: Sendable {
    /// SHA-256 by asset path: what is applied, or where that is not known what the working copy has.
    package private(set) var digests: [String: String] = [:]
    package private(set) var changes: [CodeChange] = []

    /// - Throws: ``EngineError/asset(path:reason:)`` when an asset cannot be read; `DecodingError` when the state is
    ///   damaged.
    package init(of task: DeclaredTask, _ applied: AppliedStack, _ assets: AssetFolder) throws {
        var resources: [DeclaredResource] = []
        for address in Set(task.references.map(\.resource)).sorted() {
            for resource in applied.neighbourhood(of: address) where !resources.contains(resource) {
                resources.append(resource)
            }
        }
        var mentioned: Set<String> = []
        var recorded: [String: String] = [:]
        var texts: [String] = []
        for resource in resources {
            resource.properties.visitAssets { mentioned.insert($0.path) }
            guard let row = applied.rows[resource.address] else { continue }
            texts.append(row.declared.text)
            try row.declared.tree().visitDigests { recorded[$0] = $1 }
        }
        for path in mentioned.sorted() {
            let file = try assets.file(Asset(path))
            // An asset that is only named by its digest is found by it: in a key, for example.
            let applied = recorded[path] ?? texts.first { $0.contains(file.digest) }.map { _ in file.digest }
            digests[path] = applied ?? file.digest
            if applied != file.digest {
                changes.append(
                    CodeChange(task: task.name, asset: path, applied: applied, found: file.digest, path: file.path))
            }
        }
    }
}

extension JSON {
    /// Visits every asset whose digest is filled in.
    fileprivate func visitDigests(_ body: (String, String) -> Void) {
        switch self {
        case .object(let members):
            if let path = members["$asset"]?.string, let digest = members["$sha256"]?.string { body(path, digest) }
            for value in members.values { value.visitDigests(body) }
        case .array(let elements): for element in elements { element.visitDigests(body) }
        default: break
        }
    }
}
