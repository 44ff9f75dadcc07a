/// A file or folder that comes with the stack: a job's script, SQL, a data set.
///
/// Declaring one reads nothing. Its SHA-256 is taken between declaring and planning.
public struct Asset: Hashable, Sendable {
    /// The path below the assets folder, such as `tickit-warehouse/load.py`.
    public let path: String

    public init(_ path: String) { self.path = path }

    /// The file or folder at a path below the assets folder.
    public static func asset(_ path: String) -> Asset { Asset(path) }

    /// The SHA-256 of the content, in hexadecimal: 64 characters.
    public var digest: Text { Text(.digest(self)) }

    /// The last component of the path.
    public var name: String { path.split(separator: "/").last.map(String.init) ?? path }
}

/// Encodes as `{"$asset": "a/b.py"}`.
extension Asset: Codable {
    private enum Key: String, CodingKey { case asset = "$asset" }

    public init(from decoder: any Decoder) throws {
        path = try decoder.container(keyedBy: Key.self).decode(String.self, forKey: .asset)
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(path, forKey: .asset)
    }
}
