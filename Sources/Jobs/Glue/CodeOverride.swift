import FoundationEssentials
import SlipwayAWS
import SlipwayDeclaration

/// Uses code of the working copy for one run, without a change to the job.
///
/// Code lies in S3 under keys that contain its digest. The new code goes beside it, under its own digest and the task's
/// token, and the run's arguments name that place: `--scriptLocation` takes precedence over the script in the job's
/// command. The token keeps it apart from what an apply of the same code puts there, and lets it be taken away again
/// when the run is over.
///
/// Source: <https://docs.aws.amazon.com/glue/latest/dg/aws-glue-api-jobs-job.html> (`--scriptLocation`: "This overrides
/// a script location set in the JobCommand object.")
enum CodeOverride {
    /// Uploads changed code, and gives the arguments that use it.
    /// - Throws: `TaskFailure` when the job does not name the code in a way that can be changed for one run.
    static func arguments(
        for changes: [CodeChange], _ definition: JobDefinition, _ context: TaskContext
    ) async throws -> [String: String] {
        var places = definition.defaultArguments ?? [:]
        places["--scriptLocation"] = places["--scriptLocation"] ?? definition.command.scriptLocation
        var arguments: [String: String] = [:]
        for change in changes {
            let used = placed(change, in: places, token: context.token)
            guard !used.isEmpty else {
                throw TaskFailure(
                    "'\(change.asset)' cannot be taken from the working copy for one run: "
                        + "job '\(definition.name)' does not name it by its digest",
                    hints: ["`slipway apply` brings it to the job"])
            }
            for (name, value) in used {
                places[name] = value
                arguments[name] = value
                for uri in value.split(separator: ",") where uri.contains(change.found) {
                    try await upload(change, to: String(uri), context)
                }
            }
        }
        return arguments
    }

    /// The arguments that name an asset, changed so that they name its new content.
    static func placed(_ change: CodeChange, in places: [String: String], token: String) -> [String: String] {
        let folder = "\(change.found)/run-\(token)"
        var found: [String: String] = [:]
        if let applied = change.applied {
            for (name, value) in places where value.contains(applied) {
                found[name] = value.split(separator: applied, omittingEmptySubsequences: false).joined(separator: folder)
            }
        }
        // A script under a key without a digest: its new content goes to one with it, beside.
        if found.isEmpty, let script = places["--scriptLocation"], let slash = script.lastIndex(of: "/"),
            script[script.index(after: slash)...] == Asset(change.asset).name[...]
        {
            found["--scriptLocation"] = "\(script[..<slash])/\(folder)\(script[slash...])"
        }
        return found
    }

    private static func upload(_ change: CodeChange, to uri: String, _ context: TaskContext) async throws {
        guard let place = place(uri) else {
            throw TaskFailure("'\(uri)' is no place in S3 that code could be uploaded to")
        }
        var isFolder = false
        guard FileManager.default.fileExists(atPath: change.path, isDirectory: &isFolder), !isFolder else {
            throw TaskFailure("'\(change.asset)' is a folder, which cannot be taken from the working copy for one run")
        }
        context.tell("uploading \(change.asset) to \(uri)")
        try await context.note { if !$0.uploads.contains(uri) { $0.uploads.append(uri) } }
        do {
            _ = try await context.aws.rest(
                RESTRequest("PutObject", .put, bucket: place.bucket, key: place.key, body: .file(change.path)))
        } catch {
            throw TaskFailure("uploading '\(change.asset)' to \(uri): \(error)")
        }
    }

    /// Takes away what was uploaded for a run that is over. What cannot be taken away is told, and is no failure.
    static func remove(_ context: TaskContext) async throws {
        for uri in context.notes.uploads {
            guard let place = place(uri) else { continue }
            do {
                _ = try await context.aws.rest(
                    RESTRequest("DeleteObject", .delete, bucket: place.bucket, key: place.key))
                try await context.note { $0.uploads.removeAll { $0 == uri } }
            } catch let error as AWSError {
                context.tell("\(uri) stays, because it cannot be deleted: \(error.code)")
            }
        }
    }

    /// Bucket and key of `s3://bucket/key`.
    private static func place(_ uri: String) -> (bucket: String, key: String)? {
        let parts = uri.split(separator: "/", maxSplits: 3, omittingEmptySubsequences: false)
        guard parts.count == 4, parts[0] == "s3:", parts[1].isEmpty, !parts[3].isEmpty else { return nil }
        return (String(parts[2]), String(parts[3]))
    }
}
