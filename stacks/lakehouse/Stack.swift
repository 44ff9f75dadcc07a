import Slipway

extension StackDefinition {
    static let lakehouse = StackDefinition(
        "lakehouse", "A lake in S3, and the Glue jobs that count and convert what comes into it",
        parameters: [Parameter.keepDays, Parameter.workers, Parameter.sources, Parameter.codec]
    ) { settings in
        var stack = Stack("lakehouse", settings)
        stack.tags = ["project": "lakehouse", "environment": Text(verbatim: settings.environment)]

        let lake = stack.add("lake", Lakehouse.lake(settings), protect: settings.isProduction)
        let code = Lakehouse.code(in: lake, &stack)
        let etl = stack.add("etl", Lakehouse.role(reading: lake))
        let logs = stack.add("logs", Logs.LogGroup(retentionInDays: settings.isProduction ? 365 : 14))

        let convert = stack.add(
            "convert",
            Glue.Job(
                role: etl.arn, command: .spark(script: code.convert.uri),
                arguments: [
                    "--lake": lake.name, "--codec": Text(verbatim: settings[.codec].rawValue),
                    "--continuous-log-logGroup": logs.name, "--enable-continuous-cloudwatch-log": "true",
                ],
                workers: .g1x(settings[.workers]), glueVersion: "5.0", timeout: 60, maxRetries: 1,
                description: "Converts the CSV files of all sources to Parquet"))

        var refresh = Pipeline("refresh")
        var counted: [TaskHandle] = []
        for source in settings[.sources] {
            let count = stack.within(source) { stack in
                Lakehouse.source(source, in: lake, role: etl, script: code.count, &stack)
            }
            counted.append(refresh.add("count-\(source)", RunGlueJob(count, arguments: ["--source": Text(verbatim: source)])))
        }
        refresh.add("convert", RunGlueJob(convert), after: counted)
        stack.add(refresh)

        stack.output(.lakeBucket, lake.name)
        stack.output("lake-uri", "s3://\(lake.name)/", help: "Where everything is")
        stack.output("role", etl.arn, help: "The role that the jobs run as")
        return stack
    }
}

extension Parameter where Value == Int {
    static var keepDays: Parameter {
        Parameter("keep-days", default: 30, in: 1...3650, help: "Days that raw files are kept")
    }
    static var workers: Parameter {
        Parameter("workers", default: 2, in: 2...20, help: "Workers of the conversion, one of them Spark's driver")
    }
}

extension Parameter where Value == [String] {
    static var sources: Parameter {
        Parameter("sources", default: ["orders", "customers"], help: "What comes in, by name") { names in
            let bad = names.first { $0.isEmpty || !$0.allSatisfy { $0.isLetter || $0.isNumber || $0 == "-" } }
            return bad.map { "'\($0)' is no name: letters, digits and '-'" }
                ?? (names.isEmpty ? "there must be at least one" : nil)
        }
    }
}

extension Parameter where Value == Lakehouse.Codec {
    static var codec: Parameter { Parameter("codec", default: .snappy, help: "How Parquet files are compressed") }
}

extension Output where Value == Text {
    /// The bucket that other stacks find the lake in.
    static var lakeBucket: Output { Output(of: "lakehouse", "bucket", help: "The lake's bucket") }
}
