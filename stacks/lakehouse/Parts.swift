import Slipway

/// The parts of the lakehouse.
enum Lakehouse {
    enum Codec: String, ParameterValue, CaseIterable { case snappy, zstd, gzip }

    /// Raw files go after some days, and curated ones move to where keeping them is cheap.
    static func lake(_ settings: Settings) -> S3.Bucket {
        S3.Bucket(
            versioning: settings.isProduction ? .enabled : nil,
            lifecycle: [
                .expire(after: settings[.keepDays], prefix: "raw/"),
                .move(to: .standardIA, after: 90, prefix: "curated/"),
                .abortUploads(after: 7),
            ],
            emptyOnDelete: !settings.isProduction)
    }

    /// Scripts under keys that contain their digests: a job that is running keeps the script it was started with.
    static func code(
        in lake: Handle<S3.Bucket>, _ stack: inout Stack
    ) -> (count: Handle<S3.Object>, convert: Handle<S3.Object>) {
        stack.within("code") { stack in
            let add = { (stack: inout Stack, name: String) in
                stack.add(
                    name, S3.Object(in: lake.name, prefix: "code/", .asset("lakehouse/\(name).py")),
                    createBeforeDestroy: true)
            }
            return (count: add(&stack, "count"), convert: add(&stack, "convert"))
        }
    }

    /// What the jobs may do, and nothing else.
    static func role(reading lake: Handle<S3.Bucket>) -> IAM.Role {
        IAM.Role(
            trusting: .service("glue.amazonaws.com"),
            policies: [
                "lake": [
                    .allow("s3:GetObject", "s3:PutObject", "s3:DeleteObject", on: "\(lake.arn)/*"),
                    .allow("s3:ListBucket", on: lake.arn),
                ],
                "logs": [
                    .allow(
                        "logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents",
                        on: "arn:aws:logs:*:*:log-group:/aws-glue/*", "arn:aws:logs:*:*:log-group:lakehouse-*")
                ],
            ],
            description: "Lets Glue's jobs read and write the lake")
    }

    /// What one source needs: the job that counts its rows.
    static func source(
        _ name: String, in lake: Handle<S3.Bucket>, role: Handle<IAM.Role>, script: Handle<S3.Object>,
        _ stack: inout Stack
    ) -> Handle<Glue.Job> {
        stack.add(
            "count",
            Glue.Job(
                role: role.arn, command: .pythonShell(script: script.uri),
                arguments: ["--lake": lake.name, "--source": Text(verbatim: name)], maxCapacity: 0.0625, timeout: 10,
                maxConcurrentRuns: 2, description: Text(verbatim: "Counts the rows of \(name)")))
    }
}
