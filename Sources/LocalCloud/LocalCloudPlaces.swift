import FoundationEssentials
#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Where the parts of a local AWS are: all paths are absolute.
package struct LocalCloudPlaces: Hashable, Sendable {
    /// The Python package, `assets/localcloud`.
    package let package: String
    /// What is installed for it: an environment of Python, jars.
    package let cache: String
    /// Its data.
    package let state: String

    /// - Parameters:
    ///   - assets: Folders of assets, of which the first that has the package is taken; Slipway's own comes last.
    ///   - directory: The working directory.
    ///   - system: What to ask about files.
    /// - Throws: ``LocalCloudError/noPackage(searched:)``.
    package init(
        assets: [String], environment: [String: String], directory: String, system: System = .real
    ) throws(LocalCloudError) {
        let candidates = (assets + [LocalCloudPlaces.ownAssets]).map { "\($0)/localcloud" }
        guard let found = candidates.first(where: { system.isFile("\($0)/install.py") }) else {
            throw .noPackage(searched: candidates)
        }
        func value(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
        func absolute(_ path: String) -> String { path.hasPrefix("/") ? path : "\(directory)/\(path)" }
        package = found
        state = absolute(value("SLIPWAY_LOCAL") ?? ".slipway/local")
        let root = found.split(separator: "/", omittingEmptySubsequences: false).dropLast(2).joined(separator: "/")
        if let named = value("SLIPWAY_CACHE") {
            cache = absolute(named)
        } else if system.isWritable(root) {
            cache = "\(root)/.cache/localcloud"
        } else {
            // XDG: a relative path is to be ignored.
            let shared = value("XDG_CACHE_HOME").flatMap { $0.hasPrefix("/") ? $0 : nil }
            cache = "\(shared ?? "\(value("HOME") ?? directory)/.cache")/slipway"
        }
    }

    /// The Python that everything is installed for.
    var python: String { "\(cache)/venv/bin/python" }

    /// What a package that depends on Slipway finds: the assets of the checkout that it was built from.
    private static var ownAssets: String {
        let components = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3)
        return components.joined(separator: "/") + "/assets"
    }

    /// Questions to the file system.
    package struct System: Sendable {
        package var isFile: @Sendable (String) -> Bool
        package var isWritable: @Sendable (String) -> Bool

        package init(isFile: @escaping @Sendable (String) -> Bool, isWritable: @escaping @Sendable (String) -> Bool) {
            self.isFile = isFile
            self.isWritable = isWritable
        }

        /// The file system itself.
        package static let real = System(
            isFile: { FileManager.default.fileExists(atPath: $0) }, isWritable: { access($0, W_OK) == 0 })
    }
}
