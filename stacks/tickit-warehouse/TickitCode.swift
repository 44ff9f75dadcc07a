import Slipway

extension Tickit {
    /// The jobs' scripts, modules and SQL in the lake, under keys that contain their digests: a job that is running keeps
    /// what it was started with.
    struct Code {
        private let uris: [String: Text]
        private let objects: [String: Text]

        /// The files that jobs use, by their paths in the assets.
        private static let files = [
            "generate.py", "extract.py", "validate.py", "transform.py", "report.py", "schema.sql",
            "tickit_charts.py", "tickit_databases.py", "tickit_files.py", "tickit_lake.py", "tickit_models.py",
            "tickit_page.py", "tickit_redshift.py", "tickit_sources.py", "tickit_spoiling.py", "tickit_tables.py",
        ] + answers.map(\.file)

        init(in lake: Handle<S3.Bucket>, _ stack: inout Stack) {
            var added: [(file: String, object: Handle<S3.Object>)] = []
            stack.within("code") { stack in
                for file in Code.files {
                    let name = file.split(separator: "/").joined(separator: "-").prefix { $0 != "." }
                    added.append(
                        (
                            file,
                            stack.add(
                                String(name), S3.Object(in: lake.name, prefix: "code/", .asset("tickit-warehouse/\(file)")),
                                createBeforeDestroy: true)
                        ))
                }
            }
            uris = Dictionary(uniqueKeysWithValues: added.map { ($0.file, $0.object.uri) })
            objects = Dictionary(uniqueKeysWithValues: added.map { ($0.file, "\(lake.arn)/\($0.object.key)") })
        }

        /// `s3://…`
        func uri(_ file: String) -> Text { uris[file] ?? "" }

        /// `s3://…` of several, with commas between them.
        func uris(_ files: [String]) -> Text {
            files.dropFirst().reduce(files.first.map { uri($0) } ?? "") { "\($0),\(uri($1))" }
        }

        /// ARNs, for policies.
        func arns(_ files: [String]) -> [Text] { files.compactMap { objects[$0] } }
    }
}
