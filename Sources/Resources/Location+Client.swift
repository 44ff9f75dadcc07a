import SlipwayAWS
import SlipwayProvider

extension Location {
    /// Where a client's calls go.
    init(_ aws: AWSClient) { self.init(partition: aws.partition, account: aws.account, region: aws.region) }
}
