public import SlipwayProvider

/// Every kind of resource that comes with Slipway.
public enum AllKinds {
    public static let all: [any ResourceKind.Type] = [
        S3.Bucket.self,
    ]
}
