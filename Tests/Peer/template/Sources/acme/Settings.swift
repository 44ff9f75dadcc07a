import Slipway

extension StackDefinition {
    /// A team's own stack: a bucket, and its name where the team's programs look for it.
    static let settings = StackDefinition("settings", "Where our programs find the lake") { settings in
        var stack = Stack("settings", settings)
        let lake = stack.add("lake", S3.Bucket(versioning: .enabled))
        let parameter = stack.add(
            "lake-name", SSM.Parameter(name: "/acme/\(settings.environment)/lake", value: lake.name))
        stack.output("parameter", parameter.name)
        return stack
    }
}
