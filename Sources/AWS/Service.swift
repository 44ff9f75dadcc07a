/// An AWS service: how it is spoken to, and where it is.
public struct Service: Sendable {
    /// As AWS's tools call it, such as `secretsmanager`.
    public let name: String
    /// The first part of its host names.
    package let endpointPrefix: String
    /// The name in a signature's scope.
    package let signingName: String
    /// What follows `AWS_ENDPOINT_URL_`, such as `SECRETS_MANAGER`.
    package let environmentID: String
    package let wire: Wire
    package let memberCase: MemberCase
    /// One endpoint for a whole partition (IAM).
    package let isGlobal: Bool
    /// In what its endpoints differ from those of other services.
    package let endpointQuirks: Set<EndpointQuirk>
    /// How most of its operations are paged.
    package let paging: Paging
    /// How fast it may be called before it complains.
    package let rate: CallRate

    package init(
        _ name: String, endpointPrefix: String? = nil, signingName: String? = nil, environmentID: String? = nil, wire: Wire,
        memberCase: MemberCase = .capitalised, isGlobal: Bool = false,
        endpointQuirks: Set<EndpointQuirk> = [], paging: Paging = .token("NextToken"),
        rate: CallRate = CallRate()
    ) {
        self.name = name
        self.endpointPrefix = endpointPrefix ?? name
        self.signingName = signingName ?? endpointPrefix ?? name
        self.environmentID = environmentID ?? name.uppercased()
        self.wire = wire
        self.memberCase = memberCase
        self.isGlobal = isGlobal
        self.endpointQuirks = endpointQuirks
        self.paging = paging
        self.rate = rate
    }
}

// Names, versions and targets are those of the service models that AWS publishes with its SDKs.
// Source: https://github.com/boto/botocore/tree/develop/botocore/data
extension Service {
    public static let athena = Service("athena", wire: .json(version: "1.1", target: "AmazonAthena"))
    public static let cloudControl = Service(
        "cloudcontrol", endpointPrefix: "cloudcontrolapi", wire: .json(version: "1.0", target: "CloudApiService"))
    public static let ec2 = Service(
        "ec2", wire: .query(version: "2016-11-15", flattensLists: true), endpointQuirks: [.plainFIPSInGovCloud],
        paging: Paging(["nextToken": "NextToken"]))
    public static let glue = Service("glue", wire: .json(version: "1.1", target: "AWSGlue"))
    public static let iam = Service(
        "iam", wire: .query(version: "2010-05-08"), isGlobal: true, paging: .marker, rate: CallRate(perSecond: 20, burst: 60)
    )
    public static let kms = Service(
        "kms", wire: .json(version: "1.1", target: "TrentService"), paging: Paging(["NextMarker": "Marker"]))
    public static let logs = Service(
        "logs", wire: .json(version: "1.1", target: "Logs_20140328"), memberCase: .asWritten,
        endpointQuirks: [.plainFIPSInGovCloud], paging: .token("nextToken"))
    public static let rds = Service(
        "rds", wire: .query(version: "2014-10-31"), endpointQuirks: [.plainFIPSInGovCloud], paging: .marker)
    public static let redshift = Service(
        "redshift", wire: .query(version: "2012-12-01"), endpointQuirks: [.plainFIPSInGovCloud], paging: .marker)
    public static let redshiftData = Service(
        "redshift-data", environmentID: "REDSHIFT_DATA", wire: .json(version: "1.1", target: "RedshiftData"))
    public static let s3 = Service(
        "s3", wire: .restXML(namespace: "http://s3.amazonaws.com/doc/2006-03-01/"), paging: .continuationToken,
        rate: CallRate(perSecond: 500, burst: 1000))
    public static let secretsManager = Service(
        "secretsmanager", environmentID: "SECRETS_MANAGER", wire: .json(version: "1.1", target: "secretsmanager"),
        endpointQuirks: [.dualStackUnderPlainNames])
    public static let sts = Service(
        "sts", wire: .query(version: "2011-06-15"), endpointQuirks: [.plainFIPSInGovCloud])
    public static let tagging = Service(
        "resourcegroupstaggingapi", endpointPrefix: "tagging", environmentID: "RESOURCE_GROUPS_TAGGING_API",
        wire: .json(version: "1.1", target: "ResourceGroupsTaggingAPI_20170126"), paging: .token("PaginationToken"))
}
