/// A part of AWS with regions, names and accounts of its own.
///
/// Source: https://github.com/boto/botocore/blob/develop/botocore/data/partitions.json
package struct Partition: Sendable, Equatable {
    /// As in ARNs, such as `aws-cn`.
    package let id: String
    /// What the names of its regions begin with.
    package let regionPrefixes: [String]
    /// What host names end with.
    package let dnsSuffix: String
    /// What host names end with that have IPv6 addresses too.
    package let dualStackSuffix: String
    /// Where IAM is.
    package let iam: GlobalEndpoint

    /// The hosts of a service that has one endpoint for a partition.
    package struct GlobalEndpoint: Sendable, Equatable {
        package let host: String
        package let fips: String
        package let dualStack: String
        package let fipsDualStack: String
        /// The region that its requests are signed for.
        package let signingRegion: String
    }

    /// The partition of a region. Regions that are not known belong to `aws`, as new ones most often do.
    package static func of(region: String) -> Partition {
        all.first { $0.regionPrefixes.contains { region.hasPrefix($0) } } ?? aws
    }

    package static let aws = Partition(
        id: "aws", regionPrefixes: [], dnsSuffix: "amazonaws.com", dualStackSuffix: "api.aws",
        iam: GlobalEndpoint(
            host: "iam.amazonaws.com", fips: "iam-fips.amazonaws.com", dualStack: "iam.global.api.aws",
            fipsDualStack: "iam-fips.global.api.aws", signingRegion: "us-east-1"))

    private static let all = [
        Partition(
            id: "aws-cn", regionPrefixes: ["cn-"], dnsSuffix: "amazonaws.com.cn",
            dualStackSuffix: "api.amazonwebservices.com.cn",
            iam: GlobalEndpoint(
                host: "iam.cn-north-1.amazonaws.com.cn", fips: "iam-fips.amazonaws.com.cn",
                dualStack: "iam.global.api.amazonwebservices.com.cn",
                fipsDualStack: "iam-fips.api.amazonwebservices.com.cn", signingRegion: "cn-north-1")),
        Partition(
            id: "aws-us-gov", regionPrefixes: ["us-gov-"], dnsSuffix: "amazonaws.com", dualStackSuffix: "api.aws",
            iam: GlobalEndpoint(
                host: "iam.us-gov.amazonaws.com", fips: "iam.us-gov.amazonaws.com", dualStack: "iam.us-gov.api.aws",
                fipsDualStack: "iam.us-gov.api.aws", signingRegion: "us-gov-west-1")),
        isolated("aws-iso", ["us-iso-"], "c2s.ic.gov", "api.aws.ic.gov", "us-iso-east-1", regionalFIPS: true),
        isolated("aws-iso-b", ["us-isob-"], "sc2s.sgov.gov", "api.aws.scloud", "us-isob-east-1", regionalFIPS: true),
        isolated("aws-iso-e", ["eu-isoe-"], "cloud.adc-e.uk", "api.cloud-aws.adc-e.uk", "eu-isoe-west-1"),
        isolated("aws-iso-f", ["us-isof-"], "csp.hci.ic.gov", "api.aws.hci.ic.gov", "us-isof-south-1"),
        isolated("aws-eusc", ["eusc-"], "amazonaws.eu", "api.amazonwebservices.eu", "eusc-de-east-1"),
    ]

    private static func isolated(
        _ id: String, _ prefixes: [String], _ suffix: String, _ dualStackSuffix: String, _ region: String,
        regionalFIPS: Bool = false
    ) -> Partition {
        Partition(
            id: id, regionPrefixes: prefixes, dnsSuffix: suffix, dualStackSuffix: dualStackSuffix,
            iam: GlobalEndpoint(
                host: "iam.\(region).\(suffix)", fips: regionalFIPS ? "iam-fips.\(region).\(suffix)" : "iam-fips.\(suffix)",
                dualStack: "iam.\(dualStackSuffix)", fipsDualStack: "iam-fips.\(dualStackSuffix)", signingRegion: region))
    }
}
