public import SlipwayProvider

/// Every kind of resource that comes with Slipway.
public enum AllKinds {
    public static let all: [any ResourceKind.Type] = [
        Glue.Connection.self,
        Glue.Crawler.self,
        Glue.Database.self,
        Glue.Job.self,
        Glue.Table.self,
        Glue.Trigger.self,
        IAM.Role.self,
        Logs.LogGroup.self,
        S3.Bucket.self,
        S3.Object.self,
    ]
}
