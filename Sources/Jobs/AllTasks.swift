/// Every kind of task that comes with Slipway.
public enum AllTasks {
    public static let all: [any TaskKind.Type] = [
        Expect.self,
        Query.self,
        Report.self,
        RunCrawlers.self,
        RunGlueJob.self,
        RunSQL.self,
        Upload.self,
    ]
}
