import FoundationEssentials

/// Files that are named on the command line.
enum Files {
    /// The absolute path of one that is relative to a folder.
    static func path(_ path: String, in directory: String) -> String {
        path.hasPrefix("/") ? path : "\(directory)/\(path)"
    }

    /// - Throws: ``CommandLineError/file(path:reason:)``.
    static func text(_ path: String, in directory: String) throws -> String {
        String(decoding: try data(path, in: directory), as: UTF8.self)
    }

    /// - Throws: ``CommandLineError/file(path:reason:)``.
    static func data(_ path: String, in directory: String) throws -> Data {
        let full = Files.path(path, in: directory)
        guard FileManager.default.fileExists(atPath: full) else {
            throw CommandLineError.file(path: path, reason: "there is no such file")
        }
        guard let data = FileManager.default.contents(atPath: full) else {
            throw CommandLineError.file(path: path, reason: "it cannot be read")
        }
        return data
    }

    /// Writes a file as a whole or not at all, readable by its owner alone.
    /// - Throws: ``CommandLineError/file(path:reason:)``.
    static func write(_ text: String, to path: String, in directory: String) throws {
        let full = Files.path(path, in: directory)
        do {
            try Data(text.utf8).write(to: URL(filePath: full), options: .atomic)
            try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: full)
        } catch {
            throw CommandLineError.file(path: path, reason: "it cannot be written: \(error)")
        }
    }

    static func isFolder(_ path: String) -> Bool {
        var isFolder = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder
    }
}
