/// A file or folder that comes with the stack: a job's script, SQL, a data set.
///
/// Declaring one reads nothing. Its SHA-256 is taken between declaring and planning.
public struct Asset: Sendable {
    /// The path below the assets folder, such as `tickit-warehouse/load.py`.
    public let path: String
    /// The SHA-256 of the content, in hexadecimal: 64 characters. `nil` until the file was read.
    public private(set) var sha256: String?
    /// The absolute path of the file on this machine; `nil` until the file was found.
    public private(set) var file: String?
    /// How many bytes it has; `nil` until the file was read.
    public private(set) var size: Int?

    public init(_ path: String) { self.path = path }

    /// A file that was found and read.
    package init(_ path: String, file: String, sha256: String, size: Int) {
        self.path = path
        self.file = file
        self.sha256 = sha256
        self.size = size
    }

    /// The file or folder at a path below the assets folder.
    public static func asset(_ path: String) -> Asset { Asset(path) }

    /// The SHA-256 of the content, in hexadecimal: 64 characters.
    public var digest: Text { Text(.digest(self)) }

    /// The last component of the path.
    public var name: String { path.split(separator: "/").last.map(String.init) ?? path }
}

/// Two assets are the same when they have the same path and, as far as it is known, the same content; where the file
/// lies makes no difference.
extension Asset: Hashable {
    public static func == (left: Asset, right: Asset) -> Bool { left.path == right.path && left.sha256 == right.sha256 }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(path)
        hasher.combine(sha256)
    }
}

/// Encodes as `{"$asset": "a/b.py"}`, with `"$sha256"` once the file was read: a change of its content is a difference
/// of the properties that it is part of.
///
/// `"$path"` and `"$size"` are decoded but never encoded: where a file lies is no property of a resource.
extension Asset: Codable {
    private enum Key: String, CodingKey {
        case asset = "$asset"
        case sha256 = "$sha256"
        case file = "$path"
        case size = "$size"
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        path = try container.decode(String.self, forKey: .asset)
        sha256 = try container.decodeIfPresent(String.self, forKey: .sha256)
        file = try container.decodeIfPresent(String.self, forKey: .file)
        size = try container.decodeIfPresent(Int.self, forKey: .size)
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(path, forKey: .asset)
        try container.encodeIfPresent(sha256, forKey: .sha256)
    }
}
