import FoundationEssentials
import SlipwayDeclaration
import SlipwayEngine
import SlipwayResources

/// The files that are to be uploaded.
struct UploadFiles: Hashable, Sendable {
    struct File: Hashable, Sendable {
        /// Relative to the folder that is uploaded.
        let name: String
        /// Absolute.
        let path: String
        /// Bytes.
        let size: Int
    }

    /// As it was named.
    let root: String
    /// Whether it is one file and no folder.
    let isFile: Bool
    /// By name.
    let files: [File]

    /// - Throws: `TaskFailure` when it is not there, cannot be read or is empty.
    static func local(_ path: String, in directory: String) throws -> UploadFiles {
        try UploadFiles(path, at: path.hasPrefix("/") ? path : "\(directory)/\(path)")
    }

    /// - Throws: `TaskFailure` when it is not there, cannot be read or is empty.
    static func asset(_ asset: Asset?) throws -> UploadFiles {
        guard let asset, let file = asset.file else { throw TaskFailure("there is no asset '\(asset?.path ?? "")'") }
        return try UploadFiles(asset.path, at: file)
    }

    private init(_ named: String, at path: String) throws {
        var isFolder = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
            throw TaskFailure(
                "there is no file or folder '\(named)'", hints: path == named ? [] : ["it was looked for at \(path)"])
        }
        root = named
        isFile = !isFolder
        guard isFolder else {
            let name = path.split(separator: "/").last.map(String.init) ?? path
            files = [File(name: name, path: path, size: try UploadFiles.size(path))]
            return
        }
        let names: [String]
        do { names = try AssetFolder.files(in: path) } catch {
            throw TaskFailure("the folder '\(named)' cannot be read: \(error)")
        }
        if names.isEmpty { throw TaskFailure("there are no files in the folder '\(named)'") }
        files = try names.map { File(name: $0, path: "\(path)/\($0)", size: try UploadFiles.size("\(path)/\($0)")) }
    }

    private static func size(_ path: String) throws -> Int {
        do { return try FileContent(path).size } catch { throw TaskFailure("a file cannot be read: \(error)") }
    }

    /// SHA-256 of all, in hexadecimal: changes with any of the names and contents.
    func digest() throws -> String {
        Digest.sha256(try files.map { "\($0.name)\n\(try $0.sha256())\n" }.joined())
    }
}

extension UploadFiles.File {
    /// SHA-256 of the content, in hexadecimal.
    func sha256() throws -> String {
        do { return try FileContent(path).sha256() } catch { throw TaskFailure("a file cannot be read: \(error)") }
    }
}
