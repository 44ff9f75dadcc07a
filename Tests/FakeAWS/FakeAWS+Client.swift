package import SlipwayAWS
private import SlipwayHTTP

extension FakeAWS {
    /// A client that talks to this AWS, sends each request once, and never waits.
    package func client(region: String = "eu-west-1") -> AWSClient {
        let credentials = Credentials(accessKeyID: "AKIAIOSFODNN7EXAMPLE", secretAccessKey: "example")
        let configuration = AWSConfiguration(region: region, credentials: FixedCredentials(credentials, name: "a test"))
        let real = Surroundings.real
        let surroundings = Surroundings(now: real.now, sleep: { _ in }, random: { 0 }, uuid: real.uuid)
        return AWSClient(
            configuration: configuration, transport: self, surroundings: surroundings,
            policy: RetryPolicy(maxAttempts: 1), account: Self.account)
    }
}
