import SlipwayDeclaration
import SlipwayResources

/// The stack that is killed: twelve resources, and a change to it that updates, replaces both ways, deletes and adds.
enum CrashStack {
    static func graph(changed: Bool) -> StackGraph {
        var stack = Stack("crash", Settings())
        stack.tags = ["team": "data"]
        let lake = stack.add(
            "lake",
            S3.Bucket(
                versioning: changed ? nil : .enabled,
                lifecycle: [.expire(after: changed ? 60 : 30, prefix: "tmp/")],
                emptyOnDelete: true))
        let first = stack.add(
            "first", S3.Object(bucket: lake.name, key: "a.txt", .text(changed ? "two" : "one")))
        stack.add("second", S3.Object(bucket: lake.name, key: changed ? "c.txt" : "b.txt", .text("same")))
        if !changed { stack.add("third", S3.Object(bucket: lake.name, key: "gone.txt", .text("gone"))) }
        let etl = stack.add(
            "etl",
            IAM.Role(
                trusting: .service("glue.amazonaws.com"),
                policies: ["read": [.allow("s3:GetObject", on: changed ? "\(lake.arn)/a/*" : "\(lake.arn)/*")]],
                path: changed ? "/etl/" : "/"),
            createBeforeDestroy: true)
        let plain = stack.add(
            "plain", IAM.Role(trusting: .service("glue.amazonaws.com"), description: changed ? nil : "plain"))
        if !changed { stack.add("leaving", IAM.Role(trusting: .service("glue.amazonaws.com"))) }
        stack.add(
            "load",
            Glue.Job(
                role: etl.arn, command: .pythonShell(script: first.uri), arguments: ["--role": plain.name],
                timeout: changed ? 20 : 10))
        stack.add("other", Glue.Job(role: plain.arn, command: .pythonShell(script: first.uri)))
        stack.add(
            changed ? "renamed" : "old", Glue.Job(role: plain.arn, command: .pythonShell(script: first.uri)))
        stack.add("log", Logs.LogGroup(retentionInDays: changed ? 14 : 7))
        stack.add(
            "named", Logs.LogGroup(name: changed ? "/crash/two" : "/crash/one", tags: ["kind": "named"]))
        stack.output("bucket", lake.name)
        return stack.graph
    }
}
