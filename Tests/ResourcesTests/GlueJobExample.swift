import SlipwayDeclaration
import SlipwayFakeAWS
import SlipwayProvider
import SlipwayResources

enum GlueJobExample: ConformanceExample {
    static let minimal = Glue.Job(role: "etl", command: .spark(script: "s3://code/load.py"))

    static let full = Glue.Job(
        role: "arn:aws:iam::123456789012:role/etl/etl", command: .spark(script: "s3://code/load.py"),
        arguments: ["--lake": "s3://lake/", "--job-language": "python"], nonOverridableArguments: ["--env": "dev"],
        workers: .g1x(2), glueVersion: "5.0", timeout: 60, maxRetries: 1, maxConcurrentRuns: 2, queuesRuns: true,
        executionClass: .flex, connections: ["warehouse", "vpc"], securityConfiguration: "encrypted",
        notifyDelayAfter: 30, description: "Loads", mode: .visual, logURI: "s3://logs/",
        sourceControl: .init(provider: "GITHUB", repository: "tickit", owner: "acme", branch: "main", folder: "jobs"),
        codeGenConfigurationNodes: ["node-1": source("raw")],
        name: "load", tags: ["team": "data", "tier": "etl"])

    static let changed: Glue.Job = {
        var job = full
        job.role = "other"
        job.command = .spark(script: "s3://code/load-2.py")
        job.defaultArguments = ["--lake": "s3://pond/"]
        job.nonOverridableArguments = ["--env": "test"]
        job.workerType = "G.2X"
        job.numberOfWorkers = 4
        job.glueVersion = "5.1"
        job.timeout = 90
        job.maxRetries = 0
        job.executionProperty = .init(maxConcurrentRuns: 3)
        job.jobRunQueuingEnabled = false
        job.executionClass = .standard
        job.connections = .init(connections: ["vpc"])
        job.securityConfiguration = "other"
        job.notificationProperty = .init(notifyDelayAfter: 10)
        job.description = "Loads more"
        job.jobMode = .script
        job.logUri = "s3://other/"
        job.sourceControlDetails?.branch = "next"
        job.codeGenConfigurationNodes = ["node-2": source("true")]
        job.tags = ["team": "platform"]
        return job
    }()

    static let uncovered = [
        "MaxCapacity": "a job has either this or workers; GlueJobTests cover it",
        "MaintenanceWindow": "only streaming jobs have one, and they cannot be FLEX; GlueJobTests cover it",
    ]

    private static func source(_ name: String) -> JSON {
        [
            "S3CsvSource": [
                "Name": .string(name), "Paths": ["s3://lake/raw/"], "Separator": "comma", "QuoteChar": "quote",
            ]
        ]
    }

    static func disappear(_ identity: String, _ services: inout FakeServices) { services.glue.jobs[identity] = nil }
}
