import Crypto
import FoundationEssentials
package import SlipwayDeclaration

/// An asset's file on disk.
package struct AssetFile: Hashable, Sendable {
    /// The absolute path.
    package let path: String
    /// SHA-256 of the content, in hexadecimal. Of a folder: of its files' relative paths and digests, sorted.
    package let digest: String
    /// Bytes.
    package let size: Int

    package init(path: String, digest: String, size: Int) {
        self.path = path
        self.digest = digest
        self.size = size
    }
}

/// The folder that assets come from.
package struct AssetFolder: Sendable {
    package let path: String

    package init(path: String) { self.path = path }

    /// Takes the digest of an asset.
    /// - Throws: ``EngineError/asset(path:reason:)`` when it is not there, leads out of the folder or cannot be read.
    package func file(_ asset: Asset) throws -> AssetFile {
        let components = asset.path.split(separator: "/", omittingEmptySubsequences: false)
        guard !asset.path.hasPrefix("/"), !components.contains("..") else {
            throw EngineError.asset(path: asset.path, reason: "it leads out of the assets folder")
        }
        let full = "\(path)/\(asset.path)"
        var isFolder = false
        guard FileManager.default.fileExists(atPath: full, isDirectory: &isFolder) else {
            throw EngineError.asset(path: asset.path, reason: "there is no such file in \(path)")
        }
        guard isFolder else { return try AssetFolder.digest(full, asset) }
        var hash = SHA256()
        var size = 0
        for name in try AssetFolder.files(in: full, asset) {
            let file = try AssetFolder.digest("\(full)/\(name)", asset)
            hash.update(data: Array("\(name)\n\(file.digest)\n".utf8))
            size += file.size
        }
        return AssetFile(path: full, digest: Digest.hexadecimal(hash.finalize()), size: size)
    }

    /// The files below a folder, as sorted paths relative to it; hidden ones and Python's caches are left out.
    package static func files(in folder: String) throws -> [String] {
        try FileManager.default.subpathsOfDirectory(atPath: folder).filter { name in
            var isFolder = false
            let exists = FileManager.default.fileExists(atPath: "\(folder)/\(name)", isDirectory: &isFolder)
            let isHidden = name.split(separator: "/").contains { $0.hasPrefix(".") || $0 == "__pycache__" }
            return exists && !isFolder && !isHidden
        }.sorted()
    }

    private static func files(in folder: String, _ asset: Asset) throws -> [String] {
        do { return try files(in: folder) } catch {
            throw EngineError.asset(path: asset.path, reason: "\(error)")
        }
    }

    private static func digest(_ path: String, _ asset: Asset) throws -> AssetFile {
        do {
            let data = try Data(contentsOf: URL(filePath: path), options: .mappedIfSafe)
            return AssetFile(
                path: path, digest: Digest.hexadecimal(SHA256.hash(data: data)), size: data.count)
        } catch {
            throw EngineError.asset(path: asset.path, reason: "\(error)")
        }
    }
}

extension JSON {
    /// The tree with assets' digests filled in, as it is stored and compared.
    package func withDigests(_ digests: [Asset: String]) -> JSON {
        guard !digests.isEmpty else { return self }
        return mapAssets { asset in
            var members: [String: JSON] = ["$asset": .string(asset.path)]
            if let digest = digests[asset] { members["$sha256"] = .string(digest) }
            return .object(members)
        }
    }

    /// The tree with assets' files filled in, as a kind needs them to send their content.
    package func withFiles(_ files: [Asset: AssetFile]) -> JSON {
        guard !files.isEmpty else { return self }
        return mapAssets { asset in
            guard let file = files[asset] else { return .object(["$asset": .string(asset.path)]) }
            return .object([
                "$asset": .string(asset.path), "$sha256": .string(file.digest), "$path": .string(file.path),
                "$size": .int(file.size),
            ])
        }
    }

    private func mapAssets(_ replace: (Asset) -> JSON) -> JSON {
        switch self {
        case .object(let members):
            if let path = members["$asset"]?.string { return replace(Asset(path)) }
            return .object(members.mapValues { $0.mapAssets(replace) })
        case .array(let elements): return .array(elements.map { $0.mapAssets(replace) })
        default: return self
        }
    }
}
