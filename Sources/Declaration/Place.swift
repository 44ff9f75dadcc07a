/// A line of a stack's source.
public struct Place: Hashable, Sendable, Codable, Comparable {
    /// The file's path as the compiler saw it, or relative to the package once ``relative(to:)`` was called.
    public let file: String
    /// Counted from 1.
    public let line: Int

    public init(file: String, line: Int) {
        self.file = file
        self.line = line
    }

    /// The place with its file relative to a folder, if it lies in it.
    package func relative(to root: String) -> Place {
        let prefix = root.hasSuffix("/") ? root : root + "/"
        guard !root.isEmpty, file.hasPrefix(prefix) else { return self }
        return Place(file: String(file.dropFirst(prefix.count)), line: line)
    }

    public static func < (left: Place, right: Place) -> Bool { (left.file, left.line) < (right.file, right.line) }
}

extension Place: CustomStringConvertible {
    /// `stacks/tickit/Stack.swift:12`
    public var description: String { "\(file):\(line)" }
}
