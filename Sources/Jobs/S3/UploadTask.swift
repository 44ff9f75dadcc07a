import SlipwayAWS
import SlipwayDeclaration
import SlipwayResources
import Synchronization

/// One upload on behalf of a task.
struct UploadTask: Sendable {
    let declared: Upload
    let files: UploadFiles
    let place: S3Place
    let context: TaskContext

    /// What became of one file.
    private enum Happening: Sendable {
        case uploaded(bytes: Int)
        case unchanged
        case interrupted
    }

    func run() async throws -> TaskOutcome {
        if declared.deletesOthers, place.key.isEmpty {
            return .failed(
                TaskFailure("it would delete everything else in the bucket", hints: ["name a prefix in it: \(place.uri)…/"]))
        }
        let prefix = folder
        // Beside a single file stand others only where its destination is a folder.
        let hasOthers = !files.isFile || place.key.hasSuffix("/")
        let there = try await list(files.isFile && hasOthers && declared.deletesOthers ? place.key : prefix)
        let names = files.files.map { (file: $0, key: files.isFile ? key : prefix + $0.name) }
        let total = names.reduce(0) { $0 + $1.file.size }
        var count = TransferNotes(files: names.count, bytes: total)
        var meter = Meter(files: names.count, bytes: total)
        let isDone = try await withThrowingTaskGroup(of: Happening.self) { group in
            // It ends with the group, or ends the group.
            group.addTask {
                await context.interrupted()
                return .interrupted
            }
            defer { group.cancelAll() }
            var rest = names[...]
            var working = 0
            while true {
                while working < declared.parallelism, let (file, key) = rest.popFirst() {
                    working += 1
                    group.addTask { try await bring(file, to: key, size: there[key]) }
                }
                guard working > 0, let happening = try await group.next() else { return true }
                switch happening {
                case .interrupted: return false
                case .unchanged: count.unchanged += 1
                case .uploaded(let bytes):
                    count.uploaded += 1
                    count.uploadedBytes += bytes
                }
                working -= 1
                if let words = meter.words(count, at: context.now) { context.tell(words) }
            }
        }
        guard isDone else {
            context.tell("stopping; what was uploaded stays")
            try await context.note { [count] in $0.transfer = count }
            return .stopped
        }
        if declared.deletesOthers, hasOthers {
            let others = Set(there.keys).subtracting(names.map(\.key)).filter { !$0.hasSuffix("/") }.sorted()
            for key in others {
                if context.isInterrupted { throw RunInterrupted() }
                try await delete(key)
                count.deleted += 1
            }
        }
        try await context.note { [count] in $0.transfer = count }
        context.tell(count.words)
        return .succeeded
    }

    // MARK: Keys

    /// What the keys of a folder's files begin with.
    private var folder: String {
        if files.isFile { return key }
        return place.key.isEmpty || place.key.hasSuffix("/") ? place.key : place.key + "/"
    }

    /// The key of a single file.
    private var key: String {
        place.key.isEmpty || place.key.hasSuffix("/") ? place.key + (files.files.first?.name ?? "") : place.key
    }

    // MARK: Calls

    private struct Page: Decodable, Sendable {
        struct Object: Decodable, Sendable {
            let key: String
            let size: Int
        }
        let contents: [Object]
    }

    /// Sizes of what is there, by key.
    private func list(_ prefix: String) async throws -> [String: Int] {
        var query: [String: String?] = ["list-type": "2"]
        if !prefix.isEmpty { query["prefix"] = prefix }
        let request = RESTRequest("ListObjectsV2", .get, bucket: place.bucket, query: query)
        var found: [String: Int] = [:]
        do throws(AWSError) {
            var pages = context.aws.pages(request, as: Page.self, paging: .continuationToken).makeAsyncIterator()
            while let page = try await pages.next(isolation: nil) {
                for object in page.contents { found[object.key] = object.size }
            }
        } catch {
            if error.code == "NoSuchBucket" {
                throw TaskFailure(
                    "there is no bucket '\(place.bucket)'", hints: ["`slipway apply` makes what the stack declares"])
            }
            throw context.failure(
                "listing \(S3Place(bucket: place.bucket, key: prefix).uri)", error,
                Denial(action: "s3:ListBucket", resource: "arn:aws:s3:::\(place.bucket)"))
        }
        return found
    }

    /// Uploads a file unless it is there.
    /// - Parameter size: Of what has its key; `nil` when nothing has.
    private func bring(_ file: UploadFiles.File, to key: String, size: Int?) async throws -> Happening {
        let target = S3Place(bucket: place.bucket, key: key)
        let digest = try file.sha256()
        do {
            if size == file.size, try await S3.sha256(of: target.bucket, key, context.aws) == digest { return .unchanged }
            try await S3.put(
                file.path, sha256: digest, size: file.size, to: target.bucket, key, contentType: contentType(of: file.name),
                context.aws)
            return .uploaded(bytes: file.size)
        } catch let error as AWSError {
            // Whoever cancels is who was interrupted.
            if error.kind == .cancelled { throw CancellationError() }
            let action = error.operation == "HeadObject" ? "s3:GetObject" : "s3:PutObject"
            throw context.failure(
                "uploading '\(file.name)' to \(target.uri)", error, Denial(action: action, resource: target.arn))
        } catch let error as CancellationError {
            throw error
        } catch {
            throw TaskFailure("uploading '\(file.name)' to \(target.uri): \(error)")
        }
    }

    private func delete(_ key: String) async throws {
        let target = S3Place(bucket: place.bucket, key: key)
        do { try await context.aws.rest(RESTRequest("DeleteObject", .delete, bucket: target.bucket, key: key)) } catch {
            throw context.failure(
                "deleting \(target.uri)", error, Denial(action: "s3:DeleteObject", resource: target.arn))
        }
        context.tell("deleted \(target.uri)")
    }

    private func contentType(of name: String) -> String {
        let ending = name.split(separator: "/").last?.split(separator: ".").dropFirst().last.map { $0.lowercased() } ?? ""
        return declared.contentTypes[ending]?.literal ?? ContentType.usual[ending] ?? "application/octet-stream"
    }
}

/// How far an upload is, told once a second at most.
private struct Meter {
    let files: Int
    let bytes: Int
    private var told: Double = 0

    init(files: Int, bytes: Int) {
        self.files = files
        self.bytes = bytes
    }

    /// `12 of 71 files, 3.1 MB of 40.0 MB uploaded`
    mutating func words(_ count: TransferNotes, at now: Double) -> String? {
        let done = count.uploaded + count.unchanged
        guard done < files, now - told >= 1 else { return nil }
        told = now
        let (sent, all) = (TransferNotes.size(count.uploadedBytes), TransferNotes.size(bytes))
        return "\(done) of \(files) files, \(sent) of \(all) uploaded"
    }
}

/// Types of content by the endings of names, in lower case.
///
/// Source: <https://www.iana.org/assignments/media-types/media-types.xhtml>
enum ContentType {
    static let usual: [String: String] = [
        "csv": "text/csv", "tsv": "text/tab-separated-values", "txt": "text/plain; charset=utf-8",
        "log": "text/plain; charset=utf-8",
        "md": "text/markdown; charset=utf-8", "html": "text/html; charset=utf-8", "htm": "text/html; charset=utf-8",
        "css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8", "json": "application/json",
        "jsonl": "application/jsonl", "ndjson": "application/x-ndjson", "xml": "application/xml", "yaml": "application/yaml",
        "yml": "application/yaml", "sql": "application/sql", "py": "text/x-python", "parquet": "application/vnd.apache.parquet",
        "avro": "application/avro", "gz": "application/gzip", "zip": "application/zip", "zst": "application/zstd",
        "bz2": "application/x-bzip2", "tar": "application/x-tar", "pdf": "application/pdf", "png": "image/png",
        "jpg": "image/jpeg", "jpeg": "image/jpeg", "gif": "image/gif", "svg": "image/svg+xml",
    ]
}
