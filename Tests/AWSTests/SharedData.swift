import FoundationEssentials

@testable import SlipwayAWS

/// The folder with test vectors that AWS publishes. It is no part of the repository: tests which need it are skipped
/// where it is missing.
enum SharedData {
    /// Looked for beside the package, unless `SLIPWAY_SHARED_DATA` says where it is.
    static let folder: String? = {
        if let path = ProcessInfo.processInfo.environment["SLIPWAY_SHARED_DATA"] { return path }
        let root = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
        return ["/\(root)/../shared/data", "/\(root)/../../shared/data"].first { exists("\($0)/aws") }
    }()

    static var isThere: Bool { folder.map { exists("\($0)/aws") } ?? false }

    static func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }

    struct Missing: Error { let path: String }

    /// The bytes of a file below `aws`.
    static func data(_ path: String) throws -> Data {
        let path = "\(folder ?? "")/aws/\(path)"
        guard let data = FileManager.default.contents(atPath: path) else { throw Missing(path: path) }
        return data
    }

    static func text(_ path: String) throws -> String { String(decoding: try data(path), as: UTF8.self) }

    /// A JSON file below `aws`.
    static func json(_ path: String) throws -> Document { try JSONReader.parse(try data(path)) }
}

extension Document {
    /// A member of a structure, in tests.
    subscript(name: String) -> Document? { members?[name] }

    /// The items of a list.
    var items: [Document] {
        if case .list(let items) = self { items } else { [] }
    }
}
