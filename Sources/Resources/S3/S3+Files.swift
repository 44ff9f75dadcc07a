package import SlipwayAWS
internal import SlipwayDeclaration

extension S3 {
    /// Uploads a file, in parts where it is large, and keeps its digest with it. The object belongs to no stack.
    ///
    /// S3 checks what it receives against the digest: a file that was changed since it was read is refused.
    /// - Parameters:
    ///   - sha256: Of the file's content, in hexadecimal.
    ///   - size: Bytes.
    /// - Throws: `AWSError`, or an error that says why the file cannot be sent.
    package static func put(
        _ file: String, sha256: String, size: Int, to bucket: String, _ key: String, contentType: String, _ aws: AWSClient
    ) async throws {
        let content = Asset(key, file: file, sha256: sha256, size: size)
        let object = S3.Object(
            bucket: Text(verbatim: bucket), key: Text(verbatim: key), .asset(content), contentType: Text(verbatim: contentType))
        _ = try await object.store(owner: nil, aws)
    }

    /// The SHA-256 of an object's content in hexadecimal, as far as S3 or whoever wrote it says it; `nil` when there is no
    /// such object.
    package static func sha256(of bucket: String, _ key: String, _ aws: AWSClient) async throws -> String? {
        try await ObjectHead.read("\(bucket)/\(key)", aws)?.digest
    }
}

/// A file on this machine, of which never more than a piece is in memory.
package struct FileContent: Sendable {
    private let bytes: FileBytes

    /// - Throws: An error that names the file when it is not there.
    package init(_ path: String) throws { bytes = try FileBytes(path) }

    /// Bytes.
    package var size: Int { bytes.size }

    /// In hexadecimal.
    package func sha256() throws -> String { try bytes.sha256(0, bytes.size).hexadecimal }
}
