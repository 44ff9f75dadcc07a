public import SlipwayProvider

/// Every kind of resource that comes with Slipway.
public enum AllKinds {
    public static let all: [any ResourceKind.Type] = [
        EC2.SecurityGroup.self,
        Glue.Connection.self,
        Glue.Crawler.self,
        Glue.Database.self,
        Glue.Job.self,
        Glue.Table.self,
        Glue.Trigger.self,
        IAM.ManagedPolicy.self,
        IAM.Role.self,
        Logs.LogGroup.self,
        Redshift.Cluster.self,
        Redshift.ClusterParameterGroup.self,
        Redshift.ClusterSubnetGroup.self,
        S3.Bucket.self,
        S3.Object.self,
        SecretsManager.Secret.self,
    ]
}
