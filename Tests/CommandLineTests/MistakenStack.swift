import SlipwayDeclaration
import SlipwayResources

extension StackDefinition {
    /// Five mistakes.
    static let mistaken = StackDefinition("mistaken", "Five mistakes") { settings in
        var stack = Stack("mistaken", settings)
        let lake = stack.add("lake", S3.Bucket(name: "Not A Bucket"))
        stack.add("lake", S3.Bucket())
        stack.add("9lives", S3.Bucket())
        stack.add("logs", Logs.LogGroup(retentionInDays: 8))
        stack.output("lake", lake.name)
        stack.output("lake", lake.arn)
        return stack
    }
}
