import SlipwayDeclaration
import SlipwayResources

extension StackDefinition {
    /// A bucket, a role that may read it, and a job that runs as the role.
    static let little = StackDefinition(
        "little", "A bucket, a role and a job", parameters: [Parameter<Int>.days, Parameter<String>.word]
    ) { settings in
        var stack = Stack("little", settings)
        let lake = stack.add(
            "lake",
            S3.Bucket(
                versioning: settings[.word] == "replaced" ? nil : .enabled,
                lifecycle: [.expire(after: settings[.days], prefix: "tmp/")], tags: ["word": Text(verbatim: settings[.word])],
                emptyOnDelete: true), protect: settings.isProduction)
        let etl = stack.add(
            "etl",
            IAM.Role(
                trusting: .service("glue.amazonaws.com"),
                policies: ["lake": [.allow("s3:GetObject", "s3:PutObject", on: "\(lake.arn)/*")]],
                description: Text(verbatim: "Reads and writes the lake.\nNothing else.\nSays \(settings[.word]).")))
        stack.within("jobs") { stack in
            stack.add(
                "count",
                Glue.Job(
                    role: etl.arn, command: .pythonShell(script: "s3://\(lake.name)/code/count.py"),
                    arguments: ["--role-id": etl.roleID], maxCapacity: 0.0625,
                    name: settings[.word] == "renamed" ? "another-name" : nil))
        }
        stack.output("bucket", lake.name, help: "The lake's bucket")
        stack.output("role", etl.roleID)
        return stack
    }
}

extension Parameter where Value == Int {
    static var days: Parameter { Parameter("days", default: 7, in: 1...90, help: "Days that temporary objects are kept") }
}

extension Parameter where Value == String {
    static var word: Parameter { Parameter("word", default: "hello", help: "A tag") }
}
