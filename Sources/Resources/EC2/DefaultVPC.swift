public import SlipwayAWS
public import SlipwayDeclaration
public import SlipwayProvider

extension EC2 {
    /// Looks up the id of the region's default VPC.
    ///
    /// ```swift
    /// extension Parameter where Value == String {
    ///     static var vpc: Parameter { Parameter("vpc", lookup: EC2.DefaultVPC(), help: "Where the warehouse is.") }
    /// }
    /// ```
    public struct DefaultVPC: AWSLookup {
        public init() {}

        public var summary: String { "the id of the default VPC" }
        public var permissions: Set<String> { ["ec2:DescribeVpcs"] }

        /// - Throws: ``NoDefaultVPC``, and `AWSError`.
        public func answer(_ aws: AWSClient) async throws -> String {
            struct VPC: Decodable, Sendable { let vpcId: String }
            struct Page: Decodable, Sendable { let vpcSet: [VPC] }
            let input = Filter.Input("is-default", ["true"])
            let found = try await aws.pages(.ec2, "DescribeVpcs", input, as: Page.self).all(\.vpcSet)
            guard let vpc = found.first else { throw NoDefaultVPC(region: aws.region, hasVPC: false) }
            return vpc.vpcId
        }
    }

    /// Looks up the ids of the subnets of the region's default VPC, sorted.
    ///
    /// ```swift
    /// extension Parameter where Value == [String] {
    ///     static var subnets: Parameter { Parameter("subnets", lookup: EC2.DefaultVPCSubnets(), help: "…") }
    /// }
    /// ```
    public struct DefaultVPCSubnets: AWSLookup {
        public init() {}

        public var summary: String { "the ids of the default VPC's subnets" }
        public var permissions: Set<String> { ["ec2:DescribeVpcs", "ec2:DescribeSubnets"] }

        /// - Throws: ``NoDefaultVPC``, and `AWSError`.
        public func answer(_ aws: AWSClient) async throws -> [String] {
            struct Subnet: Decodable, Sendable { let subnetId: String }
            struct Page: Decodable, Sendable { let subnetSet: [Subnet] }
            let vpc = try await DefaultVPC().answer(aws)
            let input = Filter.Input("vpc-id", [vpc])
            let found = try await aws.pages(.ec2, "DescribeSubnets", input, as: Page.self).all(\.subnetSet)
            let ids = found.map(\.subnetId).sorted()
            guard !ids.isEmpty else { throw NoDefaultVPC(region: aws.region, hasVPC: true) }
            return ids
        }
    }

    /// A region of the account has no default VPC, or that has no subnets: somebody deleted them.
    public struct NoDefaultVPC: Error, Hashable, Sendable, CustomStringConvertible {
        public let region: String
        /// Whether there is a default VPC, only without subnets.
        public let hasVPC: Bool

        public var description: String {
            hasVPC
                ? "the default VPC of \(region) has no subnets; 'aws ec2 create-default-subnet' makes one"
                : "\(region) has no default VPC; 'aws ec2 create-default-vpc' makes one"
        }
    }
}
