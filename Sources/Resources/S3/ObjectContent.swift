public import SlipwayDeclaration

extension S3.Object {
    /// What is in an object.
    public enum Content: Hashable, Sendable {
        /// A file that comes with the stack.
        case asset(Asset)
        /// A text, as UTF-8.
        case text(Text)
        /// What an object has of which only the SHA-256 is known, in hexadecimal.
        case digest(String)

        /// A file below the assets folder.
        public static func asset(_ path: String) -> Content { .asset(Asset(path)) }

        /// The SHA-256 in hexadecimal, as far as it is known.
        var digest: String? {
            switch self {
            case .asset(let asset): asset.sha256
            case .text(let text): text.literal.map { Digest.sha256($0).hexadecimal }
            case .digest(let digest): digest
            }
        }

        /// Wherever it comes from, content is the same when its digest is.
        var canonical: Content { digest.map { .digest($0) } ?? self }
    }
}

extension S3.Object.Content: ExpressibleByStringInterpolation {
    public init(stringLiteral string: String) { self = .text(Text(stringLiteral: string)) }
    public init(stringInterpolation: Text.StringInterpolation) {
        self = .text(Text(stringInterpolation: stringInterpolation))
    }
}

/// Encodes as the asset, as the text, or as `{"$sha256": "…"}`.
extension S3.Object.Content: Codable {
    private enum Key: String, CodingKey {
        case asset = "$asset"
        case digest = "$sha256"
    }

    public init(from decoder: any Decoder) throws {
        guard let container = try? decoder.container(keyedBy: Key.self) else {
            self = .text(try Text(from: decoder))
            return
        }
        if container.contains(.asset) {
            self = .asset(try Asset(from: decoder))
        } else if container.contains(.digest) {
            self = .digest(try container.decode(String.self, forKey: .digest))
        } else {
            self = .text(try Text(from: decoder))
        }
    }

    public func encode(to encoder: any Encoder) throws {
        switch self {
        case .asset(let asset): try asset.encode(to: encoder)
        case .text(let text): try text.encode(to: encoder)
        case .digest(let digest):
            var container = encoder.container(keyedBy: Key.self)
            try container.encode(digest, forKey: .digest)
        }
    }
}
