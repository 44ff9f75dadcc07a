import Slipway

extension Tickit {
    /// The jobs, each with a role that may do what the job does and nothing else.
    struct Jobs {
        let generate, extract, validate, transform, report: Handle<Glue.Job>

        init(
            _ settings: Settings, origin: Handle<S3.Bucket>, lake: Handle<S3.Bucket>,
            warehouse: Handle<Redshift.Cluster>, copier: Handle<IAM.Role>, code: Code, _ stack: inout Stack
        ) {
            func job(_ name: String, _ work: Work) -> Handle<Glue.Job> {
                stack.within(name) { stack in work.add(code, &stack) }
            }
            let redshift: [String: Text] = [
                "--cluster": warehouse.id, "--database": warehouse.databaseName,
                "--secret": warehouse.masterPasswordSecretArn,
            ]
            generate = job(
                "generate",
                Work(
                    "Makes TICKIT's files as they came from its source", script: "generate.py",
                    modules: ["tickit_tables.py", "tickit_spoiling.py"],
                    arguments: [
                        "--out": Tickit.files(settings, in: origin), "--seed": Text(verbatim: String(settings[.seed])),
                        "--scale": Text(verbatim: String(settings[.scale])),
                        "--spoil": Text(verbatim: String(settings[.spoil])),
                    ],
                    may: [.allow("s3:PutObject", on: "\(origin.arn)/*")]
                        // To make what fits what is there, it has to be read.
                        + (settings[.fill]
                            ? [.allow("s3:GetObject", on: "\(origin.arn)/*"), .allow("s3:ListBucket", on: origin.arn)] : [])))

            let sources = Tickit.tables.compactMap { table in
                Source(settings[.source(of: table)]).map { (table: table, source: $0) }
            }
            var extracting: [String: Text] = ["--lake": lake.name, "--origin": Tickit.files(settings, in: origin)]
            for table in sources.map(\.table) {
                extracting["--source-\(table)"] = Text(verbatim: settings[.source(of: table)])
            }
            extract = job(
                "extract",
                Work(
                    "Brings the tables from their sources into the raw tier", script: "extract.py",
                    modules: [
                        "tickit_tables.py", "tickit_lake.py", "tickit_sources.py", "tickit_files.py",
                        "tickit_databases.py",
                    ],
                    packages: Set(sources.compactMap(\.source.driver?.module)).sorted(), arguments: extracting,
                    connection: settings[.connection],
                    may: [
                        .allow("s3:GetObject", on: "\(origin.arn)/*"), .allow("s3:ListBucket", on: origin.arn),
                        .allow("s3:PutObject", on: "\(lake.arn)/raw/*", "\(lake.arn)/summary/*"),
                    ] + sources.flatMap(\.source.statements)))

            validate = job(
                "validate",
                Work(
                    "Tells the rows that are right from those that are not, and why", script: "validate.py",
                    modules: ["tickit_tables.py", "tickit_lake.py", "tickit_models.py"],
                    packages: ["pydantic==2.12.5", "pyarrow==20.0.0"],
                    arguments: ["--lake": lake.name, "--max-rejects": Text(verbatim: settings[.maxRejects])],
                    may: [
                        .allow("s3:GetObject", on: "\(lake.arn)/raw/*"),
                        .allow(
                            "s3:PutObject", on: "\(lake.arn)/validated/*", "\(lake.arn)/rejected/*",
                            "\(lake.arn)/summary/*"),
                    ]))

            transform = job(
                "transform",
                Work(
                    "Builds the dimensional tables and loads the warehouse with them", script: "transform.py",
                    modules: ["tickit_tables.py", "tickit_lake.py", "tickit_redshift.py"], others: ["schema.sql"],
                    isSpark: true,
                    arguments: redshift.merging([
                        "--lake": lake.name, "--copy-role": copier.arn, "--schema": code.uri("schema.sql"),
                    ]) { $1 },
                    may: [
                        .allow("s3:ListBucket", on: lake.arn),
                        .allow("s3:GetObject", on: "\(lake.arn)/validated/*"),
                        // Spark looks for the folder under its own name too.
                        .allow("s3:GetObject", "s3:PutObject", "s3:DeleteObject", on: "\(lake.arn)/curated*"),
                        .allow("s3:PutObject", on: "\(lake.arn)/summary/*"),
                        .allow(
                            "redshift-data:ExecuteStatement", "redshift-data:BatchExecuteStatement", on: warehouse.arn),
                        .allow("redshift-data:DescribeStatement", "redshift-data:GetStatementResult", on: "*"),
                        .allow("secretsmanager:GetSecretValue", on: warehouse.masterPasswordSecretArn),
                    ]))

            let answers = Tickit.answers.map(\.file)
            report = job(
                "report",
                Work(
                    "Writes the answers with charts", script: "report.py",
                    modules: ["tickit_lake.py", "tickit_redshift.py", "tickit_charts.py", "tickit_page.py"], others: answers,
                    packages: ["matplotlib==3.9.4"],
                    arguments: redshift.merging([
                        "--lake": lake.name, "--answers": code.uris(answers),
                        "--year": Text(verbatim: String(settings[.year])),
                    ]) { $1 },
                    may: [
                        .allow("redshift-data:ExecuteStatement", on: warehouse.arn),
                        .allow("redshift-data:DescribeStatement", "redshift-data:GetStatementResult", on: "*"),
                        .allow("secretsmanager:GetSecretValue", on: warehouse.masterPasswordSecretArn),
                        .allow("s3:GetObject", on: "\(lake.arn)/summary/*"),
                        .allow("s3:PutObject", on: "\(lake.arn)/reports/*"),
                    ]))
        }
    }

    /// What one job is made of.
    private struct Work {
        let description: String
        let script: String
        let modules: [String]
        /// Files that the script reads by itself.
        let others: [String]
        let packages: [String]
        let isSpark: Bool
        let arguments: [String: Text]
        let connection: String
        let statements: [IAM.Statement]

        init(
            _ description: String, script: String, modules: [String], others: [String] = [], packages: [String] = [],
            isSpark: Bool = false, arguments: [String: Text], connection: String = "", may statements: [IAM.Statement]
        ) {
            self.description = description
            self.script = script
            self.modules = modules
            self.others = others
            self.packages = packages
            self.isSpark = isSpark
            self.arguments = arguments
            self.connection = connection
            self.statements = statements
        }

        /// Adds the role and the job.
        func add(_ code: Code, _ stack: inout Stack) -> Handle<Glue.Job> {
            let role = stack.add(
                "role",
                IAM.Role(
                    trusting: .service("glue.amazonaws.com"),
                    policies: [
                        "work": IAM.PolicyDocument(statements),
                        "code": [.allow(["s3:GetObject"], on: code.arns([script] + modules + others))],
                        "logs": [.allow(Tickit.logging, on: ["arn:aws:logs:*:*:log-group:/aws-glue/*"])],
                    ],
                    description: Text(verbatim: "\(description); nothing else")))
            var arguments = arguments
            arguments["--extra-py-files"] = code.uris(modules)
            if !packages.isEmpty { arguments["--additional-python-modules"] = Text(verbatim: packages.joined(separator: ",")) }
            return stack.add(
                "job",
                Glue.Job(
                    role: role.arn,
                    command: isSpark ? .spark(script: code.uri(script)) : .pythonShell(script: code.uri(script)),
                    arguments: arguments, workers: isSpark ? .g1x(2) : nil, maxCapacity: isSpark ? nil : 1,
                    glueVersion: isSpark ? "5.0" : nil, timeout: 60,
                    connections: connection.isEmpty ? nil : [Text(verbatim: connection)],
                    description: Text(verbatim: description)))
        }
    }

    /// What every job does to tell what it does.
    static let logging: [Text] = ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"]

    /// The role that the warehouse itself reads the lake with.
    static func copyRole(reading lake: Handle<S3.Bucket>) -> IAM.Role {
        IAM.Role(
            trusting: .service("redshift.amazonaws.com"),
            policies: [
                "lake": [
                    .allow("s3:GetObject", on: "\(lake.arn)/curated/*"), .allow("s3:ListBucket", on: lake.arn),
                ]
            ],
            description: "Lets COPY read the curated tier; nothing else")
    }
}
